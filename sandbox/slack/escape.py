"""What people type, as Slack stores it: entities escaped, names, channels and links marked up."""

import re
from dataclasses import dataclass, field

from sandbox.slack.people import Json
from sandbox.slack.state import Workspace

_TOKEN = re.compile(
    r"(?P<link>https?://[^\s<>|]+[^\s<>|.,;:!?)'\"])"
    r"|(?<![\w@])@(?P<at>[\w.\-]*\w)"
    r"|<@(?P<user>[UW][A-Z0-9]+)>"
    r"|(?<![\w#])#(?P<channel>[\w\-]+)"
    r"|(?P<emoji>:[a-z0-9_+\-]+:)"
)
_BROADCASTS = ("here", "channel", "everyone")


@dataclass(frozen=True)
class Word:
    """A piece of a message: as mrkdwn, as a slash command sends it, and as a rich_text element."""

    mrkdwn: str
    command: str
    rich: Json = field(default_factory=dict)


def escaped(text: str) -> str:
    """The three characters that Slack escapes, and no others."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(text: str, workspace: Workspace) -> list[Word]:
    """Split what a person typed; names that nobody has stay ordinary text."""
    words: list[Word] = []
    end = 0
    for match in _TOKEN.finditer(text):
        word = _word(match, workspace)
        if word is not None:
            words += [*_plain(text[end : match.start()]), word]
            end = match.end()
    return [*words, *_plain(text[end:])]


def command_text(text: str, workspace: Workspace) -> str:
    """The `text` of a slash command whose manifest says `should_escape: true`."""
    return "".join(word.command for word in typed(text, workspace))


def rich_text_of(words: list[Word]) -> Json:
    section = {"type": "rich_text_section", "elements": [word.rich for word in words]}
    return {"type": "rich_text", "elements": [section]}


def _plain(text: str) -> list[Word]:
    return [Word(escaped(text), escaped(text), {"type": "text", "text": text})] if text else []


def _word(match: re.Match[str], workspace: Workspace) -> Word | None:
    if link := match["link"]:
        return Word(f"<{escaped(link)}>", f"<{escaped(link)}>", {"type": "link", "url": link})
    if emoji := match["emoji"]:
        return Word(emoji, emoji, {"type": "emoji", "name": emoji.strip(":")})
    if name := match["channel"]:
        return _channel(name, workspace)
    return _mention(match["at"] or match["user"], workspace)


def _channel(name: str, workspace: Workspace) -> Word | None:
    found = next((c for c in workspace.channels.values() if c.name == name and not c.is_direct), None)
    if found is None:
        return None
    mark = f"<#{found.id}|{found.name}>"
    return Word(mark, mark, {"type": "channel", "channel_id": found.id})


def _mention(name: str, workspace: Workspace) -> Word | None:
    if name in _BROADCASTS:
        return Word(f"<!{name}>", f"<!{name}>", {"type": "broadcast", "range": name})
    for user in workspace.users.values():
        if name in {user.name, user.id}:
            rich = {"type": "user", "user_id": user.id}
            return Word(f"<@{user.id}>", f"<@{user.id}|{user.name}>", rich)
    for group in workspace.groups.values():
        if group.handle == name and group.enabled:
            mark = f"<!subteam^{group.id}|@{name}>"
            return Word(mark, mark, {"type": "usergroup", "usergroup_id": group.id})
    return None

"""Make foreign words safe to post: no live mention, no markup of the sender's, no more than fits."""

import re

_MENTION = re.compile(r"<([@!#])([^<>\n]{1,300})>")
_BROADCAST = re.compile(r"@(channel|here|everyone)\b", re.IGNORECASE)
_JOINER = "\u2060"  # invisible: the word stays readable and no client takes it for a mention
_CUT = "…"


def escape(text: str) -> str:
    """Return the text with Slack's three control characters escaped, so that it can be put into mrkdwn."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def neutralise(text: str) -> str:
    """Return the text with every mention turned into plain words: nobody is notified by a quoted alert."""
    if "@" not in text and "<" not in text:
        return text
    return _BROADCAST.sub(rf"@{_JOINER}\1", _MENTION.sub(_plain, text))


def shorten(text: str, limit: int) -> str:
    """Return at most `limit` characters: the start and the end, since a trace says what happened in its last line."""
    if len(text) <= limit:
        return text
    if limit <= 2 * len(_CUT):
        return text[:limit]
    tail = (limit - len(_CUT)) // 3
    head = limit - len(_CUT) - tail
    return f"{text[:head].rstrip()}{_CUT}{text[-tail:].lstrip()}" if tail else text[:head] + _CUT


def _plain(match: re.Match[str]) -> str:
    sign, inside = match.groups()
    target, _, label = inside.partition("|")
    if sign == "!" and target.startswith("date^"):
        return label or "a date"
    words = (label or target.removeprefix("subteam^")).lstrip("@#!")
    return f"{'#' if sign == '#' else '@'}{_JOINER}{words}"

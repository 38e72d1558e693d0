"""What Baton asks of Slack outside a handler: to post, edit, answer and react, and who the people are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, Self

Blocks = Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message ended up, by Slack's own answer."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class SlackPerson:
    """One account of the workspace as Slack describes it. A stranger from a shared channel counts as a guest."""

    team: str
    user: str
    name: str
    real_name: str
    email: str | None
    locale: str
    zone: str
    is_bot: bool
    is_guest: bool
    is_deleted: bool

    @classmethod
    def read(cls, member: object) -> Self | None:
        """Return the account of Slack's user object, as `users.list` and `user_change` give it; None where it is none.

        What is missing or of a wrong type is empty.
        """
        if not isinstance(member, Mapping) or not _words(member.get("id")):
            return None
        user = _words(member["id"])
        given = member.get("profile")
        profile: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
        name = _words(member.get("name")) or user
        return cls(
            team=_words(member.get("team_id")),
            user=user,
            name=_words(profile.get("display_name")) or name,
            real_name=_words(profile.get("real_name")) or _words(member.get("real_name")) or name,
            email=_words(profile.get("email")) or None,
            locale=_words(member.get("locale")),
            zone=_words(member.get("tz")),
            is_bot=bool(member.get("is_bot")) or user == "USLACKBOT",
            is_guest=any(member.get(flag) for flag in ("is_restricted", "is_ultra_restricted", "is_stranger")),
            is_deleted=bool(member.get("deleted")),
        )


def _words(value: object) -> str:
    return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class SlackGroup:
    team: str
    group_id: str
    handle: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """Baton's own ids in the workspace, and the workspace's address."""

    team: str
    user: str
    bot_id: str
    app_id: str = ""
    url: str = ""


class Slack(Protocol):
    """Every method is one call with a timeout and without retries; it may raise the errors of `bot.ports.errors`.

    What yields is one call a page.
    """

    def identity(self) -> Identity: ...

    def post(
        self, channel: str, text: str, blocks: Blocks, *, thread_ts: str | None = None, key: str | None = None
    ) -> Posted:
        """Post a message. `key` travels as message metadata, by which `find` recognises it later."""
        ...

    def find(self, channel: str, thread_ts: str | None, key: str) -> Posted | None:
        """Return the message that carries `key` among the newest of the thread or channel."""
        ...

    def find_file(self, channel: str, thread_ts: str | None, name: str) -> str | None:
        """Return the id of the file of this name that was shared in the thread, or lately in the channel."""
        ...

    def history(self, channel: str, since: datetime, until: datetime) -> Iterator[Mapping[str, Any]]:
        """Yield the top-level messages of that time as Slack shows them now, the newest first."""
        ...

    def replies(self, channel: str, thread_ts: str, since: datetime, until: datetime) -> Iterator[Mapping[str, Any]]:
        """Yield the thread's first message, whenever it was, and the replies of that time."""
        ...

    def update(self, channel: str, ts: str, text: str, blocks: Blocks) -> None: ...

    def respond(self, response_url: str, text: str, blocks: Blocks, *, replace: bool = False) -> None:
        """Answer the person who pressed or typed, by the response URL of that; perhaps in the place of the message."""
        ...

    def whisper(self, channel: str, user: str, text: str, blocks: Blocks, *, thread_ts: str | None = None) -> None:
        """Post what only this person sees, in the thread if one is given. Slack does not promise that they do."""
        ...

    def direct_channel(self, user: str) -> str: ...

    def members(self, channel: str) -> Iterator[str]:
        """Yield the users in a channel."""
        ...

    def react(self, channel: str, ts: str, name: str) -> None:
        """Add the reaction; one that is there already is no error."""
        ...

    def unreact(self, channel: str, ts: str, name: str) -> None:
        """Remove the reaction; one that is not there is no error."""
        ...

    def upload(
        self, channel: str, thread_ts: str | None, name: str, title: str, content: bytes, *, alt: str | None = None
    ) -> str:
        """Upload a file into a thread and return its id; `alt` says what a picture shows to whoever does not see it."""
        ...

    def publish(self, user: str, view: Mapping[str, Any], *, hash_: str | None = None) -> str:
        """Show this Home to one person, and return the hash of what is shown now.

        With the hash of what was shown before, Conflict where something else is shown meanwhile.
        """
        ...

    def canvas(self, title: str, markdown: str, channel: str) -> str:
        """Make a canvas that whoever is in the channel may read, and return its id. Two calls."""
        ...

    def rewrite_canvas(self, canvas_id: str, markdown: str) -> None:
        """Put these words in the place of all that the canvas says. To do it again changes nothing."""
        ...

    def people(self) -> Iterator[SlackPerson]: ...

    def groups(self) -> Sequence[SlackGroup]: ...

    def group_members(self, group_id: str) -> tuple[str, ...]:
        """Return who is in a user group now."""
        ...

    def set_group_members(self, group_id: str, members: Sequence[str]) -> tuple[str, ...]:
        """Have exactly these people in a user group, and return who is in it by Slack's answer. It cannot be empty."""
        ...

    def topic_of(self, channel: str) -> str:
        """Return a channel's topic as Slack keeps it."""
        ...

    def set_topic(self, channel: str, topic: str) -> None: ...

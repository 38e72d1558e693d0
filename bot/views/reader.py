"""Who reads: the language, the time zone, the moment, and the names that they know people by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self
from zoneinfo import ZoneInfo

LANGUAGES = ("en", "ko")
FALLBACK_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader, or everybody in a channel.

    `names` maps Slack ids to names, for people who are shown but not notified. With `may_notify` False no mention is
    ever live, whatever a text asks for: so it is in shadow mode. `workspace_url` is where links to messages begin;
    while it is not known they are plain words. `keeps`: what is written is read on other days too, so that no day is
    called today.
    """

    locale: str
    zone: ZoneInfo
    now: datetime
    names: Mapping[str, str] = field(default_factory=dict, compare=False)
    may_notify: bool = True
    workspace_url: str = ""
    keeps: bool = False

    def __post_init__(self) -> None:
        if self.locale not in LANGUAGES:
            raise ValueError(f"no catalog for the language {self.locale!r}; Reader.of chooses one")
        if self.now.tzinfo is None:
            raise ValueError("a reader's present must be an aware time")

    @classmethod
    def of(cls, slack_locale: str | None, zone: str | None, now: datetime, default: Self) -> Self:
        """Return the reader for what Slack tells of a person; what it does not tell comes from `default`."""
        return cls(
            language(slack_locale) or default.locale,
            _zone(zone) or default.zone,
            now,
            default.names,
            default.may_notify,
            default.workspace_url,
        )


def language(slack_locale: str | None) -> str | None:
    """Return the catalog for a locale such as `ko-KR`: None when nothing is known, English for other languages."""
    if not slack_locale:
        return None
    spoken = slack_locale.replace("_", "-").split("-")[0].lower()
    return spoken if spoken in LANGUAGES else FALLBACK_LANGUAGE


def default_reader(now: datetime, locale: str = FALLBACK_LANGUAGE) -> Reader:
    return Reader(locale, ZoneInfo("UTC"), now.astimezone(UTC))


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (KeyError, ValueError, OSError):  # Slack may know a zone that this machine does not
        return None

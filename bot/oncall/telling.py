"""What the configuration says of telling people about shifts, for each schedule."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.oncall.queries import Roster
from bot.outbox import Place


@dataclass(frozen=True, slots=True)
class Telling:
    """Where a schedule's changes are told, None nowhere; whether there is a topic; when people are reminded."""

    place: Place | None = None
    topic: bool = False
    remind_before: tuple[timedelta, ...] = ()


@dataclass(frozen=True, slots=True)
class UserGroup:
    """A user group of Slack that Baton keeps."""

    group_id: str
    schedules: tuple[str, ...]
    permanent: tuple[str, ...] = ()
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Watch:
    """All that is told and kept about the configured schedules."""

    roster: Roster
    tellings: Mapping[str, Telling] = field(default_factory=dict)
    groups: tuple[UserGroup, ...] = ()

    def telling(self, schedule: str) -> Telling:
        return self.tellings.get(schedule, Telling())

    def groups_of(self, schedule: str) -> tuple[str, ...]:
        """Return the user groups that hold who is on call for this schedule."""
        return tuple(group.group_id for group in self.groups if schedule in group.schedules)

    def topics(self) -> Mapping[str, tuple[str, ...]]:
        """Return by channel the schedules that its topic names."""
        found: dict[str, tuple[str, ...]] = {}
        for schedule, telling in self.tellings.items():
            if telling.topic and telling.place is not None:
                found[telling.place.channel] = (*found.get(telling.place.channel, ()), schedule)
        return found

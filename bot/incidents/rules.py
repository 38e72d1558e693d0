"""Which incident an alert belongs to (rules R5–R8). Pure: intake and replay decide by the same function."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actor import Actor
from bot.incidents.model import Incident, IncidentState
from bot.triage.model import Alert, Kind


@dataclass(frozen=True, slots=True)
class Windows:
    """Within `reopen` after its end an incident comes back; after `silence` without an alert it is over."""

    reopen: timedelta = timedelta(minutes=60)
    silence: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Ignore:
    """Changes no incident; `incident_id` is the one that it is about all the same."""

    reason: str
    incident_id: str | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """A new incident."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """One more alert of the open incident."""

    incident_id: str


@dataclass(frozen=True, slots=True)
class Reopen:
    """It came back soon after its end: the same incident is open again."""

    incident_id: str


@dataclass(frozen=True, slots=True)
class Resolve:
    """The incident is over."""

    incident_id: str


@dataclass(frozen=True, slots=True)
class Recur:
    """A new incident after a long silence; the previous one was never resolved and is superseded."""

    previous: str


Placement = Ignore | Open | Repeat | Reopen | Resolve | Recur
_DEFAULT = Windows()


def place(
    alert: Alert, latest: Incident | None, at: datetime, windows: Windows = _DEFAULT, *, open_occurrences: int = 0
) -> Placement:
    """Return what the alert does to the latest incident of its fingerprint and route.

    `open_occurrences` is how many occurrences would still be open after this alert; only a resolving one looks at it.
    """
    match alert.kind:
        case Kind.NOISE:
            return Ignore("noise")
        case Kind.REQUEST:
            return Ignore("a request is no incident")
        case Kind.ALERT:
            return _place_alert(alert, latest, at, windows)
        case Kind.RESOLVED:
            return _place_resolved(latest, open_occurrences)


def _place_alert(alert: Alert, latest: Incident | None, at: datetime, windows: Windows) -> Placement:
    if latest is None or latest.state is IncidentState.SUPERSEDED:
        return Open()
    if latest.state is IncidentState.RESOLVED:
        ended_at = latest.resolved_at or latest.last_alert_at
        if _came_late(alert, latest, at, ended_at):
            return Ignore("the same tool said later that it is over", latest.id)
        return Reopen(latest.id) if at - ended_at <= windows.reopen else Open()
    if at - latest.last_alert_at > windows.silence:
        return Recur(latest.id)
    return Repeat(latest.id)


def _came_late(alert: Alert, latest: Incident, at: datetime, ended_at: datetime) -> bool:
    """Whether Slack delivered it after the all-clear that its tool sent later.

    Only the two messages of one tool are compared, whose times are both Slack's; failures in Airflow are looked up
    there instead.
    """
    is_end_from_tool = latest.resolved_by == str(Actor.seen_in(alert.source))
    return is_end_from_tool and not alert.occurrences and at < ended_at


def _place_resolved(latest: Incident | None, open_occurrences: int) -> Placement:
    if latest is None or not latest.state.is_unresolved:
        return Ignore("nothing is open that could be resolved")
    if open_occurrences:
        return Ignore(f"{open_occurrences} of its occurrences are still open", latest.id)
    return Resolve(latest.id)

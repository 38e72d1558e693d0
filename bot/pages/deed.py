"""What people do to an alert at the provider from Slack, and how each is followed to its outcome. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.actor import Actor
from bot.pages.escalation import Level
from bot.pages.model import PageState
from bot.pages.rules import CONFIRM_WITHIN, LATE_ARRIVAL
from bot.ports.paging import AlertStatus, PagedAlert, Recipient
from bot.ref import Ref
from bot.text import Text

SENT_AGAIN = 3
"""How often what does no harm twice is sent again where it certainly did not happen."""
CLOCKS_DIFFER = timedelta(seconds=1)


class Deed(StrEnum):
    ACKNOWLEDGE = "acknowledge"
    CLOSE = "close"
    SNOOZE = "snooze"
    NOTE = "note"
    CALL = "call"  # somebody else besides

    @property
    def shows(self) -> bool:
        """Whether the alert itself shows that it was done; such a deed does no harm when it is done twice."""
        return self in {Deed.ACKNOWLEDGE, Deed.CLOSE, Deed.SNOOZE}


class DeedState(StrEnum):
    REQUESTED = "requested"
    SENDING = "sending"  # committed before the call: perhaps it was made
    ACCEPTED = "accepted"
    LOOKING = "looking"  # what became of it is only to be seen at the alert
    DONE = "done"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"

    @property
    def is_over(self) -> bool:
        return self in {DeedState.DONE, DeedState.FAILED, DeedState.UNCONFIRMED}


@dataclass(frozen=True, slots=True)
class AlertDeed:
    """`alert_id` None: the page's own alert. `sent_at`, of the system's clock: when it was sent last."""

    id: str
    ref: Ref
    provider: str
    deed: Deed
    actor: Actor
    asked_at: datetime
    state: DeedState = DeedState.REQUESTED
    alert_id: str | None = None
    until: datetime | None = None
    note: str = ""
    recipient: Recipient | None = None
    tries: int = 0
    sent_at: datetime | None = None
    request_ref: str | None = None
    why: Text | None = None


class Found(StrEnum):
    """What a look at the alert makes of a deed."""

    DONE = "done"
    FAILED = "failed"
    WAIT = "wait"
    AGAIN = "again"
    UNCONFIRMED = "unconfirmed"


def is_as_wished(deed: AlertDeed, alert: PagedAlert) -> bool:
    match deed.deed:
        case Deed.ACKNOWLEDGE:
            return alert.is_acknowledged
        case Deed.CLOSE:
            return alert.status is AlertStatus.CLOSED
        case Deed.SNOOZE if alert.snoozed_until and deed.until:
            return abs(alert.snoozed_until - deed.until) <= CLOCKS_DIFFER
        case _:
            return False


def found(deed: AlertDeed, alert: PagedAlert, now: datetime) -> Found:
    """Return what became of a deed whose answer was lost, or that the provider says it could not do.

    Nothing is sent again while the first may still arrive, and never what would show twice.
    """
    if is_as_wished(deed, alert):
        return Found.DONE
    if deed.why is not None:
        return Found.FAILED
    if deed.sent_at is not None and now < deed.sent_at + LATE_ARRIVAL:
        return Found.WAIT
    return Found.AGAIN if deed.tries < SENT_AGAIN else Found.UNCONFIRMED


def may_be_confirmed(deed: AlertDeed, now: datetime) -> bool:
    return deed.sent_at is not None and now < deed.sent_at + CONFIRM_WITHIN


@dataclass(frozen=True, slots=True)
class AlertStanding:
    """How the alert about a thing stands, for its card. `page` None: Baton did not make it.

    `deeds` are the newest things that people asked for, oldest first.
    """

    provider: str
    schedule: str
    page: PageState | None
    problem: Text | None
    is_open: bool
    is_acknowledged: bool
    number: str
    owner: str
    snoozed_until: datetime | None
    level: Level
    deeds: tuple[AlertDeed, ...] = ()

"""Weeks of incidents written by the product itself on a store, at times that a test chooses."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from bot.actor import Actor
from bot.directory.service import keep_people
from bot.handoff.model import Report, Scope
from bot.handoff.queries import report
from bot.incidents import service
from bot.incidents.ageing import let_quiet_ones_go_stale
from bot.incidents.fix import Cause, Fix, Remedy
from bot.incidents.intake import Intake
from bot.incidents.mentions import Mentions
from bot.incidents.route import Route
from bot.incidents.rules import Windows
from bot.oncall import history
from bot.oncall.model import Covered, Duty, Engineer, MentionRules, WorkingHours
from bot.ports.paging import Responder, Shift, Somebody
from bot.ports.slack import SlackPerson
from bot.store import Store, Tx
from bot.triage.model import Alert, Kind, Message, Severity

TEAM, CHANNEL, ASKED, SCHEDULE = "T0HANEUL", "C0ALERTS", "C0HELP", "data-platform"
MINJI, JIWOO = Actor.person(TEAM, "U0MINJI"), Actor.person(TEAM, "U0JIWOO")
STALE_AFTER = timedelta(hours=24)
SCOPE = Scope(
    SCHEDULE,
    frozenset({"alerts"}),
    WorkingHours(ZoneInfo("Asia/Seoul")),
    frozenset({"airflow"}),
    frozenset({"airflow"}),
    frozenset({CHANNEL}),
    frozenset({ASKED}),
)
_numbers = count(1)


@dataclass
class Story:
    """`on_call` is called for whatever breaks."""

    store: Store
    on_call: str = "U0MINJI"
    routes: Mapping[str, Route] = field(init=False)

    def __post_init__(self) -> None:
        route = Route("alerts", SCHEDULE, "en", Windows(), MentionRules(), SCOPE.hours)
        mentions = Mentions({"alerts": route}, self._duty)
        self._intake = Intake({CHANNEL: route}, mentions)

    def _duty(self, _tx: Tx, schedule: str, _now: datetime) -> Duty:
        return Duty(schedule, "S0TEAM", Covered((Engineer("", self.on_call),)))

    def breaks(self, thing: str, at: datetime, *, severity: Severity = Severity.ERROR, **said: str) -> str:
        """Let a tool say that something broke; return the incident's id."""
        found = self._says(Alert(Kind.ALERT, "datadog", severity, {"monitor": thing}, title=thing, **said), at)
        assert found is not None
        return found

    def is_well(self, thing: str, at: datetime) -> None:
        self._says(Alert(Kind.RESOLVED, "datadog", None, {"monitor": thing}, title=thing), at)

    def _says(self, alert: Alert, at: datetime) -> str | None:
        n = next(_numbers)
        ts = f"{at.timestamp():.0f}.{n:06d}"
        message = Message(TEAM, CHANNEL, ts, at, at, alert.title, {}, revision=str(n))
        return self.store.write(lambda tx: self._intake.receive(tx, f"Ev{n}", message, alert, at))

    def acknowledges(self, who: Actor, incident_id: str, at: datetime) -> None:
        self.store.write(lambda tx: service.acknowledge(who, tx, incident_id, at, _may))

    def resolves(self, who: Actor, incident_id: str, at: datetime, fix: Fix | None = None) -> None:
        said = fix or Fix(Cause.CODE, Remedy.CORRECTED)
        self.store.write(lambda tx: service.resolve(who, tx, incident_id, said, at, _may))

    def ages(self, at: datetime) -> None:
        self.store.write(lambda tx: let_quiet_ones_go_stale(tx, {"alerts": STALE_AFTER}, at))

    def report(self, start: datetime, end: datetime) -> Report:
        return self.store.read(lambda tx: report(tx, SCOPE, start, end))


def on_call(store: Store, user: str, since: datetime) -> None:
    """Have this user on call for four weeks, as the provider says it."""
    name = user.removeprefix("U0").title()
    account = SlackPerson(TEAM, user, name, name, None, "en-GB", "Asia/Seoul", False, False, False)
    known, until = (Responder(user, "", "", user),), since + timedelta(weeks=4)
    store.write(lambda tx: keep_people(tx, [account], since))
    answer, shifts = Somebody(known, since, until), (Shift(known, since, until),)
    store.write(lambda tx: history.record(tx, SCHEDULE, answer, shifts, (), since))
    store.write(lambda tx: history.record(tx, SCHEDULE, answer, shifts, (), until - timedelta(weeks=1)))


def _may(_tx: Tx, _actor: Actor, _deed: str) -> None:
    """Everybody may do everything here."""

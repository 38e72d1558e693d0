"""Whom incidents mention. What is decided is written down at once; what is held is decided again in its time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import update

from bot import outbox
from bot.incidents import holds, paging, queries, roots, service, storms
from bot.incidents.model import Incident, IncidentState
from bot.incidents.paging_rules import Paged, paged, wakes
from bot.incidents.route import Route
from bot.oncall.model import Calling, Decision, Duty, Held, Notify, Why
from bot.oncall.rules import calling, mention
from bot.ref import Ref
from bot.silences.model import Silence, Subject
from bot.silences.muting import keep_quiet
from bot.silences.queries import muting
from bot.store import Tx
from bot.store.tables import incidents
from bot.text import Mention, Text, text
from bot.triage.model import Severity
from bot.workload import Interruption, interrupted


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about an incident's mention, and whom it calls; `silence` is what keeps it quiet.

    `paging` is by which rules somebody is woken for it, too.
    """

    decision: Decision
    calling: Calling
    silence: Silence | None = None
    paging: Paged | None = None
    schedule: str = ""

    def columns(self, at: datetime, whole: Ref | None = None) -> dict[str, Any]:
        """Return what the incident itself keeps of it. What is shown on the card `whole` mentions nobody itself."""
        mentioned = {"mentioned_at": at} if isinstance(self.decision, Notify) and whole is None else {}
        return {"called": self.calling.to_json(), **mentioned}


@dataclass(frozen=True, slots=True)
class Mentions:
    """`routes` by name; `duty(tx, schedule, now)` tells who is on call."""

    routes: Mapping[str, Route]
    duty: Callable[[Tx, str, datetime], Duty]

    def decide(
        self,
        tx: Tx,
        route: Route,
        subject: Subject,
        at: datetime,
        *,
        mentioned_at: datetime | None = None,
        healing_until: datetime | None = None,
    ) -> Verdict:
        """Decide about an incident that opens, comes back, gets worse, or has waited long enough."""
        duty, silence = self.duty(tx, route.schedule, at), muting(tx, subject, at)
        decision = mention(
            route.mentions,
            subject.severity,
            at,
            route.hours,
            duty,
            mentioned_at=mentioned_at,
            healing_until=healing_until,
            silenced_until=silence.until if silence else None,
            wakes=wakes(route, subject.severity),
        )
        is_quiet = isinstance(decision, Held) and decision.why is Why.SILENCED
        paging = paged(route, subject.severity, decision)
        return Verdict(decision, calling(duty), silence if is_quiet else None, paging, route.schedule)

    def repeated(self, tx: Tx, route: Route, known: Incident, severity: Severity | None, at: datetime) -> None:
        """Decide again about an incident that one more alert calls more serious than it was known to be."""
        if severity is None or at < known.last_alert_at or not severity.is_worse_than(known.severity):
            return
        subject = replace(queries.subject(tx, known.id), severity=severity)
        verdict = self.decide(tx, route, subject, at, mentioned_at=known.mentioned_at)
        words = text("incident.note.worse", severity=text(f"severity.{severity}"))
        carry_out(tx, known.id, verdict, at, words)

    def end_hold(self, tx: Tx, incident_id: str, now: datetime) -> None:
        """Decide again about an incident whose mention has waited long enough, unless that is no longer wanted."""
        known, hold = queries.locked(tx, incident_id), holds.of(tx, incident_id)
        if known and hold and hold.held.until <= now:  # otherwise another process has just done it
            self._decide_again(tx, known, now, text(f"incident.note.waited_{hold.held.why}", since=hold.since))

    def look_at_retries(self, tx: Tx, incident_id: str, now: datetime) -> None:
        """Go on holding while Airflow retries each open failure; stop when it has given up on one."""
        if not holds.waits_for(tx, incident_id, Why.RETRYING):  # most failures: they are looked at all the time
            return
        known, hold = queries.locked(tx, incident_id), holds.of(tx, incident_id)
        if known is None or hold is None or hold.held.why is not Why.RETRYING:
            return
        failures = queries.open_failures(tx, incident_id)
        route = self.routes.get(known.route)
        if route and failures and all(each.seen and each.seen.is_healing for each in failures):
            holds.keep(tx, incident_id, Held(hold.since + route.mentions.while_retrying, Why.RETRYING), now)
        elif any(each.seen and each.seen.gave_up for each in failures):
            self._decide_again(tx, known, now, text("incident.note.gave_up"))

    def _decide_again(self, tx: Tx, known: Incident, now: datetime, words: Text) -> None:
        """Decide without waiting for anything to heal; nothing is said of what somebody took on or what is over."""
        route = self.routes.get(known.route)
        if route is None or known.state is not IncidentState.OPEN:
            holds.forget(tx, known.id)
            return
        verdict = self.decide(tx, route, queries.subject(tx, known.id), now, mentioned_at=known.mentioned_at)
        carry_out(tx, known.id, verdict, now, words)

    def leave_root(self, tx: Tx, incident_id: str, now: datetime) -> None:
        """Have an incident stand alone whose root has ended without it, and mention whom it calls."""
        known = queries.locked(tx, incident_id)
        route = self.routes.get(known.route) if known else None
        if known is None or route is None or not outbox.stand_alone(tx, service.ref(incident_id)):
            return
        if known.state is IncidentState.OPEN:
            verdict = self.decide(tx, route, queries.subject(tx, incident_id), now, mentioned_at=known.mentioned_at)
            carry_out(tx, incident_id, verdict, now, text("incident.note.left_behind"))


def hold_if_decided(tx: Tx, incident_id: str, verdict: Verdict, at: datetime) -> None:
    """Write down what the mention waits for, and what a silence has kept quiet by that."""
    if isinstance(verdict.decision, Held):
        holds.keep(tx, incident_id, verdict.decision, at)
    if verdict.silence:
        keep_quiet(tx, verdict.silence, incident_id, at)


def carry_out(tx: Tx, incident_id: str, verdict: Verdict, at: datetime, words: Text) -> None:
    """Mention in the incident's thread, with these words, or hold it, or let it be.

    What is shown on the card of a storm or of its root mentions there, where nobody was mentioned yet.
    """
    whole = outbox.whole_of(tx, service.ref(incident_id))
    tx.execute(update(incidents).where(incidents.c.id == incident_id).values(**verdict.columns(at, whole)))
    match verdict.decision:
        case Held():
            hold_if_decided(tx, incident_id, verdict, at)
        case Notify() if whole:
            holds.forget(tx, incident_id)
            mention_on(tx, whole, verdict, at, words)
        case Notify(ids):
            holds.forget(tx, incident_id)
            interrupted(tx, at, ids, Interruption.MENTION, service.ref(incident_id), schedule=verdict.schedule)
            _post(tx, incident_id, ids, at, words)
        case _:
            holds.forget(tx, incident_id)
    page_as_decided(tx, incident_id, verdict, at, whole)
    outbox.want_card(tx, service.ref(incident_id))


def page_as_decided(tx: Tx, incident_id: str, verdict: Verdict, at: datetime, whole: Ref | None) -> None:
    """Wake somebody for an incident, or once for the card that shows it among others."""
    if verdict.paging is None:
        return
    if not isinstance(verdict.decision, Notify):  # otherwise the mention at the same moment counts
        ref = service.ref(incident_id)
        interrupted(tx, at, verdict.calling.ids, Interruption.PAGE, ref, schedule=verdict.schedule)
    if whole is None:
        paging.wake_for_incident(tx, incident_id, verdict.paging, at)
    else:
        paging.wake_for_whole(tx, whole, verdict.paging, at)


def mention_on(tx: Tx, whole: Ref, verdict: Verdict, at: datetime, words: Text) -> None:
    """Mention for an incident on the card that shows it among others, unless somebody was mentioned there already."""
    if above := outbox.whole_of(tx, whole):  # a root that is itself shown on the card of a storm
        mention_on(tx, above, verdict, at, words)
    elif whole.kind == "storm":
        storms.mention(tx, whole.id, verdict.calling, at, verdict.schedule)
    else:
        roots.mention(tx, whole.id, verdict.calling, at, words, verdict.schedule)


def _post(tx: Tx, incident_id: str, ids: tuple[str, ...], at: datetime, words: Text) -> None:
    """Mention in a note: an edited card notifies nobody. A card that is still to be posted mentions by itself."""
    ref = service.ref(incident_id)
    if outbox.is_still_to_post(tx, ref):
        return
    if place := outbox.thread_of(tx, ref):
        outbox.add_note(tx, ref, at, place, words, mention=tuple(Mention(each, notify=True) for each in ids))

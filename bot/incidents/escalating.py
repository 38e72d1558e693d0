"""Pages that nobody answers call the second on call, then the team: each once, in Slack and at the provider."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row, exists, select, update

from bot import outbox, timeline
from bot.actor import BATON
from bot.incidents import queries
from bot.incidents.model import IncidentState
from bot.incidents.route import Route
from bot.oncall import rules, snapshots
from bot.oncall.model import Covered, Duty, Engineer
from bot.pages import alerts, deeds
from bot.pages.deed import Deed
from bot.pages.deeds import Wish
from bot.pages.escalation import Call, Level, Standing, Wait, escalation
from bot.pages.model import PageRules
from bot.ports.paging import Kind, Recipient, Responder, Somebody
from bot.ref import Ref
from bot.silences.queries import muting
from bot.store import Tx
from bot.store.tables import escalations, incidents
from bot.text import Code, Mention, Text, text
from bot.workload import Interruption, interrupted


@dataclass(frozen=True, slots=True)
class Second:
    """The second on call, as Slack and as the provider know them."""

    engineer: Engineer
    responder: Responder

    @property
    def recipient(self) -> Recipient:
        return Recipient(Kind.USER, self.responder.email or self.responder.provider_id)


@dataclass(frozen=True, slots=True)
class Escalator:
    """`routes` by name; `duty(tx, schedule, now)` tells who is on call; `callers`: who adds responders."""

    routes: Mapping[str, Route]
    duty: Callable[[Tx, str, datetime], Duty]
    callers: frozenset[str] = frozenset()

    def look(self, tx: Tx, ref: Ref, now: datetime) -> None:
        """Call whom an unanswered page calls next, or put off or end the calling."""
        row = tx.execute(select(escalations).where(escalations.c.ref == str(ref)).with_for_update()).one()
        route = self.routes.get(row.route)
        paged = route.paging if route else None
        if paged is None:
            _to(tx, ref, next_at=None)
            return
        second = self._second(tx, paged.destination.schedule, now)
        match escalation(_standing(tx, ref, row, second, now), paged.escalate_after, now):
            case Wait(until):
                _to(tx, ref, next_at=until)
            case Call(level, next_at):
                _to(tx, ref, level=level.value, next_at=next_at)
                self._call(tx, ref, paged, level, second, now)
            case _:
                _to(tx, ref, next_at=None)

    def _call(self, tx: Tx, ref: Ref, paged: PageRules, level: Level, second: Second | None, now: datetime) -> None:
        if level is Level.SECOND and second:
            user = second.engineer.user
            users = (user,) if user else ()
            _say(tx, ref, text("page.note.second", who=second.engineer.name), users, now)
            interrupted(tx, now, users, Interruption.PAGE, ref, schedule=paged.destination.schedule)
            timeline.record(tx, ref, now, BATON, text("page.moment.second", who=second.engineer.name))
            self._page(tx, ref, paged, second.recipient, now)
        else:
            schedule = paged.destination.schedule
            fallback = self.duty(tx, schedule, now).fallback
            _say(tx, ref, text("page.note.team", schedule=Code(schedule)), (fallback,), now)
            interrupted(tx, now, (fallback,), Interruption.PAGE, ref, schedule=schedule)
            timeline.record(tx, ref, now, BATON, text("page.moment.team"))
            if paged.team:
                self._page(tx, ref, paged, Recipient(Kind.TEAM, paged.team), now)
        outbox.want_card(tx, ref)

    def _page(self, tx: Tx, ref: Ref, paged: PageRules, recipient: Recipient, now: datetime) -> None:
        """Have the provider call them, too, where it can."""
        if paged.destination.provider in self.callers:
            deeds.ask(BATON, tx, ref, Wish(Deed.CALL, now.isoformat(), recipient=recipient), now)

    def _second(self, tx: Tx, schedule: str, now: datetime) -> Second | None:
        """Return the second on call where that is certain; a first one called twice is no second."""
        snapshot, duty = snapshots.load(tx, schedule), self.duty(tx, schedule, now).now
        known = rules.believed(snapshot, now) if snapshot else None
        if not isinstance(known, Somebody) or not isinstance(duty, Covered):
            return None
        first, *others = zip(duty.engineers, known.responders, strict=True)
        found = (Second(*each) for each in others if each[1] != first[1] and not _is_same(each[0], first[0]))
        return next(found, None)


def due(tx: Tx, now: datetime) -> list[Ref]:
    """Return what calls somebody else by now, longest overdue first."""
    found = select(escalations.c.ref).where(escalations.c.next_at <= now).order_by(escalations.c.next_at)
    return [Ref.parse(each) for each in tx.execute(found).scalars()]


def _is_same(one: Engineer, other: Engineer) -> bool:
    return one.user is not None and one.user == other.user


def _standing(tx: Tx, ref: Ref, row: Row[tuple[object, ...]], second: Second | None, now: datetime) -> Standing:
    silence = muting(tx, queries.subject(tx, ref.id), now) if ref.kind == "incident" else None
    alert = alerts.newest_of(tx, ref)
    quiet = [each for each in (silence and silence.until, alert and alert.snoozed_until) if each]
    return Standing(
        level=Level(row.level),
        next_at=row.next_at,
        is_unanswered=_is_unanswered(tx, ref),
        has_second=second is not None,
        silenced_until=max(quiet, default=None),
    )


def _is_unanswered(tx: Tx, ref: Ref) -> bool:
    """Whether nobody has taken it on: of a storm, not even one of its incidents that are still open."""
    mine = incidents.c.storm_id == ref.id if ref.kind == "storm" else incidents.c.id == ref.id
    is_open = exists().where(mine, incidents.c.state == IncidentState.OPEN)
    return bool(tx.execute(select(is_open)).scalar())


def _say(tx: Tx, ref: Ref, words: Text, users: tuple[str, ...], now: datetime) -> None:
    place = outbox.thread_of(tx, ref)
    if place is not None:
        outbox.add_note(tx, ref, now, place, words, mention=tuple(Mention(each, notify=True) for each in users))


def _to(tx: Tx, ref: Ref, **values: object) -> None:
    tx.execute(update(escalations).where(escalations.c.ref == str(ref)).values(**values))

"""Tells in the morning what waited for it: one summary for each route, place and start of work, with one mention."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, delete, literal, select, update

from bot import outbox
from bot.actor import Actor
from bot.incidents import service
from bot.incidents.fix import Fix
from bot.incidents.mentions import Mentions
from bot.incidents.model import IncidentState
from bot.incidents.morning import MorningCard, Waited
from bot.incidents.route import Route
from bot.oncall.hours import is_working, last_start
from bot.oncall.model import Calling, Why
from bot.oncall.rules import calling
from bot.outbox import Place
from bot.ref import Ref, new_id
from bot.store import Tx
from bot.store.tables import cards, holds, incidents, mornings
from bot.store.upsert import insert_if_new
from bot.text import Mention, text
from bot.triage.model import Severity
from bot.workload import Interruption, interrupted

_UNTAKEN = (IncidentState.OPEN, IncidentState.STALE)


def ref(morning_id: str) -> Ref:
    return Ref("morning", morning_id)


@dataclass(frozen=True, slots=True)
class Mornings:
    mentions: Mentions

    def due(self, tx: Tx, now: datetime) -> tuple[Route, ...]:
        """Return the routes that are at work and for whose start of work something waited."""
        return tuple(
            route
            for route in self.mentions.routes.values()
            if is_working(now, route.hours)
            and tx.execute(_waiting(route, last_start(now, route.hours)).limit(1)).first()
        )

    def tell(self, tx: Tx, route: Route, now: datetime) -> None:
        """Have one summary for each place in which the route's cards stand.

        What waited is taken from the waiting in the same transaction: whoever comes second finds nothing.
        """
        starts_at = last_start(now, route.hours)
        waiting = tx.execute(_waiting(route, starts_at).with_for_update(of=(incidents, holds))).all()
        for channel in dict.fromkeys(_channel(route, row) for row in waiting):
            rows = [row for row in waiting if _channel(route, row) == channel]
            self._tell_in(tx, route, channel, rows, starts_at, now)

    def _tell_in(
        self, tx: Tx, route: Route, channel: str, rows: Sequence[Row[Any]], starts_at: datetime, now: datetime
    ) -> None:
        called = calling(self.mentions.duty(tx, route.schedule, now))
        ids = [row.id for row in rows]
        row = {
            "id": new_id(now),
            "route": route.name,
            "channel": channel,
            "starts_at": starts_at,
            "since": min(row.since for row in rows),
            "told_at": now,
            "called": called.to_json(),
            "incidents": ids,
        }
        is_open = any(each.state in _UNTAKEN for each in rows)
        if is_open:
            interrupted(tx, now, called.ids, Interruption.MENTION, ref(row["id"]), schedule=route.schedule)
        if insert_if_new(tx, mornings, row, key=["route", "channel", "starts_at"]):
            outbox.want_card(tx, ref(row["id"]), Place(channel, language=rows[0].language or route.language))
        else:
            _add(tx, row, called, is_open=is_open)
        _told(tx, ids, called, now)


def _waiting(route: Route, starts_at: datetime) -> Select[Any]:
    """Select what waits for this start of work since before it, the oldest first."""
    own_card = cards.c.ref == literal("incident:") + incidents.c.id
    return (
        select(incidents.c.id, incidents.c.state, holds.c.since, incidents.c.channel, cards.c.language)
        .join(holds, holds.c.incident_id == incidents.c.id)
        .outerjoin(cards, own_card)
        .where(holds.c.why == Why.MORNING, holds.c.since < starts_at, incidents.c.route == route.name)
        .order_by(holds.c.since, incidents.c.id)
    )


def _channel(route: Route, row: Row[Any]) -> str:
    return str(route.card_channel or row.channel)


def _add(tx: Tx, row: Mapping[str, Any], called: Calling, *, is_open: bool) -> None:
    """Add to this morning's summary what came in after it, and mention for that in its thread."""
    mine = and_(*(mornings.c[name] == row[name] for name in ("route", "channel", "starts_at")))
    told = tx.execute(select(mornings.c.id, mornings.c.incidents).where(mine).with_for_update()).one()
    listed = [*told.incidents, *(each for each in row["incidents"] if each not in told.incidents)]
    tx.execute(update(mornings).where(mine).values(incidents=listed))
    outbox.want_card(tx, ref(told.id))
    place = outbox.thread_of(tx, ref(told.id))
    if place and is_open:
        who = tuple(Mention(each, notify=True) for each in called.ids)
        words = text("morning.note.more", n=len(row["incidents"]))
        outbox.add_note(tx, ref(told.id), row["told_at"], place, words, mention=who)


def _told(tx: Tx, ids: Sequence[str], called: Calling, now: datetime) -> None:
    """Write down that these wait no longer, and that somebody was mentioned for those that nobody has taken on."""
    tx.execute(delete(holds).where(holds.c.incident_id.in_(ids)))
    untaken = incidents.c.id.in_(ids) & incidents.c.state.in_(_UNTAKEN)
    mentioned = update(incidents).where(untaken).values(mentioned_at=now, called=called.to_json())
    for incident_id in tx.execute(mentioned.returning(incidents.c.id)).scalars().all():
        outbox.want_card(tx, service.ref(incident_id))


def card(tx: Tx, morning_id: str) -> MorningCard | None:
    """Return what the summary shows: its incidents as they stand now."""
    row = tx.execute(select(mornings).where(mornings.c.id == morning_id)).first()
    if row is None:
        return None
    own_card = cards.c.ref == literal("incident:") + incidents.c.id
    listed = tx.execute(
        select(incidents, cards.c.shown_channel, cards.c.ts.label("card_ts"), cards.c.root_ts)
        .outerjoin(cards, own_card)
        .where(incidents.c.id.in_(row.incidents))
        .order_by(incidents.c.opened_at)
    )
    waited = tuple(_waited(each) for each in listed)
    return MorningCard(row.id, row.since, row.starts_at, row.told_at, Calling.from_json(row.called), waited)


def _waited(row: Row[Any]) -> Waited:
    state = IncidentState(row.state)
    is_resolved = state is IncidentState.RESOLVED
    by, at = (row.resolved_by, row.resolved_at) if is_resolved else (row.acknowledged_by, row.acknowledged_at)
    return Waited(
        id=row.id,
        state=state,
        severity=Severity(row.severity),
        source=row.source,
        resource=row.resource,
        title=row.title,
        since=row.opened_at,
        channel=row.shown_channel if row.card_ts else row.channel,
        ts=row.card_ts or row.message_ts,
        thread_ts=row.root_ts if row.card_ts else None,
        by=Actor.parse(by) if by else None,
        at=at,
        fix=Fix.of(row),
    )

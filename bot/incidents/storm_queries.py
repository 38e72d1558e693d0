"""Storms and their incidents from the store."""

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, Row, bindparam, case, func, literal, select

from bot.incidents.model import IncidentState
from bot.incidents.storm_card import Member, StormCard, Totals
from bot.incidents.storm_rules import Sky, Storm, StormRules
from bot.oncall.model import Calling, Why
from bot.store import Tx
from bot.store.prepared import Prepared
from bot.store.tables import cards, holds, incidents, storms
from bot.triage.model import Severity

MOST_MEMBERS = 500  # that a card looks at; its totals count them all

_UNRESOLVED = [state.value for state in IncidentState if state.is_unresolved]
_AT, _CHANNEL = incidents.c.raised_at.type, incidents.c.channel.type


def _sky(_: str) -> Any:
    """Return one row: the channel's storm, when its newest incident was raised, and how many were recently."""
    channel = incidents.c.channel == bindparam("channel", type_=_CHANNEL)
    newest = select(func.max(incidents.c.raised_at)).where(channel).scalar_subquery()
    lately = (incidents.c.raised_at >= bindparam("since", type_=_AT)) & incidents.c.root_id.is_(None)
    recent = select(literal(1)).where(channel, lately).limit(bindparam("most", type_=Integer)).subquery()
    always = select(literal(1).label("one")).subquery()
    of_channel = always.outerjoin(storms, storms.c.open_key == bindparam("channel", type_=_CHANNEL))
    counted = select(func.count()).select_from(recent).scalar_subquery()
    return select(storms.c.id, storms.c.mentioned_at, newest, counted).select_from(of_channel)


_SKY = Prepared(_sky)


def sky(tx: Tx, rules: StormRules, channel: str, at: datetime) -> Sky:
    """Return what an incident meets that is raised in this channel at `at`."""
    found = _SKY.rows(tx, channel=channel, since=at - rules.window, most=rules.threshold)
    [(storm_id, mentioned_at, newest_at, recent)] = found
    storm = Storm(storm_id, mentioned_at is not None) if storm_id else None
    return Sky(storm, newest_at, recent)


def newest_at(tx: Tx, channel: str) -> datetime | None:
    """Return when an incident was last raised in the channel."""
    return tx.execute(select(func.max(incidents.c.raised_at)).where(incidents.c.channel == channel)).scalar()


def is_settled(tx: Tx, storm_id: str) -> bool:
    """Whether none of its incidents is unresolved."""
    query = select(incidents.c.id).where(incidents.c.storm_id == storm_id, incidents.c.state.in_(_UNRESOLVED))
    return tx.execute(query.limit(1)).first() is None


def of_channel(tx: Tx, channel: str) -> str | None:
    return tx.execute(select(storms.c.id).where(storms.c.open_key == channel)).scalar()


def card(tx: Tx, storm_id: str) -> StormCard | None:
    row = tx.execute(select(storms).where(storms.c.id == storm_id)).first()
    if row is None:
        return None
    return StormCard(
        id=row.id,
        started_at=row.started_at,
        ended_at=row.ended_at,
        calling=Calling.from_json(row.called),
        notified=row.mentioned_at is not None,
        totals=_totals(tx, storm_id),
        members=_members(tx, storm_id),
    )


def _totals(tx: Tx, storm_id: str) -> Totals:
    unresolved = case((incidents.c.state.in_(_UNRESOLVED), 1), else_=0)
    untouched = case((incidents.c.state == IncidentState.OPEN, 1), else_=0)
    counts = (func.count(), func.sum(unresolved), func.sum(untouched), func.sum(incidents.c.alert_count))
    row = tx.execute(select(*counts).where(incidents.c.storm_id == storm_id)).one()
    return Totals(*(int(each or 0) for each in row))


def _members(tx: Tx, storm_id: str) -> tuple[Member, ...]:
    own_card = cards.c.ref == "incident:" + incidents.c.id
    resolved_last = case((incidents.c.state.in_(_UNRESOLVED), 0), else_=1)
    gravest_first = case({severity.value: n for n, severity in enumerate(Severity)}, value=incidents.c.severity)
    rows = tx.execute(
        select(incidents, cards.c.part_of, cards.c.shown_channel, cards.c.ts, cards.c.root_ts, holds.c.why)
        .outerjoin(cards, own_card)
        .outerjoin(holds, holds.c.incident_id == incidents.c.id)
        .where(incidents.c.storm_id == storm_id)
        .order_by(resolved_last, gravest_first, incidents.c.opened_at)
        .limit(MOST_MEMBERS)
    )
    return tuple(_member(row) for row in rows)


def _member(row: Row[Any]) -> Member:
    return Member(
        id=row.id,
        state=IncidentState(row.state),
        severity=Severity(row.severity),
        source=row.source,
        owner=row.owner,
        resource=row.resource,
        title=row.title,
        error=row.error,
        opened_at=row.opened_at,
        alert_count=row.alert_count,
        is_alone=row.part_of is None,
        resolved_at=row.resolved_at,
        shown_channel=row.shown_channel or "",
        shown_ts=row.ts or "",
        thread_ts=row.root_ts,
        is_silenced=row.why == Why.SILENCED,
    )

"""Failures that follow from another one: which one that is, and which of them still wait."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Integer, bindparam, case, literal, select, update

from bot import outbox
from bot.incidents.card import Root, Waiting
from bot.incidents.model import IncidentState
from bot.incidents.occurrence import OPEN
from bot.incidents.root_rules import OpenFailure, loads_before, root_of
from bot.loads import Loads
from bot.oncall.model import Calling
from bot.ref import Ref
from bot.store import Tx
from bot.store.prepared import Prepared
from bot.store.tables import cards, incidents, occurrences
from bot.text import Code, Mention, Text, text
from bot.triage.identity import name_of
from bot.triage.model import Occurrence, Severity
from bot.workload import Interruption, interrupted

GRACE = timedelta(minutes=15)  # for what a repaired root lets run again, before it stands alone
LOOKED_AT, LISTED = 50, 100

_UNRESOLVED = [state.value for state in IncidentState if state.is_unresolved]
_root = incidents.alias("root")


def find(
    tx: Tx, channel: str, airflow: str, failures: Sequence[Occurrence], loads: Loads, *, but: str | None = None
) -> str | None:
    """Return the unresolved incident of the channel with which these failures are told.

    It is never `but` or what is told with that. Who reads another channel would miss what is told there.
    """
    if not failures:
        return None
    before = loads_before(failures, airflow, loads)
    dags = dict.fromkeys([*(each.dag_id for each in failures), *(load.dag_id for load in before)])
    where = {"channel": channel, "airflow": airflow, "most": LOOKED_AT}
    rows = [row for dag_id in dags for row in _OPEN_FAILURES.rows(tx, dag_id=dag_id, **where)]
    others = sorted((row for row in rows if but is None or but not in row[1:4]), key=lambda row: row[0])
    known = [OpenFailure(incident_id, root_id, *which) for _, incident_id, _, root_id, *which in others]
    return root_of(failures, airflow, known, before)


def _among(column: ColumnElement[str], words: Sequence[str]) -> ColumnElement[bool]:
    """Return whether it is one of these, as a prepared statement can say it: with a list of fixed length."""
    return column.in_([literal(word) for word in words])


_OPEN_FAILURES = Prepared(
    lambda _: (
        select(
            incidents.c.opened_at,
            incidents.c.id,
            incidents.c.root_id,
            case((_among(_root.c.state, _UNRESOLVED), _root.c.id), else_=None),
            occurrences.c.dag_id,
            occurrences.c.task_id,
            occurrences.c.dag_run_id,
            occurrences.c.logical_at,
        )
        .join(incidents, incidents.c.id == occurrences.c.incident_id)
        .outerjoin(_root, _root.c.id == incidents.c.root_id)
        .where(
            occurrences.c.dag_id == bindparam("dag_id", type_=occurrences.c.dag_id.type),
            occurrences.c.airflow == bindparam("airflow", type_=occurrences.c.airflow.type),
            incidents.c.channel == bindparam("channel", type_=incidents.c.channel.type),
            _among(occurrences.c.state, OPEN),
            _among(incidents.c.state, _UNRESOLVED),
        )
        .order_by(incidents.c.opened_at)
        .limit(bindparam("most", type_=Integer))
    )
)


def waiting(tx: Tx, root_id: str) -> tuple[Waiting, ...]:
    """Return what is told with this incident, oldest first."""
    own_card = cards.c.ref == "incident:" + incidents.c.id
    rows = tx.execute(
        select(incidents, cards.c.part_of)
        .outerjoin(cards, own_card)
        .where(incidents.c.root_id == root_id)
        .order_by(incidents.c.opened_at)
        .limit(LISTED)
    )
    return tuple(
        Waiting(
            id=row.id,
            name=name_of(row.resource, row.title, row.source),
            state=IncidentState(row.state),
            severity=Severity(row.severity),
            is_alone=row.part_of is None,
        )
        for row in rows
    )


def root(tx: Tx, root_id: str | None) -> Root | None:
    """Return the incident with which another one is told, for its card."""
    row = tx.execute(select(incidents).where(incidents.c.id == root_id)).first() if root_id else None
    return Root(row.id, name_of(row.resource, row.title, row.source)) if row else None


def mention(tx: Tx, root_id: str, calling: Calling, at: datetime, words: Text, schedule: str) -> None:
    """Mention for what follows from an incident, under its card, where nobody was mentioned or has taken it on."""
    unsaid = incidents.c.mentioned_at.is_(None) & (incidents.c.state == IncidentState.OPEN)
    known = update(incidents).where(incidents.c.id == root_id, unsaid)
    if not tx.execute(known.values(mentioned_at=at, called=calling.to_json())).rowcount:
        return
    ref = Ref("incident", root_id)
    interrupted(tx, at, calling.ids, Interruption.MENTION, ref, schedule=schedule)
    if not outbox.is_still_to_post(tx, ref) and (place := outbox.thread_of(tx, ref)):
        who = tuple(Mention(each, notify=True) for each in calling.ids)
        outbox.add_note(tx, ref, at, place, words, mention=who)


def say_what_waits(tx: Tx, root_id: str, at: datetime) -> None:
    """Say under an incident that is resolved what was told with it and is not."""
    names = tuple(Code(each.name) for each in waiting(tx, root_id) if each.state.is_unresolved)
    place = outbox.thread_of(tx, Ref("incident", root_id)) if names else None
    if place:
        words = text("incident.note.still_waiting", n=len(names), names=names)
        outbox.add_note(tx, Ref("incident", root_id), at, place, words)


def left_behind(tx: Tx, now: datetime) -> list[str]:
    """Return what is still shown on the card of a root that ended longer ago than the grace time."""
    shown_there = cards.c.part_of == "incident:" + _root.c.id
    query = (
        select(incidents.c.id)
        .join(_root, _root.c.id == incidents.c.root_id)
        .join(cards, (cards.c.ref == "incident:" + incidents.c.id) & shown_there)
        .where(
            incidents.c.state.in_(_UNRESOLVED),
            _root.c.state.not_in(_UNRESOLVED),
            (_root.c.resolved_at < now - GRACE) | _root.c.resolved_at.is_(None),
        )
    )
    return list(tx.execute(query).scalars())

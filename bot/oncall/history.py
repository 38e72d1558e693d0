"""Who was on call, as rows: written with each answer of the provider, read by whatever reports on the past."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, delete, select, update

from bot.oncall import snapshots
from bot.oncall.model import Certainty, Doubt, Engineer, Identity, Stint
from bot.oncall.queries import candidates
from bot.oncall.rules import STALE_AFTER, engineer
from bot.oncall.stint_rules import Piece, asked_from, proven
from bot.ports.paging import Nobody, Responder, Shift, Somebody
from bot.ports.shifts import key_of
from bot.store import Tx
from bot.store.tables import stints as table
from bot.store.upsert import upsert
from bot.text import Text, text, text_from_json, to_json

_UNKNOWN = Certainty.UNKNOWN.value


def stints(tx: Tx, schedule: str, start: datetime, end: datetime) -> tuple[Stint, ...]:
    """Return who was on call in [start, end), in order, without holes, cut at both ends.

    What was not seen is unknown, with the reason. Who was on call ten minutes ago still counts unless a change was
    planned since: the provider is asked each minute.
    """
    rows = tx.execute(
        select(table)
        .where(table.c.schedule == schedule, table.c.until > start - STALE_AFTER, table.c.since < end)
        .order_by(table.c.since)
    ).all()
    found = [_stint(row) for row in rows]
    if found:
        found[-1] = replace(found[-1], until=_believed_until(tx, found[-1]))
    return tuple(_without_holes(schedule, found, start, end))


def asks_from(tx: Tx, schedule: str, now: datetime) -> datetime:
    """Return from when on the provider's shifts are to be asked, so that what is not known yet can be filled in."""
    row = _last(tx, schedule, certain=True)
    return asked_from(row.until if row else None, now)


def record(
    tx: Tx,
    schedule: str,
    answer: Somebody | Nobody,
    shifts: Sequence[Shift],
    identities: Sequence[Identity],
    now: datetime,
) -> None:
    """Write down what an answer proves. One that is older than what is known already changes nothing."""
    row = _last(tx, schedule, certain=True)
    if row is not None and row.until > now:
        return
    last = _piece(row) if row is not None else None
    pieces = proven(last, answer, shifts, now)
    _forget_unknown(tx, schedule, asked_from(last.until if last else None, now))
    named = _Named(tx, identities, (responder for piece in pieces for responder in piece.responders))
    upsert(tx, table, [_columns(schedule, piece, named) for piece in pieces], key=["schedule", "since"])


def record_problem(tx: Tx, schedule: str, problem: Text, now: datetime) -> None:
    """Write down that it is not known who is on call, since when it was known last, and why."""
    last = _last(tx, schedule)
    if last is not None and last.until > now:
        return
    since = now if last is None else last.since if last.certainty == _UNKNOWN else last.until
    empty = {"certainty": _UNKNOWN, "people": [], "rotation": "", "is_override": False}
    row = {"schedule": schedule, "since": since, "until": now, "problem": to_json(problem), **empty}
    upsert(tx, table, [row], key=["schedule", "since"])


class _Named:
    """Who the responders are in Slack, by one look at the directory."""

    def __init__(self, tx: Tx, identities: Sequence[Identity], responders: Iterable[Responder]) -> None:
        self._identities = identities
        self._people = candidates(tx, set(responders), identities)

    def engineer(self, responder: Responder) -> Engineer:
        return engineer(responder, self._identities, self._people)


def _last(tx: Tx, schedule: str, *, certain: bool = False) -> Row[Any] | None:
    which = [table.c.schedule == schedule, *([table.c.certainty != _UNKNOWN] if certain else [])]
    return tx.execute(select(table).where(*which).order_by(table.c.since.desc()).limit(1)).first()


def _forget_unknown(tx: Tx, schedule: str, start: datetime) -> None:
    """Take away what was not known since `start`, now that it is."""
    unknown = table.c.schedule == schedule, table.c.certainty == _UNKNOWN, table.c.until > start
    tx.execute(update(table).where(*unknown, table.c.since < start).values(until=start))
    tx.execute(delete(table).where(*unknown, table.c.since >= start))


def _believed_until(tx: Tx, last: Stint) -> datetime:
    """Return until when the last row holds beyond what was seen: for a while, or until the next planned change."""
    if last.certainty is Certainty.UNKNOWN:
        return datetime.max.replace(tzinfo=UTC)
    snapshot = snapshots.load(tx, last.schedule)
    planned = snapshot.on_call.until if snapshot and isinstance(snapshot.on_call, Somebody | Nobody) else None
    believed = last.until + STALE_AFTER
    return min(believed, max(planned, last.until)) if planned else believed


def _without_holes(schedule: str, found: Sequence[Stint], start: datetime, end: datetime) -> Iterable[Stint]:
    at = start
    for stint in found:
        since, until = max(stint.since, at), min(stint.until, end)
        if since >= until:
            continue
        if at < since:
            yield _not_seen(schedule, at, since)
        yield replace(stint, since=since, until=until)
        at = until
    if at < end:
        yield _not_seen(schedule, at, end)


def _not_seen(schedule: str, since: datetime, until: datetime) -> Stint:
    return Stint(schedule, since, until, (), Certainty.UNKNOWN, problem=text("oncall.not_seen"))


def _columns(schedule: str, piece: Piece, named: _Named) -> dict[str, Any]:
    people = [(responder, named.engineer(responder)) for responder in piece.responders]
    certainty = Certainty.NOBODY if not people else Certainty.SOMEBODY
    if people and people[0][1].user is None:
        certainty = Certainty.NO_ACCOUNT
    return {
        "schedule": schedule,
        "since": piece.since,
        "until": piece.until,
        "certainty": certainty.value,
        "people": [_person(responder, engineer) for responder, engineer in people],
        "rotation": piece.rotation,
        "is_override": piece.is_override,
        "problem": None,
    }


def _person(responder: Responder, engineer: Engineer) -> dict[str, Any]:
    doubt = engineer.doubt.value if engineer.doubt else None
    known = {"name": engineer.name, "user": engineer.user, "doubt": doubt}
    named = {"id": responder.provider_id, "email": responder.email, "display": responder.display}
    return {**named, "provider_user": responder.user, **known}


def _piece(row: Row[Any]) -> Piece:
    people = tuple(_responder(each) for each in row.people)
    return Piece(row.since, row.until, people, row.rotation, row.is_override)


def _responder(written: Any) -> Responder:
    return Responder(written["id"], written["email"], written["display"], written["provider_user"])


def _stint(row: Row[Any]) -> Stint:
    return Stint(
        row.schedule,
        row.since,
        row.until,
        tuple(_engineer(each) for each in row.people),
        Certainty(row.certainty),
        row.is_override,
        row.rotation,
        text_from_json(row.problem) if row.problem else None,
        tuple(key_of(_responder(each)) for each in row.people),
    )


def _engineer(written: Any) -> Engineer:
    return Engineer(written["name"], written["user"], Doubt(written["doubt"]) if written["doubt"] else None)

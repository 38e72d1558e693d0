"""What providers said last, as rows: one for each schedule."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select, update

from bot.oncall.model import Snapshot
from bot.ports.paging import Nobody, OnCall, Responder, Shift, Somebody, Unknown
from bot.store import Tx
from bot.store.tables import oncall
from bot.store.upsert import upsert
from bot.text import Text, text_from_json, to_json


def load(tx: Tx, schedule: str) -> Snapshot | None:
    row = tx.execute(select(oncall).where(oncall.c.schedule == schedule)).first()
    return _snapshot(row) if row else None


def load_all(tx: Tx, schedules: Collection[str]) -> dict[str, Snapshot]:
    """Return by name what is known of these schedules."""
    rows = tx.execute(select(oncall).where(oncall.c.schedule.in_(schedules)))
    return {row.schedule: _snapshot(row) for row in rows}


def save(tx: Tx, schedule: str, snapshot: Snapshot) -> None:
    upsert(tx, oncall, [{"schedule": schedule} | _columns(snapshot)], key=["schedule"])


def save_problem(tx: Tx, schedule: str, problem: Text) -> bool:
    """Add to a stored answer why there is no newer one; return whether there is a stored answer."""
    changed = tx.execute(update(oncall).where(oncall.c.schedule == schedule).values(error=_written(problem)))
    return changed.rowcount == 1


def _columns(snapshot: Snapshot) -> dict[str, Any]:
    state, responders, since, until = _answer(snapshot.on_call)
    return {
        "state": state,
        "responders": _people(responders),
        "since": since,
        "until": until,
        "shifts": {"until": snapshot.known_until.isoformat(), "shifts": [_shift(each) for each in snapshot.shifts]},
        "last_known": {"people": _people(snapshot.last_known), "at": _iso(snapshot.known_at)},
        "error": _written(snapshot.problem) if snapshot.problem else None,
        "fetched_at": snapshot.fetched_at,
    }


def _answer(on_call: OnCall) -> tuple[str, tuple[Responder, ...], datetime | None, datetime | None]:
    match on_call:
        case Somebody(responders, since, until):
            return "somebody", responders, since, until
        case Nobody(since, until):
            return "nobody", (), since, until
        case Unknown():
            return "unknown", (), None, None


def _snapshot(row: Row[Any]) -> Snapshot:
    return Snapshot(
        on_call=_on_call(row),
        fetched_at=row.fetched_at,
        shifts=tuple(_read_shift(each) for each in row.shifts["shifts"]),
        known_until=datetime.fromisoformat(row.shifts["until"]),
        last_known=_read_people(row.last_known["people"]),
        known_at=_moment(row.last_known["at"]),
        problem=text_from_json(json.loads(row.error)) if row.error else None,
    )


def _on_call(row: Row[Any]) -> OnCall:
    match row.state:
        case "somebody":
            return Somebody(_read_people(row.responders), row.since, row.until)
        case "nobody":
            return Nobody(row.since, row.until)
        case _:
            return Unknown("")


def _people(responders: Iterable[Responder]) -> list[dict[str, Any]]:
    return [{"id": r.provider_id, "email": r.email, "display": r.display, "user": r.user} for r in responders]


def _read_people(data: Iterable[Mapping[str, Any]]) -> tuple[Responder, ...]:
    return tuple(Responder(each["id"], each["email"], each["display"], each["user"]) for each in data)


def _shift(shift: Shift) -> dict[str, Any]:
    return {
        "people": _people(shift.responders),
        "start": shift.start_at.isoformat(),
        "end": shift.end_at.isoformat(),
        "rotation": shift.rotation,
        "override": shift.is_override,
        "rotations": shift.rotations,
    }


def _read_shift(data: Mapping[str, Any]) -> Shift:
    start, end = (datetime.fromisoformat(data[edge]) for edge in ("start", "end"))
    rotations = tuple(tuple(names) for names in data.get("rotations", ()))
    return Shift(_read_people(data["people"]), start, end, data["rotation"], data["override"], rotations)


def _written(words: Text) -> str:
    return json.dumps(to_json(words), ensure_ascii=False)


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None

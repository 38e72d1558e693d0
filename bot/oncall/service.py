"""Keeps the stored answers about who is on call fresh. Reading who is on call needs no permission."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.oncall import history, snapshots
from bot.oncall.model import Identity, Snapshot
from bot.ports.errors import VendorError
from bot.ports.paging import Nobody, OnCall, Responder, Schedules, Shift, Somebody, Unknown
from bot.store import Store, Tx
from bot.text import Text, text

AHEAD = timedelta(days=91)  # a weekly rotation of a dozen people comes round in that


def refresh(
    store: Store, provider: Schedules, schedule: str, key: str, now: datetime, identities: Sequence[Identity] = ()
) -> None:
    """Ask the provider who is on call for its schedule `key`, and store the answer as that of `schedule`.

    When it cannot be asked, the last answer stays, with the reason; the error goes on to the caller.
    """
    since = store.read(lambda tx: history.asks_from(tx, schedule, now))
    try:
        on_call = provider.current(key, now)
        shifts = tuple(provider.shifts(key, since, now + AHEAD))
    except VendorError as error:
        words = error.words
        store.write(lambda tx: keep_problem(tx, schedule, words, now))
        raise
    store.write(lambda tx: keep(tx, schedule, on_call, shifts, now, identities))


def keep(
    tx: Tx,
    schedule: str,
    on_call: OnCall,
    shifts: tuple[Shift, ...],
    now: datetime,
    identities: Sequence[Identity] = (),
) -> None:
    """Store an answer, and what it proves of the past. One that is no answer leaves the last known as they were."""
    people, known_at, problem = _known(tx, schedule, on_call, now)
    coming = tuple(shift for shift in shifts if shift.end_at > now)
    snapshot = Snapshot(
        on_call, now, coming, known_until=now + AHEAD, last_known=people, known_at=known_at, problem=problem
    )
    snapshots.save(tx, schedule, snapshot)
    if isinstance(on_call, Unknown):
        history.record_problem(tx, schedule, problem or text("oncall.too_old"), now)
    else:
        history.record(tx, schedule, on_call, shifts, identities, now)


def keep_problem(tx: Tx, schedule: str, problem: Text, now: datetime) -> None:
    """Store why the provider could not be asked, beside its last answer if there is one."""
    if not snapshots.save_problem(tx, schedule, problem):
        snapshots.save(tx, schedule, Snapshot(Unknown(""), now, (), known_until=now, problem=problem))
    history.record_problem(tx, schedule, problem, now)


def _known(
    tx: Tx, schedule: str, on_call: OnCall, now: datetime
) -> tuple[tuple[Responder, ...], datetime | None, Text | None]:
    """Return the last known people, when they were known, and what is wrong with this answer."""
    match on_call:
        case Somebody(responders):
            return responders, now, None
        case Nobody():
            return (), now, None
        case Unknown(reason):
            earlier = snapshots.load(tx, schedule)
            problem = text("oncall.no_answer_in_it", detail=reason)
            return (earlier.last_known, earlier.known_at, problem) if earlier else ((), None, problem)

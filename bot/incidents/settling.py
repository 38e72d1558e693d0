"""Which open failures a tool's good news is about. Pure: intake and replay decide by the same function."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from bot.incidents.occurrence import Tracked
from bot.triage.model import Occurrence

Failure = TypeVar("Failure", Occurrence, Tracked)


def settled(failures: Iterable[Failure], successes: Sequence[Occurrence]) -> list[Failure]:
    """Return the failures that are over after these successes.

    A success that names no run is about all of them, and any success of its task ends a failure that named no run.
    """
    if not names_a_run(successes):
        return list(failures)
    return [failure for failure in failures if any(_ends(success, failure) for success in successes)]


def names_a_run(successes: Iterable[Occurrence]) -> bool:
    return any(_runs(success) for success in successes)


def _ends(success: Occurrence, failure: Occurrence | Tracked) -> bool:
    """Tell whether a success is about this failure; one without an index is about every index of its run."""
    if success.dag_id != failure.dag_id or success.task_id not in {None, failure.task_id}:
        return False
    if success.map_index not in {-1, failure.map_index}:
        return False
    runs = _runs(success)
    known = _runs(failure)
    return bool(runs) and (not known or not runs.isdisjoint(known))


def _runs(named: Occurrence | Tracked) -> frozenset[str]:
    """Return the names of its run: the id, the logical date, and the date inside a scheduled run's id."""
    names = {named.dag_run_id} if named.dag_run_id else set()
    dates = [named.logical_at, _date_in(named.dag_run_id or "")]
    return frozenset(names | {date.astimezone(UTC).isoformat() for date in dates if date})


def _date_in(run_id: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(run_id.partition("__")[2])
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

"""What fixes an incident, as the arguments of an operation. Pure."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.config.model import Rerun
from bot.dates.written import ordered, write
from bot.incidents.card import IncidentCard
from bot.incidents.occurrence import Tracked
from bot.loads import Load, Loads


def clear_arguments(card: IncidentCard) -> dict[str, Any] | None:
    """Return what clears every open failure of an Airflow incident, None where no run of them is known."""
    known = [each for each in card.open_occurrences if each.dag_run_id]
    if not known:
        return None
    tasks = dict.fromkeys(each.task for each in known if each.task_id)
    whole_runs = any(each.task_id is None for each in known)
    return {
        "dag_id": known[0].dag_id,
        "runs": list(dict.fromkeys(each.dag_run_id for each in known)),
        "tasks": [] if whole_runs else list(tasks),
        "airflow": known[0].airflow,
    }


def load_of(card: IncidentCard, loads: Loads) -> Load | None:
    """Return the load that has failed, where it is known and may be rerun."""
    made = (
        load
        for each in card.open_occurrences
        for load in loads.made_by(each.airflow, each.dag_id, each.task_id)
        if load.rerun is not Rerun.UNSAFE
    )
    return next(made, None)


def rerun_arguments(card: IncidentCard, loads: Loads) -> dict[str, Any] | None:
    """Return what reruns the dates of the failed load; without dates where no run tells its own. None: no load."""
    load = load_of(card, loads)
    if load is None:
        return None
    moments = (moment for each in card.open_occurrences for moment in _logical(each))
    days = ordered(day for moment in moments if (day := load.dates.date_of_logical(moment)) is not None)
    return {"load": load.name, "dates": write(days) if days else ""}


def _logical(occurrence: Tracked) -> Iterator[datetime]:
    """Yield the logical date of a failed run: as the alert said it, or as Airflow wrote it into the run's id."""
    if occurrence.logical_at is not None:
        yield occurrence.logical_at
        return
    try:
        moment = datetime.fromisoformat((occurrence.dag_run_id or "").partition("__")[2])
    except ValueError:
        return
    if moment.tzinfo is not None:
        yield moment

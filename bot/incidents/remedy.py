"""What fixes an incident, as the arguments of an operation. Pure."""

from typing import Any

from bot.incidents.card import IncidentCard


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

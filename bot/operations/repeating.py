"""Which loads the clearing of task instances would repeat, and whether those may be. Pure."""

from collections.abc import Iterable, Iterator

from bot.config.model import Rerun
from bot.loads import Load, Loads
from bot.operations.airflow_selection import task_name
from bot.ports.airflow import TaskKey
from bot.text import Code, Mention, Text, text


def why_not_again(loads: Loads, airflow: str, keys: Iterable[TaskKey]) -> Text | None:
    """Return which of these belongs to a load that must not be loaded twice, and whom to ask; None where none does."""
    for each in keys:
        for load in _made(loads, airflow, each):
            if load.rerun is Rerun.UNSAFE:
                task = Code(task_name(each))
                return text("rerun-load.repeats_unsafe", task=task, load=Code(load.name), whom=whom_to_ask(load))
    return None


def unknown_again(loads: Loads, airflow: str, keys: Iterable[TaskKey]) -> Iterator[Load]:
    """Yield each load of these of which nobody has said whether it may be loaded twice, by its name."""
    made = {load.name: load for each in keys for load in _made(loads, airflow, each)}
    yield from (load for _, load in sorted(made.items()) if load.rerun is Rerun.UNKNOWN)


def whom_to_ask(load: Load) -> Mention | str:
    return Mention(load.contact.id) if load.contact else load.owner


def _made(loads: Loads, airflow: str, key: TaskKey) -> tuple[Load, ...]:
    return loads.made_by(airflow, key.dag_id, key.task_id)

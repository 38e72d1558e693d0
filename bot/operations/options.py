"""What forms suggest while somebody types, from local copies: no vendor is asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from bot.store import Tx
from bot.store.tables import dags, failed_tasks
from bot.text import Text, text

MOST = 99  # Slack shows 100; the last one is what the person has typed
LONGEST = 150  # of an option's value, at Slack


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    note: Text | None = None


def suggest(
    tx: Tx, provider: str, typed: str, given: Mapping[str, Any], *, airflows: Sequence[str] = ()
) -> list[Option]:
    """Return options that contain what was typed; `given` are the form's other values.

    What was typed is an option itself: the copies may be a minute old, and planning checks it anyway.
    """
    wanted = typed.strip()
    found = [option for option in _PROVIDERS[provider](tx, wanted, given, airflows) if len(option.value) <= LONGEST]
    own = [Option(wanted)] if wanted and len(wanted) <= LONGEST and all(each.value != wanted for each in found) else []
    return [*found[:MOST], *own]


def _airflows(_tx: Tx, typed: str, _given: Mapping[str, Any], airflows: Sequence[str]) -> list[Option]:
    return [Option(name) for name in airflows if typed.lower() in name.lower()]


def _dags(tx: Tx, typed: str, given: Mapping[str, Any], _airflows: Sequence[str]) -> list[Option]:
    """DAGs with failed tasks first."""
    failing = select(failed_tasks.c.dag_id, func.count().label("n")).group_by(failed_tasks.c.dag_id)
    broken = {row.dag_id: row.n for row in tx.execute(_on(failing, failed_tasks.c.airflow, given))}
    query = select(dags.c.dag_id).where(_contains(dags.c.dag_id, typed)).distinct().order_by(dags.c.dag_id)
    names = [row.dag_id for row in tx.execute(_on(query, dags.c.airflow, given))]
    first = sorted((name for name in names if name in broken), key=lambda name: (-broken[name], name))
    noted = [Option(name, text("options.failed", n=broken[name])) for name in first]
    return [*noted, *(Option(name) for name in names if name not in broken)]


def _failed_runs(tx: Tx, typed: str, given: Mapping[str, Any], _airflows: Sequence[str]) -> list[Option]:
    query = (
        select(failed_tasks.c.dag_run_id, func.count().label("n"))
        .where(_contains(failed_tasks.c.dag_run_id, typed), *_of_dag(given))
        .group_by(failed_tasks.c.dag_run_id)
        .order_by(func.max(failed_tasks.c.started_at).desc(), failed_tasks.c.dag_run_id.desc())
        .limit(MOST)
    )
    rows = tx.execute(_on(query, failed_tasks.c.airflow, given))
    return [Option(row.dag_run_id, text("options.failed", n=row.n)) for row in rows]


def _failed_tasks(tx: Tx, typed: str, given: Mapping[str, Any], _airflows: Sequence[str]) -> list[Option]:
    """Failed tasks, and for mapped ones each failed index."""
    one = failed_tasks.c
    query = select(one.task_id, one.map_index).where(_contains(one.task_id, typed.partition("[")[0]), *_of_dag(given))
    if given.get("runs"):
        query = query.where(one.dag_run_id.in_(list(given["runs"])))
    rows = tx.execute(_on(query.distinct().order_by(one.task_id, one.map_index).limit(MOST), one.airflow, given))
    names: dict[str, None] = {}
    for row in rows:
        names[row.task_id] = None
        if row.map_index >= 0:
            names[f"{row.task_id}[{row.map_index}]"] = None
    return [Option(name) for name in names if typed.lower() in name.lower()]


def _of_dag(given: Mapping[str, Any]) -> list[Any]:
    return [failed_tasks.c.dag_id == given["dag_id"]] if given.get("dag_id") else []


def _on(query: Select[Any], column: Any, given: Mapping[str, Any]) -> Select[Any]:
    return query.where(column == given["airflow"]) if given.get("airflow") else query


def _contains(column: Any, typed: str) -> Any:
    return func.lower(column).contains(typed.lower(), autoescape=True)


_Provider = Callable[[Tx, str, Mapping[str, Any], Sequence[str]], list[Option]]
_PROVIDERS: Mapping[str, _Provider] = {
    "airflows": _airflows,
    "dags": _dags,
    "failed_runs": _failed_runs,
    "failed_tasks": _failed_tasks,
}
PROVIDERS = frozenset(_PROVIDERS)

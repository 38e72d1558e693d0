"""What forms suggest while somebody types: from the stored copy, since Slack waits three seconds at most."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, func, select

from bot.actor import Actor
from bot.store import Tx
from bot.store.tables import dags, failed_tasks
from bot.text import Text, text

MOST = 100  # Slack shows no more

Suggestions = list[tuple[str, Text | None]]


@dataclass(frozen=True, slots=True)
class Typing:
    """Who types what into a menu; `filled` is the rest of the form so far."""

    actor: Actor
    typed: str = ""
    filled: Mapping[str, Any] = field(default_factory=dict)

    def fits(self, value: str) -> bool:
        return self.typed.casefold() in value.casefold()


Provider = Callable[[Tx, Typing], Suggestions]
"""Returns values that hold what was typed, with a note each."""


def _airflows(tx: Tx, typing: Typing) -> Suggestions:
    names = tx.execute(select(dags.c.airflow).distinct().order_by(dags.c.airflow)).scalars()
    return [(name, None) for name in names if typing.fits(name)]


def _dags(tx: Tx, typing: Typing) -> Suggestions:
    """Return DAGs, those with failed tasks first."""
    failed = select(failed_tasks.c.dag_id, func.count().label("n")).group_by(failed_tasks.c.dag_id).subquery()
    rows = tx.execute(
        select(dags.c.dag_id, dags.c.is_paused, failed.c.n)
        .outerjoin(failed, failed.c.dag_id == dags.c.dag_id)
        .where(_holds(dags.c.dag_id, typing.typed))
        .order_by(failed.c.n.is_(None), dags.c.dag_id)
        .limit(MOST)
    )
    return [(row.dag_id, _dag_note(row.n, is_paused=row.is_paused)) for row in rows]


def _dag_note(failed: int | None, *, is_paused: bool) -> Text | None:
    if failed:
        return text("suggest.failed_tasks", n=failed)
    return text("suggest.paused") if is_paused else None


def _failed(tx: Tx, typing: Typing, *, column: ColumnElement[str]) -> Suggestions:
    """Return runs or tasks with failures, newest first; of the chosen DAG and runs where they are chosen."""
    typed, filled = typing.typed, typing.filled
    query = select(column.label("value"), func.count().label("n"), func.max(failed_tasks.c.started_at).label("at"))
    if filled.get("dag_id"):
        query = query.where(failed_tasks.c.dag_id == filled["dag_id"])
    if column is not failed_tasks.c.dag_run_id and filled.get("runs"):
        query = query.where(failed_tasks.c.dag_run_id.in_(filled["runs"]))
    query = query.where(_holds(column, typed)).group_by(column).order_by(func.max(failed_tasks.c.started_at).desc())
    return [(row.value, _run_note(row.n, row.at)) for row in tx.execute(query.limit(MOST))]


def _run_note(failed: int, at: datetime | None) -> Text:
    return text("suggest.failed_at", n=failed, at=at) if at else text("suggest.failed_tasks", n=failed)


def _holds(column: ColumnElement[str], typed: str) -> ColumnElement[bool]:
    return column.icontains(typed, autoescape=True)


def named(names: Iterable[str]) -> Provider:
    """Return what suggests these names, which the configuration holds."""
    known = sorted(names)

    def suggested(_tx: Tx, typing: Typing) -> Suggestions:
        fitting = [name for name in known if typing.fits(name)]
        return [(name, None) for name in fitting[:MOST]]

    return suggested


PROVIDERS: Mapping[str, Provider] = {
    "airflows": _airflows,
    "dags": _dags,
    "failed_runs": partial(_failed, column=failed_tasks.c.dag_run_id),
    "failed_tasks": partial(_failed, column=failed_tasks.c.task_id),
}
"""What the directory can suggest, by the name that `Ask.options` gives it; `bot.wiring` adds what is configured."""

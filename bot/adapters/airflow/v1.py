"""REST API v1: Airflow 2. What it cannot say is read beside it, and what it cannot do is refused before it is asked."""

import math
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar, NoReturn

from bot.adapters.airflow import logs, parse
from bot.adapters.airflow.api import PAGE, Row
from bot.adapters.airflow.dialect import RUN, TASK, Dialect, run_identity, unique
from bot.adapters.airflow.request import Request, clear_body, trigger_body
from bot.ports.airflow import (
    FAILED_STATES,
    Abilities,
    Backfill,
    Clear,
    DagRun,
    StartedBackfill,
    TaskInstance,
    TaskKey,
    Trigger,
    Window,
)
from bot.ports.errors import Conflict, OutcomeUnknown, Rejected, Unavailable, Unsupported, VendorError
from bot.text import Code, text

_RUN_STATES = ("queued", "running", "success", "failed")
_READINGS = 3  # of a list that has no order, so that its pages may overlap

Reference = tuple[str, str, str]
"""DAG, run and task: all that the answer to a clear says of an instance."""


class V1(Dialect):
    name: ClassVar[str] = "v1"

    def abilities(self) -> Abilities:
        return Abilities(
            backfills=False,
            clears_one_index=False,
            clears_running=False,
            notes_each_task=False,
            runs_without_date=False,
            partition_keys=False,
        )

    def runs(self, dag_id: str, states: Sequence[str], window: Window | None, limit: int) -> Sequence[DagRun]:
        query: dict[str, Any] = {"order_by": "-execution_date"}
        if states:
            query["state"] = self._known(states)
        if window:
            query["execution_date_gte"] = parse.in_utc(window.first_at)
            query["execution_date_lte"] = parse.in_utc(window.last_at)
        request = self._get("/dags/{dag_id}/dagRuns", {"dag_id": dag_id}, query)
        found = unique(self._api.pages(request, "dag_runs", parse.dag_run, limit), run_identity)
        if not found:
            self.dag(dag_id)  # the list says of a DAG that is not there that it has no runs
        return found

    def runs_due(self, dag_id: str, window: Window, limit: int) -> Sequence[DagRun]:  # noqa: ARG002 -- the port's words
        raise Unsupported(self._vendor, text("airflow.unsupported.runs_due", dag=Code(dag_id)))

    def task_instances(self, dag_id: str, dag_run_id: str) -> Sequence[TaskInstance]:
        request = self._get(f"{RUN}/taskInstances", {"dag_id": dag_id, "dag_run_id": dag_run_id})
        found = self._unordered(request)
        if not found:
            self.run(dag_id, dag_run_id)  # as above
        return tuple(sorted(found, key=lambda each: each.key))

    def failed(self, since: datetime, limit: int) -> Sequence[TaskInstance]:
        query = {"state": sorted(FAILED_STATES), "end_date_gte": parse.in_utc(since)}
        found = self._unordered(self._get("/dags/~/dagRuns/~/taskInstances", query=query))
        newest = sorted(found, key=lambda each: (each.ended_at or since, each.key), reverse=True)
        return tuple(newest[:limit])

    def error(self, key: TaskKey, try_number: int) -> str:
        query: dict[str, Any] = {"full_content": True, "map_index": key.map_index}
        ids = {"dag_id": key.dag_id, "dag_run_id": key.dag_run_id, "task_id": key.task_id}
        request = self._get(f"{TASK}/logs/{{try_number}}", {**ids, "try_number": str(try_number)}, query)
        log = self._api.call(request, logs.from_text)
        return logs.exception_line(log) if try_number else logs.last_words(log)

    def preview_clear(self, clear: Clear) -> Sequence[TaskInstance]:
        """Return what would be cleared. The server names tasks only, so which of their instances is read beside it."""
        named = self._api.call(self._clear_tasks(clear, dry_run=True), _references)
        self._refuse_other_runs(clear, named)
        tasks = {task_id for _, _, task_id in named}
        instances = tuple(
            each
            for each in self.task_instances(clear.dag_id, clear.dag_run_id)
            if each.key.task_id in tasks and (each.state in FAILED_STATES or not clear.only_failed)
        )
        if len(instances) != len(named):
            raise Conflict(self._vendor, f"tasks of {clear.dag_run_id} changed while they were looked at")
        self._refuse_part_of_a_task(clear, instances)
        return instances

    def clear(self, clear: Clear) -> Sequence[TaskKey]:
        """Clear what a look just before shows: the server's own answer cannot tell the instances of a task apart."""
        request = self._clear_tasks(clear, dry_run=False)
        planned = self.preview_clear(clear)
        if not clear.only_failed:
            self._refuse_running(planned)  # the server says yes, and lets them run on
        named = self._api.call(request, _references) if planned else ()
        if named:
            self._leave_note(clear)
        return tuple(each.key for each in planned) if len(named) == len(planned) else self._moved(clear, planned)

    def trigger(self, trigger: Trigger) -> DagRun:
        if trigger.partition_key:
            raise Unsupported(self._vendor, text("airflow.unsupported.partition_keys"))
        body = trigger_body(trigger)
        if trigger.logical_at:  # null is refused: without one the server takes the present moment
            body["logical_date"] = parse.in_utc(trigger.logical_at)
        request = self._write("POST", "/dags/{dag_id}/dagRuns", {"dag_id": trigger.dag_id}, body)
        return self._api.call(request, parse.dag_run)

    def preview_backfill(self, backfill: Backfill) -> Sequence[datetime]:
        self._refuse_backfill(backfill.dag_id)

    def start_backfill(self, backfill: Backfill) -> StartedBackfill:
        self._refuse_backfill(backfill.dag_id)

    def backfills(self, dag_id: str) -> Sequence[StartedBackfill]:
        self._refuse_backfill(dag_id)

    def cancel_backfill(self, backfill_id: int) -> StartedBackfill:
        self._refuse_backfill(str(backfill_id))

    def _refuse_backfill(self, what: str) -> NoReturn:
        raise Unsupported(self._vendor, text("airflow.unsupported.backfill", what=Code(what)))

    def _clear_tasks(self, clear: Clear, *, dry_run: bool) -> Request:
        task_ids = list(dict.fromkeys(choice.task_id for choice in clear.tasks))
        body, ids = clear_body(clear, task_ids, dry_run=dry_run), {"dag_id": clear.dag_id}
        return self._write("POST", "/dags/{dag_id}/clearTaskInstances", ids, body, changes=not dry_run)

    def _refuse_other_runs(self, clear: Clear, named: Sequence[Reference]) -> None:
        """An ExternalTaskMarker makes the server clear other DAGs too: nobody was asked for that."""
        others = sorted({(dag, run) for dag, run, _ in named} - {(clear.dag_id, clear.dag_run_id)})
        if others:
            dag_id, run_id = others[0]
            raise Rejected(self._vendor, f"this would also clear {dag_id} @ {run_id}, which a task there is marked for")

    def _refuse_part_of_a_task(self, clear: Clear, instances: Sequence[TaskInstance]) -> None:
        """Refuse to clear some of the map indexes that the server would clear together."""
        chosen: dict[str, set[int | None]] = defaultdict(set)
        for choice in clear.tasks:
            chosen[choice.task_id].add(choice.map_index)
        for key in (each.key for each in instances):
            indexes = chosen.get(key.task_id, {None})
            if None not in indexes and key.map_index not in indexes:
                raise Unsupported(self._vendor, text("airflow.unsupported.one_index", task=Code(key.task_id)))

    def _moved(self, clear: Clear, planned: Sequence[TaskInstance]) -> tuple[TaskKey, ...]:
        """Return which of the planned instances are no longer as they were: another clear came in between."""
        try:
            now = {each.key: each for each in self.task_instances(clear.dag_id, clear.dag_run_id)}
        except VendorError as error:
            raise OutcomeUnknown(self._vendor, error.detail) from error
        return tuple(each.key for each in planned if now.get(each.key) != each)

    def _set_note(self, dag_id: str, dag_run_id: str, note: str) -> None:
        ids = {"dag_id": dag_id, "dag_run_id": dag_run_id}
        self._api.call(self._write("PATCH", f"{RUN}/setNote", ids, {"note": note}), parse.dag_run)

    def _known(self, states: Sequence[str]) -> list[str]:
        """Return the states; the server answers one that it does not know with a page that says 500."""
        for state in states:
            if state not in _RUN_STATES:
                raise Rejected(self._vendor, f"{state} is no state of a run: they are {', '.join(_RUN_STATES)}")
        return list(states)

    def _unordered(self, request: Request) -> tuple[TaskInstance, ...]:
        """Return every task instance of a list without an order: read again where its pages overlapped."""
        for _ in range(_READINGS):
            found: dict[TaskKey, TaskInstance] = {}
            offset, total = 0, math.inf
            while offset < total:
                rows, total = self._api.page(request, "task_instances", parse.task_instance, offset)
                found |= {row.key: row for row in rows}
                offset += PAGE
            if len(found) >= total:
                return tuple(found.values())
        raise Unavailable(self._vendor, "its task instances changed while they were read")


def _references(answer: Row) -> tuple[Reference, ...]:
    return tuple((row["dag_id"], row["dag_run_id"], row["task_id"]) for row in answer["task_instances"])

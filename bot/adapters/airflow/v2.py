"""REST API v2: Airflow 3.0 to 3.3. Sends only what the server's minor version knows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from bot.adapters.airflow import logs, parse
from bot.adapters.airflow.dialect import RUN, TASK, Dialect, ids_of, instance_identity, run_identity, unique
from bot.adapters.airflow.request import NOTE_CHARACTERS, Request, clear_body, trigger_body
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
from bot.ports.errors import Unsupported
from bot.text import text

KNOWS_HOW_TO_KILL = (3, 1)  # 3.0 leaves a cleared running task in `restarting` for ever
KNOWS_RUNNING_GUARD = (3, 2)
KNOWS_PARTITIONS = (3, 2)
KNOWS_NOTE = (3, 3)


class V2(Dialect):
    name: ClassVar[str] = "v2"

    def abilities(self) -> Abilities:
        version = self._version()
        return Abilities(
            backfills=True,
            clears_one_index=True,
            clears_running=version >= KNOWS_HOW_TO_KILL,
            notes_each_task=version >= KNOWS_NOTE,
            runs_without_date=True,
            partition_keys=version >= KNOWS_PARTITIONS,
        )

    def runs(self, dag_id: str, states: Sequence[str], window: Window | None, limit: int) -> Sequence[DagRun]:
        query: dict[str, Any] = {"order_by": "-run_after"}
        if states:
            query["state"] = list(states)
        if window:
            query["logical_date_gte"] = parse.in_utc(window.first_at)
            query["logical_date_lte"] = parse.in_utc(window.last_at)
        return self._runs(dag_id, query, limit)

    def runs_due(self, dag_id: str, window: Window, limit: int) -> Sequence[DagRun]:
        first, last = parse.in_utc(window.first_at), parse.in_utc(window.last_at)
        return self._runs(dag_id, {"order_by": "-run_after", "run_after_gte": first, "run_after_lte": last}, limit)

    def _runs(self, dag_id: str, query: Mapping[str, Any], limit: int) -> Sequence[DagRun]:
        request = self._get("/dags/{dag_id}/dagRuns", {"dag_id": dag_id}, query)
        return unique(self._api.pages(request, "dag_runs", parse.dag_run, limit), run_identity)

    def task_instances(self, dag_id: str, dag_run_id: str) -> Sequence[TaskInstance]:
        request = self._get(f"{RUN}/taskInstances", {"dag_id": dag_id, "dag_run_id": dag_run_id})
        return unique(self._api.pages(request, "task_instances", parse.task_instance), instance_identity)

    def failed(self, since: datetime, limit: int) -> Sequence[TaskInstance]:
        # By their end: a task that the executor could not start failed without a start.
        query = {"state": sorted(FAILED_STATES), "end_date_gte": parse.in_utc(since), "order_by": "-end_date"}
        request = self._get("/dags/~/dagRuns/~/taskInstances", query=query)
        return unique(self._api.pages(request, "task_instances", parse.task_instance, limit), instance_identity)

    def error(self, key: TaskKey, try_number: int) -> str:
        query: dict[str, Any] = {"full_content": True, "map_index": key.map_index}
        ids = {**ids_of(key), "try_number": str(try_number)}
        request = self._get(f"{TASK}/logs/{{try_number}}", ids, query)
        return self._api.call(request, logs.exception_line if try_number else logs.last_words)

    def preview_clear(self, clear: Clear) -> Sequence[TaskInstance]:
        request = self._clear_tasks(clear, dry_run=True)
        return self._api.call(request, lambda page: tuple(map(parse.task_instance, page["task_instances"])))

    def clear(self, clear: Clear) -> Sequence[TaskKey]:
        request = self._clear_tasks(clear, dry_run=False)
        if self._must_look_for_running(clear):
            self._refuse_running(self.preview_clear(clear))
        cleared = self._api.call(request, lambda page: tuple(map(parse.task_key, page["task_instances"])))
        if cleared and not self.abilities().notes_each_task:
            self._leave_note(clear)
        return cleared

    def trigger(self, trigger: Trigger) -> DagRun:
        if trigger.partition_key and not self.abilities().partition_keys:
            raise Unsupported(self._vendor, text("airflow.unsupported.partition_keys"))
        body: dict[str, Any] = {
            **trigger_body(trigger),
            "logical_date": parse.in_utc(trigger.logical_at) if trigger.logical_at else None,
        }
        if trigger.partition_key:
            body["partition_key"] = trigger.partition_key
        return self._api.call(
            self._write("POST", "/dags/{dag_id}/dagRuns", {"dag_id": trigger.dag_id}, body), parse.dag_run
        )

    def preview_backfill(self, backfill: Backfill) -> Sequence[datetime]:
        request = self._write("POST", "/backfills/dry_run", {}, _backfill_body(backfill), changes=False)
        return self._api.call(
            request, lambda answer: tuple(parse.known_moment(row["logical_date"]) for row in answer["backfills"])
        )

    def start_backfill(self, backfill: Backfill) -> StartedBackfill:
        return self._api.call(self._write("POST", "/backfills", {}, _backfill_body(backfill)), parse.backfill)

    def backfills(self, dag_id: str) -> Sequence[StartedBackfill]:
        request = self._get("/backfills", query={"dag_id": dag_id, "order_by": "-id"})
        return tuple(self._api.pages(request, "backfills", parse.backfill))

    def cancel_backfill(self, backfill_id: int) -> StartedBackfill:
        ids = {"backfill_id": str(backfill_id)}
        return self._api.call(self._write("PUT", "/backfills/{backfill_id}/cancel", ids), parse.backfill)

    def _set_note(self, dag_id: str, dag_run_id: str, note: str) -> None:
        ids = {"dag_id": dag_id, "dag_run_id": dag_run_id}
        self._api.call(self._write("PATCH", RUN, ids, {"note": note}), parse.dag_run)

    def _clear_tasks(self, clear: Clear, *, dry_run: bool) -> Request:
        """Return the call that resets exactly these tasks of exactly this run, or previews it.

        `run_on_latest_version` is the one flag that is not said: absent, the team's own setting decides.
        """
        task_ids = [
            choice.task_id if choice.map_index is None else [choice.task_id, choice.map_index] for choice in clear.tasks
        ]
        body = clear_body(clear, task_ids, dry_run=dry_run)
        version = self._version()
        if version >= KNOWS_RUNNING_GUARD:
            body["prevent_running_task"] = clear.refuse_running
        if version >= KNOWS_NOTE and clear.note:
            body["note"] = clear.note[:NOTE_CHARACTERS]
        ids = {"dag_id": clear.dag_id}
        return self._write("POST", "/dags/{dag_id}/clearTaskInstances", ids, body, changes=not dry_run)

    def _must_look_for_running(self, clear: Clear) -> bool:
        knows = KNOWS_RUNNING_GUARD if clear.refuse_running else KNOWS_HOW_TO_KILL
        return not clear.only_failed and self._version() < knows


def _backfill_body(backfill: Backfill) -> dict[str, Any]:
    return {
        "dag_id": backfill.dag_id,
        "from_date": parse.in_utc(backfill.window.first_at),
        "to_date": parse.in_utc(backfill.window.last_at),
        "reprocess_behavior": backfill.reprocess.value,
        "run_backwards": False,
        "max_active_runs": backfill.max_active_runs,
        "dag_run_conf": dict(backfill.conf),
    }

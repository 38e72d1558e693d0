"""How things look in the API's JSON."""

from __future__ import annotations

import base64
import zlib
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.airflow import cron
from sandbox.airflow.model import ENDED, Attempt, AuditEntry, Backfill, Dag, DagRun, Task, TaskInstance
from sandbox.airflow.state import State

HOSTNAME = "airflow-worker-0"


def stamp(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def span(seconds: float) -> dict[str, Any]:
    length = timedelta(seconds=seconds)
    return {"__type": "TimeDelta", "days": length.days, "seconds": length.seconds, "microseconds": length.microseconds}


def seconds_between(start: datetime | None, end: datetime | None) -> float | None:
    return None if start is None or end is None else (end - start).total_seconds()


def task_instance(state: State, run: DagRun, instance: TaskInstance) -> dict[str, Any]:
    fields = {
        "id": instance.uuid,
        **_place(instance),
        "logical_date": stamp(run.logical_date),
        "run_after": stamp(run.run_after),
        "start_date": stamp(instance.start_date),
        "end_date": stamp(instance.end_date),
        "duration": seconds_between(instance.start_date, instance.end_date),
        "state": instance.state,
        "try_number": instance.try_number,
        "max_tries": instance.max_tries,
        "queued_when": stamp(instance.queued_at),
        "scheduled_when": stamp(instance.scheduled_at),
        "pid": 4000 + instance.try_number if instance.start_date and instance.attempts else None,
        **_worker(instance.task, ran=bool(instance.attempts)),
        "note": instance.note,
        "rendered_map_index": str(instance.map_index) if instance.map_index >= 0 else None,
        "rendered_fields": {},
        "trigger": None,
        "triggerer_job": None,
        "dag_version": dag_version(state.dags[instance.dag_id]),
    }
    return _known(fields, state.minor, {"operator_name": 1})


def attempt(state: State, instance: TaskInstance, tried: Attempt) -> dict[str, Any]:
    fields = {
        **_place(instance),
        "start_date": stamp(tried.start_date),
        "end_date": stamp(tried.end_date),
        "duration": seconds_between(tried.start_date, tried.end_date),
        "state": tried.state or instance.state,
        "try_number": tried.try_number,
        "max_tries": tried.max_tries,
        "queued_when": stamp(tried.queued_at),
        "scheduled_when": stamp(tried.queued_at),
        "pid": 4000 + tried.try_number,
        **_worker(instance.task, ran=True),
        "dag_version": dag_version(state.dags[instance.dag_id]),
    }
    return _known(fields, state.minor, {"operator_name": 1})


def _place(instance: TaskInstance) -> dict[str, Any]:
    return {
        "task_id": instance.task_id,
        "dag_id": instance.dag_id,
        "dag_run_id": instance.run_id,
        "map_index": instance.map_index,
        "task_display_name": instance.task_id,
        "dag_display_name": instance.dag_id,
    }


def _worker(task: Task, *, ran: bool) -> dict[str, Any]:
    return {
        "hostname": HOSTNAME if ran else "",
        "unixname": "airflow",
        "pool": "default_pool",
        "pool_slots": 1,
        "queue": "default",
        "priority_weight": 1,
        "operator": task.operator,
        "operator_name": task.operator,
        "executor": None,
        "executor_config": "{}",
    }


def dag_run(state: State, run: DagRun) -> dict[str, Any]:
    start, end = run.interval or (None, None)
    fields = {
        "dag_run_id": run.run_id,
        "dag_id": run.dag_id,
        "dag_display_name": run.dag_id,
        "logical_date": stamp(run.logical_date),
        "queued_at": stamp(run.queued_at),
        "start_date": stamp(run.start_date),
        "end_date": stamp(run.end_date),
        "duration": seconds_between(run.start_date, run.end_date),
        "data_interval_start": stamp(start),
        "data_interval_end": stamp(end),
        "run_after": stamp(run.run_after),
        "last_scheduling_decision": stamp(run.decided_at),
        "run_type": run.run_type,
        "state": run.state,
        "triggered_by": run.triggered_by,
        "triggering_user_name": run.user,
        "conf": dict(run.conf),
        "note": run.note,
        "dag_versions": [dag_version(state.dags[run.dag_id])],
        "bundle_version": None,
        "partition_key": run.partition_key,
        "partition_date": None,
    }
    return _known(fields, state.minor, {"triggering_user_name": 1, "partition_key": 2, "partition_date": 3})


def dag_version(dag: Dag) -> dict[str, Any]:
    return {
        "id": dag.version_id,
        "version_number": 1,
        "dag_id": dag.dag_id,
        "dag_display_name": dag.dag_id,
        "bundle_name": "dags-folder",
        "bundle_version": None,
        "bundle_url": None,
        "created_at": stamp(dag.start_date),
    }


def dag(state: State, found: Dag, now: datetime) -> dict[str, Any]:
    due = cron.next_due(found.schedule, found.timezone, now) if found.schedule else None
    path = f"/opt/airflow/dags/{found.dag_id}.py"
    fields = {
        "dag_id": found.dag_id,
        "dag_display_name": found.dag_id,
        "is_paused": found.dag_id in state.paused,
        "is_stale": False,
        "last_parsed_time": stamp(now),
        "last_parse_duration": 0.04,
        "last_expired": None,
        "bundle_name": "dags-folder",
        "bundle_version": None,
        "relative_fileloc": f"{found.dag_id}.py",
        "fileloc": path,
        "description": None,
        "timetable_summary": found.schedule,
        "timetable_description": None if found.schedule else "Never, external triggers only",
        "timetable_partitioned": False,
        "timetable_periodic": found.schedule is not None,
        "is_backfillable": found.schedule is not None,
        "tags": [{"name": tag, "dag_id": found.dag_id, "dag_display_name": found.dag_id} for tag in found.tags],
        "max_active_tasks": 16,
        "max_active_runs": found.max_active_runs,
        "max_consecutive_failed_dag_runs": 0,
        "has_task_concurrency_limits": False,
        "has_import_errors": False,
        "allowed_run_types": None,
        "next_dagrun_logical_date": stamp(due),
        "next_dagrun_data_interval_start": stamp(due),
        "next_dagrun_data_interval_end": stamp(due),
        "next_dagrun_run_after": stamp(due),
        "owners": [found.owner],
        "file_token": base64.urlsafe_b64encode(path.encode()).decode(),
    }
    since = {"is_backfillable": 1, "timetable_partitioned": 2, "allowed_run_types": 2, "timetable_periodic": 3}
    return _known(fields, state.minor, since)


def dag_details(state: State, found: Dag, now: datetime) -> dict[str, Any]:
    active = sum(run.state not in ENDED for run in state.runs_of(found.dag_id))
    return {
        **dag(state, found, now),
        "catchup": False,
        "dag_run_timeout": None,
        "asset_expression": None,
        "doc_md": None,
        "start_date": stamp(found.start_date),
        "end_date": None,
        "is_paused_upon_creation": False,
        "params": {},
        "render_template_as_native_obj": False,
        "template_search_path": None,
        "timezone": found.timezone,
        "last_parsed": stamp(now),
        "default_args": {"owner": found.owner},
        "owner_links": {},
        "is_favorite": False,
        "active_runs_count": active,
        "rerun_with_latest_version": None,
        "concurrency": 16,
        "latest_dag_version": dag_version(found),
    }


def task(found: Dag, listed: Task) -> dict[str, Any]:
    return {
        "task_id": listed.task_id,
        "task_display_name": listed.task_id,
        "owner": found.owner,
        "start_date": stamp(found.start_date),
        "end_date": None,
        "trigger_rule": "all_success",
        "depends_on_past": False,
        "wait_for_downstream": False,
        "retries": float(listed.retries),
        "queue": "default",
        "pool": "default_pool",
        "pool_slots": 1.0,
        "execution_timeout": None,
        "retry_delay": span(listed.retry_seconds),
        "retry_exponential_backoff": 0,
        "priority_weight": 1.0,
        "weight_rule": "downstream",
        "ui_color": "#ffefeb",
        "ui_fgcolor": "#000",
        "template_fields": [],
        "downstream_task_ids": [other.task_id for other in found.tasks if listed.task_id in other.after],
        "doc_md": None,
        "operator_name": listed.operator,
        "params": {},
        "class_ref": {"module_path": "airflow.providers.standard.operators.python", "class_name": listed.operator},
        "is_mapped": bool(listed.mapped),
        "extra_links": [],
    }


def backfill(fill: Backfill) -> dict[str, Any]:
    return {
        "id": fill.number,
        "dag_id": fill.dag_id,
        "dag_display_name": fill.dag_id,
        "from_date": stamp(fill.from_date),
        "to_date": stamp(fill.to_date),
        "dag_run_conf": dict(fill.conf),
        "is_paused": fill.is_paused,
        "reprocess_behavior": fill.reprocess_behavior,
        "max_active_runs": fill.max_active_runs,
        "created_at": stamp(fill.created_at),
        "completed_at": stamp(fill.completed_at),
        "updated_at": stamp(fill.updated_at),
    }


def event_log(entry: AuditEntry) -> dict[str, Any]:
    return {
        "event_log_id": entry.number,
        "when": stamp(entry.when),
        "dag_id": entry.dag_id,
        "dag_display_name": entry.dag_id,
        "task_id": entry.task_id,
        "task_display_name": entry.task_id,
        "run_id": entry.run_id,
        "map_index": entry.map_index,
        "try_number": None,
        "event": entry.event,
        "logical_date": None,
        "owner": entry.owner,
        "extra": entry.extra,
    }


def _known(fields: dict[str, Any], minor: int, since: dict[str, int]) -> dict[str, Any]:
    """Without the keys that this server's version did not have yet."""
    return {key: value for key, value in fields.items() if since.get(key, 0) <= minor}


def error_id(text: str) -> str:
    """The short id that an opaque error carries."""
    return base64.b32encode(zlib.crc32(text.encode()).to_bytes(5, "big")).decode()

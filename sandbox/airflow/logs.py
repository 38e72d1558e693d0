"""Task logs as Airflow 3 serves them: structured lines, with the exception in `error_detail`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sandbox.airflow.model import Attempt, TaskInstance
from sandbox.airflow.wire import stamp

NOT_RUN: Final = "Task did not run because upstream task(s) failed."
DAGS_FOLDER: Final = "/opt/airflow/dags"


def lines(instance: TaskInstance, attempt: Attempt) -> list[dict[str, Any]]:
    """What this attempt has written so far."""
    started = attempt.start_date or attempt.queued_at
    told = [
        _line(started, "info", "DAG bundles loaded: dags-folder", "airflow.dag_processing.bundles.manager"),
        _line(
            started, "info", f"Filling up the DagBag from {DAGS_FOLDER}/{instance.dag_id}.py", "airflow.models.dagbag"
        ),
        _line(started, "info", f"{instance.task_id}: attempt {attempt.try_number} started", "task.stdout"),
    ]
    if attempt.end_date is None:
        return told
    if attempt.error is None:
        return [*told, _line(attempt.end_date, "info", "Done. Returned value was: None", "airflow.task.operators")]
    return [*told, _failure(instance, attempt.end_date, attempt.error)]


def not_run(at: datetime) -> list[dict[str, Any]]:
    return [_line(at, "info", NOT_RUN, "airflow.task")]


def _line(at: datetime, level: str, event: str, logger: str) -> dict[str, Any]:
    return {"timestamp": stamp(at), "event": event, "level": level, "logger": logger}


def _failure(instance: TaskInstance, at: datetime, error: str) -> dict[str, Any]:
    kind, separator, value = error.partition(": ")
    if not separator or " " in kind:
        kind, value = "AirflowException", error
    frames = [
        {
            "filename": "/usr/local/lib/python3.12/site-packages/airflow/sdk/execution_time/task_runner.py",
            "lineno": 1137,
            "name": "run",
        },
        {"filename": f"{DAGS_FOLDER}/{instance.dag_id}.py", "lineno": 41, "name": instance.task_id},
    ]
    detail = {
        "exc_type": kind.rpartition(".")[2],
        "exc_value": value,
        "exc_notes": [],
        "syntax_error": None,
        "is_cause": False,
        "frames": frames,
        "is_group": False,
        "exceptions": [],
    }
    return {**_line(at, "error", "Task failed with exception", "task"), "error_detail": [detail]}

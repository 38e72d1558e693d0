"""Airflow's JSON, of either version, as Baton's values: reads only what it needs, and takes null for most."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.ports.airflow import Dag, DagDetails, DagRun, Health, StartedBackfill, Task, TaskInstance, TaskKey, Window

Row = Mapping[str, Any]
_WORDS = ("detail", "error", "title")


def described(data: Any) -> str:
    """Return the server's words: `detail` is a text, an object or, for a malformed request, a list.

    Airflow 2 may say all that it has to say in `title`.
    """
    detail = next((data[key] for key in _WORDS if data.get(key)), "") if isinstance(data, Mapping) else data
    match detail:
        case Mapping():
            return ": ".join(str(detail[key]) for key in ("reason", "message") if detail.get(key))
        case list():
            return "; ".join(_complaint(item) for item in detail)
        case _:
            return str(detail or "")


def dag(row: Row) -> Dag:
    return Dag(
        dag_id=row["dag_id"],
        is_paused=bool(row.get("is_paused")),
        is_stale=bool(row.get("is_stale")) or row.get("is_active") is False,
        schedule=_schedule(row),
        owners=tuple(row.get("owners") or ()),
        tags=tuple(tag["name"] if isinstance(tag, Mapping) else str(tag) for tag in row.get("tags") or ()),
        next_run_after=moment(row.get("next_dagrun_run_after") or row.get("next_dagrun_create_after")),
        max_active_runs=row.get("max_active_runs"),
    )


def details(row: Row) -> DagDetails:
    return DagDetails(
        dag_id=row["dag_id"],
        start_at=moment(row.get("start_date")),
        zone=row.get("timezone") or "UTC",
        catchup=bool(row.get("catchup")),
    )


def task(row: Row) -> Task:
    return Task(
        task_id=row["task_id"],
        is_mapped=bool(row.get("is_mapped")),
        retries=int(row.get("retries") or 0),
        retry_delay=_span(row.get("retry_delay")),
        retry_delay_grows=_grows(row.get("retry_exponential_backoff")),
        downstream=tuple(row.get("downstream_task_ids") or ()),
        operator=row.get("operator_name") or "",
        depends_on_past=bool(row.get("depends_on_past")),
    )


def dag_run(row: Row) -> DagRun:
    return DagRun(
        dag_id=row["dag_id"],
        dag_run_id=row["dag_run_id"],
        state=row.get("state") or "",
        run_type=row.get("run_type") or "",
        logical_at=moment(row.get("logical_date") or row.get("execution_date")),
        interval_start=moment(row.get("data_interval_start")),
        interval_end=moment(row.get("data_interval_end")),
        run_after=moment(row.get("run_after") or row.get("data_interval_end")),  # Airflow 2 runs at the interval's end
        started_at=moment(row.get("start_date")),
        ended_at=moment(row.get("end_date")),
        note=row.get("note") or "",
        partition_key=row.get("partition_key") or "",
    )


def task_instance(row: Row) -> TaskInstance:
    return TaskInstance(
        key=task_key(row),
        state=row.get("state"),
        try_number=int(row.get("try_number") or 0),
        max_tries=int(row.get("max_tries") or 0),
        operator=row.get("operator_name") or row.get("operator") or "",
        started_at=moment(row.get("start_date")),
        ended_at=moment(row.get("end_date")),
        note=row.get("note") or "",
    )


def task_key(row: Row) -> TaskKey:
    index = row.get("map_index")
    return TaskKey(row["dag_id"], row["dag_run_id"], row["task_id"], -1 if index is None else int(index))


def backfill(row: Row) -> StartedBackfill:
    return StartedBackfill(
        backfill_id=int(row["id"]),
        dag_id=row["dag_id"],
        window=Window(known_moment(row["from_date"]), known_moment(row["to_date"])),
        is_paused=bool(row.get("is_paused")),
        created_at=moment(row.get("created_at")),
        completed_at=moment(row.get("completed_at")),
    )


def health(row: Row) -> Health:
    scheduler, database = row.get("scheduler") or {}, row.get("metadatabase") or {}
    return Health(
        scheduler=scheduler.get("status") or "unknown",
        database=database.get("status") or "unknown",
        scheduler_seen_at=moment(scheduler.get("latest_scheduler_heartbeat")),
    )


def moment(text: str | None) -> datetime | None:
    """Return an aware UTC time; None for null and for what is no time."""
    if not text:
        return None
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


def known_moment(text: str) -> datetime:
    """Return an aware UTC time. Raises ValueError for what is none."""
    at = moment(text)
    if at is None:
        raise ValueError(text)
    return at


def _schedule(row: Row) -> str:
    """Return the schedule as it is written, else in the server's words; an empty text where there is none."""
    interval = row.get("schedule_interval")
    written = interval.get("value") if isinstance(interval, Mapping) else None
    described = row.get("timetable_description") if interval else None
    return row.get("timetable_summary") or written or described or ""


def _span(written: Any) -> timedelta | None:
    """Read a length of time, which the server writes in parts; None for what is none."""
    if not isinstance(written, Mapping) or not written:
        return None
    parts = {key: written.get(key) or 0 for key in ("days", "seconds", "microseconds")}
    return timedelta(**parts)


def _grows(backoff: Any) -> bool:
    """Tell whether each pause is longer than the last: yes or no in older servers, a factor in newer ones."""
    return backoff if isinstance(backoff, bool) else backoff not in {None, 0, 1}


def in_utc(at: datetime) -> str:
    """Return the one format of times that we send: the server compares some of them as text."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _complaint(item: Any) -> str:
    """One entry of a 422: where and what, never the input, which may hold anything."""
    if not isinstance(item, Mapping):
        return str(item)
    place = ".".join(str(part) for part in item.get("loc") or () if part != "body")
    return f"{place}: {item.get('msg', '')}" if place else str(item.get("msg", ""))

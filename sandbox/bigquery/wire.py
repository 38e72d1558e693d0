"""The resources as JSON. 64-bit numbers and times are strings, times in milliseconds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sandbox.bigquery import access
from sandbox.bigquery.model import Dataset, Job, Table


def ms(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))


def dataset(found: Dataset, version: int, view: str | None = None) -> dict[str, Any]:
    """A dataset; with the view `ACL` only its access, with `METADATA` everything else."""
    head = {
        "kind": "bigquery#dataset",
        "etag": found.etag,
        "id": found.name,
        "datasetReference": {"projectId": found.project, "datasetId": found.dataset_id},
        "location": found.location,
    }
    metadata = {
        "creationTime": ms(found.created_at),
        "lastModifiedTime": ms(found.modified_at),
        "type": found.kind,
        **({"description": found.description} if found.description else {}),
        **({"labels": found.labels} if found.labels else {}),
        **({"resourceTags": found.tags} if found.tags else {}),
    }
    shown = {"access": access.shown(found.access, version)}
    return head | (metadata if view != "ACL" else {}) | (shown if view != "METADATA" else {})


def dataset_item(found: Dataset) -> dict[str, Any]:
    return {
        "kind": "bigquery#dataset",
        "id": found.name,
        "datasetReference": {"projectId": found.project, "datasetId": found.dataset_id},
        "location": found.location,
        **({"labels": found.labels} if found.labels else {}),
    }


def table_item(found: Table) -> dict[str, Any]:
    return {
        "kind": "bigquery#table",
        "id": found.name,
        "tableReference": _reference(found),
        "type": found.kind,
        "creationTime": ms(found.created_at),
        **_partitioning(found),
        **({"labels": found.labels} if found.labels else {}),
    }


def table(found: Table) -> dict[str, Any]:
    sizes = {"numRows": str(found.rows), "numBytes": str(found.rows * found.bytes_per_row)} if found.has_data else {}
    return {
        **table_item(found),
        "etag": found.etag,
        "lastModifiedTime": ms(found.modified_at),
        **sizes,
        **({"schema": {"fields": found.fields}} if found.fields else {}),
        **({"streamingBuffer": found.streaming} if found.streaming else {}),
        **({"view": {"query": found.view, "useLegacySql": False}} if found.view is not None else {}),
    }


def policy(found: Table) -> dict[str, Any]:
    bindings = {"bindings": found.bindings} if found.bindings else {}
    return {"version": 1, "etag": found.policy_etag, **bindings}


def job(found: Job, now: datetime, *, full: bool = True) -> dict[str, Any]:
    status: dict[str, Any] = {"state": "DONE" if found.is_done(now) else "RUNNING"}
    if found.error is not None and found.is_done(now):
        status |= {"errorResult": found.error, "errors": [found.error]}
    kind = next(key for key in ("query", "load", "copy", "extract") if key in found.configuration)
    configuration = found.configuration if full else {"jobType": kind.upper()}
    return {
        "kind": "bigquery#job",
        "id": f"{found.project}:{found.location}.{found.job_id}",
        "jobReference": {"projectId": found.project, "jobId": found.job_id, "location": found.location},
        "configuration": {"jobType": kind.upper(), **configuration},
        "status": status,
        "state": status["state"],
        "statistics": _statistics(found, now),
        "user_email": found.user,
        **({"errorResult": found.error} if "errorResult" in status else {}),
    }


def results(found: Job, now: datetime) -> dict[str, Any]:
    """The answer to a question: rows when it has ended, else only the reference."""
    done = found.is_done(now)
    answer: dict[str, Any] = {
        "kind": "bigquery#queryResponse",
        "jobReference": {"projectId": found.project, "jobId": found.job_id, "location": found.location},
        "jobComplete": done,
    }
    if done:
        rows = [{"f": [{"v": _cell(value)} for value in row]} for row in found.rows]
        answer |= {
            "schema": {"fields": found.schema},
            "rows": rows,
            "totalRows": str(len(rows)),
            "totalBytesProcessed": str(found.processed),
            "cacheHit": False,
        }
    return answer


def _cell(value: Any) -> str | None:
    """A value as text; moments in microseconds, as with useInt64Timestamp."""
    if isinstance(value, datetime):
        return str(int(value.astimezone(UTC).timestamp() * 1_000_000))
    return None if value is None else str(value)


def _reference(found: Table) -> dict[str, str]:
    return {"projectId": found.project, "datasetId": found.dataset_id, "tableId": found.table_id}


def _partitioning(found: Table) -> dict[str, Any]:
    if found.grain is None:
        return {}
    return {"timePartitioning": {"type": found.grain, **({"field": found.column} if found.column else {})}}


def _statistics(found: Job, now: datetime) -> dict[str, Any]:
    processed = {"totalBytesProcessed": str(found.processed)}
    ended = {"endTime": ms(found.ends_at)} if found.is_done(now) else {}
    started = {"creationTime": ms(found.created_at), "startTime": ms(found.created_at)}
    return {**started, **ended, **processed, "query": {**processed, "totalBytesBilled": str(found.processed)}}

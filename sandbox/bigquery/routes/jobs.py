"""Jobs: insert (queries only), list, read, cancel. What failed stays in the list."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import Any

from starlette.routing import Route

from sandbox.bigquery import sql, wire
from sandbox.bigquery.call import PROJECT, Call, endpoint
from sandbox.bigquery.errors import ApiError, invalid
from sandbox.bigquery.model import Job
from sandbox.bigquery.server import Server

JOBS = f"{PROJECT}/jobs"
JOB_ID = re.compile(r"[A-Za-z0-9_-]{1,1024}")
STATES = {"done": True, "running": False, "pending": False}
LATER = frozenset({"invalidQuery", "notFound", "accessDenied"})  # the job is made and fails; others refuse the request
STATUS = {"notFound": 404, "accessDenied": 403, "stopped": 499}


def routes(server: Server) -> list[Route]:
    return [
        endpoint(server, "POST", JOBS, insert),
        endpoint(server, "GET", JOBS, list_jobs),
        endpoint(server, "GET", f"{JOBS}/{{job}}", get),
        endpoint(server, "POST", f"{JOBS}/{{job}}/cancel", cancel),
    ]


def insert(call: Call) -> Any:
    project, body = call.state.project(call.path["project"]), call.body()
    configuration = body.get("configuration", {})
    if "query" not in configuration:
        raise ApiError(501, "notImplemented", "The sandbox runs query jobs only")
    query = {**configuration["query"], "dryRun": configuration.get("dryRun", False)}
    query["labels"] = configuration.get("labels", {})
    job = run(call, project, query, configuration=configuration, reference=body.get("jobReference", {}))
    return wire.job(job, call.server.now())


def run(
    call: Call, project: str, query: dict[str, Any], *, configuration: dict[str, Any], reference: Any = None
) -> Job:
    """Make the job that answers a question; a dry run is not kept."""
    job_id = _job_id(call, project, reference or {})
    call.state.allow("bigquery.jobs.create", project)
    now = call.server.now()
    location = query.get("location") or (reference or {}).get("location") or "US"
    dry = bool(query.get("dryRun"))
    ends_at = now if dry else call.server.ends(call.state.query_seconds)
    job = Job(project, job_id, location, configuration, call.state.account, now, ends_at)
    try:
        _answer(call, job, query, dry=dry)
    except ApiError as error:
        if dry or error.reason not in LATER:
            raise
        job.error = {"reason": error.reason, "location": "query", "message": error.message}
    if not dry:
        call.state.jobs[project, job_id] = job
    return job


def _answer(call: Call, job: Job, query: dict[str, Any], *, dry: bool) -> None:
    if query.get("useLegacySql", True):
        raise invalid("The sandbox understands GoogleSQL only: useLegacySql must be false")
    answered = sql.answer(call.state, query.get("query", ""), sql.parameters_of(query.get("queryParameters")))
    job.schema, job.processed = answered.schema, answered.processed
    if dry:
        job.processed = answered.processed if call.state.dry_run_bytes is None else call.state.dry_run_bytes
        return
    most = str(query.get("maximumBytesBilled", job.processed))
    if not most.isdigit():
        raise invalid(f"Invalid value for maximumBytesBilled: {most}")
    if job.processed > int(most):
        message = f"Query exceeded limit for bytes billed: {most}. {job.processed} or higher required."
        raise ApiError(400, "bytesBilledLimitExceeded", message)
    job.rows = answered.rows


def _job_id(call: Call, project: str, reference: dict[str, Any]) -> str:
    given: str = reference.get("jobId") or f"job_{uuid.uuid4().hex}"
    if not JOB_ID.fullmatch(given):
        raise invalid(f"Invalid job ID {given!r}")
    if (project, given) in call.state.jobs:
        raise ApiError(409, "duplicate", f"Already Exists: Job {project}:US.{given}")
    return given


def list_jobs(call: Call) -> Any:
    """The newest first. Without `allUsers` only one's own; `projection=full` shows the configuration."""
    project, now = call.state.project(call.path["project"]), call.server.now()
    wanted = call.query.get("stateFilter")
    if wanted is not None and wanted not in STATES:
        raise invalid(f"Invalid value for stateFilter: {wanted}")
    mine = call.query.get("allUsers", "").lower() != "true"  # its own client writes True
    jobs = [each for (owner, _), each in call.state.jobs.items() if owner == project]
    jobs = [each for each in jobs if not mine or each.user == call.state.account]
    jobs = [each for each in jobs if wanted is None or each.is_done(now) == STATES[wanted]]
    jobs = [each for each in jobs if _since(call, "minCreationTime") <= each.created_at]
    found, more = call.page(sorted(jobs, key=lambda each: each.created_at, reverse=True))
    full = call.query.get("projection") == "full"
    return {"kind": "bigquery#jobList", "jobs": [wire.job(each, now, full=full) for each in found], **more}


def _since(call: Call, key: str) -> datetime:
    given = call.query.get(key, "0")
    if not given.isdigit():
        raise invalid(f"Invalid value for {key}: {given}")
    return datetime.fromtimestamp(int(given) / 1000, UTC)


def get(call: Call) -> Any:
    return wire.job(call.state.job(call.path["project"], call.path["job"]), call.server.now())


def cancel(call: Call) -> Any:
    job, now = call.state.job(call.path["project"], call.path["job"]), call.server.now()
    if not job.is_done(now):
        job.is_cancelled, job.ends_at = True, now
        job.error = {"reason": "stopped", "message": "Job execution was cancelled: User requested cancellation"}
    return {"kind": "bigquery#jobCancelResponse", "job": wire.job(job, now)}


def refusal(error: dict[str, str]) -> ApiError:
    """A job's failure as the answer to a question."""
    return ApiError(STATUS.get(error["reason"], 400), error["reason"], error["message"])

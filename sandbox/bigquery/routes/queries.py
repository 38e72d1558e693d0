"""Questions that wait for their answer, and the answer of a question that was asked before."""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from sandbox.bigquery import wire
from sandbox.bigquery.call import PROJECT, Call, endpoint
from sandbox.bigquery.routes import jobs
from sandbox.bigquery.server import Server

QUERIES = f"{PROJECT}/queries"


def routes(server: Server) -> list[Route]:
    return [
        endpoint(server, "POST", QUERIES, ask),
        endpoint(server, "GET", f"{QUERIES}/{{job}}", results),
    ]


def ask(call: Call) -> Any:
    """Run a question; the same `requestId` again is answered with the same job."""
    project, body = call.state.project(call.path["project"]), call.body()
    known = call.state.answered.get((project, body.get("requestId", "")))
    if known is not None:
        return wire.results(call.state.job(project, known), call.server.now())
    job = jobs.run(call, project, body, configuration={"query": body})
    if body.get("dryRun"):
        return wire.results(job, call.server.now()) | {"jobReference": {"projectId": project}}
    if error := job.error:
        raise jobs.refusal(error)
    if "requestId" in body:
        call.state.answered[project, body["requestId"]] = job.job_id
    return wire.results(job, call.server.now())


def results(call: Call) -> Any:
    job = call.state.job(call.path["project"], call.path["job"])
    if job.error and job.is_done(call.server.now()):
        raise jobs.refusal(job.error)
    return wire.results(job, call.server.now()) | {"kind": "bigquery#getQueryResultsResponse"}

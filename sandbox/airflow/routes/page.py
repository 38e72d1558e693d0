"""Plain pages where the links in alerts lead: one task's log, one run, one dag."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from sandbox.airflow import logs, wire
from sandbox.airflow.errors import ApiError
from sandbox.airflow.model import Attempt, DagRun, TaskInstance
from sandbox.airflow.server import Server

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>body{{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}}
pre{{white-space:pre-wrap;overflow-wrap:anywhere}}td,th{{padding:.2rem .8rem .2rem 0;text-align:left}}</style>
<h1>{title}</h1>{content}</html>"""


def log_path(instance: TaskInstance) -> str:
    """Where Airflow 3's own pages show this instance's log."""
    place = f"/dags/{quote(instance.dag_id)}/runs/{quote(instance.run_id)}/tasks/{quote(instance.task_id)}"
    mapped = f"/mapped/{instance.map_index}" if instance.map_index >= 0 else ""
    return f"{place}{mapped}?try_number={instance.try_number}"


def routes(server: Server) -> list[Route]:
    run = "/dags/{dag_id}/runs/{dag_run_id}"
    return [
        _page_route(server, "/dags/{dag_id}", dag_page),
        _page_route(server, run, run_page),
        _page_route(server, f"{run}/tasks/{{task_id}}", task_page),
        _page_route(server, f"{run}/tasks/{{task_id}}/mapped/{{map_index}}", task_page),
    ]


def _page_route(server: Server, path: str, page: Callable[[Server, Request], str]) -> Route:
    async def serve(request: Request) -> Response:
        server.scheduler.catch_up()
        try:
            return HTMLResponse(page(server, request))
        except ApiError as error:
            return HTMLResponse(PAGE.format(title="Not found", content=escape(str(error.detail))), 404)

    return Route(path, serve)


def task_page(server: Server, request: Request) -> str:
    place = request.path_params
    given = place.get("map_index") or request.query_params.get("map_index")
    run = server.state.run(place["dag_id"], place["dag_run_id"])
    found = server.state.instances(run.dag_id, run.run_id, place["task_id"])
    shown = [instance for instance in found if given is None or str(instance.map_index) == given]
    return _page(run, "".join(_instance(instance) for instance in shown))


def run_page(server: Server, request: Request) -> str:
    run = server.state.run(request.path_params["dag_id"], request.path_params["dag_run_id"])
    return _page(run, _table(run))


def dag_page(server: Server, request: Request) -> str:
    dag = server.state.dag(request.path_params["dag_id"])
    return PAGE.format(title=escape(dag.dag_id), content=_runs(server.state.runs_of(dag.dag_id)))


def _page(run: DagRun, content: str) -> str:
    state = f"<p>Run <code>{escape(run.run_id)}</code>: {run.state}</p>"
    return PAGE.format(title=escape(run.dag_id), content=state + content)


def _instance(instance: TaskInstance) -> str:
    index = f" [{instance.map_index}]" if instance.map_index >= 0 else ""
    head = f"<h2>{escape(instance.task_id)}{index}: {instance.state or 'no status'}</h2>"
    return head + "".join(_attempt(instance, attempt) for attempt in reversed(instance.attempts))


def _attempt(instance: TaskInstance, attempt: Attempt) -> str:
    written = "\n".join(_line(line) for line in logs.lines(instance, attempt))
    return f"<h3>Try {attempt.try_number}</h3><pre>{escape(written)}</pre>"


def _line(line: dict[str, Any]) -> str:
    errors = [f"\n{error['exc_type']}: {error['exc_value']}" for error in line.get("error_detail", [])]
    return f"{line['timestamp']} {line['level'].upper()} {line['event']}{''.join(errors)}"


def _table(run: DagRun) -> str:
    rows = "".join(
        f"<tr><td><a href='{log_path(ti)}'>{escape(ti.task_id)}</a></td><td>{ti.map_index}</td>"
        f"<td>{ti.state or 'no status'}</td><td>{ti.try_number}</td></tr>"
        for ti in run.task_instances
    )
    return f"<table><tr><th>Task<th>Index<th>State<th>Try</tr>{rows}</table>"


def _runs(runs: list[DagRun]) -> str:
    rows = "".join(
        f"<tr><td><a href='/dags/{quote(run.dag_id)}/runs/{quote(run.run_id)}'>{escape(run.run_id)}</a></td>"
        f"<td>{run.state}</td><td>{wire.stamp(run.start_date)}</td></tr>"
        for run in reversed(runs)
    )
    return f"<table><tr><th>Run<th>State<th>Started</tr>{rows}</table>"

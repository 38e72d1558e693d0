"""Version, health and login: what answers without a token."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.airflow.bodies import TokenBody
from sandbox.airflow.errors import ApiError
from sandbox.airflow.server import Server
from sandbox.airflow.wire import stamp

API = "/api/v2"
UNHEALTHY_AFTER = timedelta(seconds=30)


def routes(server: Server) -> list[Route]:
    async def version(_: Request) -> Response:
        return JSONResponse({"version": server.state.version, "git_version": None})

    async def health(_: Request) -> Response:
        server.scheduler.catch_up()
        return JSONResponse(health_of(server))

    async def token(request: Request) -> Response:
        wanted = _credentials(await request.body())
        issued = server.auth.login(wanted.username, wanted.password, server.clock.system_now())
        return JSONResponse({"access_token": issued}, status_code=201)

    async def removed(_: Request) -> Response:
        message = "/api/v1 has been removed in Airflow 3, please use its upgraded version /api/v2 instead."
        return JSONResponse({"error": message}, status_code=404)

    return [
        Route(f"{API}/version", version),
        Route(f"{API}/monitor/health", health),
        Route("/auth/token", token, methods=["POST"]),
        Route("/api/v1/{path:path}", removed, methods=["GET", "POST", "PATCH", "PUT", "DELETE"]),
    ]


def health_of(server: Server) -> dict[str, Any]:
    """A scheduler that stopped is noticed only after its heartbeat has been missing for 30 seconds."""
    now = server.time.now()
    seen = server.state.scheduler_seen_at or now
    alive = now - seen < UNHEALTHY_AFTER
    return {
        "metadatabase": {"status": "healthy"},
        "scheduler": {"status": "healthy" if alive else "unhealthy", "latest_scheduler_heartbeat": stamp(seen)},
        "triggerer": {"status": None, "latest_triggerer_heartbeat": None},
        "dag_processor": {"status": "healthy", "latest_dag_processor_heartbeat": stamp(now)},
    }


def _credentials(raw: bytes) -> TokenBody:
    try:
        return TokenBody.model_validate_json(raw)
    except ValidationError as error:
        entries = json.loads(error.json(include_url=False))
        raise ApiError(422, [{**entry, "loc": ["body", *entry["loc"]]} for entry in entries]) from error

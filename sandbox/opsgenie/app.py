"""The fake Opsgenie as one ASGI application."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.clock import Clock
from sandbox.opsgenie import jsm
from sandbox.opsgenie.routes import alerts, control, overrides, schedules, users
from sandbox.opsgenie.server import Server
from sandbox.world import World


def app(world: World, clock: Clock) -> Starlette:
    """Opsgenie's REST API v2, and that of Jira Service Management over the same account, on the business clock."""
    server = Server(world, clock)
    families = (schedules, overrides, alerts, users, control, jsm)
    starlette = Starlette(
        routes=[route for family in families for route in family.routes(server)],
        exception_handlers={404: _unknown, 405: _unknown},
    )
    starlette.state.opsgenie = server
    return starlette


async def _unknown(_: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    message = "Method Not Allowed" if status == 405 else "Request path is not found"
    return JSONResponse({"message": message, "took": 0.0, "requestId": "-"}, status_code=status)

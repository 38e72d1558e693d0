"""The fake BigQuery as one ASGI application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.bigquery.call import record
from sandbox.bigquery.errors import error_body
from sandbox.bigquery.routes import control, datasets, jobs, page, policies, queries, tables
from sandbox.bigquery.server import Server
from sandbox.clock import Clock
from sandbox.world import World


def app(world: World, clock: Clock, *, limits: bool = True) -> Starlette:
    """BigQuery's REST API v2. Conditions end by the business clock; with `limits` haste is refused."""
    server = Server(world, clock, limits=limits)
    families = (datasets, policies, tables, jobs, queries, control, page)
    starlette = Starlette(
        routes=[route for family in families for route in family.routes(server)],
        exception_handlers={404: _unknown(server), 405: _unknown(server)},
    )
    starlette.state.bigquery = server
    return starlette


def _unknown(server: Server) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def refuse(request: Request, _: Exception) -> Response:
        """Say what is missing: nobody shall take the sandbox's silence for BigQuery's."""
        message = f"The sandbox does not know {request.method} {request.url.path}"
        record(server, request, await request.body(), 501)
        return JSONResponse(error_body(501, "notImplemented", message), 501)

    return refuse

"""The fake Airflow as one ASGI application."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.airflow.errors import ApiError
from sandbox.airflow.routes import backfills, clears, control, dags, instances, meta, page, runs
from sandbox.airflow.scheduler import OnLoad
from sandbox.airflow.server import Server
from sandbox.airflow.state import VERSION
from sandbox.clock import Clock
from sandbox.world import World


def app(
    world: World, clock: Clock, *, version: str = VERSION, speed: float = 1.0, on_load: OnLoad | None = None
) -> Starlette:
    """Airflow's REST API v2 as `version` speaks it; tasks take their seconds divided by `speed`.

    Speed 0 stands still: then only `POST /_control/advance` lets time pass. `on_load` is told what tasks load.
    """
    server = Server(world, clock, version=version, speed=speed, on_load=on_load)
    families = (meta, dags, runs, instances, clears, backfills, control, page)
    starlette = Starlette(
        routes=[route for family in families for route in family.routes(server)],
        exception_handlers={ApiError: _refused, 404: _unknown, 405: _unknown},
    )
    starlette.state.airflow = server
    return starlette


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return JSONResponse({"detail": error.detail}, status_code=error.status)


async def _unknown(_: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 404)
    return JSONResponse({"detail": "Method Not Allowed" if status == 405 else "Not Found"}, status_code=status)

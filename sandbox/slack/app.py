"""The Slack server: Web API, hooks, sockets, the people's API, control and the page."""

from pathlib import Path

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from sandbox.slack import api, control, hooks, ui
from sandbox.slack.core import Slack
from sandbox.slack.errors import SlackError

PAGE = Path(__file__).with_name("page")


def app(slack: Slack) -> Starlette:
    """The ASGI app of one workspace; close the Slack yourself when the server has stopped."""
    served = Starlette(
        routes=[
            Route("/api/{method}", api.call, methods=["GET", "POST"]),
            Route("/services/{path:path}", hooks.webhook, methods=["POST"]),
            Route("/hooks/response/{key}", hooks.response_url, methods=["POST"]),
            Route("/upload/v1/{file_id}", hooks.upload, methods=["POST"]),
            Route("/files/{file_id}/{name}", hooks.download),
            WebSocketRoute("/link/", _link),
            *ui.ROUTES,
            *control.ROUTES,
            Mount("/", StaticFiles(directory=PAGE, html=True, check_dir=False)),
        ],
        exception_handlers={
            SlackError: _refused,
            KeyError: _missing,
            ValueError: _malformed,
            ValidationError: _malformed,
        },
    )
    served.state.slack = slack
    return served


async def _link(websocket: WebSocket) -> None:
    await websocket.app.state.slack.sockets.serve(websocket)


async def _refused(_request: Request, error: Exception) -> Response:
    assert isinstance(error, SlackError)
    return JSONResponse(error.answer(), 400)


async def _missing(_request: Request, error: Exception) -> Response:
    return JSONResponse({"ok": False, "error": "missing_field", "field": str(error.args[0])}, 400)


async def _malformed(_request: Request, error: Exception) -> Response:
    return JSONResponse({"ok": False, "error": "malformed", "detail": str(error)}, 400)

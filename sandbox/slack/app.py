"""The Slack server: Web API, hooks, sockets, the people's API, control and the page."""

from pathlib import Path

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
            *map(polite, ui.ROUTES),
            *map(polite, control.ROUTES),
            Mount("/", StaticFiles(directory=PAGE, html=True, check_dir=False)),
        ],
    )
    served.state.slack = slack
    return served


async def _link(websocket: WebSocket) -> None:
    await websocket.app.state.slack.sockets.serve(websocket)


def polite(route: Route) -> Route:
    """The same route; what a person or a test asks wrongly is answered with 400 and the reason."""
    endpoint = route.endpoint

    async def answer(request: Request) -> Response:
        try:
            response: Response = await endpoint(request)
        except SlackError as error:
            return JSONResponse(error.answer(), 400)
        except KeyError as error:
            return JSONResponse({"ok": False, "error": "missing_field", "field": str(error.args[0])}, 400)
        except ValueError as error:
            return JSONResponse({"ok": False, "error": "malformed", "detail": str(error)}, 400)
        return response

    return Route(route.path, answer, methods=sorted(route.methods or ()))

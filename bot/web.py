"""The shell around the handlers: HTTP with Slack's signature, or Socket Mode, and a health page."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

import structlog
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.socket import SocketMode

log = structlog.get_logger()

Health = Callable[[], dict[str, Any]]
Hook = Callable[[bytes, Mapping[str, str]], Awaitable[int]]
"""Take a call with its headers; return the status of the answer, which says no more than that."""
LONGEST_CALL = 256 * 1024  # bytes; providers' calls have some kilobytes
Express = Callable[[bytes, Mapping[str, str]], Awaitable[int | None]]


def bolt_app(*, token: str, signing_secret: str | None, api_url: str) -> AsyncApp:
    """Return Slack's framework, set to answer only when a listener has returned: our answer means "on disk".

    Who we are is not asked at Slack for each start: an event says so itself, and `authorize` needs no network.
    """

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=None, bot_token=token)

    return AsyncApp(
        client=AsyncWebClient(base_url=api_url, timeout=3),  # each call gets the token that `authorize` says
        signing_secret=signing_secret or "socket mode checks no signatures",
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=signing_secret is not None,
        ignoring_self_events_enabled=False,  # triage knows our own messages, and edits of them
        ignoring_self_assistant_message_events_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )


def web_app(
    app: AsyncApp,
    health: Health,
    *,
    express: Express | None = None,
    hooks: Mapping[str, Hook] | None = None,
    socket: SocketMode | None,
    on_stop: Callable[[], None],
) -> Starlette:
    """Return the ASGI application. In Socket Mode it serves the health page only.

    `express` is asked first, with the body and the headers: it returns a status for what it has taken. `hooks` are
    the webhooks of other systems by their paths.
    """
    handler = AsyncSlackRequestHandler(app)

    async def slack(request: Request) -> Response:
        if express and (status := await express(await request.body(), request.headers)):
            return Response(status_code=status)
        try:
            return await handler.handle(request)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            # Slack's framework looks into a body before it verifies it. What is no request of Slack's does nothing
            # here, and is answered 200, else it would be sent thrice more.
            log.warning("request not understood", problem=type(error).__name__)
            return Response(status_code=200)

    async def healthz(_: Request) -> Response:
        found = await asyncio.to_thread(health)
        return JSONResponse(found, status_code=200 if found["ok"] else 503)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        listening = asyncio.create_task(socket.run()) if socket else None
        try:
            yield
        finally:
            if listening:
                listening.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await listening
            await asyncio.to_thread(on_stop)

    routes = [Route("/healthz", healthz)]
    if socket is None:
        routes.append(Route("/slack/events", slack, methods=["POST"]))
    routes += [Route(path, _hook(hook), methods=["POST"]) for path, hook in (hooks or {}).items()]
    return Starlette(routes=routes, lifespan=lifespan)


def _hook(hook: Hook) -> Callable[[Request], Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        body = b""
        async for part in request.stream():
            body += part
            if len(body) > LONGEST_CALL:
                return Response(status_code=413)
        return Response(status_code=await hook(body, request.headers))

    return serve

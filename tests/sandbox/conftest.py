"""The sandbox running, and real slack_bolt apps connected to it."""

import asyncio
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import uvicorn
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk import WebClient
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.running import RunningSandbox
from sandbox.slack.core import Settings
from tests.sandbox.recorder import Recorder


class BackgroundLoop:
    """An event loop in a thread, for apps that are async while the tests are not."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(20)

    def stop(self) -> None:
        self.run(self._end_tasks())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    async def _end_tasks(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


class _Server(uvicorn.Server):
    def install_signal_handlers(self) -> None:
        """Threads cannot."""


async def serve(app: Starlette, stack: Callable[[Callable[[], Any]], Any], loop: BackgroundLoop) -> str:
    """Serve an ASGI app on a free port until the test ends; returns its URL."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, http="h11", lifespan="off", log_level="error", timeout_graceful_shutdown=1)
    server = _Server(config)
    running = asyncio.create_task(server._serve([listener]))
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.005)

    async def end() -> None:
        server.should_exit = True
        await running

    stack(lambda: loop.run(end()))
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def loop() -> Iterator[BackgroundLoop]:
    background = BackgroundLoop()
    yield background
    background.stop()


@pytest.fixture(scope="module")
def strict(request: pytest.FixtureRequest) -> Iterator[RunningSandbox]:
    """One sandbox for all tests of a module, as its SETTINGS say; else retries come 10 000 times as soon."""
    with RunningSandbox(getattr(request.module, "SETTINGS", Settings(retry_scale=0.0001))) as running:
        yield running


@pytest.fixture
def sandbox(strict: RunningSandbox) -> RunningSandbox:
    """The workspace as on the first day, with no app behind it."""
    strict.disconnect()
    strict.app_url = None
    strict.reset()
    return strict


@pytest.fixture
def client(sandbox: RunningSandbox) -> WebClient:
    """The app's bot, calling the Web API."""
    return WebClient(sandbox.world.app.bot_token, base_url=sandbox.slack_api_url, retry_handlers=[])


def bolt(sandbox: RunningSandbox) -> AsyncApp:
    app = sandbox.world.app
    web = AsyncWebClient(app.bot_token, base_url=sandbox.slack_api_url)
    return AsyncApp(client=web, signing_secret=app.signing_secret, process_before_response=True)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def connect_http(
    sandbox: RunningSandbox, loop: BackgroundLoop, stack: ExitStack
) -> Callable[[AsyncApp | Callable[[Request], Any]], None]:
    """Put a Bolt app, or any Starlette endpoint, behind the request URL."""

    def connect(app: AsyncApp | Callable[[Request], Any]) -> None:
        handler = AsyncSlackRequestHandler(app) if isinstance(app, AsyncApp) else None

        async def endpoint(request: Request) -> Response:
            return await handler.handle(request) if handler else await app(request)

        served = Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])])
        sandbox.app_url = loop.run(serve(served, stack.callback, loop)) + "/slack/events"

    return connect


@pytest.fixture
def connect_socket(
    sandbox: RunningSandbox, loop: BackgroundLoop, stack: ExitStack
) -> Callable[[AsyncApp], AsyncSocketModeHandler]:
    """Connect a Bolt app by Socket Mode (slack_sdk's aiohttp client)."""

    def connect(app: AsyncApp) -> AsyncSocketModeHandler:
        async def start() -> AsyncSocketModeHandler:
            token = sandbox.world.app.app_token
            web = AsyncWebClient(token, base_url=sandbox.slack_api_url)
            handler = AsyncSocketModeHandler(app, token, web_client=web)
            await handler.connect_async()
            return handler

        before = sandbox.sockets
        handler = loop.run(start())
        stack.callback(lambda: loop.run(handler.close_async()))
        sandbox.until(lambda: sandbox.sockets > before)
        return handler

    return connect


@pytest.fixture
def recorder(connect_http: Any) -> Recorder:
    app = Recorder()
    connect_http(app)
    return app

"""Socket Mode: one of several connections, ten at most, refreshed."""

from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from slack_sdk import WebClient

from sandbox.running import RunningSandbox
from tests.sandbox.conftest import bolt


def test_each_payload_goes_to_one_of_several_sockets(sandbox: RunningSandbox, connect_socket: Any) -> None:
    heard: list[int] = []
    for number in range(4):
        connect_socket(_listening(sandbox, heard, number))

    for turn in range(8):
        sandbox.person("U0MINJI").say("C0HELP", f"turn {turn}")

    assert sorted(heard) == [0, 0, 1, 1, 2, 2, 3, 3]


def test_an_eleventh_socket_is_turned_away(sandbox: RunningSandbox, loop: Any, stack: Any, client: Any) -> None:
    opened = [_open_socket(sandbox, loop, stack) for _ in range(10)]
    refused = _open_socket(sandbox, loop, stack)

    assert {hello["type"] for hello in opened} == {"hello"}
    assert (refused["type"], refused["reason"]) == ("disconnect", "too_many_websockets")


def test_a_socket_needs_a_fresh_ticket(sandbox: RunningSandbox, client: Any) -> None:
    with pytest.raises(Exception, match="not_allowed_token_type"):
        client.apps_connections_open(app_token=sandbox.world.app.bot_token)


def test_an_app_reconnects_after_a_refresh_and_goes_on(sandbox: RunningSandbox, connect_socket: Any) -> None:
    heard: list[int] = []
    connect_socket(_listening(sandbox, heard, 1))

    ended = sandbox.disconnect("refresh_requested")
    sandbox.until(lambda: sandbox.sockets == 1)
    sandbox.person("U0MINJI").say("C0HELP", "still there?")
    sandbox.until(lambda: heard)

    assert ended == 1
    assert heard == [1]


def _listening(sandbox: RunningSandbox, heard: list[int], number: int) -> Any:
    app = bolt(sandbox)

    @app.event("message")
    async def hear() -> None:
        heard.append(number)

    return app


def _open_socket(sandbox: RunningSandbox, loop: Any, stack: Any) -> dict[str, Any]:
    """Connect without a library around it; returns the first frame."""
    url = WebClient(base_url=sandbox.slack_api_url).apps_connections_open(app_token=sandbox.world.app.app_token)["url"]

    async def connect() -> tuple[Callable[[], Any], dict[str, Any]]:
        session = aiohttp.ClientSession()
        socket = await session.ws_connect(url)

        async def close() -> None:
            await socket.close()
            await session.close()

        return close, await socket.receive_json()

    close, frame = loop.run(connect())
    stack.callback(lambda: loop.run(close()))
    return frame

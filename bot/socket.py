"""Socket Mode with a watchdog of our own.

The client can stay "connected" to a dead session for ever (slackapi/python-slack-sdk#1913, bolt-python#417); so its
age of silence is watched, and the whole client is rebuilt when it is too long.
"""

import asyncio
import time
from typing import Any

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SystemClock

log = structlog.get_logger()

LOOK_EVERY_S = 5.0
SILENT_FOR_S = 60.0  # Slack pings every few seconds
RECONNECT_AFTER_S = 3.0


class SocketMode:
    def __init__(self, app: AsyncApp, app_token: str, api_url: str) -> None:
        self._app, self._app_token, self._api_url = app, app_token, api_url
        self._heard_at = time.monotonic()

    @property
    def silent_for_s(self) -> float:
        """How long nothing was heard from Slack, in seconds."""
        return time.monotonic() - self._heard_at

    async def run(self) -> None:
        """Keep one working connection until cancelled."""
        while True:
            handler = self._handler()
            try:
                await handler.connect_async()  # type: ignore[no-untyped-call]
                self._heard_at = time.monotonic()
                await self._watch(handler)
            except asyncio.CancelledError:
                raise
            except Exception as error:  # noqa: BLE001 - whatever broke it, a fresh client is the answer
                log.warning("socket not connected", problem=type(error).__name__)
            finally:
                await handler.close_async()  # type: ignore[no-untyped-call]
            await asyncio.sleep(RECONNECT_AFTER_S)

    def _handler(self) -> AsyncSocketModeHandler:
        client = AsyncWebClient(token=self._app_token, base_url=self._api_url)
        handler = AsyncSocketModeHandler(self._app, self._app_token, web_client=client)
        handler.client.on_message_listeners.append(self._heard)
        return handler

    async def _heard(self, _message: Any) -> None:
        self._heard_at = time.monotonic()

    async def _watch(self, handler: AsyncSocketModeHandler) -> None:
        while self.silent_for_s < SILENT_FOR_S:
            await asyncio.sleep(LOOK_EVERY_S)
            client = handler.client
            if client.aiohttp_client_session.closed:
                log.warning("socket session closed")
                return
            pong = client.last_ping_pong_time
            if pong is not None:
                age = max(0.0, SystemClock().now().timestamp() - pong)
                self._heard_at = max(self._heard_at, time.monotonic() - age)
        log.warning("socket silent", seconds=round(self.silent_for_s))

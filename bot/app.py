"""One process of Baton: how it begins to act, takes Slack in, and ends."""

from functools import cached_property
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette

import handlers
from bot.config.model import Transport
from bot.duties import Duties
from bot.web import Express, Hook, bolt_app, web_app
from bot.wiring.paging import webhooks_of

HEARTBEAT_S = 1  # how soon a row is seen that another process wrote


class App(Duties):
    """Everything that one process runs."""

    def start_reconciling(self) -> None:
        """Begin to act on what is due, in threads of this process."""
        self.ticks.prepare()
        self.policy.start()
        self.store.on_commit = self.loop.wake
        self.loop.start()
        self._heartbeat.start()

    def stop(self) -> None:
        """Let running steps end and close the store and the connections; what is due stays due."""
        self.policy.stop()
        if self._heartbeat.running:
            self._heartbeat.shutdown(wait=False)
            self.loop.stop()
        self.vendors.close()
        self.store.close()

    @cached_property
    def _heartbeat(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(timezone="UTC")
        scheduler.add_job(
            self.loop.wake, "interval", seconds=HEARTBEAT_S, misfire_grace_time=None, coalesce=True, max_instances=1
        )
        return scheduler

    @cached_property
    def bolt(self) -> AsyncApp:
        slack, secrets = self.config.baton.slack, self.config.secrets
        over_http = slack.transport is Transport.HTTP
        secret = secrets.slack_signing_secret
        app = bolt_app(
            token=self.vendors.bot_token,
            signing_secret=secret.get_secret_value() if secret and over_http else None,
            api_url=slack.api_url,
        )
        handlers.register(app, self.desk)
        return app

    def web(self) -> Starlette:
        """Return the ASGI application that takes Slack in."""
        return web_app(
            self.bolt,
            self.health.report,
            express=self._express(),
            hooks=self._hooks(),
            socket=self._socket(),
            on_stop=self.stop,
        )

    def _hooks(self) -> dict[str, Hook]:
        """Return the webhooks of the on-call providers that are configured, by path."""
        return {
            hook.path: handlers.ProviderHook(self.desk, provider, hook.header, hook.secret).take
            for provider, hook in webhooks_of(self.config).items()
        }

    def _express(self) -> Express | None:
        secret = self.config.secrets.slack_signing_secret
        return handlers.Express(self.desk, secret.get_secret_value()).take if secret else None

    def _socket(self) -> Any:
        from bot.socket import SocketMode  # noqa: PLC0415 - aiohttp is needed by Socket Mode alone

        token = self.config.secrets.slack_app_token
        if self.config.baton.slack.transport is not Transport.SOCKET or token is None:
            return None
        return SocketMode(self.bolt, token.get_secret_value(), self.config.baton.slack.api_url)

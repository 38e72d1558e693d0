"""Slack's side of the front door: signed requests, as Slack sends them, to Baton's own web application."""

import hashlib
import hmac
import itertools
import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx

from bot.cli.common import known_operations
from bot.cli.demo import WORLD_SECRETS
from bot.config.load import Config, load

DEMO = Path(__file__).parents[2] / "config" / "demo"
NOBODY = "http://127.0.0.1:9"  # the discard port: nothing listens, so every call is refused at once
TEAM, ALERTS, HELP = "T0HANEUL", "C0ALERTS", "C0HELP"
SECRET = WORLD_SECRETS["BATON_SLACK_SIGNING_SECRET"]

_numbers = itertools.count(1)


def config(database_url: str, directory: Path = DEMO, **urls: str) -> Config:
    """Return the demo's configuration with its own database; vendors that are not named cannot be reached."""
    environ = WORLD_SECRETS | {
        "BATON_DATABASE_URL": database_url,
        "BATON_DEMO_SLACK_URL": urls.get("slack", f"{NOBODY}/api/"),
        "BATON_DEMO_AIRFLOW_URL": urls.get("airflow", NOBODY),
        "BATON_DEMO_OPSGENIE_URL": urls.get("opsgenie", NOBODY),
        "BATON_DEMO_BIGQUERY_URL": urls.get("bigquery", NOBODY),
    }
    return load(directory, environ, known_operations())


@dataclass
class FrontDoor:
    """Posts signed requests to `/slack/events`."""

    http: httpx.Client
    secret: str = SECRET
    answers: list[httpx.Response] = field(default_factory=list)

    def event(self, event: Any, *, event_id: str | None = None, headers: dict[str, str] | None = None, **more: Any):
        """Send an Events API callback; `more` replaces fields of its envelope."""
        return self.json(envelope(event, event_id=event_id) | more, headers)

    def json(self, body: Any, headers: dict[str, str] | None = None) -> httpx.Response:
        return self._send(json.dumps(body).encode(), "application/json", headers)

    def command(self, command: str, text: str = "", *, user: str = "U0MINJI", team: str = TEAM, **more: Any):
        form = {
            "command": command,
            "text": text,
            "user_id": user,
            "user_name": "somebody",
            "team_id": team,
            "channel_id": HELP,
            "trigger_id": "1.2.3",
            "response_url": f"{NOBODY}/response",
        }
        return self._send(urlencode(form | more).encode(), "application/x-www-form-urlencoded", None)

    def press(
        self,
        action_id: str,
        value: str,
        *,
        user: str = "U0MINJI",
        team: str = TEAM,
        at: str | None = None,
        chosen: str | None = None,
        **more: Any,
    ):
        """Press a button on a message, or choose in a menu of it, now or at Slack's time `at`."""
        action = {"type": "button", "action_id": action_id, "block_id": "b", "value": value}
        if chosen is not None:
            action = {"type": "overflow", "action_id": action_id, "selected_option": {"value": chosen}}
        payload = {
            "type": "block_actions",
            "user": {"id": user, "team_id": team},
            "team": {"id": team},
            "channel": {"id": ALERTS},
            "trigger_id": "1.2.3",
            "response_url": f"{NOBODY}/response",
            "container": {"type": "message"},
            "actions": [action | {"action_ts": at or f"{1_795_000_000 + next(_numbers):.6f}"}],
        }
        return self.payload(payload | more)

    def submit(self, callback_id: str, metadata: str, values: Any, *, user: str = "U0MINJI", team: str = TEAM):
        """Submit a form; `values` by block id are texts, or elements as Slack sends them."""
        entered = {
            name: {name: value if isinstance(value, dict) else {"type": "plain_text_input", "value": value}}
            for name, value in values.items()
        }
        about = {"type": "modal", "id": "V1", "callback_id": callback_id, "private_metadata": metadata}
        view = about | {"state": {"values": entered}}
        return self.payload(
            {"type": "view_submission", "user": {"id": user, "team_id": team}, "team": {"id": team}, "view": view}
        )

    def payload(self, payload: Any) -> httpx.Response:
        body = urlencode({"payload": json.dumps(payload)}).encode()
        return self._send(body, "application/x-www-form-urlencoded", None)

    def _send(self, body: bytes, kind: str, headers: dict[str, str] | None) -> httpx.Response:
        answer = self.http.post(
            "/slack/events", content=body, headers=signed(body, kind, self.secret) | (headers or {})
        )
        self.answers.append(answer)
        return answer


def signed(body: bytes, kind: str = "application/json", secret: str = SECRET) -> dict[str, str]:
    now = str(int(time.time()))  # noqa: TID251 - a signature is made at the machine's time, like Slack's
    digest = hmac.new(secret.encode(), b"v0:" + now.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": now, "X-Slack-Signature": f"v0={digest}", "Content-Type": kind}


def envelope(event: Any, *, event_id: str | None = None) -> dict[str, Any]:
    return {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": "A0BATON",
        "event_id": event_id or f"Ev{next(_numbers):08}",
        "event_time": 1_795_000_000,
        "authorizations": [{"team_id": TEAM, "user_id": "U0BATON", "is_bot": True}],
        "event": event,
    }


def airflow_failure(
    dag_id: str = "orders_daily",
    task_id: str = "load_orders",
    day: str = "2026-11-21",
    at: float = 1_795_000_000.0,
    **more: Any,
) -> dict[str, Any]:
    """Return what Airflow's commonest callback posts about a failed task."""
    words = (
        f":red_circle: Task Failed.\n*Task*: {task_id}\n*Dag*: {dag_id}\n*Execution Time*: {day} 18:00:00+00:00\n"
        "*Exception*: RuntimeError: 404 Not found: Table staging.orders_raw"
    )
    return tool_says(words, at=at, **more)


def tool_says(words: Any, *, at: float = 1_795_000_000.0, bot: str = "B0AIRFLOW", **more: Any) -> dict[str, Any]:
    ts = f"{at + next(_numbers) / 1_000_000:.6f}"
    return {
        "type": "message",
        "subtype": "bot_message",
        "bot_id": bot,
        "channel": ALERTS,
        "channel_type": "channel",
        "ts": ts,
        "event_ts": ts,
        "text": words,
    } | more

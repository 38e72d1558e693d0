"""The main story in local-slack, by signed HTTP and by Socket Mode; Airflow is the sandbox's."""

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.async_app import AsyncBoltRequest
from sqlalchemy import func, select

from bot.cli.common import known_operations
from bot.config.load import Config, load
from bot.config.model import Transport
from bot.store.tables import messages
from sandbox.running import RunningSandbox
from tests.live.airflow.processes import free_port
from tests.live.outage import Outage
from tests.live.slack.local_slack import ALICE, APP_TOKEN, BOT_TOKEN, CHANNEL, PROGRAM, SIGNING_SECRET, LocalSlack
from tests.product.workplace import RunningBaton

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(sys.platform != "linux", reason="local-slack is published as a program for Linux alone"),
]
PATIENCE_SECONDS = 60


class Lab:
    """Baton in local-slack with the sandbox's Airflow."""

    def __init__(self, slack: LocalSlack, sandbox: RunningSandbox, baton: RunningBaton) -> None:
        self.slack, self._sandbox, self._baton = slack, sandbox, baton
        self.outage = Outage(sandbox)

    def fail_a_run(self) -> str:
        """Let a load break and its alert be posted; return the ts of that."""
        event = self.slack.post_alert(self.outage.begin())
        heard = asyncio.run(self._baton.app.bolt.async_dispatch(AsyncBoltRequest(body=event, mode="socket_mode")))
        assert heard.status == 200
        return str(event["event"]["ts"])

    def press(self, ts: str, action_id: str) -> None:
        """Press the button in the thread as soon as it is there."""
        message = self.until(lambda: self._offering(ts, action_id))
        self.slack.press(message, action_id)

    def waits_for(self, ts: str, words: str) -> None:
        self.until(lambda: words in json.dumps(self.slack.thread(ts), ensure_ascii=False))

    def until(self, look: Callable[[], Any]) -> Any:
        return self._sandbox.until(look, PATIENCE_SECONDS)

    def kept_messages(self) -> int:
        """Return how many messages of the channel Baton has on disk."""
        counting = select(func.count()).select_from(messages)
        return self._baton.app.store.read(lambda tx: tx.execute(counting).scalar_one())

    def _offering(self, ts: str, action_id: str) -> dict | None:
        return next((each for each in self.slack.thread(ts) if f'"{action_id}"' in json.dumps(each["blocks"])), None)


@pytest.fixture(params=["http", "socket"])
def lab(request, tmp_path: Path, sqlite_url: str) -> Iterator[Lab]:
    """Baton starts before its Slack: what it must know of it comes as soon as there is one."""
    assert PROGRAM.exists(), "run ci/live.py: it installs the npm packages"
    transport, port = request.param, free_port()
    with ExitStack() as stack:
        sandbox = stack.enter_context(RunningSandbox(airflow_speed=20))
        baton = stack.enter_context(RunningBaton(configured(transport, port, sandbox.airflow_url, sqlite_url)))
        slack = LocalSlack(tmp_path, port, transport=transport, request_url=f"{baton.url}/slack/events")
        stack.enter_context(slack)
        sandbox.until(lambda: slack.was_asked("users.list"), PATIENCE_SECONDS)
        if transport == "socket":
            sandbox.until(lambda: slack.was_asked("apps.connections.open"), PATIENCE_SECONDS)
        yield Lab(slack, sandbox, baton)


def configured(transport: str, port: int, airflow_url: str, database_url: str) -> Config:
    environ = {
        "BATON_DATABASE_URL": database_url,
        "BATON_LIVE_SLACK_URL": f"http://127.0.0.1:{port}/api/",
        "BATON_LIVE_AIRFLOW_URL": airflow_url,
        "BATON_SLACK_BOT_TOKEN": BOT_TOKEN,
        "BATON_SLACK_APP_TOKEN": APP_TOKEN,
        "BATON_SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "BATON_AIRFLOW_PROD_USERNAME": "baton",
        "BATON_AIRFLOW_PROD_PASSWORD": "baton",
    }
    config = load(Path(__file__).with_name("config"), environ, known_operations())
    slack = config.baton.slack.model_copy(update={"transport": Transport(transport)})
    return replace(config, baton=config.baton.model_copy(update={"slack": slack}))


def test_an_alert_becomes_a_thread_in_which_its_task_is_cleared_and_the_incident_resolves(lab):
    ts = lab.fail_a_run()
    lab.press(ts, "incident.clear")
    lab.waits_for(ts, "run.confirm")
    lab.outage.end()
    lab.press(ts, "run.confirm")

    lab.waits_for(ts, "3 tasks ran again and succeeded")
    lab.waits_for(ts, "resolved")
    assert f"<@{ALICE}>" in json.dumps(lab.slack.thread(ts))


def test_a_command_is_answered_to_the_one_who_typed_it(lab):
    lab.slack.control("command", channel=CHANNEL, user=ALICE, command="/oncall", text="", appId="A01BATON")

    lab.until(lambda: any("On call" in json.dumps(message) for message in lab.slack.messages()))


def test_what_people_say_arrives_and_opens_nothing(lab):
    said = lab.slack.control("message", channel=CHANNEL, user=ALICE, text="is the orders load late again? <b>")
    lab.until(lambda: lab.kept_messages() == 1)

    assert lab.slack.thread(said["message"]["ts"]) == []

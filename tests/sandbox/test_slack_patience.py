"""Slack's three seconds, shortened: what happens to apps that answer late or badly."""

import asyncio
from typing import Any

import pytest
from starlette.responses import PlainTextResponse

from sandbox.running import RunningSandbox
from sandbox.slack.core import Settings
from tests.sandbox.conftest import bolt
from tests.sandbox.recorder import Recorder, deliveries

SETTINGS = Settings(retry_scale=0.0001, ack_seconds=0.5)
LATE = 0.8


def test_a_late_answer_counts_as_none(sandbox: RunningSandbox, recorder: Recorder) -> None:
    recorder.answers = [LATE, PlainTextResponse("")]

    sandbox.person("U0MINJI").say("C0HELP", "hello")
    sandbox.until(lambda: len(deliveries(sandbox)) >= 2)

    assert recorder.seen[1].headers["x-slack-retry-reason"] == "http_timeout"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(LATE, "operation_timeout", id="too-late"),
        pytest.param(PlainTextResponse("", 500), "dispatch_failed", id="refused"),
        pytest.param(PlainTextResponse("", 204), "dispatch_failed", id="not-200"),
    ],
)
def test_a_person_sees_that_a_command_failed(
    sandbox: RunningSandbox, recorder: Recorder, answer: Any, error: str
) -> None:
    recorder.answers = [answer]
    minji = sandbox.person("U0MINJI")

    outcome = minji.command("/oncall", channel="C0HELP")

    assert outcome["error"] == error
    [shown] = minji.ephemerals()
    assert shown["text"] == f'/oncall failed with the error "{error}"'
    assert len(deliveries(sandbox, "slash_commands")) == 1


def test_a_socket_that_does_not_acknowledge_gets_the_event_again(sandbox: RunningSandbox, connect_socket: Any) -> None:
    app, attempts = bolt(sandbox), []

    @app.event("message")
    async def slow_at_first(request: Any) -> None:
        attempts.append(request.headers.get("x-slack-retry-num"))
        if len(attempts) == 1:
            await asyncio.sleep(LATE)

    connect_socket(app)
    sandbox.person("U0MINJI").say("C0HELP", "hello")
    sandbox.until(lambda: len(attempts) >= 2)

    assert attempts[:2] == [["0"], ["1"]]

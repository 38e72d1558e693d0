"""Steering the sandbox: faults, clock, log, stories, the server itself."""

import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from slack_sdk import WebClient

from sandbox import world as worlds
from sandbox.clock import Clock
from sandbox.running import RunningSandbox
from tests import loopback

POST = "/api/chat.postMessage"


def texts(sandbox: RunningSandbox, channel: str = "C0HELP") -> list[str]:
    return [message["text"] for message in sandbox.person("U0MINJI").messages(channel)]


def test_a_fault_answers_in_place_of_the_vendor_as_often_as_told(sandbox: RunningSandbox, client: WebClient) -> None:
    sandbox.faults.add("slack", POST, status=503, body="busy", headers={"Retry-After": "7"}, times=2)

    answers = [loopback.post(f"{sandbox.page_url}{POST}") for _ in range(3)]

    assert [a.status_code for a in answers] == [503, 503, 200]
    assert (answers[0].text, answers[0].headers["Retry-After"]) == ("busy", "7")
    assert sandbox.faults.list()[0]["used"] == 2


def test_a_dropped_connection_leaves_the_effect_or_not(sandbox: RunningSandbox, client: WebClient) -> None:
    sandbox.faults.add("slack", POST, drop="before")
    sandbox.faults.add("slack", POST, drop="after")

    for text in ("lost", "posted, but nobody knows"):
        with pytest.raises(httpx.TransportError):
            loopback.post(f"{sandbox.page_url}{POST}", data={"token": client.token, "channel": "C0HELP", "text": text})

    assert texts(sandbox) == ["posted, but nobody knows"]


def test_a_hanging_request_never_gets_its_answer(sandbox: RunningSandbox, client: WebClient) -> None:
    sandbox.faults.add("slack", POST, hang=True)

    with pytest.raises(httpx.ReadTimeout):
        loopback.post(f"{sandbox.page_url}{POST}", data={"token": client.token}, timeout=0.2)


def test_a_delay_lets_the_request_through_later(sandbox: RunningSandbox, client: WebClient) -> None:
    sandbox.faults.add("slack", "/api/*", delay_s=0.2)

    began = time.monotonic()
    client.auth_test()

    assert time.monotonic() - began >= 0.2


def test_faults_skip_and_match_other_vendors_and_are_removed(sandbox: RunningSandbox) -> None:
    sandbox.faults.add("opsgenie", "/v2/*", method="GET", skip=1, times=None, status=500)
    lists = [loopback.get(f"{sandbox.opsgenie_url}/v2/alerts").status_code for _ in range(3)]
    sandbox.faults.clear()
    after = loopback.get(f"{sandbox.opsgenie_url}/v2/alerts").status_code

    assert lists[1:] == [500, 500]
    assert after == lists[0] != 500


def test_a_wrong_fault_is_explained(sandbox: RunningSandbox) -> None:
    answer = loopback.post(f"{sandbox.page_url}/control/faults", json={"vendor": "slack", "drop": "sometimes"})

    assert answer.status_code == 400
    assert "before" in answer.json()["detail"]


def test_the_business_clock_moves_messages_but_not_their_order(sandbox: RunningSandbox, client: WebClient) -> None:
    night = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    sandbox.clock.set(night)
    first = client.chat_postMessage(channel="C0HELP", text="first")["ts"]
    sandbox.clock.advance(timedelta(hours=8))
    second = client.chat_postMessage(channel="C0HELP", text="second")["ts"]
    sandbox.clock.set(night)
    third = client.chat_postMessage(channel="C0HELP", text="third")["ts"]

    assert 0 <= float(first) - night.timestamp() < 60
    assert 0 <= float(second) - float(first) - 8 * 3600 < 60
    assert float(third) > float(second)
    assert texts(sandbox) == ["first", "second", "third"]


def test_the_clock_wants_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        Clock().set(datetime(2026, 1, 1))  # noqa: DTZ001 - the missing zone is the point


def test_the_log_tells_all_traffic_in_order_without_tokens(sandbox: RunningSandbox, client: WebClient) -> None:
    before = sandbox.log.last()
    client.chat_postMessage(channel="C0HELP", text="x")
    sandbox.settle()
    sandbox.person("U0MINJI").command("/nobody-listens")

    entries = sandbox.log.entries(since=before)
    assert [(e["kind"], e["method"]) for e in entries] == [
        ("api", "chat.postMessage"),
        ("deliver", "events_api"),
        ("deliver", "slash_commands"),
    ]
    assert client.token not in str(entries[0])
    assert entries[1]["answer"]["problem"] == "no_app"


def test_the_log_keeps_what_was_answered_at_the_time(sandbox: RunningSandbox, client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C0HELP", text="before")["ts"]
    client.chat_update(channel="C0HELP", ts=ts, text="after")

    assert sandbox.log.calls("chat.postMessage")[0]["answer"]["message"]["text"] == "before"


def test_waiting_ends_with_the_change_or_says_what_was_seen(sandbox: RunningSandbox, client: WebClient) -> None:
    client.chat_postMessage(channel="C0HELP", text="x")

    assert sandbox.until(lambda: texts(sandbox)) == ["x"]
    with pytest.raises(AssertionError, match=r"last seen: \[\]"):
        sandbox.until(lambda: texts(sandbox, "C0ALERTS"), timeout=0.05)


def test_pages_are_told_what_changes_and_only_their_own_ephemerals(sandbox: RunningSandbox, client: WebClient) -> None:
    with httpx.stream("GET", f"{sandbox.page_url}/ui/stream", params={"user": "U0JUNHO"}) as stream:
        lines = (line for line in stream.iter_lines() if line)
        assert next(lines) == ": hello"
        client.chat_postEphemeral(channel="C0HELP", user="U0MINJI", text="not for Junho")
        client.chat_postMessage(channel="C0HELP", text="for everybody")
        seen = next(lines)

    assert '"type": "message"' in seen
    assert "for everybody" in seen


def test_a_story_plays_into_the_channels(sandbox: RunningSandbox) -> None:
    sandbox.limits(enforce=False)
    offered = loopback.get(f"{sandbox.page_url}/ui/stories").json()["stories"]
    began = loopback.post(f"{sandbox.page_url}/ui/stories/one-failure/play", json={"speed": 200}).json()
    message = sandbox.until(lambda: [text for text in texts(sandbox, "C0ALERTS") if "load_orders can be rerun" in text])
    missing = loopback.post(f"{sandbox.page_url}/ui/stories/none/play", json={})
    loopback.post(f"{sandbox.page_url}/ui/stories/stop")

    assert "one-failure" in [story["id"] for story in offered]
    assert (began["ok"], missing.status_code) == (True, 400)
    assert message


def test_the_sandbox_starts_within_a_second_of_computing() -> None:
    began = time.process_time()
    with RunningSandbox() as running:
        assert loopback.get(f"{running.page_url}/ui/state").status_code == 200
        took = time.process_time() - began

    assert took < 1.0


def test_the_world_refuses_what_it_does_not_know(tmp_path: Any) -> None:
    text = worlds.DEFAULT.read_text("utf-8").replace("name: Haneul Data", "name: Haneul Data, colour: blue")
    (tmp_path / "world.yaml").write_text(text, "utf-8")

    with pytest.raises(ValueError, match="colour"):
        worlds.load(tmp_path / "world.yaml")


def test_the_process_prints_where_it_is_and_ends_cleanly_on_sigterm() -> None:
    command = [sys.executable, "-m", "sandbox", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=30)

    assert [line.split()[0] for line in lines] == ["Slack", "Airflow", "Opsgenie"]
    assert lines[0].split()[1].startswith("http://127.0.0.1:")
    assert (process.returncode, errors) == (0, "")

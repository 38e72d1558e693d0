"""Baton grown: a web process and two workers that share a PostgreSQL, each a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from bot.cli.demo import WORLD_SECRETS
from sandbox.running import RunningSandbox
from tests.live.airflow.processes import free_port, kill_tree, start, tail
from tests.live.outage import Outage
from tests.live.thread import Thread

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]
ROOT = Path(__file__).parents[2]
DEMO = ROOT / "config" / "demo"
PATIENCE_SECONDS = 60


@pytest.fixture
def sandbox(tmp_path: Path, postgres_url: str) -> Iterator[RunningSandbox]:
    """A workplace in which Baton runs as three processes."""
    with RunningSandbox(airflow_speed=20) as sandbox, ExitStack() as stack:
        environ = environment(sandbox, postgres_url)
        subprocess.run(baton("db", "upgrade"), env=environ, cwd=ROOT, check=True, capture_output=True)
        port = free_port()
        for number, arguments in enumerate((["web", "--port", str(port)], ["worker"], ["worker"])):
            log = tmp_path / f"{number}-{arguments[0]}.log"
            stack.callback(kill_tree, start(baton(*arguments), log=log, environment=environ))
        sandbox.app_url = f"http://127.0.0.1:{port}/slack/events"
        sandbox.until(lambda: is_well(port), PATIENCE_SECONDS)
        sandbox.until(lambda: sandbox.log.calls("users.list"), PATIENCE_SECONDS)
        yield sandbox
        assert "Traceback" not in "".join(tail(log, 1000) for log in tmp_path.glob("*.log"))


def baton(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot", *arguments, "--config", str(DEMO)]


def environment(sandbox: RunningSandbox, database_url: str) -> Mapping[str, str]:
    return WORLD_SECRETS | {
        "PATH": os.environ["PATH"],
        "BATON_DATABASE_URL": database_url,
        "BATON_DEMO_SLACK_URL": sandbox.slack_api_url,
        "BATON_DEMO_AIRFLOW_URL": sandbox.airflow_url,
        "BATON_DEMO_OPSGENIE_URL": sandbox.opsgenie_url,
        "BATON_DEMO_BIGQUERY_URL": sandbox.bigquery_url,
    }


def is_well(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=5).is_success
    except httpx.TransportError:
        return False


def test_what_the_web_process_takes_in_the_workers_carry_to_the_end(sandbox):
    outage = Outage(sandbox)
    ts = sandbox.post_alert("B0AIRFLOW", "C0ALERTS", {"text": outage.begin()})
    thread = Thread(sandbox.person("U0MINJI"), "C0ALERTS", ts, sandbox.until)
    thread.press("incident.clear")
    thread.offering("run.confirm")
    outage.end()
    thread.press("run.confirm")
    thread.waits_for("3 tasks ran again and succeeded")
    thread.is_shown_as("white_check_mark")

    keys = [call["args"]["metadata"]["event_payload"]["id"] for call in sandbox.log.calls("chat.postMessage")]
    assert sorted(keys) == sorted(set(keys)), "two workers posted the same thing"


def test_a_burst_of_alerts_is_taken_once_each_by_two_workers(sandbox):
    below_a_storm = range(6)
    alerts = [{"text": f"[CRITICAL] freshness dw.table_{number} lag=02:10:31"} for number in below_a_storm]
    for alert in alerts:
        sandbox.post_alert("B0SCRIPT", "C0ALERTS", alert)
    minji = sandbox.person("U0MINJI")
    sandbox.until(lambda: all(minji.thread(each) for each in minji.messages("C0ALERTS")), PATIENCE_SECONDS)

    assert [len(minji.thread(each)) for each in minji.messages("C0ALERTS")] == [1] * len(alerts)

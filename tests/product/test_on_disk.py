"""The kernel was told to put the event on the disk before Slack was told 200: seen from outside, by strace."""

import re
import shutil
import subprocess

import pytest

from tests import loopback
from tests.handlers.front_door import FrontDoor, airflow_failure
from tests.product.web_process import WebProcess

CALLS = "trace=fsync,fdatasync,recvfrom,recv,read,sendto,send,write"
EVENTS = 5


def _may_trace():
    found = shutil.which("strace")
    return found is not None and subprocess.run([found, "-o", "/dev/null", "true"], check=False).returncode == 0


@pytest.mark.skipif(
    not _may_trace(), reason="only strace sees what is synced: it is not installed, or may not trace here"
)
@pytest.mark.timeout(180)
def test_the_write_ahead_log_is_synced_before_slack_is_answered_200(tmp_path):
    trace, database = tmp_path / "trace", tmp_path / "baton.sqlite3"
    watched = ("strace", "-f", "-y", "-s", "40", "-e", CALLS, "-o", str(trace))
    with (
        WebProcess(database, tmp_path / "log", watched) as server,
        loopback.Client(base_url=server.url, timeout=60) as http,
    ):
        for number in range(EVENTS):
            assert FrontDoor(http).event(airflow_failure(dag_id=f"dag_{number}")).status_code == 200
        server.end()

    steps = list(_steps(trace.read_text(errors="replace")))
    answered = [position for position, step in enumerate(steps) if step == "answered" and "asked" in steps[:position]]
    assert len(answered) == EVENTS
    for position in answered:
        asked = max(n for n in range(position) if steps[n] == "asked")
        assert "synced" in steps[asked:position], steps[asked : position + 1]


def _steps(trace):
    """Yield what the traced process did, in order: was asked, synced the log, answered."""
    for line in trace.splitlines():
        if '"POST /slack/events' in line:
            yield "asked"
        elif re.search(r"(fsync|fdatasync)\(\d+<[^>]*baton\.sqlite3-wal>\)|(fsync|fdatasync) resumed", line):
            yield "synced" if "= 0" in line else "syncing"
        elif '"HTTP/1.1 200' in line:
            yield "answered"

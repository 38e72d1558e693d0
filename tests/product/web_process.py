"""`baton web` as a process of its own on one port, which can be killed and started again."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bot.cli.demo import WORLD_SECRETS
from tests import loopback
from tests.handlers.front_door import DEMO, NOBODY

PATIENCE_S = 60


def _free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


@dataclass
class WebProcess:
    """Runs from the beginning of the `with` block to its end; no vendor can be reached. `wrapper` runs it."""

    database: Path
    log: Path
    wrapper: tuple[str, ...] = ()
    port: int = field(default_factory=_free_port)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self._signal(signal.SIGKILL)

    def start(self):
        environ = (
            os.environ
            | WORLD_SECRETS
            | {
                "BATON_DATABASE_URL": f"sqlite:///{self.database}",
                "BATON_DEMO_SLACK_URL": f"{NOBODY}/api/",
                "BATON_DEMO_AIRFLOW_URL": NOBODY,
                "BATON_DEMO_OPSGENIE_URL": NOBODY,
                "BATON_DEMO_BIGQUERY_URL": NOBODY,
            }
        )
        command = [*self.wrapper, sys.executable, "-m", "bot", "web", "--config", str(DEMO), "--port", str(self.port)]
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(command, env=environ, stdout=out, stderr=out, start_new_session=True)
        self.until_it_answers()

    def until_it_answers(self):
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()
            try:
                if loopback.get(f"{self.url}/healthz", timeout=2).is_success:
                    return
            except httpx.TransportError:
                threading.Event().wait(0.05)
        raise AssertionError(f"baton web did not start: {self.log.read_text()}")

    def end(self):
        """Ask it to end, and wait until it has."""
        self._signal(signal.SIGTERM)

    def kill(self):
        self._signal(signal.SIGKILL)

    def _signal(self, number):
        """Signal it and what runs it, its group."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, number)
            self.process.wait(PATIENCE_S)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

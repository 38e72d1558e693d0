"""Prism between Baton and an Opsgenie: a judge that read only Atlassian's description of the API.

It refuses calls that the description does not allow (422), and answers that it does not (500). It checks neither the
scheme of the key, nor unknown parameters, nor the lengths of texts, nor what happens after a call was accepted.
"""

import json
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from tests.live.airflow.processes import free_port, kill_tree, start, tail

HERE = Path(__file__).parent
PRISM = HERE / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
DESCRIPTION = HERE.parents[1] / "data" / "opsgenie" / "swagger.json"
START_SECONDS = 60
LOG_SECONDS = 20
REFUSED = "Request terminated with error"


class ValidatingProxy:
    """Runs until the `with` block ends; `violations` are what it found since `forget`."""

    def __init__(self, upstream: str, work: Path) -> None:
        self._upstream, self._work = upstream, work
        self._log, self._port, self._read, self._ends = work / "prism.log", free_port(), 0, 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        description = self._work / "opsgenie.json"
        description.write_text(json.dumps(described()))
        command = ["node", str(PRISM), "proxy", "--host", "127.0.0.1", "--port", str(self._port), "--errors"]
        environment = {"PATH": os.environ["PATH"], "HOME": str(self._work), "NO_COLOR": "1"}
        self._process = start([*command, str(description), self._upstream], log=self._log, environment=environment)
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Prism did not start:\n{tail(self._log)}")
            time.sleep(0.1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        kill_tree(self._process)

    def forget(self) -> None:
        self.violations()
        self._read = self._log.stat().st_size

    def violations(self) -> list[str]:
        """Return what it found, each in one line. Its log lags behind its answers, so a call of our own ends it."""
        self._ends += 1
        end = f"/end-{self._ends}"
        httpx.get(f"{self.url}{end}", timeout=5, trust_env=False)
        deadline = time.monotonic() + LOG_SECONDS
        while not any(f"{end} " in line for line in self._refused()):
            if time.monotonic() > deadline:
                raise RuntimeError(f"Prism's log does not go on:\n{tail(self._log)}")
            time.sleep(0.01)
        return [line for line in self._refused() if " /end-" not in line]

    def _refused(self) -> list[str]:
        new = self._log.read_bytes()[self._read :].decode(errors="replace")
        return [line for line in new.splitlines() if REFUSED in line]

    def _is_ready(self) -> bool:
        try:
            httpx.get(f"{self.url}/v2/nothing", timeout=5, trust_env=False)
        except httpx.TransportError:
            return False
        return True


def described() -> dict[str, Any]:
    """Return the description, with the one thing that it forgets: that bodies are JSON. Without it all are refused."""
    return {**json.loads(DESCRIPTION.read_text(encoding="utf-8")), "consumes": ["application/json"]}

"""`baton run` as a process of its own that is killed again and again, at moments that chance chooses."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.running import RunningSandbox
from tests.live.airflow.processes import free_port, tail
from tests.live.test_processes import ROOT, is_well

START_SECONDS = 120
LONGEST_LIFE_S = 3.0
LAST_CALLS = 12  # a life ends at one of so many first calls to a vendor, or by the clock
PLATFORMS = frozenset({"airflow", "bigquery"})
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass
class Mortal:
    """One Baton on one database; `kills` counts how its lives ended."""

    sandbox: RunningSandbox
    environment: Mapping[str, str]
    config: Path
    log: Path
    chance: random.Random
    kills: Counter[str] = field(default_factory=Counter)
    port: int = field(default_factory=free_port)
    _lived_s: float = 0
    _well_since: float | None = None

    @contextmanager
    def killed(self, times: int) -> Iterator[threading.Event]:
        """Let it live and die so often beside the `with` block; then it lives on. The event says that it does."""
        survives, problems = threading.Event(), list[BaseException]()

        def lives() -> None:
            try:
                for _ in range(times):
                    self._one_life()
                self.start()
            except BaseException as error:  # noqa: BLE001 - raised again in the test's own thread
                problems.append(error)
            finally:
                survives.set()

        thread = threading.Thread(target=lives, name="mortal", daemon=True)
        thread.start()
        try:
            yield survives
        finally:
            thread.join()
        if problems:
            raise problems[0]

    def __post_init__(self) -> None:
        command = [sys.executable, "-m", "tests.kill.nursery"]
        self._nursery = subprocess.Popen(
            command, cwd=ROOT, text=True, bufsize=1, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.sandbox.app_url = f"http://127.0.0.1:{self.port}/slack/events"

    def start(self) -> None:
        """Start it and wait until it answers, or is killed."""
        self._launch()
        deadline = time.monotonic() + START_SECONDS
        while self.lives and not is_well(self.port):
            assert time.monotonic() < deadline, f"Baton did not start:\n{tail(self.log)}"
            threading.Event().wait(0.05)
        self._well_since = time.monotonic()

    def kill(self) -> None:
        """End it as the kernel does: no handler runs, nothing is flushed."""
        if self.lives:
            os.kill(self.pid, signal.SIGKILL)
        while self.lives:
            time.sleep(0.002)
        if self._well_since is not None:
            self._lived_s += time.monotonic() - self._well_since
            self._well_since = None

    @property
    def lives(self) -> bool:
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        return True

    @property
    def clock(self) -> str:
        return f"{self.sandbox.page_url}/control/clock"

    def uptime(self) -> float:
        """Return for how many seconds it has answered, all its lives together."""
        return self._lived_s + (time.monotonic() - self._well_since if self._well_since and self.lives else 0)

    def close(self) -> None:
        self.kill()
        self._nursery.communicate()

    def said(self) -> str:
        return tail(self.log)

    def _launch(self) -> None:
        order = {
            "arguments": ["run", "--config", str(self.config), "--port", str(self.port), "--clock", self.clock],
            "environment": dict(self.environment),
            "cwd": str(ROOT),
            "log": str(self.log),
        }
        told, answered = self._nursery.stdin, self._nursery.stdout
        assert told is not None
        assert answered is not None
        told.write(json.dumps(order) + "\n")
        told.flush()
        self.pid = int(answered.readline())

    def _one_life(self) -> None:
        """Start it and kill it: while it starts, after a while, at a call to a vendor, or at a write to a platform."""
        how = self.chance.choices(["starting", "clock", "call", "write"], weights=[1, 5, 5, 9])[0]
        if how == "starting":
            self._launch()
            self._dies_within(self.chance.uniform(0.2, 3))
        else:
            with self._dying_at(how):
                self.start()
                self._dies_within(self.chance.uniform(0, LONGEST_LIFE_S) if how == "clock" else LONGEST_LIFE_S)
        self.kill()
        self.kills[how] += 1

    def _dies_within(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while self.lives and time.monotonic() < deadline:
            time.sleep(0.01)

    @contextmanager
    def _dying_at(self, how: str) -> Iterator[None]:
        """Have it killed just before or just after a vendor has done what it was told, before the answer is out."""
        if how in {"call", "write"}:
            self.sandbox.watch(self._executioner(how))
        yield
        self.sandbox.watch(None)

    def _executioner(self, how: str) -> Callable[[str, str, str, str], None]:
        left = self.chance.randint(1, LAST_CALLS if how == "call" else 2)
        when = self.chance.choice(["before", "after"])
        lock = threading.Lock()

        def see(vendor: str, verb: str, path: str, moment: str) -> None:
            nonlocal left
            is_write = vendor in PLATFORMS and verb in WRITES and not path.endswith("/auth/token")
            if moment != when or (how == "write" and not is_write):
                return
            with lock:
                left -= 1
                if left == 0:
                    self.kill()

        return see

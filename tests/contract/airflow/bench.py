"""An Airflow that a test may break and fix, whichever one it is: the sandbox's fake or a real server."""

import secrets
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from bot.adapters.airflow import AirflowServer, Credentials, connect
from bot.ports.airflow import TERMINAL_RUN_STATES, TaskInstance, TaskKey, Trigger

WAIT_SECONDS = 60
ATTEMPTS = 3
_FIRST = datetime(2026, 1, 2, tzinfo=UTC)  # the DAGs start the day before: an earlier run would do nothing
_SECONDS_TO_CHOOSE = 250 * 86400


class Account(NamedTuple):
    username: str
    password: str


class Bench(ABC):
    """A running server with the DAGs daily_load, mapped_load, slow, retried and filled.

    daily_load is extract → transform → load → report, mapped_load shards → load_shard[0..3] → publish,
    slow nap → after, retried fetch, which always fails and is tried three more times, filled one empty task a day.
    Every run has a partition (its run id unless given), by which it breaks.
    """

    pause = 0.05  # seconds between two looks
    op = Account("op", "op")
    viewer = Account("viewer", "viewer")
    daily, mapped, slow, retried, filled = "daily_load", "mapped_load", "slow", "retried", "filled"

    def __init__(self, url: str) -> None:
        self.url = url
        self.airflow = self.connect(self.op)
        self.version = self.airflow.version()

    @property
    def username(self) -> str:
        return self.op.username

    @property
    def password(self) -> str:
        return self.op.password

    @property
    def minor(self) -> tuple[int, ...]:
        return tuple(int(number) for number in self.version.split(".")[:2])

    @abstractmethod
    def break_(self, partition: str, shard: int | None = None) -> None:
        """From now on `load` fails for this partition; with a shard, that index of `load_shard` does."""

    @abstractmethod
    def fix(self, partition: str, shard: int | None = None) -> None:
        """From now on it succeeds again."""

    def connect(self, account: Account) -> AirflowServer:
        return connect("bench", self.url, Credentials(*account))

    def close(self) -> None:
        self.airflow.close()

    def trigger(self, dag_id: str, *, run_id: str = "", logical_at: datetime | None = None) -> str:
        """Start a run of its own partition; return its id."""
        run_id = run_id or f"test-{secrets.token_hex(6)}"
        self.airflow.trigger(Trigger(dag_id, run_id, logical_at, conf={"partition": run_id}))
        return run_id

    def trigger_failed_run(self, *, run_id: str = "", logical_at: datetime | None = None) -> TaskKey:
        """Return the failed `load` of a new run of daily_load; `report` behind it is upstream_failed."""
        run_id = run_id or f"test-{secrets.token_hex(6)}"
        self.break_(run_id)
        self.trigger(self.daily, run_id=run_id, logical_at=logical_at)
        assert self.ended(self.daily, run_id) == "failed"
        return TaskKey(self.daily, run_id, "load")

    @cached_property
    def failed_load(self) -> TaskKey:
        """The failed `load` of one run that many tests look at and none changes."""
        return self.trigger_failed_run()

    @cached_property
    def failed_shard(self) -> TaskKey:
        """The failed `load_shard[1]` of one run that many tests look at and none changes; the others went well."""
        return TaskKey(self.mapped, self.trigger_failed_shards(1), "load_shard", 1)

    def trigger_failed_shards(self, *shards: int) -> str:
        """Return the id of a run of mapped_load in which these shards failed and no other.

        A real server on a busy machine now and then loses a task of its own: then another run is tried.
        """
        lost: list[str] = []
        for _ in range(ATTEMPTS):
            run_id = f"test-{secrets.token_hex(6)}"
            for shard in shards:
                self.break_(run_id, shard)
            self.trigger(self.mapped, run_id=run_id)
            assert self.ended(self.mapped, run_id) == "failed"
            others = [each for each in self._shards(run_id) if each.key.map_index not in shards]
            if all(each.state == "success" for each in others):
                return run_id
            lost += (f"{each}: {self.airflow.error(each.key, each.try_number)}" for each in others)
        raise AssertionError("\n".join(lost))

    def _shards(self, run_id: str) -> list[TaskInstance]:
        found = self.airflow.task_instances(self.mapped, run_id)
        return [each for each in found if each.key.task_id == "load_shard"]

    def trigger_nap(self) -> TaskKey:
        """Return the running `nap` of a new run of slow."""
        key = TaskKey(self.slow, self.trigger(self.slow), "nap")
        self.wait(lambda: self.airflow.task_instance(key).state == "running")
        return key

    def trigger_retry(self) -> TaskKey:
        """Return the `fetch` of a new run of retried, which waits for its first retry."""
        key = TaskKey(self.retried, self.trigger(self.retried), "fetch")
        self.wait(lambda: self.airflow.task_instance(key).state == "up_for_retry")
        return key

    def ended(self, dag_id: str, run_id: str) -> str:
        """Wait until the run is over; return how it ended."""
        return self.wait(lambda: (state := self.airflow.run(dag_id, run_id).state) in TERMINAL_RUN_STATES and state)

    def wait(self, look: Callable[[], Any]) -> Any:
        """Ask again and again until `look` answers with something; return that."""
        deadline = time.monotonic() + WAIT_SECONDS
        while not (seen := look()):
            assert time.monotonic() < deadline, "it did not happen in time"
            time.sleep(self.pause)
        return seen


def some_moment() -> datetime:
    """Return a logical date that no other test uses: a random second."""
    return _FIRST + timedelta(seconds=secrets.randbelow(_SECONDS_TO_CHOOSE))

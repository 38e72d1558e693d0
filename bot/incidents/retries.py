"""What Airflow does about a failure by itself: which retry it makes, and when. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from bot.ports.airflow import ACTIVE_STATES, Task, TaskInstance

_WAITS = "up_for_retry"


@dataclass(frozen=True, slots=True)
class Retry:
    """The `number`-th of `of` retries: it waits until `at`, where that is known, or it runs."""

    number: int
    of: int
    is_waiting: bool
    at: datetime | None = None

    def to_json(self) -> dict[str, Any]:
        at = self.at.isoformat() if self.at else None
        return {"number": self.number, "of": self.of, "is_waiting": self.is_waiting, "at": at}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        at = datetime.fromisoformat(data["at"]) if data["at"] else None
        return cls(data["number"], data["of"], data["is_waiting"], at)


@dataclass(frozen=True, slots=True)
class Seen:
    """What Airflow has said of a failure that was not over.

    `gave_up`: it has failed for good since its alert, so that whatever ran later was started by somebody.
    """

    gave_up: bool
    retry: Retry | None = None

    @property
    def is_healing(self) -> bool:
        return self.retry is not None and not self.gave_up

    def to_json(self) -> dict[str, Any]:
        return {"gave_up": self.gave_up, "retry": self.retry.to_json() if self.retry else None}

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Self | None:
        """Return what `to_json` wrote; None where nothing was."""
        if data is None:
            return None
        return cls(data["gave_up"], Retry.from_json(data["retry"]) if data["retry"] else None)


def may_be_retry(instance: TaskInstance) -> bool:
    """Whether only the task's own settings can tell if this is one of its retries."""
    return instance.state == _WAITS or (instance.state in ACTIVE_STATES and instance.try_number > 1)


def retry_of(instances: Sequence[TaskInstance], task: Task | None) -> Retry | None:
    """Return the retry that these instances of one task make; of several the one that leaves the fewest to come.

    A clear by somebody adds tries: the task's own number of retries tells the first of those from a retry.
    """
    tried = [each for each in instances if may_be_retry(each)]
    if not tried:
        return None
    last = min(tried, key=lambda each: each.max_tries - each.try_number)
    is_waiting, of = last.state == _WAITS, task.retries if task else last.max_tries
    number = of - (last.max_tries - last.try_number) - (0 if is_waiting else 1)
    if not 1 <= number <= of:
        return None
    return Retry(number, of, is_waiting, _begins(last, task) if is_waiting else None)


def _begins(instance: TaskInstance, task: Task | None) -> datetime | None:
    """Return when a waiting retry may begin. A pause that grows has a part that only Airflow knows."""
    if task is None or task.retry_delay is None or task.retry_delay_grows or instance.ended_at is None:
        return None
    return instance.ended_at + task.retry_delay

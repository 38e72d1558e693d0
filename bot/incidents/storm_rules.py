"""When many new incidents of one channel are a storm, and when it is over. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class StormRules:
    """More than `threshold` incidents raised within `window` are a storm; after `quiet` without one it is over.

    Raised means opened or reopened; what is told with the incident that it follows from does not count.
    """

    threshold: int = 6
    window: timedelta = timedelta(minutes=1)
    quiet: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Storm:
    """A storm that has not been ended yet. `mentioned`: somebody has been mentioned for it."""

    id: str
    mentioned: bool


@dataclass(frozen=True, slots=True)
class Sky:
    """What is seen of a channel before an incident is raised in it.

    `newest_at` is when the last one was raised, `recent` how many were within the window, up to the threshold.
    """

    storm: Storm | None
    newest_at: datetime | None
    recent: int


@dataclass(frozen=True, slots=True)
class Calm:
    """The incident stands for itself. `over` is a storm that had ended before it came."""

    over: Storm | None = None


@dataclass(frozen=True, slots=True)
class Begins:
    """With this incident a storm begins."""

    over: Storm | None = None


@dataclass(frozen=True, slots=True)
class Lasts:
    """The incident came in a storm."""

    storm: Storm


Weather = Calm | Begins | Lasts


def weather(rules: StormRules, sky: Sky, at: datetime) -> Weather:
    """Return what an incident that is raised at `at` meets."""
    over = sky.storm if sky.storm and is_over(rules, sky.newest_at, at) else None
    if sky.storm and not over:
        return Lasts(sky.storm)
    return Begins(over) if sky.recent >= rules.threshold else Calm(over)


def is_over(rules: StormRules, newest_at: datetime | None, at: datetime) -> bool:
    return newest_at is None or at - newest_at >= rules.quiet

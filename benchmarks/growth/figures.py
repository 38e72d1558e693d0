"""What is timed on a filled store, and how the times grow."""

import gc
import itertools
import math
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from benchmarks.growth import history
from bot import timeline
from bot.app import App
from bot.delivery.catalog import render
from bot.handoff.model import Scope
from bot.handoff.queries import report
from bot.home.model import Part, Shown
from bot.incidents.asking import Question, answer
from bot.incidents.service import ref
from bot.store import Tx
from bot.store.tables import incidents
from bot.wiring.hours import working_hours

Asked = Callable[[Tx], object]
SEARCHES = (
    "orders",
    "orders_01 404",
    "dag:users_orders_02_daily all",
    "정산 전체 90d",
    "zzznothing all",
    "resolved 7d",
)


def asked(app: App) -> Mapping[str, Callable[[], Asked]]:
    """Return by name what gives the next thing to do, each time another one of its kind."""
    cards, words = itertools.cycle(_incidents(app)), itertools.cycle(SEARCHES)
    return {
        "home of the person on call": lambda: _home(app, history.ON_CALL, Part.ON_CALL),
        "home of a colleague": lambda: _home(app, history.COLLEAGUE, Part.MINE),
        "home, second page of incidents": lambda: _home(app, history.ON_CALL, Part.INCIDENTS, 1),
        "card with history": lambda: _card(app, next(cards)),
        "handoff of the last week": lambda: _handoff(app),
        "search": lambda: _search(app, next(words)),
    }


def _incidents(app: App) -> Sequence[str]:
    """Return incidents whose cards are asked for: the newest, and such as broke often and seldom, old and new."""

    def find(tx: Tx) -> list[str]:
        newest = tx.execute(select(incidents.c.id).order_by(incidents.c.id.desc()).limit(20)).scalars().all()
        prints = [history.fingerprint(number) for number in (0, 1, 2, 10, 100, 500, 1000, 2000)]
        ours = (
            tx.execute(select(incidents.c.id).where(incidents.c.fingerprint == each).order_by(incidents.c.id.desc()))
            .scalars()
            .first()
            for each in prints
        )
        return [*newest, *(each for each in ours if each)]

    return app.store.read(find)


def _home(app: App, user: str, part: Part, page: int = 0) -> Asked:
    return lambda tx: app.homes.render(tx, history.TEAM, user, Shown(part, page))


def _card(app: App, incident_id: str) -> Asked:
    def show(tx: Tx) -> object:
        return render(app.catalog, tx, ref(incident_id), app.readers.of_channel(tx, "ko")), timeline.history(
            tx, ref(incident_id)
        )

    return show


def _handoff(app: App) -> Asked:
    hours, week = working_hours(app.config), timedelta(weeks=1)
    scope = Scope(history.SCHEDULE, frozenset({history.ROUTE}), hours, frozenset(app.runbooks.topics))
    return lambda tx: report(tx, scope, history.NOW - week, history.NOW)


def _search(app: App, words: str) -> Asked:
    return lambda tx: answer(tx, Question.asked(words), app.readers.of_person(tx, history.TEAM, history.ON_CALL))


def timed(app: App, following: Callable[[], Asked], runs: int) -> dict[str, float]:
    """Return the median and the ninetieth percentile in milliseconds, warm.

    The time of the processor is what it would take on a machine that does nothing else; a server's own is not in it.
    """
    took, busy = [], []
    with _without_collecting():
        for number in range(runs + runs // 4):
            asked_for = following()
            begun, cpu = time.perf_counter(), time.thread_time()
            app.store.read(asked_for)
            if number >= runs // 4:
                took.append((time.perf_counter() - begun) * 1000)
                busy.append((time.thread_time() - cpu) * 1000)
    p90 = sorted(took)[math.ceil(len(took) * 0.9) - 1]
    figures = {"median_ms": statistics.median(took), "p90_ms": p90, "processor_median_ms": statistics.median(busy)}
    return {name: round(value, 2) for name, value in figures.items()}


@contextmanager
def _without_collecting() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def exponent(sizes: Sequence[int], times: Sequence[float]) -> float | None:
    """Return the slope of the times over the sizes, both as logarithms: 0 is constant, 1 is proportional."""
    if len(sizes) < 2:
        return None
    fitted = statistics.linear_regression([math.log(size) for size in sizes], [math.log(time) for time in times])
    return round(fitted.slope, 3)


def summary(measured: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return by name how each time grows."""
    sizes = [each["incidents"] for each in measured]
    names = measured[0]["times"]
    return {name: exponent(sizes, [each["times"][name]["median_ms"] for each in measured]) for name in names}

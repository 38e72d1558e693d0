"""Stretches of Slack's history that are to be read afterwards, and what of them nobody has seen, or ever will."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select

from bot import outages
from bot.ports.errors import VendorError
from bot.store import Store, Tx
from bot.store.tables import catch_ups
from bot.store.upsert import insert_if_new, upsert

log = structlog.get_logger()

ON_ITS_WAY = timedelta(minutes=1)  # so long an event may still come by itself
PATIENCE = timedelta(minutes=10)  # so long what is unread is about to be read; then it is told as unseen


@dataclass(frozen=True, slots=True)
class Gap:
    """What is to be read. From `left`, up to when the history is known, to `since` is too long ago to be read."""

    left: datetime
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class History:
    """The history of a channel for one purpose: what it was compared under, and whose outage its holes are."""

    name: str
    source: str

    @classmethod
    def of_alerts(cls, channel: str) -> "History":
        return cls(channel, f"slack:{channel}")

    @classmethod
    def of_requests(cls, channel: str) -> "History":
        return cls(f"asked:{channel}", f"asked:{channel}")


def tell_unread(tx: Tx, histories: Iterable[History], now: datetime) -> None:
    """Write down as unseen what nobody has read for a while, as when Baton begins after it was away."""
    for history in histories:
        left = _compared_until(tx, history)
        if left and now - left > PATIENCE:
            outages.failed(tx, history.source, left, "not read yet")


@contextmanager
def reading(
    store: Store, history: History, now: datetime, reach: timedelta, first: datetime | None = None
) -> Iterator[Gap]:
    """Give what is to be read of a history: from `first`, or from now, where it never was.

    Once it was read no hole lasts; what was further back than `reach` is one for good. While Slack refuses, all that
    is unread is one: the caller's VendorError goes on.
    """
    gap = _gap(store, history, now, reach, first)
    try:
        yield gap
    except VendorError as error:
        is_told, problem = now - gap.left > PATIENCE, str(error)
        store.write(lambda tx: _was_refused(tx, history, gap, problem if is_told else None))
        raise
    store.write(lambda tx: _was_read(tx, history, gap))


def _gap(store: Store, history: History, now: datetime, reach: timedelta, first: datetime | None) -> Gap:
    until = now - ON_ITS_WAY
    left = store.read(lambda tx: _compared_until(tx, history)) or first or until
    if left < until - reach:
        log.warning("not all read afterwards", history=history.name, unread_from=left, read_from=until - reach)
    return Gap(left, max(left, until - reach), until)


def _compared_until(tx: Tx, history: History) -> datetime | None:
    query = select(catch_ups.c.read_until).where(catch_ups.c.channel == history.name)
    return tx.execute(query).scalar()


def _was_refused(tx: Tx, history: History, gap: Gap, problem: str | None) -> None:
    """Tell the problem, if any. What was never read is unread from the first refusal on."""
    insert_if_new(tx, catch_ups, {"channel": history.name, "read_until": gap.left}, key=["channel"])
    if problem is not None:
        outages.failed(tx, history.source, gap.left, problem)


def _was_read(tx: Tx, history: History, gap: Gap) -> None:
    outages.made_up(tx, history.source)
    if gap.left < gap.since:
        outages.missed(tx, history.source, gap.left, gap.since, "read too late")
    row = {"channel": history.name, "read_until": max(gap.since, gap.until)}
    upsert(tx, catch_ups, [row], key=["channel"])

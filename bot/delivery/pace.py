"""Slack takes about one message a second in a channel: each channel's next moment is a row, shared by all workers."""

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.store import Tx
from bot.store.claim import Claim, finish
from bot.store.tables import pace
from bot.store.upsert import upsert

BETWEEN = timedelta(seconds=1)  # docs.slack.dev/apis/web-api/rate-limits


def take_turn(tx: Tx, channel: str, now: datetime) -> datetime | None:
    """Take the channel's turn and return None, or return when the next turn is."""
    next_at: datetime | None = tx.execute(
        select(pace.c.next_post_at).where(pace.c.channel == channel).with_for_update()
    ).scalar()
    if next_at is not None and next_at > now:
        return next_at
    _set(tx, channel, now + BETWEEN)
    return None


def hold(tx: Tx, channel: str, until: datetime, claim: Claim) -> None:
    """Let nobody post in the channel before `until`, since Slack said so, and give the row back until then."""
    _set(tx, channel, until)
    finish(tx, claim, due_at=until)


def _set(tx: Tx, channel: str, at: datetime) -> None:
    upsert(tx, pace, [{"channel": channel, "next_post_at": at}], key=["channel"])

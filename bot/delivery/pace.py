"""Slack takes about one message a second in a channel: each channel's next moment is a row, shared by all workers."""

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.store import Tx
from bot.store.claim import Claim, release
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
    postpone(tx, claim, until)


def postpone(tx: Tx, claim: Claim, until: datetime) -> None:
    """Give the row back as if it had not been claimed: nothing was sent.

    The attempts stay what they were, since a row that was tried before is looked for in Slack before it is posted.
    """
    release(tx, claim, due_at=until, attempts=claim.attempts - 1)


def _set(tx: Tx, channel: str, at: datetime) -> None:
    upsert(tx, pace, [{"channel": channel, "next_post_at": at}], key=["channel"])

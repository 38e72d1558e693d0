"""Slack takes about one post a second in a channel, fifty edits and a hundred Homes a minute: each has a row.

All workers share the rows. Who must wait gets a turn of its own and comes back for it, so that what is new never loses
against what changes all the time, and nobody asks twice.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.store import Tx
from bot.store.claim import Claim, release
from bot.store.tables import pace
from bot.store.upsert import upsert

BETWEEN_POSTS = timedelta(seconds=1)  # docs.slack.dev/apis/web-api/rate-limits: chat.postMessage, each channel
BETWEEN_EDITS = timedelta(seconds=1.2)  # chat.update is of tier 3: 50 a minute over all channels
BETWEEN_HOMES = timedelta(seconds=0.6)  # views.publish is of tier 4: 100 a minute over all people
EDITS, HOMES = "edits", "homes"
"""The rows of the edits and of the Homes, where posts have their channel's."""

_BETWEEN = {EDITS: BETWEEN_EDITS, HOMES: BETWEEN_HOMES}


def wait_for_turn(tx: Tx, where: str, claim: Claim, now: datetime) -> bool:
    """Return whether the claimed row must wait: then it is given back until a turn that is its own from now on."""
    row = tx.execute(select(pace).where(pace.c.channel == where).with_for_update()).first()
    held_until = row.held_until if row and row.held_until and row.held_until > now else None
    mine = claim.row.turn_at
    if mine is not None and mine <= now and held_until is None:
        return False
    turn = max(now, row.next_post_at if row else now, held_until or now)
    _set(tx, where, next_post_at=turn + _BETWEEN.get(where, BETWEEN_POSTS))
    if turn <= now:
        return False
    postpone(tx, claim, turn, turn_at=turn)
    return True


def hold(tx: Tx, where: str, until: datetime, claim: Claim) -> None:
    """Let nobody post there before `until`, since Slack said so; the claimed row is the first to try again."""
    _set(tx, where, next_post_at=until + _BETWEEN.get(where, BETWEEN_POSTS), held_until=until)
    postpone(tx, claim, until, turn_at=until)


def postpone(tx: Tx, claim: Claim, until: datetime, **values: datetime) -> None:
    """Give the row back as if it had not been claimed: nothing was sent.

    The attempts stay what they were, since a row that was tried before is looked for in Slack before it is posted.
    """
    release(tx, claim, due_at=until, attempts=claim.attempts - 1, **values)


def _set(tx: Tx, where: str, **moments: datetime) -> None:
    upsert(tx, pace, [{"channel": where, **moments}], key=["channel"])

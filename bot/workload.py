"""Whom Baton called, when, and on whose clock: what a person on call was interrupted by."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, insert, select

from bot.ref import Ref, new_id
from bot.store import Tx
from bot.store.tables import interruptions, people

_MILLISECONDS = 11  # characters at the beginning of an id, which sorts by time


class Interruption(StrEnum):
    """Words that are kept in the store."""

    MENTION = "mention"
    PAGE = "page"
    REQUEST = "request"
    APPROVAL = "approval"


def interrupted(
    tx: Tx, at: datetime, users: Iterable[str], kind: Interruption, ref: Ref, *, schedule: str = ""
) -> None:
    """Write down that these users or groups of Slack were called aloud, each once, with the zone that they are in.

    `at` is business time. Without a schedule it counts for every schedule that they are on call for.
    """
    called = tuple(dict.fromkeys(users))
    if not called:
        return
    known = tx.execute(select(people.c.user, people.c.zone).where(people.c.user.in_(called))).all()
    zones = {row.user: row.zone for row in known}
    tx.execute(
        insert(interruptions),
        [
            {
                "id": new_id(at),
                "at": at,
                "user": user,
                "zone": zones.get(user, ""),
                "kind": kind.value,
                "ref": str(ref),
                "schedule": schedule,
            }
            for user in called
        ],
    )


def spared(tx: Tx, refs: Iterable[Ref], since: datetime) -> None:
    """Forget the calls for these things from `since` on, which were taken back before anybody was called."""
    told = [str(ref) for ref in refs]
    if told:
        newer = interruptions.c.id >= new_id(since)[:_MILLISECONDS], interruptions.c.at >= since
        tx.execute(delete(interruptions).where(*newer, interruptions.c.ref.in_(told)))

"""When a Home is shown anew: opened, pressed on, or lately looked at and no longer true.

Nobody who changes what a Home shows need know of it: those opened lately are looked at by the clock, and shown anew
where they differ.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import func, null, select, tuple_, update

from bot.home import rules
from bot.home.model import Part, Shown
from bot.store import Tx
from bot.store.claim import CHANGED, NEW
from bot.store.tables import homes
from bot.store.upsert import insert_if_new

MOST_AT_ONCE = 40  # Homes that one look of the clock takes on; the others follow at the next


def opened(tx: Tx, team: str, user: str, channel: str, now: datetime, *, is_empty: bool) -> None:
    """Have the Home of somebody who opens it shown now. `is_empty`: Slack says that it shows them nothing yet."""
    row = {"team": team, "user": user, "channel": channel, "opened_at": now}
    first = row | {"part": Part.OVERVIEW.value, "page": 0, "wanted": 1, "due_at": NEW, "attempts": 0, "version": 0}
    if insert_if_new(tx, homes, first, key=["team", "user"]):
        return
    before = tx.execute(select(homes).where(*_of(team, user))).one()
    shown = rules.opened(shown_of(before), before.opened_at, now)
    nothing = {"shown_digest": null(), "view_hash": null()} if is_empty else {}
    _show(tx, team, user, now, channel=channel, part=shown.part.value, page=shown.page, **nothing)


def pressed(tx: Tx, team: str, user: str, now: datetime) -> None:
    """Have the Home shown anew on which this person has pressed something."""
    _show(tx, team, user, now)


def turn(tx: Tx, team: str, user: str, word: str, now: datetime) -> None:
    """Show another page or part on this person's Home."""
    row = tx.execute(select(homes).where(*_of(team, user)).with_for_update()).first()
    if row is not None:
        shown = rules.turned(shown_of(row), word)
        _show(tx, team, user, now, part=shown.part.value, page=shown.page)


def want(tx: Tx, team: str, user: str, now: datetime) -> None:
    """Have this person's Home looked at now, if they opened it lately."""
    lately = homes.c.opened_at >= now - rules.LATELY
    tx.execute(update(homes).where(*_of(team, user), lately).values(**_again(CHANGED)))


def look_again(tx: Tx, now: datetime) -> int:
    """Have the Homes that were opened lately looked at, the longest unlooked first; return how many."""
    lately = homes.c.opened_at >= now - rules.LATELY, homes.c.due_at.is_(None)
    longest = select(homes.c.team, homes.c.user).where(*lately).order_by(homes.c.looked_at.asc().nulls_first())
    chosen = [tuple(row) for row in tx.execute(longest.limit(MOST_AT_ONCE))]
    which = tuple_(homes.c.team, homes.c.user).in_(chosen)
    return tx.execute(update(homes).where(which).values(**_again(CHANGED))).rowcount if chosen else 0


def shown_of(row: Any) -> Shown:
    """Return what a row says is shown; a part of another version is the overview."""
    return Shown(Part(row.part), row.page) if row.part in set(Part) else Shown()


def channel_of(tx: Tx, team: str, user: str) -> str:
    """Return where Baton and this person write to each other; empty before they have opened their Home."""
    return tx.execute(select(homes.c.channel).where(*_of(team, user))).scalar() or ""


def _show(tx: Tx, team: str, user: str, now: datetime, **values: Any) -> None:
    tx.execute(update(homes).where(*_of(team, user)).values(**_again(NEW), opened_at=now, **values))


def _again(due_at: datetime) -> dict[str, Any]:
    """Return what has a row claimed: whoever holds it sees that more was wanted meanwhile."""
    return {"wanted": homes.c.wanted + 1, "due_at": func.coalesce(homes.c.due_at, due_at), "problem": None}


def _of(team: str, user: str) -> tuple[Any, ...]:
    return homes.c.team == team, homes.c.user == user

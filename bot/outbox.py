"""What Slack shall show: cards, notes, replies and files are wanted here as rows, and delivered by `bot.delivery`.

Wanting is part of the domain's own transaction, so that nothing is shown that did not happen, and nothing that
happened stays unshown.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from bot.ref import Ref, new_id
from bot.store import Tx
from bot.store.claim import CHANGED, NEW
from bot.store.prepared import Prepared
from bot.store.tables import cards, files, notes, replies
from bot.store.upsert import insert_if_new
from bot.text import Mention, Text, to_json


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing is shown, and in which language.

    `under` names the card in whose thread it goes, posted or not yet; `state_on_ts` is a tool's own message that
    carries the state as a reaction.
    """

    channel: str
    thread_ts: str | None = None
    language: str = "en"
    under: Ref | None = None
    state_on_ts: str | None = None


def thread_of(tx: Tx, ref: Ref) -> Place | None:
    """Return the place for follow-ups of a card: its thread. None where there is no such card."""
    row = tx.execute(select(cards.c.channel, cards.c.language).where(cards.c.ref == str(ref))).first()
    return Place(row.channel, language=row.language, under=ref) if row else None


def want_card(tx: Tx, ref: Ref, place: Place | None = None) -> None:
    """Have the card of `ref` shown as the thing is when it is delivered.

    The first call needs a place; later ones only say that something changed.
    """
    if place is not None and insert_if_new(tx, cards, _first(ref, place), key=["ref"]):
        return
    _WANT_AGAIN.count(tx, of=str(ref))


_WANT_AGAIN = Prepared(
    lambda _: (
        update(cards)
        .where(cards.c.ref == bindparam("of"))
        .values(wanted=cards.c.wanted + 1, due_at=func.coalesce(cards.c.due_at, CHANGED), problem=None)
    )
)


def is_still_to_post(tx: Tx, ref: Ref) -> bool:
    """Whether nobody has begun to post the card yet: who will, sees what this transaction writes, and waits for it."""
    row = tx.execute(
        select(cards.c.ts, cards.c.lease_owner, cards.c.attempts).where(cards.c.ref == str(ref)).with_for_update()
    ).first()
    return row is not None and row.ts is None and row.lease_owner is None and row.attempts == 0


def _first(ref: Ref, place: Place) -> dict[str, Any]:
    return {
        **_where(ref, place),
        "state_on_ts": place.state_on_ts,
        "wanted": 1,
        "shown": 0,
        "due_at": NEW,
        "attempts": 0,
        "version": 0,
    }


@dataclass(frozen=True, slots=True)
class Button:
    """What a note offers to press; `value` is the id of the thing that it is about."""

    action_id: str
    value: str
    words: Text

    def to_json(self) -> dict[str, Any]:
        return {"action_id": self.action_id, "value": self.value, "words": to_json(self.words)}


def add_note(
    tx: Tx,
    ref: Ref,
    now: datetime,
    place: Place,
    body: Text,
    *,
    mention: tuple[Mention, ...] = (),
    buttons: tuple[Button, ...] = (),
) -> None:
    """Post a message once into the thread of `ref`: a page, a verdict, what must not be missed."""
    offered = [button.to_json() for button in buttons]
    row = {
        "id": new_id(now),
        **_where(ref, place),
        "body": {"text": to_json(body), "mention": to_json(mention), "buttons": offered},
        "due_at": NEW,
    }
    tx.execute(insert(notes), row)


@dataclass(frozen=True, slots=True)
class Recipient:
    """One person to answer, by the response URL of what they pressed or typed where there is one.

    Slack takes five answers in 30 minutes there.
    """

    team: str
    user: str
    channel: str | None = None
    response_url: str | None = None


def add_reply(tx: Tx, to: Recipient, now: datetime, body: Text) -> None:
    """Tell one person something that only they see. It is given up after some tries: never the only record."""
    row = {
        "id": new_id(now),
        "team": to.team,
        "user": to.user,
        "channel": to.channel,
        "response_url": to.response_url,
        "body": to_json(body),
        "due_at": NEW,
    }
    tx.execute(insert(replies), row)


def add_file(tx: Tx, ref: Ref, now: datetime, place: Place, *, name: str, title: Text, content: bytes) -> None:
    """Attach a file to the thread of `ref`."""
    row = {
        "id": new_id(now),
        **_where(ref, place),
        "name": name,
        "title": to_json(title),
        "content": content,
        "due_at": NEW,
    }
    tx.execute(insert(files), row)


def _where(ref: Ref, place: Place) -> dict[str, Any]:
    return {
        "ref": str(ref),
        "channel": place.channel,
        "thread_ts": place.thread_ts,
        "under": str(place.under) if place.under else None,
        "language": place.language,
    }

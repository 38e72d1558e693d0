"""What Slack shall show: cards, notes, replies and files are wanted here as rows, and delivered by `bot.delivery`.

Wanting is part of the domain's own transaction, so that nothing is shown that did not happen, and nothing that
happened stays unshown.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Update, bindparam, func, insert, null, select, update

from bot.ref import Ref, new_id
from bot.store import Tx
from bot.store.claim import CHANGED, NEW
from bot.store.prepared import Prepared
from bot.store.tables import cards, files, notes, replies
from bot.store.upsert import insert_if_new
from bot.text import Mention, MessageLink, Text, to_json


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thing is shown, and in which language; a user (`U…`) for a channel is written to directly, in theirs.

    `channel` may be a person's id: then a card goes into the direct messages with them.
    `under` names the card in whose thread it goes, posted or not yet; `state_on_ts` is a tool's own message that
    carries the state as a reaction. With `part_of` it is shown on that card, until it shall stand alone.
    """

    channel: str
    thread_ts: str | None = None
    language: str = "en"
    under: Ref | None = None
    state_on_ts: str | None = None
    part_of: Ref | None = None


def thread_of(tx: Tx, ref: Ref) -> Place | None:
    """Return the place for follow-ups of a card: the thread of the message that shows it. None: no such card."""
    row = tx.execute(select(cards.c.channel, cards.c.language, cards.c.part_of).where(cards.c.ref == str(ref))).first()
    if row is not None and row.part_of:
        return thread_of(tx, Ref.parse(row.part_of))
    return Place(row.channel, language=row.language, under=ref) if row else None


def link_to(tx: Tx, ref: Ref, label: Text) -> MessageLink | None:
    """Return a link to the message that shows a card, None where it is not posted yet."""
    row = tx.execute(select(cards).where(cards.c.ref == str(ref))).first()
    if row is not None and row.part_of:
        return link_to(tx, Ref.parse(row.part_of), label)
    return MessageLink(row.shown_channel, row.ts, label, row.root_ts) if row is not None and row.ts else None


def link_to_thread(tx: Tx, ref: Ref, label: Text) -> MessageLink | None:
    """Return a link to the message in whose thread a card goes, which is there before the card is."""
    row = tx.execute(select(cards).where(cards.c.ref == str(ref))).first()
    return MessageLink(row.channel, row.thread_ts, label) if row is not None and row.thread_ts else None


def want_card(tx: Tx, ref: Ref, place: Place | None = None) -> None:
    """Have the card of `ref` shown as the thing is when it is delivered.

    The first call needs a place; later ones only say that something changed, on the card that it is part of if any.
    """
    if place is not None and insert_if_new(tx, cards, _first(ref, place), key=["ref"]):
        return
    _WANT_AGAIN.count(tx, of=str(ref))


def want_own_card(tx: Tx, ref: Ref) -> None:
    """As `want_card`, for what changes with each alert: a card that shows many is not written for each of theirs.

    Whoever keeps such a card looks for itself what changed. As one row that every process writes, it would hold
    them all up.
    """
    _WANT_OWN_AGAIN.count(tx, of=str(ref))


def times_wanted(tx: Tx, ref: Ref) -> int:
    """Return how often the card was wanted, which tells whether the thing changed meanwhile; 0 without a card."""
    return tx.execute(select(cards.c.wanted).where(cards.c.ref == str(ref))).scalar() or 0


def whole_of(tx: Tx, ref: Ref) -> Ref | None:
    """Return the card that shows this one, None where it stands alone."""
    part_of = tx.execute(select(cards.c.part_of).where(cards.c.ref == str(ref))).scalar()
    return Ref.parse(part_of) if part_of else None


def show_on(tx: Tx, refs: Collection[Ref], whole: Ref) -> list[Ref]:
    """Have cards of which nothing was sent yet shown as parts of `whole` instead; return which those are."""
    unsent = cards.c.ts.is_(None), cards.c.attempts == 0, cards.c.lease_owner.is_(None), cards.c.part_of.is_(None)
    mine = cards.c.ref.in_([str(ref) for ref in refs])
    taken = update(cards).where(mine, *unsent).values(part_of=str(whole), due_at=None).returning(cards.c.ref)
    return [Ref.parse(ref) for ref in tx.execute(taken).scalars()]


def move(tx: Tx, ref: Ref, whole: Ref) -> bool:
    """Have a card that is part of another shown on `whole` instead; return whether it was such a one."""
    mine = (cards.c.ref == str(ref)) & cards.c.part_of.is_not(None)
    return tx.execute(update(cards).where(mine).values(part_of=str(whole))).rowcount == 1


def stand_alone(tx: Tx, ref: Ref) -> bool:
    """Have a card that was part of another posted by itself; return whether it was such a one."""
    return _STAND_ALONE.count(tx, of=str(ref)) == 1


def _again(*which: ColumnElement[bool]) -> Update:
    due_at = func.coalesce(cards.c.due_at, CHANGED)
    return update(cards).where(*which).values(wanted=cards.c.wanted + 1, due_at=due_at, problem=None)


_OF = bindparam("of", type_=cards.c.ref.type)
_part = cards.alias()
_WHOLE = func.coalesce(select(_part.c.part_of).where(_part.c.ref == _OF).scalar_subquery(), _OF)

_WANT_AGAIN = Prepared(lambda _: _again(cards.c.ref == _WHOLE, cards.c.part_of.is_(None)))
_WANT_OWN_AGAIN = Prepared(lambda _: _again(cards.c.ref == _OF, cards.c.part_of.is_(None)))
_STAND_ALONE = Prepared(
    lambda _: (
        update(cards)
        .where(cards.c.ref == _OF, cards.c.part_of.is_not(None))
        .values(part_of=null(), wanted=cards.c.wanted + 1, due_at=NEW)
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
        "part_of": str(place.part_of) if place.part_of else None,
        "wanted": 1,
        "shown": 0,
        "due_at": None if place.part_of else NEW,
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

    Slack takes five answers in 30 minutes there. Else the answer is seen in the channel, in the thread if one is given.
    """

    team: str
    user: str
    channel: str | None = None
    response_url: str | None = None
    thread_ts: str | None = None


def add_reply(tx: Tx, to: Recipient, now: datetime, body: Text) -> None:
    """Tell one person something that only they see. It is given up after some tries: never the only record."""
    _reply(tx, to, now, to_json(body))


def add_invitation(tx: Tx, to: Recipient, now: datetime, body: Text, *, unless_in: str) -> None:
    """Write to one person directly, unless they are in this channel: then they have seen it there."""
    _reply(tx, to, now, {"invitation": to_json(body), "unless_in": unless_in})


def add_page(tx: Tx, to: Recipient, now: datetime, page: str, question: str) -> None:
    """Show one person another page in the place of the one on which they pressed; `bot.delivery.replies` makes it."""
    _reply(tx, to, now, {"page": page, "question": question})


def _reply(tx: Tx, to: Recipient, now: datetime, body: Mapping[str, Any]) -> None:
    row = {
        "id": new_id(now),
        "team": to.team,
        "user": to.user,
        "channel": to.channel,
        "thread_ts": to.thread_ts,
        "response_url": to.response_url,
        "body": body,
        "due_at": NEW,
    }
    tx.execute(insert(replies), row)


def add_file(
    tx: Tx,
    ref: Ref,
    now: datetime,
    place: Place,
    *,
    name: str,
    title: Text,
    content: bytes,
    alt: Text | None = None,
) -> None:
    """Attach a file to the thread of `ref`; `alt` says what a picture shows to whoever does not see it."""
    row = {
        "id": new_id(now),
        **_where(ref, place),
        "name": name,
        "title": to_json(title),
        "alt": to_json(alt) if alt else None,
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

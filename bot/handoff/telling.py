"""What people are told around a handoff: the draft, the post, the reminder. Each is wanted once, with its state."""

from datetime import datetime

from sqlalchemy import update

from bot import outbox, timeline
from bot.actor import BATON
from bot.handoff import rows
from bot.handoff.life import Desk, Handoff, State, users
from bot.outbox import Button, Place
from bot.store import Tx
from bot.store.tables import handoffs
from bot.text import Mention, text


def ask_for_draft(tx: Tx, desk: Desk, handoff: Handoff, now: datetime) -> None:
    """Write to the outgoing person directly; where nobody of them is certain in Slack, ask who stands in.

    Asked before, for an end that has moved since, they are told so: a card that is edited calls nobody.
    """
    known, draft = users(handoff.outgoing), rows.draft_ref(handoff.id)
    if known:
        place = Place(known[0], language=desk.language)
        if outbox.thread_of(tx, draft) is not None:
            _ask_again(tx, place, handoff, now)
        outbox.want_card(tx, draft, place)
        return
    outbox.add_note(
        tx,
        rows.card_ref(handoff.id),
        now,
        Place(desk.channel, language=desk.language),
        text("handoff.note.nobody_to_ask", who=tuple(each.name for each in handoff.outgoing)),
        mention=(Mention(desk.fallback, notify=True),),
        buttons=(Button("handoff.write", handoff.id, text("button.handoff.write")),),
    )


def _ask_again(tx: Tx, place: Place, handoff: Handoff, now: datetime) -> None:
    said = text("handoff.note.end_moved", schedule=handoff.schedule, at=handoff.boundary_at or now)
    verbs = ("handoff.write", "handoff.sign")
    buttons = tuple(Button(verb, handoff.id, text(f"button.{verb}")) for verb in verbs)
    outbox.add_note(tx, rows.draft_ref(handoff.id), now, place, said, buttons=buttons)


def post(tx: Tx, desk: Desk, handoff: Handoff, now: datetime) -> None:
    """Have the handoff posted, signed or not."""
    is_signed = handoff.signed_at is not None
    changed = {"state": State.POSTED, "posted_at": now, "posted_signed": is_signed}
    tx.execute(update(handoffs).where(handoffs.c.id == handoff.id).values(**changed))
    ref = rows.card_ref(handoff.id)
    outbox.want_card(tx, ref, Place(desk.channel, language=desk.language))
    outbox.want_card(tx, rows.draft_ref(handoff.id))
    timeline.record(tx, ref, now, BATON, text("handoff.timeline.posted" if is_signed else "handoff.timeline.unsigned"))


def remind(tx: Tx, desk: Desk, handoff: Handoff, now: datetime) -> None:
    """Remind whoever takes over, once, in the handoff's thread."""
    ref = rows.card_ref(handoff.id)
    place = outbox.thread_of(tx, ref)
    if place is not None:
        called = users(handoff.incoming)[:1] or (desk.fallback,)
        mention = tuple(Mention(each, notify=True) for each in called)
        outbox.add_note(tx, ref, now, place, text("handoff.note.unaccepted"), mention=mention)

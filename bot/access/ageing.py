"""What time does to grants: they end, and say so before."""

from datetime import datetime

from bot import outbox
from bot.access import queries, rules, service
from bot.access.model import Grant
from bot.access.telling import concerned, what
from bot.outbox import Button
from bot.store import Tx
from bot.text import text


def let_time_pass(tx: Tx, now: datetime) -> int:
    """Begin to end what is past its time, and tell of what ends soon; return how many were ended."""
    ended = service.expire(tx, now)
    for grant in queries.not_reminded(tx, now + rules.REMIND_BEFORE):
        if rules.remind_at(grant) <= now:
            _remind(tx, grant, now)
    return ended


def _remind(tx: Tx, grant: Grant, now: datetime) -> None:
    place = outbox.thread_of(tx, grant.ref)
    if not queries.note(tx, grant, reminded_at=now) or place is None:
        return
    said = text("grant.note.ends_soon", what=what(grant), until=grant.expires_at)
    longer = Button("grant.extend", grant.id, text("button.grant.extend"))
    back = Button("grant.end", grant.id, text("button.grant.give_back"))
    outbox.add_note(tx, grant.ref, now, place, said, mention=concerned(grant), buttons=(longer, back))

"""Tells each change of shift once, and has the user groups and topics follow it.

It is looked for with each answer of the provider and every few seconds: a planned handover happens on time between
two answers. What was told last is a row, changed in the same transaction as the note is wanted in.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, update

from bot import outbox
from bot.oncall import change_rules, change_words, history, mirrors, rules, snapshots
from bot.oncall.change_rules import Changed, Kind, Standing
from bot.oncall.model import Covered, Duty, Engineer, Snapshot
from bot.oncall.queries import candidates
from bot.oncall.telling import Watch
from bot.ports.paging import Nobody, Responder, Somebody
from bot.ports.shifts import Window, on_call_at
from bot.ref import Ref
from bot.store import Tx
from bot.store.tables import shifts_told
from bot.store.upsert import insert_if_new
from bot.text import Mention, Text

_MOMENT = timedelta(microseconds=1)


def ref(schedule: str) -> Ref:
    return Ref("schedule", schedule)


def follow(tx: Tx, watch: Watch, schedule: str, now: datetime) -> bool:
    """Tell of a change of who is on call since it was told last, if it is certain; return whether there was one.

    The first answer ever is where it begins: nobody is told.
    """
    told = _told(tx, schedule)  # before the answer is read: who waited for another's turn sees what that one saw
    snapshot = snapshots.load(tx, schedule)
    if snapshot is None:
        return False
    answer, duty = rules.believed(snapshot, now), watch.roster.duty(tx, schedule, now)
    if not isinstance(answer, Somebody | Nobody):
        return told is not None and _doubt(tx, watch, duty, snapshot, told, now)
    if not change_rules.is_certain(snapshot, answer, _engineers(duty)):
        return False
    if told is None:
        _begin(tx, duty, answer, now)
        return False
    change = change_rules.changed(_standing(told), answer, snapshot.shifts, now)
    if change is None:
        return False
    left = _left(tx, told, schedule, change.now.since)
    _keep(tx, told, change.now, duty)
    mirrors.want(tx, watch, schedule)
    _say(tx, watch, schedule, _words(duty, change, left, told, now), change_words.called(duty, left), now)
    return True


def is_due(tx: Tx, schedule: str, now: datetime) -> bool:
    """Tell whether `follow` would have something to say or to begin: a look that writes nothing."""
    snapshot = snapshots.load(tx, schedule)
    told = tx.execute(select(shifts_told).where(shifts_told.c.schedule == schedule)).first()
    if snapshot is None or told is None:
        return snapshot is not None
    answer, standing = rules.believed(snapshot, now), _standing(told)
    if isinstance(answer, Somebody | Nobody):
        return change_rules.keys_of(answer) != standing.keys
    return change_rules.unconfirmed(snapshot, standing, now) not in {None, told.unconfirmed_at}


def _words(duty: Duty, change: Changed, left: Sequence[Engineer], told: Row[Any], now: datetime) -> Text:
    kind = change.kind
    if kind is Kind.COVER and told.cover_of is not None:
        left = [_engineer(each) for each in told.people["covered"]]
    return change_words.told(duty, kind, left, change.now.since, now)


def _doubt(tx: Tx, watch: Watch, duty: Duty, snapshot: Snapshot, told: Row[Any], now: datetime) -> bool:
    """Tell once that a planned change has come while the provider does not answer; whoever is known stays."""
    at = change_rules.unconfirmed(snapshot, _standing(told), now)
    if at in {None, told.unconfirmed_at}:
        return False
    mine = shifts_told.c.schedule == duty.schedule
    tx.execute(update(shifts_told).where(mine).values(unconfirmed_at=at))
    planned = on_call_at(snapshot.shifts, at, Window(snapshot.fetched_at, snapshot.known_until))
    people = _named(tx, watch, planned.responders) if isinstance(planned, Somebody) else ()
    words = change_words.unconfirmed(duty, people, at, snapshot.known_at)
    _say(tx, watch, duty.schedule, words, (), now)
    return True


def _named(tx: Tx, watch: Watch, responders: Sequence[Responder]) -> tuple[Engineer, ...]:
    identities = watch.roster.identities
    known = candidates(tx, responders, identities)
    return tuple(rules.engineer(responder, identities, known) for responder in responders)


def _begin(tx: Tx, duty: Duty, answer: Somebody | Nobody, now: datetime) -> None:
    """Write down what the first answer says."""
    people = {"keys": list(change_rules.keys_of(answer)), "now": _written(_engineers(duty)), "covered": []}
    row = {"schedule": duty.schedule, "people": people, "since": answer.since or now, "cover_of": None}
    insert_if_new(tx, shifts_told, row, key=["schedule"])


def _told(tx: Tx, schedule: str) -> Row[Any] | None:
    """Return what was told last, None before the first answer; whoever looks at the same time waits for us."""
    return tx.execute(select(shifts_told).where(shifts_told.c.schedule == schedule).with_for_update()).first()


def _standing(told: Row[Any]) -> Standing:
    cover_of = tuple(told.cover_of) if told.cover_of is not None else None
    return Standing(tuple(told.people["keys"]), told.since, cover_of)


def _left(tx: Tx, told: Row[Any], schedule: str, since: datetime) -> tuple[Engineer, ...]:
    """Return who was on call just before, by the history; after an outage that need not be who was told last."""
    before = history.stints(tx, schedule, since - _MOMENT, since)
    return before[-1].engineers or tuple(_engineer(each) for each in told.people["now"])


def _keep(tx: Tx, told: Row[Any], standing: Standing, duty: Duty) -> None:
    covered = told.people["now"] if told.cover_of is None else told.people["covered"]
    people = {
        "keys": list(standing.keys),
        "now": _written(_engineers(duty)),
        "covered": covered if standing.cover_of is not None else [],
    }
    values = {"people": people, "since": standing.since, "cover_of": standing.cover_of}
    tx.execute(update(shifts_told).where(shifts_told.c.schedule == told.schedule).values(values))


def _say(tx: Tx, watch: Watch, schedule: str, words: Text, mention: tuple[Mention, ...], now: datetime) -> None:
    place = watch.telling(schedule).place
    if place is not None:
        outbox.add_note(tx, ref(schedule), now, place, words, mention=mention)


def _engineers(duty: Duty) -> tuple[Engineer, ...]:
    return duty.now.engineers if isinstance(duty.now, Covered) else ()


def _written(engineers: Sequence[Engineer]) -> list[dict[str, Any]]:
    return [{"name": each.name, "user": each.user} for each in engineers]


def _engineer(written: Any) -> Engineer:
    return Engineer(written["name"], written["user"])

"""What is wrong with a wish for a cover, and what is to be done next at the provider. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.covers.model import Cover, Slot, Stage, State, Wish
from bot.oncall.model import Engineer
from bot.ports.paging import Cover as ToMake
from bot.ports.paging import Override, Shift
from bot.ports.shifts import key_of
from bot.text import Text, text

TRIES = 8  # of one goal: with their pauses some eight minutes
POLL = timedelta(seconds=1)
LATE_ARRIVAL = timedelta(seconds=15)
"""How long a request whose answer was lost may still be under way."""
SHORTEST = timedelta(minutes=15)
LONGEST_WHY = 300

Problem = tuple[str, Text]
"""The field of the form, and what is wrong there."""


class Next(StrEnum):
    CREATE = "create"
    CONFIRM = "confirm"  # is the override among those that the provider tells?
    REMOVE = "remove"
    TOO_LATE = "too_late"
    REST = "rest"


def next_step(cover: Cover, now: datetime) -> Next:
    """Return the one thing to do now at the provider; business time."""
    if cover.stage is Stage.TAKEN:
        if cover.state is State.SENT:
            return Next.CONFIRM
        if cover.state is not State.NONE:
            return Next.REST
        return Next.CREATE if now < cover.end_at else Next.TOO_LATE
    is_there_perhaps = cover.state in {State.SENT, State.STANDING, State.REMOVING}
    return Next.REMOVE if cover.stage is Stage.WITHDRAWN and is_there_perhaps else Next.REST


def may_still_arrive(cover: Cover, now: datetime) -> bool:
    """Whether what was sent may still be under way; system time."""
    return cover.sent_at is not None and now < cover.sent_at + LATE_ARRIVAL


def holds(slots: Iterable[Slot], cover: Cover, now: datetime) -> bool:
    """Whether one of these slots still holds the whole time of the cover that is not past."""
    start_at = max(cover.start_at, now)
    mine = (slot for slot in slots if slot.schedule == cover.schedule)
    return any(slot.start_at <= start_at and cover.end_at <= slot.end_at for slot in mine)


def concerned(slots: Iterable[Slot], cover: Cover) -> Iterator[Slot]:
    """Yield the slots of who is relieved, and those in which the taker stands in for them already."""
    for slot in slots:
        is_taker = slot.engineer is not None and slot.engineer.user == cover.taker
        if _who(slot.engineer) == _who(cover.relieved) or (is_taker and set(cover.rotations) <= set(slot.rotations)):
            yield slot


def _who(engineer: Engineer | None) -> str | None:
    return (engineer.user or engineer.name) if engineer else None


def to_make(cover: Cover) -> ToMake:
    return ToMake(cover.provider_key, cover.person or "", cover.start_at, cover.end_at, cover.rotations)


def found(cover: Cover, overrides: Sequence[Override]) -> Override | None:
    """Return the cover's override: by its id or Baton's own key.

    By all it says only while it was never read back: what says the same later was entered by somebody else.
    """
    known = {cover.provider_key, cover.override_id}
    if there := next((each for each in overrides if each.id in known), None):
        return there
    is_new = cover.override_id is None
    return next((each for each in overrides if is_new and _is_same(each, cover)), None)


def _is_same(override: Override, cover: Cover) -> bool:
    named = {override.responder.provider_id, override.responder.email}
    times = (override.start_at, override.end_at) == (cover.start_at, cover.end_at)
    return times and cover.person in named


def slots(
    schedule: str, shifts: Sequence[Shift], people: dict[str, Engineer], now: datetime, until: datetime
) -> Iterator[Slot]:
    """Yield everybody's place in the shifts that run or come, and the gaps between them; `people` by key."""
    covered_until = now
    for shift in sorted(shifts, key=lambda each: each.start_at):
        if shift.end_at <= now or shift.start_at >= until:
            continue
        if shift.start_at > covered_until:
            yield Slot(schedule, covered_until, shift.start_at)
        covered_until = max(covered_until, shift.end_at)
        for position, engineer in enumerate(people[key_of(responder)] for responder in shift.responders):
            rotations = shift.rotations[position] if position < len(shift.rotations) else ()
            yield Slot(schedule, shift.start_at, shift.end_at, position, engineer, rotations)


def part(slot: Slot, wish: Wish, now: datetime) -> Slot:
    """Return the part of the slot that is meant: not what is past, to the minute."""
    start = max(wish.start_at or slot.start_at, slot.start_at, minute(now))
    return replace(slot, start_at=start, end_at=wish.end_at or slot.end_at)


def minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def problems(slot: Slot, wish: Wish, now: datetime) -> Iterator[Problem]:
    """Yield what is wrong with the times and words that were filled in, each with its field."""
    meant = part(slot, wish, now)
    if wish.start_at and not slot.start_at <= wish.start_at < slot.end_at:
        yield "from", text("cover.wrong.outside", since=slot.start_at, until=slot.end_at)
    if wish.end_at and not slot.start_at < wish.end_at <= slot.end_at:
        yield "to", text("cover.wrong.outside", since=slot.start_at, until=slot.end_at)
    elif meant.end_at <= now:
        yield "to", text("cover.wrong.past")
    elif meant.end_at - meant.start_at < SHORTEST:
        yield "to", text("cover.wrong.short", least=SHORTEST)


def expiry(slot: Slot, now: datetime) -> datetime:
    """Return until when it can be taken: until its time begins, or, of one that runs, until it ends."""
    return slot.start_at if slot.start_at > now else slot.end_at

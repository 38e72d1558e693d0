"""What is said of a change of shift, in the schedule's channel. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.oncall.change_rules import Kind
from bot.oncall.model import Covered, Duty, Engineer, Gap
from bot.oncall.rules import calling
from bot.text import Lines, Mention, Param, Text, text

LATE = timedelta(minutes=5)  # a change that is told later than this says when it was


def told(duty: Duty, kind: Kind, left: Sequence[Engineer], since: datetime, now: datetime) -> Text:
    """Return the one notice of a change: who comes, until when, who leaves, who is next; a short cover is one line."""
    if kind is not Kind.SHIFT and isinstance(duty.now, Covered):
        return _in_short(duty.schedule, duty.now, kind, left)
    lines = (*_now(duty), *_left(duty.now, left), *_next(duty), *_late(since, now))
    return text("shift.changed", schedule=duty.schedule, lines=Lines(lines))


def called(duty: Duty, before: Sequence[Engineer]) -> tuple[Mention, ...]:
    """Return who is told aloud: those who come, once; nobody in a gap."""
    if not isinstance(duty.now, Covered):
        return ()
    left = {engineer.user for engineer in before}
    coming = (engineer.user for engineer in duty.now.engineers)
    return tuple(Mention(user, notify=True) for user in dict.fromkeys(coming) if user and user not in left)


def unconfirmed(duty: Duty, planned: Sequence[Engineer], at: datetime, known_at: datetime | None) -> Text:
    """Say that a change was planned and nobody confirms it."""
    who = _people(planned) if planned else text("oncall.nobody")
    calls = tuple(Mention(each) for each in calling(duty).ids)
    return text("shift.unconfirmed", schedule=duty.schedule, at=at, who=who, known_at=known_at or at, calls=calls)


def _in_short(schedule: str, covered: Covered, kind: Kind, left: Sequence[Engineer]) -> Text:
    who, whom = (_people(each) for each in _exchanged(covered.engineers, left))
    if kind is Kind.RETURN:
        return text("shift.returned", schedule=schedule, who=who)
    said = {"schedule": schedule, "who": who, "whom": whom if left else text("oncall.nobody")}
    return text("shift.covered_until", until=covered.until, **said) if covered.until else text("shift.covered", **said)


def _exchanged(now: Sequence[Engineer], left: Sequence[Engineer]) -> tuple[Sequence[Engineer], Sequence[Engineer]]:
    """Return who came and for whom, without those who stay; all of them where only the order changed."""
    came = [each for each in now if each not in left]
    gone = [each for each in left if each not in now]
    return (came, gone) if came and gone else (now, left)


def _now(duty: Duty) -> Iterator[Text]:
    match duty.now:
        case Covered(engineers, _, until):
            who = _people(engineers)
            yield text("shift.now_until", who=who, until=until) if until else text("shift.now", who=who)
            if duty.fallback in calling(duty).ids:
                yield text("shift.no_account", who=Mention(duty.fallback))
        case Gap(_, until):
            call = Mention(duty.fallback)
            yield text("shift.gap_until", until=until, call=call) if until else text("shift.gap", call=call)


def _left(now: object, left: Sequence[Engineer]) -> Iterator[Text]:
    """Yield those who are no longer on call; with nobody gone, the order changed or somebody came along."""
    staying = set(now.engineers) if isinstance(now, Covered) else set()
    gone = [engineer for engineer in left if engineer not in staying]
    if gone:
        yield text("shift.left", who=tuple(_named(engineer) for engineer in gone))


def _next(duty: Duty) -> Iterator[Text]:
    match duty.next:
        case Covered(engineers, since) if since:
            yield text("shift.next", who=_people(engineers), at=since)
        case Gap(since) if since:
            yield text("shift.next_gap", at=since)


def _late(since: datetime, now: datetime) -> Iterator[Text]:
    if now - since > LATE:
        yield text("shift.late", at=since)


def _people(engineers: Sequence[Engineer]) -> Param:
    first, *others = engineers
    return (_named(first), *(text("oncall.then", who=_named(other)) for other in others))


def _named(engineer: Engineer) -> Param:
    return Mention(engineer.user) if engineer.user else text("oncall.unresolved", name=engineer.name)

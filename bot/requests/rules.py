"""What a request is about, what it was promised, and what time has to do with it. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.actor import Actor
from bot.oncall.hours import after_working, is_working, next_start, worked
from bot.oncall.model import WorkingHours
from bot.ref import Ref
from bot.requests.kind import Kind
from bot.requests.model import Promised, Request, State, Wish, Work
from bot.triage.identity import normal

LONGEST_WORDS, LONGEST_SHORT, LONGEST_FIELD = 3000, 300, 300
MOST_FIELDS = 12
_OBJECTS: Mapping[Kind, tuple[str, ...]] = {
    Kind.RERUN: ("load", "dag_id", "tasks", "dates"),
    Kind.ACCESS: ("dataset", "tables", "role", "people"),
    Kind.INCIDENT: ("load", "dag_id", "dataset", "tables", "dates"),
}
"""By which fields two requests of one kind are for the same."""
_NAMES = ("load", "dag_id", "dataset", "tables")


@dataclass(frozen=True, slots=True)
class Promise:
    """How soon somebody answers, and how soon it is done, in working time."""

    answer: timedelta = timedelta(hours=1)
    done: timedelta = timedelta(hours=8)


class Stage(StrEnum):
    """What time has to say about a request, each once."""

    ANSWER_SOON = "answer_soon"
    ANSWER_LATE = "answer_late"
    DONE_SOON = "done_soon"
    DONE_LATE = "done_late"
    ASKED_AGAIN = "asked_again"
    UNANSWERED = "unanswered"


OF_ASKING = frozenset({Stage.ASKED_AGAIN, Stage.UNANSWERED})
"""What is said to, and of, a requester who was asked back: once for each question."""


@dataclass(frozen=True, slots=True)
class Pace:
    """So much working time before a promise breaks people are called, and so much a requester's answer is awaited."""

    nudge_before: timedelta
    unanswered_after: timedelta
    hours: WorkingHours


@dataclass(frozen=True, slots=True)
class _Due:
    """One thing that time has to say of a request, twice: before, and when it is so far."""

    soon: Stage
    late: Stage
    soon_at: datetime
    late_at: datetime


class ByRun(StrEnum):
    """What a run that was begun from a request makes of it."""

    DONE = "done"
    TAKEN = "taken"


def open_key(wish: Wish | Request) -> str | None:
    """Return what only one open request may have: kind and object. None where it names no object of its kind.

    Access is for somebody: without names it is for the requester, so that two people asking for it ask for two things.
    """
    named = {name: normal(wish.fields[name]) for name in _OBJECTS.get(wish.kind, ()) if wish.fields.get(name)}
    if not any(name in named for name in _NAMES):
        return None
    whom = "" if "people" in named or wish.kind is not Kind.ACCESS else str(wish.requester)
    written = "\n".join([wish.kind, whom, *(f"{name}={value}" for name, value in sorted(named.items()))])
    return hashlib.sha256(written.encode()).hexdigest()


def operation_for(kind: Kind, fields: Mapping[str, str]) -> str:
    """Return the name of the operation that does what is asked for, empty where none does."""
    match kind:
        case Kind.RERUN:
            return "clear-tasks" if fields.get("dag_id") and not fields.get("load") else "rerun-load"
        case Kind.ACCESS:
            return "grant-access"
        case Kind.INCIDENT if fields.get("load"):
            return "rerun-load"
        case _:
            return ""


def visible(words: str) -> str:
    """Return the words, empty where nobody would see anything of them: they hold blanks of no width alone."""
    return words if any(each.isprintable() and not each.isspace() for each in words) else ""


def promised(promise: Promise, at: datetime, hours: WorkingHours) -> Promised:
    return Promised(after_working(at, promise.answer, hours), after_working(at, promise.done, hours))


def left(request: Request, now: datetime, hours: WorkingHours) -> timedelta:
    """Return the working time that is left of the promise; zero where it is broken."""
    due = request.promised.done_at
    return worked(now, due, hours) if due else (request.left or timedelta(0))


def first_mention(is_urgent: bool, now: datetime, hours: WorkingHours) -> datetime:
    """Return when whoever is on call is told of a new request: at once in working hours or where it is urgent."""
    return now if is_urgent or is_working(now, hours) else next_start(now, hours)


def stages(request: Request, now: datetime, pace: Pace) -> tuple[Stage, ...]:
    """Return what is to be said now. Where the later was not said in time, the sooner is no longer."""
    found = [each.late if now >= each.late_at else each.soon for each in _dues(request, pace) if now >= each.soon_at]
    return tuple(each for each in found if each not in request.told)


def asked_anew(request: Request) -> list[str]:
    """Return what the request was told when its requester is asked: of an earlier question nothing counts."""
    return [each for each in request.told if each not in OF_ASKING]


def look_at(request: Request, pace: Pace) -> datetime | None:
    """Return when time changes something about the request next, None for never."""
    calls = [request.mention_at] if request.mention_at and not request.mentioned_at and _is_fresh(request) else []
    awaited = [each for each in _dues(request, pace) if each.late not in request.told]
    says = [each.late_at if each.soon in request.told else each.soon_at for each in awaited]
    return min([*calls, *says], default=None)


def _is_fresh(request: Request) -> bool:
    return request.state is State.NEW and request.assignee is None


def _dues(request: Request, pace: Pace) -> list[_Due]:
    """Return what is awaited at present: the promises, or, while these stand still, the requester's answer."""
    if not request.is_open:
        return []
    if request.waits_for_requester:
        return [_answer_due(request.waiting_since, pace)] if request.waiting_since else []
    answer, done = request.promised.answer_at, request.promised.done_at
    first = [_promise_due(Stage.ANSWER_SOON, Stage.ANSWER_LATE, answer, request, pace)] if answer else []
    second = [_promise_due(Stage.DONE_SOON, Stage.DONE_LATE, done, request, pace)] if done else []
    return [*first, *second]


def _answer_due(asked_at: datetime, pace: Pace) -> _Due:
    again = after_working(asked_at, pace.unanswered_after / 2, pace.hours)
    return _Due(Stage.ASKED_AGAIN, Stage.UNANSWERED, again, after_working(asked_at, pace.unanswered_after, pace.hours))


def _promise_due(soon: Stage, late: Stage, due: datetime, request: Request, pace: Pace) -> _Due:
    """Say it soon when so much working time is left until then, at most half of it; never at night."""
    whole = worked(request.opened_at, due, pace.hours)
    span = max(whole - pace.nudge_before, whole / 2)
    return _Due(soon, late, min(after_working(request.opened_at, span, pace.hours), due), due)


def begun(work: Work) -> str:
    """Return how it is kept that somebody gave the request back after this run was begun."""
    return f"begun:{work.run_id}"


def by_run(request: Request, works: Sequence[Work]) -> ByRun | None:
    """Return what the runs, oldest first, make of the request: done by the newest, or of whoever began that.

    After it was reopened the runs from before end it no more, nor take it; after it was given back they only end it.
    """
    newest = works[-1]
    is_from_before = str(Ref("run", newest.run_id)) in request.told
    if not request.is_open or is_from_before:
        return None
    if newest.has_succeeded and all(each.is_over for each in works):
        return ByRun.DONE
    return ByRun.TAKEN if request.state is State.NEW and begun(newest) not in request.told else None


def was_asked_before(request: Request, at: datetime) -> bool:
    """Return whether the requester was asked what still waits for an answer, and before then.

    What Slack tells late, or once more, is no answer to a question that came after it.
    """
    return request.waits_for_requester and request.waiting_since is not None and request.waiting_since < at


def is_theirs(request: Request, actor: Actor) -> bool:
    """Return whether this person asked for it."""
    return actor == request.requester

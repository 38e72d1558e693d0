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


def stages(request: Request, now: datetime, before: timedelta, hours: WorkingHours) -> tuple[Stage, ...]:
    """Return what is to be said now. Where the later was not said in time, the sooner is no longer."""
    found = []
    for soon, late, due in _promises(request):
        if now >= due:
            found.append(late)
        elif now >= _soon(due, before, request, hours):
            found.append(soon)
    return tuple(each for each in found if each not in request.told)


def look_at(request: Request, before: timedelta, hours: WorkingHours) -> datetime | None:
    """Return when time changes something about the request next, None for never."""
    moments = [request.mention_at] if request.mention_at and not request.mentioned_at and _is_fresh(request) else []
    for soon, late, due in _promises(request):
        if late not in request.told:
            is_told = soon in request.told
            moments.append(due if is_told else _soon(due, before, request, hours))
    return min(moments, default=None)


def _is_fresh(request: Request) -> bool:
    return request.state is State.NEW and request.assignee is None


def _promises(request: Request) -> list[tuple[Stage, Stage, datetime]]:
    """Return the promises that count at present, each with what is said before and after it breaks."""
    if not request.is_open or request.waits_for_requester:
        return []
    answer, done = request.promised.answer_at, request.promised.done_at
    first = [(Stage.ANSWER_SOON, Stage.ANSWER_LATE, answer)] if answer else []
    second = [(Stage.DONE_SOON, Stage.DONE_LATE, done)] if done else []
    return [*first, *second]


def _soon(due: datetime, before: timedelta, request: Request, hours: WorkingHours) -> datetime:
    """Return when so much working time is left until then, at most half of it; never at night."""
    whole = worked(request.opened_at, due, hours)
    span = max(whole - before, whole / 2)
    return min(after_working(request.opened_at, span, hours), due)


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


def is_theirs(request: Request, actor: Actor) -> bool:
    """Return whether this person asked for it."""
    return actor == request.requester

"""How each incident stood at a moment of the past, told by its history alone. Pure.

The rows of incidents forget: a reopened one no longer knows who had acknowledged it, or when it was resolved. The
history forgets nothing, so that a report of last month says today what it said then.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any

from bot.incidents.fix import Fix


@dataclass(frozen=True, slots=True)
class Written:
    """One moment of something's history. `word` is the id of what was said, without `subject.moment.`."""

    at: datetime
    actor: str
    word: str
    params: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] | None = None

    @property
    def is_by_person(self) -> bool:
        return self.actor.startswith("person:")


class End(StrEnum):
    RESOLVED = "resolved"
    SUPERSEDED = "superseded"  # by a later one about the same thing: it never was resolved


_RAISED = frozenset({"opened", "reopened"})
_RESOLVED = frozenset({"resolved", "dismissed", "all_succeeded", "repaired", "source_says_over"})
_IN_ORDER = ("opened", "acknowledged", "not_stale", "stale", *sorted(_RESOLVED), "superseded", "reopened", "fix_noted")
"""Of moments written at the same time, the one that fits comes first, in this order."""


@dataclass(frozen=True, slots=True)
class Raising:
    """From when an incident opened or reopened until it was resolved or superseded, if it was.

    `taken_at` is when the first person acknowledged or resolved it.
    """

    incident_id: str
    raised_at: datetime
    is_again: bool = False
    taken_at: datetime | None = None
    taken_by: str | None = None
    stale_at: datetime | None = None
    is_stale: bool = False
    ended_at: datetime | None = None
    ended_by: str | None = None
    end: End | None = None
    fix: Fix | None = None
    healed: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it is open or acknowledged; one that went quiet is neither, and not resolved."""
        return self.end is None and not self.is_stale

    @property
    def took(self) -> timedelta | None:
        """Return how long it took until it was resolved; None where it was not."""
        return self.ended_at - self.raised_at if self.ended_at and self.end is End.RESOLVED else None

    @property
    def waited(self) -> timedelta | None:
        """Return how long it took until a person took it on."""
        return self.taken_at - self.raised_at if self.taken_at else None


def raisings(incident_id: str, history: Iterable[Written]) -> tuple[Raising, ...]:
    """Return the raisings that a history tells of, oldest first."""
    told: list[Raising] = []
    for _, same in groupby(_in_time(history), key=lambda each: each.at):
        pending = [each for each in same if each.word in _IN_ORDER]
        while pending:
            written = _next(told[-1] if told else None, pending)
            pending.remove(written)
            if written.word in _RAISED and (not told or told[-1].end):
                told.append(Raising(incident_id, written.at, is_again=bool(told)))
            elif told:
                told[-1] = _after(told[-1], written)
    return tuple(told)


def _in_time(history: Iterable[Written]) -> list[Written]:
    """Return the moments in order; whatever a slow clock says, nothing happened to it before it opened."""
    moments = list(history)
    opened_at = min((each.at for each in moments if each.word == "opened"), default=None)
    clamped = (replace(each, at=opened_at) if opened_at and each.at < opened_at else each for each in moments)
    return sorted(clamped, key=lambda each: each.at)


def _next(now: Raising | None, pending: Sequence[Written]) -> Written:
    """Return which of several moments of the same time was first: one that can follow on how it stands."""
    ordered = sorted(pending, key=lambda each: _IN_ORDER.index(each.word))
    return next((each for each in ordered if _fits(now, each.word)), ordered[0])


def _fits(now: Raising | None, word: str) -> bool:
    if now is None:
        return word in _RAISED
    return (now.end is not None) == (word in {"reopened", "fix_noted"}) and word != "opened"


def _after(now: Raising, written: Written) -> Raising:
    match written.word:
        case "acknowledged":
            return _taken(replace(now, is_stale=False), written)
        case "stale" if now.end is None:
            return replace(now, is_stale=True, stale_at=written.at)
        case "not_stale":
            return replace(now, is_stale=False)
        case "superseded" if now.end is None:
            return replace(now, ended_at=written.at, end=End.SUPERSEDED)
        case "fix_noted":
            return replace(now, fix=_fix(written))
        case word if word in _RESOLVED and now.end is None:
            return _resolved(now, written)
        case _:
            return now


def _taken(now: Raising, written: Written) -> Raising:
    if now.taken_at is not None or not written.is_by_person:
        return now
    return replace(now, taken_at=written.at, taken_by=written.actor)


def _resolved(now: Raising, written: Written) -> Raising:
    healed = bool(written.facts and written.facts.get("healed"))
    over = replace(_taken(now, written), ended_at=written.at, ended_by=written.actor, end=End.RESOLVED)
    return replace(over, is_stale=False, fix=_fix(written), healed=healed)


def _fix(written: Written) -> Fix | None:
    facts = written.facts or {}
    found = Fix.said(facts.get("cause") or "", facts.get("remedy") or "", facts.get("remark") or "")
    found = replace(found, operation=facts.get("operation") or "")
    return found if found != Fix() else None

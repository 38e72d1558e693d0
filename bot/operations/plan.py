"""What an operation would do, as values that survive the store: plan, steps, changes, outcomes, verdicts."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from bot.operations.lifecycle import State
from bot.text import Text, text_from_json, to_json


@dataclass(frozen=True, slots=True)
class Change:
    """One item with what it is now and what becomes of it.

    `expects` is the observed state, as JSON, that must still hold just before the step is sent. It is no part of
    what was agreed to: when it no longer holds, this item is skipped and the person is told why.
    """

    target: str
    before: Text
    after: Text
    expects: Any = None


@dataclass(frozen=True, slots=True)
class Step:
    """One vendor write with the items that it changes.

    `key` is unique in its plan, `body` is JSON for the operation alone, `locks` name what no two runs touch at once.
    """

    key: str
    title: Text
    body: Mapping[str, Any]
    changes: tuple[Change, ...]
    locks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that would be done. Without steps, `empty` says why there is nothing to do.

    `one_by_one`: each step waits until the one before has ended well, and what comes after a failure is left untouched.
    """

    summary: Text
    steps: tuple[Step, ...] = ()
    warnings: tuple[Text, ...] = ()
    empty: Text | None = None
    one_by_one: bool = False

    def __post_init__(self) -> None:
        if bool(self.steps) == (self.empty is not None):
            raise ValueError("a plan has steps, or says why it has none")

    @property
    def size(self) -> int:
        return sum(len(step.changes) for step in self.steps)

    @property
    def locks(self) -> tuple[str, ...]:
        return tuple(sorted({lock for step in self.steps for lock in step.locks}))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the vendor answered to one step, as JSON, and which items it turned out not to change, with why."""

    answer: Mapping[str, Any] = field(default_factory=dict)
    untouched: Mapping[str, Text] = field(default_factory=dict)


class Found(StrEnum):
    """What a look at the vendor tells of a step whose answer never came."""

    DONE = "done"
    NOT_DONE = "not_done"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Applied:
    """A step that was done, with its outcome."""

    step: Step
    outcome: Outcome


class Sign(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Item:
    """How one target is doing."""

    step: str
    target: str
    sign: Sign
    words: Text


@dataclass(frozen=True, slots=True)
class Waiting:
    """It is under way. `check_after` overrules the growing pause between two looks.

    `remaining` are the arguments of a run for what is left, should nobody wait any longer.
    """

    progress: Text
    items: tuple[Item, ...] = ()
    check_after: timedelta | None = None
    remaining: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Ended:
    """It came to an end: succeeded, failed, partly_done, no_change, or unverified.

    `remaining` are the arguments of a run for what is left, if that makes sense by itself.
    """

    state: State
    summary: Text
    items: tuple[Item, ...] = ()
    remaining: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """It needs one more write, of which people are told by `progress`; `remaining` is what it is for `Waiting`."""

    step: Step
    progress: Text
    items: tuple[Item, ...] = ()
    remaining: Mapping[str, Any] | None = None


Verdict = Waiting | Ended | Repair


def digest(operation: str, effect: str, parameters: Mapping[str, Any], plan: Plan) -> str:
    """Return what a person agrees to, as a hash: operation, parameters, effect, and every target with its effect.

    Observed states are not in it: they may change without changing what was agreed to.
    """
    agreed = {"operation": operation, "effect": effect, "parameters": parameters, "effects": sorted(_effects(plan))}
    return hashlib.sha256(_canonical(agreed).encode()).hexdigest()


def added(agreed: Plan, fresh: Plan) -> tuple[tuple[Step, Change], ...]:
    """Return the items that the fresh plan has and the agreed one has not, or not with this effect."""
    known = _effects(agreed)
    return tuple(
        (step, change) for step in fresh.steps for change in step.changes if _effect(step, change) not in known
    )


def _effects(plan: Plan) -> set[tuple[str, str, str]]:
    return {_effect(step, change) for step in plan.steps for change in step.changes}


def _effect(step: Step, change: Change) -> tuple[str, str, str]:
    return step.key, change.target, _canonical(to_json(change.after))


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


# To and from the store


def plan_to_json(plan: Plan) -> dict[str, Any]:
    return {
        "summary": to_json(plan.summary),
        "steps": [step_to_json(step) for step in plan.steps],
        "warnings": [to_json(warning) for warning in plan.warnings],
        "empty": to_json(plan.empty) if plan.empty else None,
        "one_by_one": plan.one_by_one,
    }


def plan_from_json(data: Mapping[str, Any]) -> Plan:
    return Plan(
        summary=text_from_json(data["summary"]),
        steps=tuple(step_from_json(step) for step in data["steps"]),
        warnings=tuple(text_from_json(warning) for warning in data["warnings"]),
        empty=text_from_json(data["empty"]) if data["empty"] else None,
        one_by_one=data["one_by_one"],
    )


def step_to_json(step: Step) -> dict[str, Any]:
    return {
        "key": step.key,
        "title": to_json(step.title),
        "body": dict(step.body),
        "changes": [_change_to_json(change) for change in step.changes],
        "locks": list(step.locks),
    }


def step_from_json(data: Mapping[str, Any]) -> Step:
    return Step(
        key=data["key"],
        title=text_from_json(data["title"]),
        body=data["body"],
        changes=tuple(_change_from_json(change) for change in data["changes"]),
        locks=tuple(data["locks"]),
    )


def _change_to_json(change: Change) -> dict[str, Any]:
    return {
        "target": change.target,
        "before": to_json(change.before),
        "after": to_json(change.after),
        "expects": change.expects,
    }


def _change_from_json(data: Mapping[str, Any]) -> Change:
    return Change(data["target"], text_from_json(data["before"]), text_from_json(data["after"]), data["expects"])


def item_to_json(item: Item) -> dict[str, Any]:
    return {"step": item.step, "target": item.target, "sign": item.sign.value, "words": to_json(item.words)}


def item_from_json(data: Mapping[str, Any]) -> Item:
    return Item(data["step"], data["target"], Sign(data["sign"]), text_from_json(data["words"]))

"""A run: one use of an operation, from request to verdict, with what became of each of its steps."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from bot.actor import Actor
from bot.operations.facts import Subject
from bot.operations.lifecycle import ENDED, GIVEN_UP, State, StepState
from bot.operations.plan import Item, Outcome, Plan, Step, item_from_json, item_to_json
from bot.operations.policy import Request
from bot.operations.statement import Said, Statement
from bot.operations.why import NO_REASON, Why
from bot.ref import Ref
from bot.text import Code, Text, text, text_from_json, to_json


@dataclass(frozen=True, slots=True)
class Report:
    """How the run is doing, or how it ended. `looks` counts the looks since something last moved.

    `remaining` are the arguments of a run for what this one left undone.
    """

    summary: Text
    items: tuple[Item, ...] = ()
    looks: int = 0
    remaining: Mapping[str, Any] | None = None

    def to_json(self) -> dict[str, Any]:
        items = [item_to_json(item) for item in self.items]
        remaining = dict(self.remaining) if self.remaining is not None else None
        return {"summary": to_json(self.summary), "items": items, "looks": self.looks, "remaining": remaining}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        items = tuple(item_from_json(item) for item in data["items"])
        return cls(text_from_json(data["summary"]), items, data["looks"], data["remaining"])

    def item(self, step: str, target: str) -> Item | None:
        return next((item for item in self.items if (item.step, item.target) == (step, target)), None)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a step: the vendor's answer, items left alone with why, and the problem if it failed.

    `sends` counts how often it was sent, and `sender` is the process that did so last.
    """

    answer: Mapping[str, Any] = field(default_factory=dict)
    skipped: Mapping[str, Text] = field(default_factory=dict)
    problem: Text | None = None
    sends: int = 0
    sender: str = ""

    @property
    def outcome(self) -> Outcome:
        return Outcome(self.answer, self.skipped)

    def to_json(self) -> dict[str, Any]:
        return {
            "answer": dict(self.answer),
            "skipped": {target: to_json(why) for target, why in self.skipped.items()},
            "problem": to_json(self.problem) if self.problem else None,
            "sends": self.sends,
            "sender": self.sender,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Self:
        if data is None:
            return cls()
        skipped = {target: text_from_json(why) for target, why in data["skipped"].items()}
        problem = text_from_json(data["problem"]) if data["problem"] else None
        return cls(data["answer"], skipped, problem, data["sends"], data["sender"])


@dataclass(frozen=True, slots=True)
class StepRun:
    """One step of a run under way. `sent_at` is also the token by which its outcome is written down."""

    position: int
    state: StepState
    step: Step
    result: Result
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """One use of an operation. `version` changes with every move and every claim."""

    id: str
    operation: str
    arguments: Mapping[str, Any]
    state: State
    requester: Actor
    version: int
    created_at: datetime
    why: Why = NO_REASON
    confirmer: Actor | None = None
    approver: Actor | None = None
    origin: Ref | None = None
    plan: Plan | None = None
    digest: str | None = None
    report: Report | None = None
    problem: Text | None = None
    confirmed_at: datetime | None = None
    ended_at: datetime | None = None
    deadline_at: datetime | None = None
    waiting_since: datetime | None = None
    nudged_at: datetime | None = None
    escalated_at: datetime | None = None
    steps: tuple[StepRun, ...] = ()
    statements: tuple[Statement, ...] = ()

    @property
    def ref(self) -> Ref:
        return Ref("run", self.id)

    @property
    def size(self) -> int:
        return self.plan.size if self.plan else 0

    @property
    def asked_by(self) -> tuple[Actor, ...]:
        """Return who had a part in asking for it, the one who answers for it last."""
        return (self.requester, self.confirmer) if self.confirmer else (self.requester,)

    @property
    def summary(self) -> Text:
        """Say what is to be done; without a plan, what was asked for."""
        if self.plan is not None:
            return self.plan.summary
        written = " ".join(value for value in self.arguments.values() if isinstance(value, str) and value)
        return text("run.asked_for", operation=text(f"operation.{self.operation}"), what=Code(written or "-"))

    @property
    def yes(self) -> tuple[Actor, ...]:
        """Return who said yes to the present plan."""
        return tuple(each.actor for each in self.statements if each.is_yes_to(self.digest))

    @property
    def broke_glass(self) -> Statement | None:
        """Return by whom and why the present plan was let through without anybody's yes."""
        found = (each for each in self.statements if each.said is Said.BROKE_GLASS and each.stands_for(self.digest))
        return next(found, None)

    @property
    def left(self) -> Mapping[str, Any] | None:
        """Return the arguments of a run for what this one left undone; None while it may still do it, or did all."""
        if self.state in ENDED and self.report is not None and self.report.remaining:
            return self.report.remaining
        untouched = all(step.state is not StepState.DONE for step in self.steps)
        return self.arguments if self.state in GIVEN_UP and untouched else None

    def request(self, effect: str, subject: Subject) -> Request:
        """Return what the policy is asked about this run."""
        return Request(
            self.operation,
            effect,
            self.size,
            subject,
            self.asked_by,
            self.why.reason,
            self.why.ticket,
            break_glass=self.broke_glass is not None,
        )

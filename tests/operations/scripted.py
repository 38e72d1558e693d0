"""An operation on a world of switches, for the engine's tests: what it does is counted, how it fails is scripted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, ClassVar

from bot.operations.lifecycle import State
from bot.operations.operation import Ask, Effect, Ports, Subject, Words
from bot.operations.plan import Applied, Change, Ended, Found, Item, Outcome, Plan, Repair, Sign, Step, Verdict, Waiting
from bot.text import Text, text

Event = BaseException | Callable[[], object] | None


@dataclass
class World:
    """Switches by name, and every write that reached them.

    `before` and `after` are scripts: for each coming write an error to raise before or after it took effect, or
    something to do then. `reads` is one for the reads.
    """

    switches: dict[str, bool] = field(default_factory=dict)
    writes: list[tuple[str, ...]] = field(default_factory=list)
    before: list[Event] = field(default_factory=list)
    after: list[Event] = field(default_factory=list)
    reads: list[Event] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)

    def read(self) -> Mapping[str, bool]:
        raise_next(self.reads)
        return dict(self.switches)

    def turn_on(self, names: tuple[str, ...]) -> None:
        raise_next(self.before)
        self.writes.append(names)
        self.switches.update(dict.fromkeys(names, True))
        raise_next(self.after)


def raise_next(script: list[Event]) -> None:
    error = script.pop(0) if script else None
    if isinstance(error, BaseException):
        raise error
    if error is not None:
        error()


@dataclass(frozen=True)
class Switchboard(Ports):
    """Ports with a world behind them."""

    world: World = field(default_factory=World)


@dataclass(frozen=True, slots=True)
class TurnOn:
    """Turn switches on, one room after the other."""

    rooms: Annotated[tuple[str, ...], Ask("clear-tasks.tasks", words=Words.REST)]

    name: ClassVar[str] = "clear-tasks"  # so that its texts exist
    effect: ClassVar[Effect] = Effect.REPEATS_WORK
    limit: ClassVar[int] = 5
    runbook: ClassVar[str] = "airflow-task-failure"
    needs_reason: ClassVar[bool] = False

    def exact(self, _ports: Ports, _now: datetime) -> "TurnOn":
        return self

    def about(self, ports: Ports) -> Subject:
        return Subject(tuple(f"dag:home/{room}" for room in self.rooms))

    def plan(self, ports: Ports) -> Plan:
        now = world_of(ports).read()
        steps = tuple(step for room in self.rooms if (step := _step(room, now)) is not None)
        summary = text("clear-tasks.summary_empty", dag="rooms")
        if not steps:
            return Plan(summary, empty=text("clear-tasks.run_is_empty", run="rooms"))
        return Plan(summary, steps)

    def check(self, step: Step, ports: Ports) -> Mapping[str, Text]:
        now = world_of(ports).read()
        return {
            change.target: text("clear-tasks.gone") for change in step.changes if now.get(change.target) is not False
        }

    def apply(self, step: Step, ports: Ports) -> Outcome:
        if step.body.get("repair"):
            world_of(ports).repairs.append(step.key)
            return Outcome()
        names = tuple(change.target for change in step.changes)
        world_of(ports).turn_on(names)
        return Outcome({"on": list(names)})

    def lookup(self, step: Step, ports: Ports) -> Found:
        now = world_of(ports).read()
        return Found.DONE if all(now[change.target] for change in step.changes) else Found.NOT_DONE

    def verify(self, done: tuple[Applied, ...], ports: Ports) -> Verdict:
        now = world_of(ports).read()
        if world_of(ports).verdicts:
            return world_of(ports).verdicts.pop(0)
        items = tuple(
            Item(
                each.step.key,
                change.target,
                Sign.DONE if now[change.target] else Sign.WAITING,
                text("airflow.not_started"),
            )
            for each in done
            for change in each.step.changes
        )
        if all(item.sign is Sign.DONE for item in items):
            return Ended(State.SUCCEEDED, text("clear-tasks.succeeded", n=len(items)), items)
        return Waiting(text("clear-tasks.progress", done=0, n=len(items), running=0), items)


def repair_of(step: str) -> Repair:
    return Repair(
        Step(step, text("airflow.run", run=step), {"repair": True}, ()), text("clear-tasks.repairing", run=step)
    )


def world_of(ports: Ports) -> World:
    assert isinstance(ports, Switchboard)
    return ports.world


def _step(room: str, now: Mapping[str, bool]) -> Step | None:
    changes = tuple(
        Change(name, text("airflow.not_started"), text("clear-tasks.runs_again"), False)
        for name, is_on in now.items()
        if name.startswith(f"{room}.") and not is_on
    )
    body: dict[str, Any] = {"room": room}
    return Step(room, text("airflow.run", run=room), body, changes, locks=(f"room:{room}",)) if changes else None

"""Clears task instances of named dag runs, and believes it only when they have run again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from bot.config.model import Rerun
from bot.loads import Load
from bot.operations.airflow_following import follow, observed
from bot.operations.airflow_selection import (
    choices,
    given,
    no_such_dag,
    no_such_run,
    no_such_server,
    no_such_tasks,
    not_chosen,
    nothing_to_clear,
    parse_task,
    run_title,
    task_name,
    task_state,
)
from bot.operations.operation import Ask, Effect, Ports, Subject, Words
from bot.operations.plan import Applied, Change, Found, Outcome, Plan, Step, Verdict
from bot.operations.repeating import unknown_again, why_not_again
from bot.ports.airflow import (
    ACTIVE_STATES,
    FAILED_STATES,
    TERMINAL_RUN_STATES,
    Airflow,
    Clear,
    Dag,
    DagRun,
    TaskChoice,
    TaskInstance,
)
from bot.ports.errors import NotFound
from bot.text import Code, Text, text


@dataclass(frozen=True, slots=True)
class _Part:
    """What is to be done in one dag run, or why nothing is. `unknown` may not be safe to load twice."""

    step: Step | None = None
    why_not: Text | None = None
    warnings: tuple[Text, ...] = ()
    unknown: tuple[Load, ...] = ()


@dataclass(frozen=True, slots=True)
class ClearTasks:
    """Clear failed tasks so that Airflow runs them again.

    Use it when the cause is fixed and only the failed part must repeat. Without tasks, every failed one of the run is
    cleared. Where wrong rows were already written, repeating does not remove them.
    """

    dag_id: Annotated[str, Ask("clear-tasks.dag_id", options="dags", words=Words.ONE, pattern=r"[\w.-]+")]
    runs: Annotated[tuple[str, ...], Ask("clear-tasks.runs", options="failed_runs", words=Words.ONE)]
    tasks: Annotated[
        tuple[str, ...],
        Ask(
            "clear-tasks.tasks",
            "clear-tasks.tasks_hint",
            options="failed_tasks",
            words=Words.REST,
            pattern=r"[\w.-]+(\[\d+\])?",
        ),
    ] = ()
    downstream: Annotated[bool, Ask("clear-tasks.downstream", "clear-tasks.downstream_hint")] = True
    failed_only: Annotated[bool, Ask("clear-tasks.failed_only", "clear-tasks.failed_only_hint")] = True
    include_running: Annotated[bool, Ask("clear-tasks.include_running", "clear-tasks.include_running_hint")] = False
    airflow: Annotated[str, Ask("clear-tasks.airflow", options="airflows")] = ""

    name: ClassVar[str] = "clear-tasks"
    effect: ClassVar[Effect] = Effect.REPEATS_WORK
    limit: ClassVar[int] = 200
    runbook: ClassVar[str] = "airflow-task-failure"
    needs_reason: ClassVar[bool] = False

    def exact(self, _ports: Ports, _now: datetime) -> "ClearTasks":
        return self

    def about(self, ports: Ports) -> Subject:
        """Return what the policy is told: the DAG, and every load that it makes, since all of them may change."""
        airflow = self.airflow or (next(iter(ports.airflow)) if len(ports.airflow) == 1 else "")
        known = ports.dag(airflow, self.dag_id)
        made = ports.loads.made_by(airflow, self.dag_id, None)
        contacts = {each.contact for each in made if each.contact}
        of_one_load = tuple(contacts) if len(made) == 1 else ()
        targets = (f"dag:{airflow}/{self.dag_id}", *(f"load:{each.name}" for each in made))
        return Subject(targets, owners=(*known.owners, *of_one_load), tags=known.tags)

    def plan(self, ports: Ports) -> Plan:
        server = given(ports, self.airflow)
        if server is None:
            return self._empty(no_such_server(ports, self.airflow))
        try:
            dag = server.dag(self.dag_id)
        except NotFound:
            return self._empty(no_such_dag(server, self.dag_id))
        why_not = self._why_not(server, dag, ports)
        if why_not is not None:
            return self._empty(why_not)
        parts = [self._part(server, run_id, ports) for run_id in self.runs]
        steps = tuple(part.step for part in parts if part.step is not None)
        reasons = tuple(part.why_not for part in parts if part.why_not is not None)
        if not steps:
            return self._empty(reasons[0] if len(reasons) == 1 else text("clear-tasks.nothing", reasons=reasons))
        of_runs = (words for part in parts for words in part.warnings)
        warnings = (*_dag_warnings(server, dag, parts, ports), *of_runs, *reasons)
        return Plan(self._summary(steps), steps, warnings)

    def check(self, step: Step, ports: Ports) -> Mapping[str, Text]:
        if step.body["action"] != "clear":
            return {}
        now = observed(_server(step, ports), step)
        return {
            change.target: _changed(now.get(change.target))
            for change in step.changes
            if _expectation(now.get(change.target)) != change.expects
        }

    def apply(self, step: Step, ports: Ports) -> Outcome:
        server, dag_id, run_id = _server(step, ports), step.body["dag_id"], step.body["dag_run_id"]
        if step.body["action"] == "requeue":
            server.requeue(dag_id, run_id)
            return Outcome({"state": "queued"})
        states = {change.expects["state"] for change in step.changes}
        clear = Clear(
            dag_id,
            run_id,
            tuple(parse_task(change.target) for change in step.changes),
            only_failed=states <= FAILED_STATES,
            downstream=False,
            refuse_running=not states & ACTIVE_STATES,
            note=ports.on_behalf_of,
        )
        cleared = {task_name(key) for key in server.clear(clear)}
        missed = {each.target: text("clear-tasks.not_taken") for each in step.changes if each.target not in cleared}
        return Outcome({"cleared": sorted(cleared)}, missed)

    def lookup(self, step: Step, ports: Ports) -> Found:
        """A clear is one transaction at Airflow: if any of its items has moved, it was done."""
        server = _server(step, ports)
        if step.body["action"] == "requeue":
            run = server.run(step.body["dag_id"], step.body["dag_run_id"])
            return Found.NOT_DONE if run.state in TERMINAL_RUN_STATES else Found.DONE
        now = observed(server, step)
        has_moved = any(_expectation(now.get(change.target)) != change.expects for change in step.changes)
        return Found.DONE if has_moved else Found.NOT_DONE

    def verify(self, done: tuple[Applied, ...], ports: Ports) -> Verdict:
        return follow(done, ports)

    def _empty(self, why: Text) -> Plan:
        return Plan(text("clear-tasks.summary_empty", dag=Code(self.dag_id)), empty=why)

    def _summary(self, steps: tuple[Step, ...]) -> Text:
        size = sum(len(step.changes) for step in steps)
        return text(
            "clear-tasks.summary", n=size, dag=Code(self.dag_id), runs=text("clear-tasks.in_runs", n=len(steps))
        )

    def _why_not(self, server: Airflow, dag: Dag, ports: Ports) -> Text | None:
        """Return why nothing of this DAG may or can be cleared."""
        if dag.is_stale:
            return text("clear-tasks.stale", dag=Code(self.dag_id))
        if ports.rerun(server.name, self.dag_id) is Rerun.UNSAFE:
            return text("clear-tasks.unsafe", dag=Code(self.dag_id))
        if self.include_running and not server.abilities().clears_running:
            return text("clear-tasks.cannot_kill", version=server.version())
        return no_such_tasks(self.tasks, server.tasks(self.dag_id)) if self.tasks else None

    def _part(self, server: Airflow, run_id: str, ports: Ports) -> _Part:
        try:
            run = server.run(self.dag_id, run_id)
        except NotFound:
            return _Part(why_not=no_such_run(server, self.dag_id, run_id))
        instances = server.task_instances(self.dag_id, run_id)
        chosen = choices(self.tasks, instances, failed_only=self.failed_only)
        found = self._preview(server, run_id, chosen) if chosen else []
        picked = [each for each in found if self.include_running or each.state not in ACTIVE_STATES]
        if not picked:
            return _Part(why_not=nothing_to_clear(run, instances, self.tasks))
        unsafe = why_not_again(ports.loads, server.name, (each.key for each in picked))
        if unsafe is not None:
            return _Part(why_not=unsafe)
        left_alone, unmeant = len(found) - len(picked), not_chosen(self.tasks, chosen)
        warnings = tuple(_run_warnings(run, left_alone, unmeant))
        unknown = tuple(unknown_again(ports.loads, server.name, (each.key for each in picked)))
        return _Part(_step(server, run, picked), warnings=warnings, unknown=unknown)

    def _preview(self, server: Airflow, run_id: str, chosen: tuple[TaskChoice, ...]) -> list[TaskInstance]:
        clear = Clear(self.dag_id, run_id, chosen, only_failed=self.failed_only, downstream=self.downstream)
        found = server.preview_clear(clear)
        return sorted((each for each in found if each.key.dag_run_id == run_id), key=lambda each: each.key)


def _step(server: Airflow, run: DagRun, picked: list[TaskInstance]) -> Step:
    return Step(
        key=run.dag_run_id,
        title=run_title(run),
        body={"action": "clear", "airflow": server.name, "dag_id": run.dag_id, "dag_run_id": run.dag_run_id},
        changes=tuple(_change(each) for each in picked),
        locks=(f"airflow:{server.name}:{run.dag_id}:{run.dag_run_id}",),
    )


def _change(instance: TaskInstance) -> Change:
    is_active = instance.state in ACTIVE_STATES
    after = text("clear-tasks.stops_and_runs_again" if is_active else "clear-tasks.runs_again")
    return Change(task_name(instance.key), task_state(instance), after, _expectation(instance))


def _expectation(instance: TaskInstance | None) -> dict[str, object] | None:
    """Return what must still hold when the clear is sent: this attempt, in this state."""
    if instance is None:
        return None
    started_at = instance.started_at.isoformat() if instance.started_at else None
    return {"state": instance.state, "try": instance.try_number, "started_at": started_at}


def _changed(instance: TaskInstance | None) -> Text:
    return text("clear-tasks.gone") if instance is None else text("clear-tasks.changed", state=task_state(instance))


def _server(step: Step, ports: Ports) -> Airflow:
    return ports.airflow[step.body["airflow"]]


def _dag_warnings(server: Airflow, dag: Dag, parts: Sequence[_Part], ports: Ports) -> Iterator[Text]:
    if dag.is_paused:
        yield text("clear-tasks.warn_paused", dag=Code(dag.dag_id))
    if ports.rerun(server.name, dag.dag_id) is Rerun.UNKNOWN:
        yield text("clear-tasks.warn_rerun_unknown", dag=Code(dag.dag_id))
        return
    for name in dict.fromkeys(load.name for part in parts for load in part.unknown):
        yield text("rerun-load.warn_unknown", load=Code(name))


def _run_warnings(run: DagRun, left_alone: int, unmeant: tuple[Code, ...]) -> Iterator[Text]:
    if run.state not in TERMINAL_RUN_STATES:
        yield text("clear-tasks.warn_run_active", run=Code(run.dag_run_id))
    if left_alone:
        yield text("clear-tasks.warn_running", n=left_alone, run=Code(run.dag_run_id))
    if unmeant:
        yield text("clear-tasks.warn_not_failed", tasks=unmeant, run=Code(run.dag_run_id))

"""What a rerun would do for each business date: clear its run, start one, or leave it, and why. Reads only."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.config.model import Rerun
from bot.dates.cron import Cron
from bot.dates.written import Dates, ordered, write
from bot.loads import Load, WhenMissing
from bot.operations import rerun_load_evidence as evidence
from bot.operations.airflow_selection import (
    no_such_dag,
    no_such_server,
    no_such_tasks,
    parse_task,
    task_name,
    task_state,
)
from bot.operations.operation import Ports
from bot.operations.plan import Change, Plan, Step
from bot.operations.repeating import unknown_again, whom_to_ask, why_not_again
from bot.operations.rerun_load_runs import Known, Wanted, known_runs, state_of, title, title_of, wanted_runs
from bot.ports.airflow import (
    ACTIVE_STATES,
    TERMINAL_RUN_STATES,
    Airflow,
    Backfill,
    Clear,
    Dag,
    DagDetails,
    DagRun,
    Task,
    TaskChoice,
    TaskInstance,
    TaskKey,
    Window,
)
from bot.ports.errors import NotFound, VendorError
from bot.text import Code, Lines, Text, text


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that was read once and is the same for each date."""

    load: Load
    server: Airflow
    dag: Dag
    details: DagDetails
    tasks: Sequence[Task]
    known: Known
    ports: Ports
    downstream: bool

    @property
    def chosen(self) -> tuple[TaskChoice, ...]:
        names = sorted(self.load.tasks) or [task.task_id for task in self.tasks]
        return tuple(TaskChoice(name) for name in names)


def plan_for(load: Load, dates: Dates, ports: Ports, *, downstream: bool) -> Plan:
    """Return one step for each run that these dates mean, to be done one after another."""
    zone = str(load.dates.zone)
    summary = text("rerun-load.summary", n=len(dates), load=Code(load.name), dates=Code(write(dates)), zone=zone)
    server = ports.airflow.get(load.airflow)
    if server is None:
        return Plan(summary, empty=no_such_server(ports, load.airflow))
    try:
        dag = server.dag(load.dag_id)
    except NotFound:
        return Plan(summary, empty=no_such_dag(server, load.dag_id))
    tasks = server.tasks(load.dag_id)
    why_not = _why_not(load, dag, tasks)
    if why_not is not None:
        return Plan(summary, empty=why_not)
    wanted = wanted_runs(load, dates)
    if not wanted:
        return Plan(summary, empty=text("rerun-load.not_scheduled", schedule=Code(load.dates.schedule)))
    details, known = server.details(load.dag_id), known_runs(server, load, wanted)
    scene = Scene(load, server, dag, details, tasks, known, ports, downstream)
    return _planned(scene, dates, wanted, summary)


def _planned(scene: Scene, dates: Dates, wanted: Sequence[Wanted], summary: Text) -> Plan:
    parts = [(each, _part(scene, each)) for each in wanted]
    left = tuple(text("rerun-load.left_alone", date=each.name, why=why) for each, why in parts if isinstance(why, Text))
    planned = [(each, step) for each, step in parts if isinstance(step, Step)]
    unscheduled = [day for day in dates if all(each.day != day for each in wanted)]
    if unscheduled:
        why = text("rerun-load.not_scheduled", schedule=Code(scene.load.dates.schedule))
        left += (text("rerun-load.left_alone", date=write(ordered(unscheduled)), why=why),)
    if not planned:
        return Plan(summary, empty=text("rerun-load.nothing", reasons=Lines(left)))
    runs = Counter(f"{each.day}" for each, _ in planned)
    steps = tuple(replace(step, body={**step.body, "planned": dict(runs)}) for _, step in planned)
    warnings = (*_unknown(scene, steps), *_warnings(scene, wanted), *left, *_waiting(scene))
    return Plan(summary, steps, warnings, one_by_one=True)


def _why_not(load: Load, dag: Dag, tasks: Sequence[Task]) -> Text | None:
    """Return why nothing of this load may or can be rerun."""
    if load.rerun is Rerun.UNSAFE:
        return text("rerun-load.unsafe", load=Code(load.name), whom=whom_to_ask(load))
    if dag.is_stale:
        return text("clear-tasks.stale", dag=Code(load.dag_id))
    if not load.dates.schedule and dag.next_run_after is not None:
        return text("rerun-load.no_schedule", load=Code(load.name), schedule=Code(dag.schedule))
    return no_such_tasks(sorted(load.tasks), tasks)


def _part(scene: Scene, wanted: Wanted) -> Step | Text:
    """Return what to do for one run of a date, or why nothing."""
    found = scene.known.of(wanted)
    if len(found) > 1:
        return text("rerun-load.several_runs", runs=tuple(Code(run.dag_run_id) for run in found[:3]))
    if found:
        return _clear(scene, wanted, found[0])
    if scene.known.is_cut:
        return text("rerun-load.not_all_read", n=len(scene.known.runs))
    strange = scene.known.strange(wanted)
    if strange is not None:
        return _other_interval(strange, scene.load.dates.zone)
    return _start(scene, wanted)


def _other_interval(run: DagRun, zone: ZoneInfo) -> Text:
    return text("rerun-load.other_interval", run=Code(run.dag_run_id), interval=title_of(run, zone))


def _clear(scene: Scene, wanted: Wanted, run: DagRun) -> Step | Text:
    if run.state not in TERMINAL_RUN_STATES:
        return text("rerun-load.runs_already", run=Code(run.dag_run_id), state=Code(run.state))
    clear = Clear(run.dag_id, run.dag_run_id, scene.chosen, only_failed=False, downstream=scene.downstream)
    found = sorted(scene.server.preview_clear(clear), key=lambda each: each.key)
    instances = [each for each in found if each.state != "removed"]
    if not instances:
        return text("rerun-load.run_is_empty", run=Code(run.dag_run_id))
    active = next((each for each in instances if each.state in ACTIVE_STATES), None)
    if active is not None:
        return text("rerun-load.task_runs", task=Code(task_name(active.key)), state=task_state(active))
    unsafe = why_not_again(scene.ports.loads, scene.load.airflow, (each.key for each in instances))
    if unsafe is not None:
        return unsafe
    expects = {"run": run.dag_run_id, "tasks": {task_name(each.key): attempt(each) for each in instances}}
    before = text("rerun-load.run_now", run=Code(run.dag_run_id), state=Code(run.state))
    after = text("rerun-load.clears", n=len(instances))
    step = _step(scene, wanted, "clear", run.dag_run_id, before, after, expects)
    return replace(step, title=title_of(run, scene.load.dates.zone)) if wanted.slot else step


def attempt(instance: TaskInstance) -> dict[str, Any]:
    """Return by what it is known later whether a task instance has run again."""
    started_at = instance.started_at.isoformat() if instance.started_at else None
    return {"state": instance.state, "try": instance.try_number, "started_at": started_at}


def _start(scene: Scene, wanted: Wanted) -> Step | Text:
    why_not = _why_not_started(scene, wanted)
    if why_not is not None:
        return why_not
    action, run_id = "trigger", wanted.run_id
    if scene.load.when_missing is WhenMissing.BACKFILL and _can_backfill(scene, wanted):
        assert wanted.logical_at is not None, "what has a place in the schedule has a logical date"
        window = Window(wanted.logical_at, wanted.logical_at)
        would_run = scene.server.preview_backfill(Backfill(scene.load.dag_id, window))
        if tuple(would_run) != (wanted.logical_at,):
            return text("rerun-load.not_in_timetable", at=wanted.logical_at)
        action, run_id = "backfill", ""
    after = text(f"rerun-load.{action}s", run=Code(run_id))
    return _step(scene, wanted, action, run_id, text("rerun-load.no_run"), after, {"run": None})


def _can_backfill(scene: Scene, wanted: Wanted) -> bool:
    return bool(scene.load.dates.schedule) and wanted.slot is not None and scene.server.abilities().backfills


def _why_not_started(scene: Scene, wanted: Wanted) -> Text | None:
    if scene.load.when_missing is WhenMissing.SKIP:
        return text("rerun-load.missing_is_skipped")
    if wanted.key and not scene.server.abilities().partition_keys:
        return text("rerun-load.no_partition_keys", version=scene.server.version())
    if wanted.slot is None:
        return None
    if wanted.slot.run_after > scene.ports.now:
        return text("rerun-load.not_due", at=wanted.slot.run_after)
    if scene.details.start_at is not None and wanted.slot.logical_at < scene.details.start_at:
        return text("rerun-load.before_start", at=scene.details.start_at)
    return None


def _step(
    scene: Scene, wanted: Wanted, action: str, run_id: str, before: Text, after: Text, expects: Mapping[str, Any]
) -> Step:
    load, slot = scene.load, wanted.slot
    shown = evidence.look_for_preview(load, wanted.day, scene.ports)
    body = {
        "action": action,
        "airflow": load.airflow,
        "dag_id": load.dag_id,
        "dag_run_id": run_id,
        "day": wanted.day.isoformat(),
        "logical_at": slot.logical_at.isoformat() if slot else None,
        "interval": [slot.interval_start.isoformat(), slot.interval_end.isoformat()] if slot else None,
        "key": wanted.key,
        "tasks": sorted(expects.get("tasks", ())),
    }
    known = text("rerun-load.run_and_rows", run=before, rows=shown.words) if shown else before
    locks = (f"load:{load.name}", f"airflow:{load.airflow}:{load.dag_id}:{run_id or wanted.name}")
    return Step(wanted.name, title(wanted, load.dates.zone), body, (Change(wanted.name, known, after, expects),), locks)


# What a person should know before they say yes


def _unknown(scene: Scene, steps: Sequence[Step]) -> Iterator[Text]:
    """Name the loads that would run again though nobody has said that they may: this one, and others of its DAG."""
    load = scene.load
    names = ((step.body["dag_run_id"], parse_task(name)) for step in steps for name in step.body["tasks"])
    keys = (TaskKey(load.dag_id, run_id, choice.task_id) for run_id, choice in names)
    others = [each for each in unknown_again(scene.ports.loads, load.airflow, keys) if each.name != load.name]
    for each in (*((load,) if load.rerun is Rerun.UNKNOWN else ()), *others):
        yield text("rerun-load.warn_unknown", load=Code(each.name))


def _warnings(scene: Scene, wanted: Sequence[Wanted]) -> Iterator[Text]:
    load = scene.load
    if scene.dag.is_paused:
        yield text("clear-tasks.warn_paused", dag=Code(load.dag_id))
    yield from _upstream(scene, wanted)
    chosen = {choice.task_id for choice in scene.chosen}
    if any(task.depends_on_past for task in scene.tasks if task.task_id in chosen):
        yield text("rerun-load.warn_depends_on_past")
    early = [each.day for each in wanted if load.lag and load.complete_at(each.day) > scene.ports.now]
    if early:
        yield text("rerun-load.warn_early", date=f"{early[0]}", at=load.complete_at(early[0]))
    if load.dates.schedule and not _same_schedule(load.dates.schedule, scene.dag.schedule):
        here, there = Code(load.dates.schedule), Code(scene.dag.schedule)
        yield text("rerun-load.warn_schedule", here=here, there=there)
    if load.dates.schedule and str(load.dates.zone) not in scene.details.zone:  # older servers wrap its name
        yield text("rerun-load.warn_zone", here=str(load.dates.zone), there=scene.details.zone)
    if load.evidence is None:
        yield text("rerun-load.warn_no_table", load=Code(load.name))


def _same_schedule(here: str, there: str) -> bool:
    """Compare two cron expressions by what they mean; what is none in Airflow's words is not compared."""
    try:
        return Cron.parse(here) == Cron.parse(there)
    except ValueError:
        return True


def _upstream(scene: Scene, wanted: Sequence[Wanted]) -> Iterator[Text]:
    """Say which loads that this one waits for are not there for a date: it would load what they have not made."""
    dates = ordered(each.day for each in wanted)
    for name in scene.load.depends_on:
        upstream = scene.ports.loads.by_name.get(name)
        server = scene.ports.airflow.get(upstream.airflow) if upstream else None
        if upstream is None or server is None:
            continue
        try:
            yield from _not_there(server, upstream, dates, scene.ports.now)
        except VendorError as error:
            yield text("rerun-load.upstream_unknown", load=Code(name), why=error.words)


def _not_there(server: Airflow, upstream: Load, dates: Dates, now: datetime) -> Iterator[Text]:
    wanted = [each for each in wanted_runs(upstream, dates) if each.slot is None or each.slot.run_after <= now]
    if not wanted:
        return
    known = known_runs(server, upstream, wanted)
    lacking = [(each.name, why) for each in wanted if (why := state_of(known, each)) is not None]
    if lacking:
        name, why = lacking[0]
        yield text("rerun-load.warn_upstream", n=len(lacking), load=Code(upstream.name), date=name, why=why)


def _waiting(scene: Scene) -> Iterator[Text]:
    """Name the loads that use this one and do not run again with it, as those of its own DAG do."""
    mine = (scene.load.airflow, scene.load.dag_id)
    after = scene.ports.loads.after(scene.load)
    names = tuple(Code(each.name) for each in after if not scene.downstream or (each.airflow, each.dag_id) != mine)
    if names:
        yield text("rerun-load.warn_downstream", n=len(names), loads=names)

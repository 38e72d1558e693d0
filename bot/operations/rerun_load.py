"""Reruns a load for business dates, one after another, and believes it only when the data of the date changed."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from bot.dates.grammar import LONGEST_EXACT, read_dates
from bot.dates.written import Dates, read, write
from bot.operations.airflow_following import observed
from bot.operations.airflow_selection import parse_task, task_name, task_state
from bot.operations.lifecycle import State
from bot.operations.operation import Ask, Effect, Ports, Problem, Problems, Subject, Words
from bot.operations.plan import Applied, Ended, Found, Outcome, Plan, Step, Verdict
from bot.operations.rerun_load_evidence import look_for_preview
from bot.operations.rerun_load_following import follow, run_of
from bot.operations.rerun_load_plan import attempt, plan_for
from bot.ports.airflow import TERMINAL_RUN_STATES, Airflow, Backfill, Clear, Trigger, Window
from bot.text import Code, Text, text


@dataclass(frozen=True, slots=True)
class RerunLoad:
    """Load business dates of a table again, one date after another.

    The run of each date is cleared, or started where there is none. Use it when data were wrong or late: it replaces
    what a load wrote for these dates. Dates are those of the load's own time zone.
    """

    load: Annotated[str, Ask("rerun-load.load", options="loads", words=Words.ONE, pattern=r"[a-z0-9][a-z0-9_-]{0,40}")]
    dates: Annotated[str, Ask("rerun-load.dates", "rerun-load.dates_hint", words=Words.REST, longest=LONGEST_EXACT)]
    downstream: Annotated[bool, Ask("rerun-load.downstream", "rerun-load.downstream_hint")] = True

    name: ClassVar[str] = "rerun-load"
    effect: ClassVar[Effect] = Effect.REPEATS_WORK
    limit: ClassVar[int] = 200
    runbook: ClassVar[str] = "rerun-load"
    needs_reason: ClassVar[bool] = False

    def exact(self, ports: Ports, now: datetime) -> "RerunLoad | Problems":
        load = ports.loads.by_name.get(self.load)
        if load is None:
            return (Problem("load", no_such_load(ports, self.load)),)
        found = read_dates(self.dates, now.astimezone(load.dates.zone).date())
        if isinstance(found, Text):
            return (Problem("dates", found),)
        if len(found) > load.at_most:
            said = text("rerun-load.too_wide", n=load.at_most, given=len(found), load=Code(load.name))
            return (Problem("dates", said),)
        return replace(self, dates=write(found))

    def about(self, ports: Ports) -> Subject:
        """Return what the policy is told: the load, its DAG, and all that the DAG makes, since a run of it may, too."""
        load = ports.loads.by_name.get(self.load)
        if load is None:
            return Subject((f"load:{self.load}",))
        known = ports.dag(load.airflow, load.dag_id)
        owners = (*((load.contact,) if load.contact else ()), *known.owners)
        made = (f"load:{each.name}" for each in ports.loads.made_by(load.airflow, load.dag_id, None))
        targets = dict.fromkeys((f"load:{load.name}", f"dag:{load.airflow}/{load.dag_id}", *made))
        return Subject(tuple(targets), owners=owners, tags=known.tags)

    def plan(self, ports: Ports) -> Plan:
        load = ports.loads.by_name.get(self.load)
        if load is None:
            return Plan(text("rerun-load.summary_empty", load=Code(self.load)), empty=no_such_load(ports, self.load))
        return plan_for(load, read(self.dates), ports, downstream=self.downstream)

    def check(self, step: Step, ports: Ports) -> Mapping[str, Text]:
        if step.body["action"] == "requeue":
            return {}
        server, [change] = _server(step, ports), step.changes
        run = run_of(server, step)
        if change.expects["run"] is None:
            return {change.target: text("rerun-load.made_meanwhile", run=Code(run.dag_run_id))} if run else {}
        if run is None:
            return {change.target: text("clear-tasks.run_gone")}
        if run.state not in TERMINAL_RUN_STATES:
            words = text("rerun-load.runs_already", run=Code(run.dag_run_id), state=Code(run.state))
            return {change.target: words}
        moved = _moved(server, step)
        return {change.target: moved} if moved else {}

    def apply(self, step: Step, ports: Ports) -> Outcome:
        if step.body["action"] == "requeue":
            return self._send(step, ports)
        before = self._before(step, ports)
        sent = self._send(step, ports)
        return replace(sent, answer={**sent.answer, "before": before})

    def _before(self, step: Step, ports: Ports) -> dict[str, Any] | None:
        """Return what the table shows just before: another run of the date may have changed it since the plan."""
        load = ports.loads.by_name.get(self.load)
        shown = look_for_preview(load, date.fromisoformat(step.body["day"]), ports) if load else None
        return shown.to_json() if shown else None

    def _send(self, step: Step, ports: Ports) -> Outcome:
        server, body = _server(step, ports), step.body
        match body["action"]:
            case "requeue":
                server.requeue(body["dag_id"], body["dag_run_id"])
            case "clear":
                return _clear(server, step, ports)
            case "backfill":
                logical_at = datetime.fromisoformat(body["logical_at"])
                server.start_backfill(Backfill(body["dag_id"], Window(logical_at, logical_at)))
            case _:
                server.trigger(_trigger(body, ports))
        return Outcome({"action": body["action"]})

    def lookup(self, step: Step, ports: Ports) -> Found:
        """A date has one run: where it is there, or has moved, the step was done."""
        server = _server(step, ports)
        run = run_of(server, step)
        if step.body["action"] == "requeue":
            return Found.NOT_DONE if run is not None and run.state in TERMINAL_RUN_STATES else Found.DONE
        if step.body["action"] == "clear":
            return Found.DONE if _moved(server, step) else Found.NOT_DONE
        return Found.DONE if run is not None else Found.NOT_DONE

    def verify(self, done: tuple[Applied, ...], ports: Ports) -> Verdict:
        load = ports.loads.by_name.get(self.load)
        if load is None:  # it was taken out of loads.yaml meanwhile
            return Ended(State.UNVERIFIED, no_such_load(ports, self.load))
        return follow(done, load, self._rest, ports)

    def _rest(self, dates: Dates) -> Mapping[str, Any] | None:
        """Return the arguments of a run for what is left."""
        return {"load": self.load, "dates": write(dates), "downstream": self.downstream} if dates else None


def no_such_load(ports: Ports, name: str) -> Text:
    known = sorted(ports.loads.by_name)
    if not known:
        return text("rerun-load.no_loads")
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.5) or known[:10]
    return text("rerun-load.unknown_load", load=Code(name), near=tuple(Code(each) for each in near))


def _server(step: Step, ports: Ports) -> Airflow:
    return ports.airflow[step.body["airflow"]]


def _clear(server: Airflow, step: Step, ports: Ports) -> Outcome:
    [change], body = step.changes, step.body
    tasks = tuple(parse_task(name) for name in change.expects["tasks"])
    clear = Clear(body["dag_id"], body["dag_run_id"], tasks, only_failed=False, note=ports.on_behalf_of)
    cleared = sorted(task_name(key) for key in server.clear(clear))
    missed = {} if cleared else {change.target: text("clear-tasks.not_taken")}
    return Outcome({"action": "clear", "cleared": cleared}, missed)


def _trigger(body: Mapping[str, Any], ports: Ports) -> Trigger:
    interval = body["interval"]
    return Trigger(
        body["dag_id"],
        body["dag_run_id"],
        datetime.fromisoformat(body["logical_at"]) if body["logical_at"] else None,
        (datetime.fromisoformat(interval[0]), datetime.fromisoformat(interval[1])) if interval else None,
        partition_key=body["key"],
        note=ports.on_behalf_of,
    )


def _moved(server: Airflow, step: Step) -> Text | None:
    """Return what has changed since the plan, None while every task is as it was."""
    now = observed(server, step)
    for name, before in step.changes[0].expects["tasks"].items():
        instance = now.get(name)
        if instance is None:
            return text("clear-tasks.gone")
        if attempt(instance) != before:
            return text("rerun-load.changed", task=Code(name), state=task_state(instance))
    return None

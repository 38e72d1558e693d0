"""Runs and their steps in the database: load, move along the table, write ahead, lock targets."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update

from bot import timeline
from bot.actor import Actor
from bot.audit import service as audit
from bot.operations.lifecycle import ARROWS, ENDED, State, StepState, may_move
from bot.operations.model import Report, Result, Run, StepRun
from bot.operations.plan import Plan, Step, plan_from_json, step_from_json, step_to_json
from bot.operations.statement import Statement
from bot.operations.statements import statements_of
from bot.operations.why import Why
from bot.outbox import want_card
from bot.ref import Ref
from bot.store import Tx
from bot.store.claim import Claim
from bot.store.tables import runs, steps, target_locks
from bot.store.upsert import insert_if_new
from bot.text import Text, text, text_from_json, to_json


def load(tx: Tx, run_id: str) -> Run | None:
    """Return the run with its steps, or None."""
    row = tx.execute(select(runs).where(runs.c.id == run_id)).first()
    return run_of(row, _steps(tx, run_id), statements_of(tx, run_id)) if row else None


def hold_row(tx: Tx, run_id: str) -> None:
    """Let no other transaction change the run until this one ends. Always taken first, so that no two wait in a ring.

    SQLite has one writer at a time anyway.
    """
    tx.execute(select(runs.c.id).where(runs.c.id == run_id).with_for_update())


def run_of(row: Row[Any], its_steps: Sequence[StepRun] = (), said: Sequence[Statement] = ()) -> Run:
    return Run(
        id=row.id,
        operation=row.operation,
        arguments=row.arguments,
        state=State(row.state),
        requester=Actor.parse(row.requester),
        version=row.version,
        created_at=row.created_at,
        why=Why(row.reason, row.ticket),
        confirmer=Actor.parse(row.confirmer) if row.confirmer else None,
        approver=Actor.parse(row.approver) if row.approver else None,
        origin=Ref.parse(row.origin) if row.origin else None,
        plan=plan_from_json(row.plan) if row.plan else None,
        digest=row.digest,
        report=Report.from_json(row.report) if row.report else None,
        problem=text_from_json(row.problem) if row.problem else None,
        confirmed_at=row.confirmed_at,
        ended_at=row.ended_at,
        deadline_at=row.deadline_at,
        waiting_since=row.waiting_since,
        nudged_at=row.nudged_at,
        escalated_at=row.escalated_at,
        steps=tuple(its_steps),
        statements=tuple(said),
    )


def _steps(tx: Tx, run_id: str) -> list[StepRun]:
    query = select(steps).where(steps.c.run_id == run_id).order_by(steps.c.position)
    return [
        StepRun(
            row.position,
            StepState(row.state),
            step_from_json(row.body),
            Result.from_json(row.result),
            row.sent_at,
        )
        for row in tx.execute(query)
    ]


def same_open_run(tx: Tx, operation: str, arguments: Mapping[str, Any], origin: Ref) -> Run | None:
    """Return a run of the same origin and arguments that nobody has ended: a second click means that one.

    The record is held until this transaction ends: who asks at the same instant waits, and finds the run. The origin's
    card would not do: whoever moves a run holds the record before its card, and two would wait for each other.
    """
    audit.hold(tx)
    query = select(runs).where(
        runs.c.origin == str(origin),
        runs.c.operation == operation,
        runs.c.arguments == dict(arguments),
        runs.c.state.not_in([state.value for state in ENDED]),
    )
    row = tx.execute(query.order_by(runs.c.id.desc()).limit(1)).first()
    return run_of(row) if row else None


def move(
    tx: Tx,
    run: Run,
    to: State,
    *,
    at: datetime,
    by: Actor,
    why: Text | None = None,
    noted: Mapping[str, Any] | None = None,
    **values: Any,
) -> bool:
    """Move the run along an arrow, if it still is what it was: state and version.

    The audit entry, with what is `noted` besides, the moment in the timeline and the wish for a new card are part of
    it; so is giving back any claim. False means that somebody else moved it meanwhile, and nothing was written.
    """
    if not may_move(run.state, to):
        raise ValueError(f"no arrow leads from {run.state} to {to}")
    held = runs.c.id == run.id, runs.c.state == run.state.value, runs.c.version == run.version
    ended = {"ended_at": at, "due_at": None, "waiting_since": None} if to in ENDED else {"ended_at": None}
    new = {"state": to.value, "version": run.version + 1, "lease_until": None, "lease_owner": None, "attempts": 0}
    statement = update(runs).where(*held).values(**(new | ended | {"problem": None} | values))
    if tx.execute(statement).rowcount != 1:
        return False
    digest = values.get("digest", run.digest)
    body = {"from": run.state.value, "to": to.value, "why": to_json(why) if why else None, "digest": digest}
    audit.append(tx, at, by, f"run.{to.value}", run.ref, body | {"meaning": ARROWS[run.state][to]} | dict(noted or {}))
    _tell(tx, run, to, at, by, why)
    if to in ENDED or to in {State.PLAN_CHANGED, State.AWAITING_APPROVAL}:
        unlock(tx, run.id)
    return True


def _tell(tx: Tx, run: Run, to: State, at: datetime, by: Actor, why: Text | None) -> None:
    moment = text(f"run.moment.{to.value}")
    timeline.record(tx, run.ref, at, by, text("run.moment.why", moment=moment, why=why) if why else moment)
    want_card(tx, run.ref)
    if run.origin is None:
        return
    if to is State.APPROVED or (to in ENDED and run.confirmed_at is not None):
        title = text(f"operation.{run.operation}")
        timeline.record(tx, run.origin, at, by, text("run.moment.at_origin", operation=title, moment=moment))
    want_card(tx, run.origin)


def waiting_from(now: datetime) -> dict[str, Any]:
    """Return what a run has that waits for people: nothing is due, and nobody was reminded yet."""
    return {
        "due_at": None,
        "deadline_at": None,
        "waiting_since": now,
        "nudged_at": None,
        "escalated_at": None,
    }


def waiting(tx: Tx) -> list[str]:
    """Return the runs that wait for people, the longest first."""
    query = select(runs.c.id).where(runs.c.waiting_since.is_not(None)).order_by(runs.c.waiting_since)
    return list(tx.execute(query).scalars())


def remember(tx: Tx, run: Run, **when: datetime) -> bool:
    """Keep when people were reminded. False: the run has moved meanwhile, or another process has reminded them."""
    same = [runs.c.id == run.id, runs.c.version == run.version]
    unset = [runs.c[name].is_(None) for name in when]
    return tx.execute(update(runs).where(*same, *unset).values(**when)).rowcount == 1


def hold(tx: Tx, claim: Claim, until: datetime) -> bool:
    """Renew the lease of a claim that still is ours; False when it was lost, so that nothing may be sent."""
    mine = runs.c.id == claim.row.id, runs.c.version == claim.version, runs.c.lease_owner == claim.owner
    return tx.execute(update(runs).where(*mine).values(lease_until=until)).rowcount == 1


def keep_report(tx: Tx, claim: Claim, report: Report) -> None:
    """Write how the run is doing, under a claim that goes on."""
    mine = runs.c.id == claim.row.id, runs.c.version == claim.version, runs.c.lease_owner == claim.owner
    tx.execute(update(runs).where(*mine).values(report=report.to_json(), deadline_at=None))


# Steps


def insert_steps(tx: Tx, run_id: str, planned: Iterable[Step], *, first: int = 0) -> None:
    rows = [
        {"run_id": run_id, "position": first + n, "state": StepState.PENDING.value, "body": step_to_json(step)}
        for n, step in enumerate(planned)
    ]
    tx.execute(insert(steps), rows)


def write_ahead(tx: Tx, run_id: str, sending: StepRun) -> bool:
    """Say that this step is about to be sent, committed before the call. False: it was taken back meanwhile."""
    values = {
        "state": StepState.SENDING.value,
        "body": step_to_json(sending.step),
        "result": sending.result.to_json(),
        "sent_at": sending.sent_at,
    }
    return _change(tx, run_id, sending.position, StepState.PENDING, values)


def settle(tx: Tx, run_id: str, before: StepRun, state: StepState, result: Result, at: datetime) -> StepState | None:
    """Write down what became of a step and return that, or None where somebody else has.

    What would wait to be sent again is taken back where a person has stopped the run meanwhile.
    """
    hold_row(tx, run_id)
    if state is StepState.PENDING and _was_stopped(tx, run_id):
        state = StepState.CANCELLED
    done = {} if state is StepState.PENDING else {"done_at": at}
    values = {"state": state.value, "result": result.to_json(), **done}
    return state if _change(tx, run_id, before.position, before.state, values, sent_at=before.sent_at) else None


def _was_stopped(tx: Tx, run_id: str) -> bool:
    """Whether a person took back the rest; what Baton itself leaves alone has its reason as a problem."""
    return any(each.state is StepState.CANCELLED and each.result.problem is None for each in _steps(tx, run_id))


def cancel_pending(tx: Tx, run_id: str) -> int:
    """Take back every step that was not begun; return how many."""
    hold_row(tx, run_id)
    mine = steps.c.run_id == run_id, steps.c.state == StepState.PENDING.value
    return tx.execute(update(steps).where(*mine).values(state=StepState.CANCELLED.value)).rowcount


def _change(
    tx: Tx, run_id: str, position: int, was: StepState, values: Mapping[str, Any], sent_at: datetime | None = None
) -> bool:
    same = [steps.c.run_id == run_id, steps.c.position == position, steps.c.state == was.value]
    if sent_at is not None:
        same.append(steps.c.sent_at == sent_at)
    return tx.execute(update(steps).where(*same).values(**values)).rowcount == 1


# Locks


def lock(tx: Tx, run: Run, plan: Plan) -> Run | None:
    """Take every target of the plan for this run, or return the run that has one of them and take none.

    Taken with the yes, given back by `move` with the end.
    """
    for target in plan.locks:
        while not insert_if_new(tx, target_locks, {"target": target, "run_id": run.id}, key=["target"]):
            holder = holder_of(tx, target)
            if holder is None:  # given back between the two statements, which see different moments
                continue
            if holder.id == run.id:
                break
            unlock(tx, run.id)
            return holder
    return None


def holder_of(tx: Tx, target: str) -> Run | None:
    query = select(runs).join(target_locks, target_locks.c.run_id == runs.c.id).where(target_locks.c.target == target)
    row = tx.execute(query).first()
    return run_of(row) if row else None


def unlock(tx: Tx, run_id: str) -> None:
    tx.execute(delete(target_locks).where(target_locks.c.run_id == run_id))

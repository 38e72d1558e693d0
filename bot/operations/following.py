"""Follows what was done until it has ended at the vendor: a vendor's yes is no proof."""

from datetime import timedelta

from bot.actor import BATON
from bot.audit import service as audit
from bot.operations import queries
from bot.operations.lifecycle import State
from bot.operations.model import Report
from bot.operations.plan import Ended, Repair, Step, Verdict, Waiting, step_to_json
from bot.operations.planning import refusal
from bot.operations.turn import Turn
from bot.operations.verdict import applied, combined, report
from bot.outbox import want_card
from bot.ports.errors import VendorError
from bot.store import Tx
from bot.store.claim import NEW
from bot.text import Text, text

SHORTEST, LONGEST, GROWTH = timedelta(seconds=2), timedelta(seconds=30), 1.5
REPAIRS_PER_STEP = 2


def verify(turn: Turn) -> None:
    """Look once; end, wait or repair."""
    try:
        verdict = turn.operation.verify(applied(turn.run.steps), turn.ports)
    except VendorError as error:
        unseen = error
        turn.write(lambda tx: _not_seen(tx, turn, unseen))
        return
    turn.write(lambda tx: _act(tx, turn, verdict))


def _act(tx: Tx, turn: Turn, verdict: Verdict) -> None:
    match verdict:
        case Ended():
            _end(tx, turn, verdict)
        case Waiting(progress=progress) if turn.is_late:
            _end(tx, turn, _unverified(text("run.not_seen_in_time", progress=progress), verdict))
        case Waiting():
            wait(tx, turn, verdict)
        case Repair(progress=progress) if not may_repair(turn):
            _end(tx, turn, _unverified(text("run.repairs_did_not_help", progress=progress), verdict))
        case Repair():
            _repair_if_allowed(tx, turn, verdict)


def _unverified(words: Text, verdict: Waiting | Repair | Report) -> Ended:
    """Return the end of what nobody waits for any longer, with what was last known of it."""
    return Ended(State.UNVERIFIED, words, verdict.items, verdict.remaining)


def _end(tx: Tx, turn: Turn, ended: Ended) -> None:
    whole = combined(ended, turn.run.steps)
    turn.end(tx, whole.state, report(whole))


def wait(tx: Tx, turn: Turn, waiting: Waiting) -> None:
    """Look again soon while something moves, more rarely while nothing does."""
    before = turn.run.report
    still = before is not None and (before.summary, before.items) == (waiting.progress, waiting.items)
    looks = before.looks + 1 if before is not None and still else 0
    newest = Report(waiting.progress, waiting.items, looks, waiting.remaining)
    due_at = turn.now + (waiting.check_after or pause(looks))
    until = turn.run.deadline_at or turn.now + turn.engine.patience.follow_for
    kept = turn.again(tx, due_at, report=newest.to_json(), deadline_at=until, problem=None)
    if kept and (not still or turn.run.problem is not None):
        want_card(tx, turn.run.ref)


def pause(looks: int) -> timedelta:
    """Return the time to the next look: 2 s, 3 s, 4.5 s … at most 30 s."""
    return min(SHORTEST * GROWTH ** min(looks, 20), LONGEST)


def may_repair(turn: Turn) -> bool:
    planned = len(turn.run.plan.steps) if turn.run.plan else 0
    return len(turn.run.steps) < planned * (1 + REPAIRS_PER_STEP)


def _repair_if_allowed(tx: Tx, turn: Turn, repair: Repair) -> None:
    """Write once more, if the policy would let it begin now: a run may be looked at again long after its yes."""
    operation = turn.operation
    refused = refusal(tx, turn, turn.run.request(operation.effect, operation.about(turn.ports)))
    if refused is None:
        _repair(tx, turn, repair)
    else:
        _end(tx, turn, Ended(State.UNVERIFIED, refused, repair.items))


def _repair(tx: Tx, turn: Turn, repair: Repair) -> None:
    """Do one more step: what was done needs it to take effect."""
    newest = Report(repair.progress, repair.items, remaining=repair.remaining)
    if turn.move_in(tx, State.EXECUTING, why=repair.progress, due_at=NEW, report=newest.to_json()):
        add_repair(tx, turn, repair)


def add_repair(tx: Tx, turn: Turn, repair: Repair) -> None:
    step = _numbered(repair.step, len(turn.run.steps))
    queries.insert_steps(tx, turn.run.id, [step], first=len(turn.run.steps))
    audit.append(tx, turn.at, BATON, "step.repair", turn.run.ref, {"step": step.key} | step_to_json(step))


def _numbered(step: Step, position: int) -> Step:
    """Keep keys unique in the run: the same repair may be needed twice."""
    return Step(f"{step.key}#{position}", step.title, step.body, step.changes, step.locks)


def _not_seen(tx: Tx, turn: Turn, error: VendorError) -> None:
    if turn.is_late:
        words: Text = text("run.not_seen_in_time", progress=error.words)
        _end(tx, turn, _unverified(words, turn.run.report or Report(words)))
        return
    until = turn.run.deadline_at or turn.now + turn.engine.patience.follow_for
    turn.retry(tx, error, deadline_at=until)

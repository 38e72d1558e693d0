"""In an emergency: a run begins at once, past approvals and freezes, and everybody is told."""

from dataclasses import replace
from datetime import datetime

from bot.actor import Actor, named
from bot.audit import service as audit
from bot.operations import queries, statements
from bot.operations.answers import GONE, Accepted, Answer, Refused, Unchanged, elsewhere, invalid
from bot.operations.desk import Desk, go, refused
from bot.operations.lifecycle import WAITS_FOR_YES, State
from bot.operations.model import Run
from bot.operations.policy import Decision
from bot.operations.statement import Said
from bot.operations.why import Why
from bot.outbox import Place, add_note, link_to, thread_of
from bot.store import Tx
from bot.text import Code, text


def may_break_glass(actor: Actor, tx: Tx, desk: Desk, run_id: str, now: datetime) -> Run | Answer:
    """Return the run if this actor may let it begin at once; else what to tell them."""
    run = queries.load(tx, run_id)
    if run is None:
        return GONE
    if run.state not in WAITS_FOR_YES | {State.AWAITING_APPROVAL}:
        return elsewhere(run)
    if desk.authority.shadow:
        return Refused(text("run.shadow"))
    decision = _decision(actor, tx, desk, run, now)
    return run if decision.allowed else refused(tx, actor, run.ref, decision, now)


def break_glass(
    actor: Actor, tx: Tx, desk: Desk, run_id: str, now: datetime, *, why: Why, seen: str | None = None
) -> Answer:
    """Let the run begin without anybody else's yes. The reason is forced, and it is a deed of its own in the audit."""
    run = may_break_glass(actor, tx, desk, run_id, now)
    if not isinstance(run, Run):
        return run
    if seen is not None and not (run.digest or "").startswith(seen):
        return Unchanged(run.id, text("run.plan_is_newer"))
    wrong = tuple(why.problems(needs_reason=True))
    if wrong:
        return invalid(wrong)
    because = text("run.broke_glass_because", reason=why.reason)
    told = {"confirmer": str(actor), "reason": why.reason, "ticket": why.ticket or run.why.ticket}
    answer = go(tx, run, actor, now, why=because, **told)
    if isinstance(answer, Accepted):
        statements.keep(tx, run.id, run.digest or "", Said.BROKE_GLASS, actor, now, why.reason)
        _announce(tx, run, actor, now, why, _decision(actor, tx, desk, run, now).break_glass)
    return answer


def _decision(actor: Actor, tx: Tx, desk: Desk, run: Run, now: datetime) -> Decision:
    return desk.authority.decide(tx, actor, replace(desk.request_of(run, by=actor), break_glass=True), now)


def _announce(tx: Tx, run: Run, actor: Actor, now: datetime, why: Why, channel: str) -> None:
    """Tell everybody, in the channel that the policy names."""
    audit.append(
        tx, now, actor, "run.break_glass", run.ref, {"reason": why.reason, "digest": run.digest, "channel": channel}
    )
    thread = thread_of(tx, run.ref)
    where = link_to(tx, run.ref, text("run.glass.there")) or Code(run.id)
    words = text("run.glass.announced", by=named(actor), summary=run.summary, reason=why.reason, where=where)
    add_note(tx, run.ref, now, Place(channel, language=thread.language if thread else "en"), words)

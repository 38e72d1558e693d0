"""What people say to a plan that waits for them: yes, no, or a question first. The first decision wins."""

from datetime import datetime

from bot import timeline
from bot.actor import Actor, named
from bot.audit import service as audit
from bot.operations import queries, statements
from bot.operations.answers import GONE, Accepted, Answer, Refused, Unchanged, elsewhere
from bot.operations.calling import tell
from bot.operations.desk import Desk, go, moved, refused
from bot.operations.lifecycle import State
from bot.operations.model import Run
from bot.operations.policy import Approvals
from bot.operations.statement import Said
from bot.operations.why import Why
from bot.outbox import Button, want_card
from bot.store import Tx
from bot.text import text


def approve(actor: Actor, tx: Tx, desk: Desk, run_id: str, now: datetime, *, seen: str | None = None) -> Answer:
    """Say yes. The run begins with the last yes that the policy wants."""
    run = may_decide(actor, tx, desk, run_id, now)
    if not isinstance(run, Run):
        return run
    if seen is not None and not (run.digest or "").startswith(seen):
        return Unchanged(run.id, text("run.plan_is_newer"))
    request = desk.request_of(run)
    before = desk.authority.outstanding(tx, request, run.yes, now)
    missing = desk.authority.outstanding(tx, request, (*run.yes, actor), now)
    if missing and missing == before:
        return Unchanged(run.id, text("run.counts_once", n=how_many(missing)))
    answer = _one_more(tx, run, actor, now, missing) if missing else go(tx, run, actor, now, approver=str(actor))
    if isinstance(answer, Accepted):
        statements.keep(tx, run.id, run.digest or "", Said.YES, actor, now)
    return answer


def _one_more(tx: Tx, run: Run, actor: Actor, now: datetime, missing: tuple[Approvals, ...]) -> Answer:
    """Keep the yes and wait for the others."""
    why = text("run.still_missing", n=how_many(missing))
    if queries.move(tx, run, State.AWAITING_APPROVAL, at=now, by=actor, why=why, approver=str(actor)):
        return Accepted(run.id, why)
    newer = queries.load(tx, run.id)
    return elsewhere(newer) if newer else GONE


def how_many(missing: tuple[Approvals, ...]) -> int:
    """Return how many more people have to say yes, at most."""
    return sum(each.count for each in missing)


def deny(actor: Actor, tx: Tx, desk: Desk, run_id: str, now: datetime, *, reason: str = "") -> Answer:
    """Say no, and why. That ends the run."""
    run = may_decide(actor, tx, desk, run_id, now)
    if not isinstance(run, Run):
        return run
    why = Why.of(reason, "")
    wrong = tuple(why.problems(needs_reason=True))
    if wrong:
        return Refused(wrong[0].words, wrong)
    because = text("run.denied_because", by=named(actor), reason=why.reason)
    answer = moved(tx, run, State.DENIED, actor, now, "run.denied", why=because)
    if isinstance(answer, Accepted):
        statements.keep(tx, run.id, run.digest or "", Said.NO, actor, now, why.reason)
        tell(tx, run, now, because, _who_asked(run))
    return answer


def ask(actor: Actor, tx: Tx, desk: Desk, run_id: str, now: datetime, *, question: str) -> Answer:
    """Ask the requester something before deciding. Nothing is decided, and nothing is lost."""
    run = may_decide(actor, tx, desk, run_id, now)
    if not isinstance(run, Run):
        return run
    words = _written(question)
    if isinstance(words, Refused):
        return words
    said = text("run.question", by=named(actor), question=words)
    answer = Button("run.answer", run.id, text("run.button.answer"))
    tell(tx, run, now, said, _who_asked(run), buttons=(answer,))
    return _keep(tx, run, actor, now, Said.ASKED, words)


def reply(actor: Actor, tx: Tx, run_id: str, now: datetime, *, words: str) -> Answer:
    """Answer the questions about a run, as one who asked for it."""
    run = may_reply(actor, tx, run_id)
    if not isinstance(run, Run):
        return run
    written = _written(words)
    if isinstance(written, Refused):
        return written
    asked = [each.actor.id for each in run.statements if each.said is Said.ASKED and each.actor.is_person]
    tell(tx, run, now, text("run.answered", by=named(actor), answer=written), asked)
    return _keep(tx, run, actor, now, Said.ANSWERED, written)


def may_reply(actor: Actor, tx: Tx, run_id: str) -> Run | Answer:
    """Return the run if this actor asked for it; else what to tell them."""
    run = queries.load(tx, run_id)
    if run is None:
        return GONE
    if actor in {run.requester, run.confirmer}:
        return run
    return Refused(text("run.answer_is_theirs", by=named(run.confirmer or run.requester)))


def _keep(tx: Tx, run: Run, actor: Actor, now: datetime, kind: Said, written: str) -> Answer:
    """Keep what was said, without any decision."""
    statements.keep(tx, run.id, run.digest or "", kind, actor, now, written)
    audit.append(tx, now, actor, f"run.{kind.value}", run.ref, {"remark": written, "digest": run.digest})
    timeline.record(tx, run.ref, now, actor, text(f"run.moment.{kind.value}", words=written))
    want_card(tx, run.ref)
    return Accepted(run.id, text("run.said"))


def may_decide(actor: Actor, tx: Tx, desk: Desk, run_id: str, now: datetime) -> Run | Answer:
    """Return the run if it waits for a yes and this actor may give it; else what to tell them."""
    queries.hold_row(tx, run_id)  # of two yeses at once, the second is to see the first
    run = queries.load(tx, run_id)
    if run is None:
        return GONE
    if run.state is not State.AWAITING_APPROVAL:
        return elsewhere(run)
    if actor in {run.requester, run.confirmer}:
        return Refused(text("run.not_your_own"))
    decision = desk.authority.may_approve(tx, actor, desk.request_of(run), now)
    return run if decision.allowed else refused(tx, actor, run.ref, decision, now)


def _who_asked(run: Run) -> list[str]:
    answering = run.confirmer or run.requester
    return [answering.id] if answering.is_person else []


def _written(words: str) -> str | Refused:
    """Return the words in one line, or what is wrong with them."""
    said = Why.of(words, "")
    wrong = tuple(said.problems(needs_reason=True))
    return Refused(wrong[0].words, wrong) if wrong else said.reason

"""Brings each run one bounded step further: plan, agree again, send, look, follow. May be killed at any line."""

from dataclasses import dataclass, field, replace

from bot.clock import Clocks
from bot.operations import following, planning, queries, sending
from bot.operations.authority import Authority
from bot.operations.catalog import CATALOG, Catalog
from bot.operations.lifecycle import State
from bot.operations.model import Report
from bot.operations.operation import Ports
from bot.operations.turn import Patience, Revisions, Turn
from bot.reconcile import Reconciler
from bot.store import Store
from bot.store.claim import Claim
from bot.store.tables import runs
from bot.text import Code, Text, text

LANE = "operations"


@dataclass(frozen=True, slots=True)
class Executor:
    store: Store
    clocks: Clocks
    ports: Ports
    authority: Authority
    catalog: Catalog = field(default_factory=lambda: CATALOG)
    patience: Patience = field(default_factory=Patience)
    revisions: Revisions = lambda _runbook: {}

    def reconciler(self, lane: str = LANE) -> Reconciler:
        return Reconciler("run", runs, lane, self.step, self.patience.lease)

    def step(self, claim: Claim) -> None:
        """Do the one thing that the run's state asks for now."""
        run = self.store.read(lambda tx: queries.load(tx, claim.row.id))
        assert run is not None, "runs are never deleted"
        turn = Turn(self, claim, replace(run, version=claim.version), self.clocks.system.now())
        try:
            _advance(turn)
        except Exception as error:
            _stumbled(turn, text("run.stumbled", error=Code(type(error).__name__)))
            raise


def _stumbled(turn: Turn, words: Text) -> None:
    """Show an error of our own; what was done is not followed for ever where it can never be seen."""
    run = turn.run
    if run.state is not State.VERIFYING:
        turn.keep_problem(words)
    elif turn.is_late:
        items = run.report.items if run.report else ()
        report = Report(text("run.not_seen_in_time", progress=words), items)
        turn.write(lambda tx: turn.end(tx, State.UNVERIFIED, report))
    else:
        turn.keep_problem(words, deadline_at=run.deadline_at or turn.now + turn.engine.patience.follow_for)


def _advance(turn: Turn) -> None:
    match turn.run.state:
        case State.DRAFT:
            planning.plan(turn)
        case State.APPROVED:
            planning.begin(turn)
        case State.EXECUTING | State.OUTCOME_UNKNOWN:
            sending.execute(turn)
        case State.VERIFYING:
            following.verify(turn)
        case State.PLANNED | State.PLAN_CHANGED:
            turn.move(State.EXPIRED)
        case _:
            turn.rest()

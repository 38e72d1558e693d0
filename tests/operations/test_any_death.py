"""Whatever people press and whenever the process dies, between any two lines: after it all the promises hold."""

import contextlib
from collections import Counter
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.audit import service as audit
from bot.audit.chain import Fine
from bot.operations import queries, service
from bot.operations.lifecycle import ENDED, UNDER_WAY, State, StepState
from bot.operations.waiting import Waiting
from bot.operations.why import Why
from bot.ports.errors import Conflict, OutcomeUnknown, Unavailable
from bot.store.tables import notes
from bot.text import text_from_json
from tests.operations.bench import GUEST, JUN, MINA, SORA, Bench
from tests.operations.test_killed import Death, Killed, MortalStore, MortalWorld

ALONE_UP_TO = 3
TWO_MORE = {"operation": "clear-tasks", "who": ["member"], "needs": {"approval": {"count": 2, "by": ["member"]}}}
POLICY = {
    "rules": [{"operation": "clear-tasks", "who": ["on-call"], "size_at_most": ALONE_UP_TO}, TWO_MORE],
    "break_glass": {"operation": "clear-tasks", "who": ["on-call"], "channel": "C0OPS"},
}
MORE = {"deny": {"reason": "no"}, "ask": {"question": "sure?"}, "break_glass": {"why": Why("it burns")}}
PRESSED = ["confirm", "deny", "ask", "cancel", "replan", "recheck", "pause", "resume", "break_glass"]
DEEDS = st.sampled_from([*PRESSED, *(3 * ["approve"]), *(8 * ["work"]), "wait", "remind"])
PEOPLE = st.sampled_from([MINA, JUN, SORA, GUEST])
DEATHS = st.sampled_from([*(6 * [0]), *range(1, 9)])  # after how many points the process dies; 0: it lives


@st.composite
def stories(draw):
    """Return what people do in order: the run is planned and started, then anything."""
    begun = [("work", MINA, draw(DEATHS)), ("wait", MINA, 0), ("work", MINA, 0)]
    starts = ("confirm", draw(st.sampled_from([MINA, JUN])), draw(DEATHS))
    return [*begun, starts, *draw(st.lists(st.tuples(DEEDS, PEOPLE, DEATHS), min_size=4, max_size=30))]


FAULTS = st.lists(st.sampled_from([None, Conflict("Lamps"), OutcomeUnknown("Lamps"), Unavailable("Lamps")]), max_size=2)


def step(bench: Bench, run_id: str, deed: str, actor) -> None:
    bench.clock.advance(timedelta(seconds=1))
    match deed:
        case "work":
            bench.once()
        case "wait":
            bench.skip_to_next()
        case "remind":
            bench.clock.advance(timedelta(hours=1))
            Waiting(bench.store, bench.desk).look(bench.now)
        case _:
            bench.write(getattr(service, deed), actor, run_id, bench.now, **MORE.get(deed, {}))


def play(bench: Bench, run_id: str, story, death: Death) -> None:
    """Play the story; a process that died is followed by another."""
    for deed, actor, dies_after in story:
        death.at = death.passed + dies_after if dies_after else 0
        with contextlib.suppress(Killed):
            step(bench, run_id, deed, actor)
    death.at = 0


def settle(bench: Bench, run_id: str) -> None:
    """Let the survivors finish everything; a paused run goes on."""
    bench.until_quiet(most=300)
    if bench.state(run_id) is State.PAUSED:
        bench.write(service.resume, MINA, run_id, bench.now)
        bench.until_quiet(most=300)


def said(bench: Bench) -> Counter:
    rows = bench.store.read(lambda tx: tx.execute(select(notes.c.ref, notes.c.body)).all())
    return Counter((row.ref, text_from_json(row.body["text"]).msgid) for row in rows)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories(), st.sampled_from([2, 4]), FAULTS, FAULTS)
def test_the_promises_hold_though_the_process_dies_between_any_two_lines(any_store, clock, story, size, before, after):
    clock.advance(timedelta(hours=1))  # ids of examples differ by their time
    death = Death(0)
    world = MortalWorld({f"attic.{n}": False for n in range(size)} | {"cellar.lamp": False})
    world.death = death
    bench = Bench(MortalStore(any_store, death), clock, world, rules=POLICY)
    run_id = bench.ask("attic", "cellar")
    world.before, world.after = list(before), [error for error in after if isinstance(error, OutcomeUnknown)]
    play(bench, run_id, story, death)
    settle(bench, run_id)
    run, sent = bench.run(run_id), [name for names in world.writes for name in names]
    entries = [each.entry for each in bench.store.read(lambda tx: list(audit.records(tx, run.ref)))]
    counted = said(bench)

    assert len(sent) == len(set(sent)), "nothing is done twice"
    assert run.state not in UNDER_WAY or run.state is State.OUTCOME_UNKNOWN, "nothing is forgotten"
    assert all(each.state is not StepState.SENDING for each in run.steps) or run.state is State.OUTCOME_UNKNOWN
    if sent and run.size > ALONE_UP_TO and not run.broke_glass:
        assert len(set(run.yes) - {run.requester, run.confirmer}) >= 2, "nobody does what they may not"
    if run.state is State.SUCCEEDED:
        assert all(world.switches.values()), "the card tells the truth"
    if run.state in ENDED:
        assert bench.store.read(lambda tx: queries.holder_of(tx, "room:attic")) is None, "no lock is left behind"
    sent_to_people = sum(e.deed == "run.awaiting_approval" and e.body["from"] != e.body["to"] for e in entries)
    calls = ("run.please_approve", "run.yes_is_void", "run.policy_wants_more")
    assert sum(counted[(str(run.ref), each)] for each in calls) == sent_to_people, "called once each time"
    ends = sum(e.deed.removeprefix("run.") in set(ENDED) for e in entries)
    verdicts = sum(n for (ref, msgid), n in counted.items() if ref == str(run.ref) and "verdict" in msgid)
    assert verdicts <= ends + sum(e.deed == "run.outcome_unknown" for e in entries), "said at most once"
    assert isinstance(bench.store.read(audit.verify), Fine)

"""Whatever people press, in whatever order, and however the vendor fails: the promises hold."""

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.audit import service as audit
from bot.audit.chain import Fine
from bot.operations import queries, service
from bot.operations.lifecycle import ENDED, UNDER_WAY, State, StepState
from bot.ports.errors import Conflict, Forbidden, OutcomeUnknown, Unavailable
from tests.operations.bench import GUEST, JUN, MINA, SORA, Bench
from tests.operations.scripted import World

FAULTS = st.sampled_from(
    [None, None, *(error("Lamps") for error in (Conflict, Forbidden, OutcomeUnknown, Unavailable))]
)
PEOPLE = st.sampled_from([MINA, JUN, SORA, GUEST])
DEEDS = st.sampled_from(
    [*("confirm", "approve", "deny", "cancel", "replan", "recheck", "pause", "resume"), *(3 * ["work"]), "wait"]
)
STORIES = st.lists(st.tuples(DEEDS, PEOPLE), max_size=25)


def play(bench, run_id, story):
    """Return who said yes, by what they were answered."""
    yes = set()
    for deed, actor in story:
        if deed == "work":
            bench.once()
        elif deed == "wait":
            bench.skip_to_next()
        else:
            more = {"reason": "no"} if deed == "deny" else {}
            answer = bench.write(getattr(service, deed), actor, run_id, bench.now, **more)
            if isinstance(answer, service.Accepted) and deed in {"confirm", "approve"}:
                yes.add(actor)
    return yes


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    STORIES,
    st.sampled_from([2, 4]),
    st.lists(FAULTS, max_size=3),
    st.lists(FAULTS, max_size=3),
    st.lists(FAULTS, max_size=3),
)
def test_the_promises_hold(store, clock, story, size, before, after, reads):
    clock.advance(timedelta(hours=1))  # chance is the same in every example: ids differ by their time
    world = World({f"attic.{n}": False for n in range(size)} | {"cellar.lamp": False})
    bench = Bench(store, clock, world)
    run_id = bench.ask("attic", "cellar")
    world.before, world.reads = before, reads
    world.after = [error for error in after if error is None or isinstance(error, OutcomeUnknown)]
    yes = play(bench, run_id, story)
    bench.until_quiet(most=300)
    run = bench.run(run_id)
    sent = [name for names in world.writes for name in names]

    assert len(sent) == len(set(sent)), "nothing is done twice"
    assert GUEST not in yes, "nobody does what they may not"
    assert not sent or yes, "nothing without a yes"
    assert not sent or size + 1 <= 3 or len(yes) >= 2 or run.approver, "much needs a second person"
    assert run.state not in UNDER_WAY or run.state is State.OUTCOME_UNKNOWN, "nothing is forgotten"
    assert all(step.state is not StepState.SENDING for step in run.steps) or run.state is State.OUTCOME_UNKNOWN
    if run.state is State.SUCCEEDED:
        assert set(sent) == set(world.switches), "the card tells the truth"
    if run.state in ENDED:
        assert store.read(lambda tx: queries.holder_of(tx, "room:attic")) is None, "no lock is left behind"
    assert isinstance(store.read(audit.verify), Fine)

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.operations import queries, service
from bot.operations.executor import Executor
from bot.operations.facts import Answer
from bot.operations.following import pause
from bot.operations.lifecycle import State, StepState
from bot.operations.plan import Ended, Waiting
from bot.operations.turn import Patience
from bot.ports.errors import Forbidden, OutcomeUnknown, Unavailable
from bot.reconcile import Lane, Loop
from bot.text import text
from tests.operations.bench import JUN, MINA
from tests.operations.scripted import repair_of

DOWN = Unavailable("Lamps", "no connection")
LOST = OutcomeUnknown("Lamps", "no answer in time")
MORE = {"attic.lamp": False, "cellar.lamp": False}


def test_a_run_goes_from_request_to_verdict(any_bench):
    run_id = any_bench.ask("attic")
    assert any_bench.state(run_id) is State.DRAFT
    any_bench.until_quiet()
    planned = any_bench.run(run_id)
    assert planned.state is State.PLANNED
    assert planned.size == 2
    assert any_bench.world.writes == []
    assert isinstance(any_bench.confirm(run_id), service.Accepted)
    any_bench.until_quiet()
    ended = any_bench.run(run_id)

    assert ended.state is State.SUCCEEDED
    assert ended.confirmer == MINA
    assert any_bench.world.writes == [("attic.lamp", "attic.fan")]
    assert any_bench.notes() == ["run.verdict.succeeded"]


def test_an_empty_plan_ends_the_run_with_its_reason(bench):
    bench.world.switches = {"attic.lamp": True}
    run_id = bench.ask("attic")
    bench.until_quiet()
    run = bench.run(run_id)

    assert run.state is State.NO_CHANGE
    assert run.plan.empty.msgid == "clear-tasks.run_is_empty"
    assert bench.notes() == []


def test_a_plan_beyond_the_operations_limit_is_refused(bench):
    bench.world.switches = {f"attic.{n}": False for n in range(6)}
    run_id = bench.ask("attic")
    bench.until_quiet()

    assert bench.run(run_id).plan.empty.msgid == "run.over_limit"


def test_a_vendor_that_is_down_for_a_moment_delays_the_plan_and_the_card_says_so(bench):
    bench.world.reads = [DOWN]
    run_id = bench.ask("attic")
    bench.once()

    assert bench.state(run_id) is State.DRAFT
    assert bench.run(run_id).problem.msgid == "vendor.unavailable"
    bench.until_quiet()
    assert bench.state(run_id) is State.PLANNED
    assert bench.run(run_id).problem is None


def test_after_some_tries_a_person_decides_whether_to_plan_again(bench):
    bench.world.reads = [DOWN] * 3
    run_id = bench.ask("attic")
    for _ in range(3):
        bench.once()
        bench.clock.advance(timedelta(minutes=1))

    assert bench.once() is False
    assert bench.run(run_id).problem.msgid == "vendor.unavailable"
    assert isinstance(bench.write(service.replan, MINA, run_id, bench.now), service.Accepted)
    bench.once()
    assert bench.state(run_id) is State.PLANNED


def test_what_baton_may_not_read_is_not_tried_again(bench):
    bench.world.reads = [Forbidden("Lamps")]
    run_id = bench.ask("attic")
    bench.once()
    bench.clock.advance(timedelta(minutes=5))

    assert bench.once() is False
    assert bench.run(run_id).problem.msgid == "vendor.forbidden"


@pytest.mark.parametrize("reads", [pytest.param([], id="planned"), pytest.param([DOWN] * 3, id="never planned")])
def test_what_nobody_starts_expires(bench, reads):
    bench.world.reads = reads
    run_id = bench.ask("attic")
    for _ in range(3):
        bench.once()
        bench.clock.advance(timedelta(minutes=1))
    bench.clock.advance(timedelta(minutes=31))
    bench.once()

    assert bench.state(run_id) is State.EXPIRED
    assert bench.world.writes == []


def test_what_was_done_by_somebody_else_meanwhile_ends_as_nothing_to_do(bench):
    run_id = bench.agreed("attic")
    bench.world.switches = dict.fromkeys(bench.world.switches, True)
    bench.until_quiet()

    assert bench.state(run_id) is State.NO_CHANGE
    assert bench.world.writes == []


def test_a_plan_that_gained_an_item_asks_again(bench):
    run_id = bench.agreed("attic")
    bench.world.switches["attic.heater"] = False
    bench.until_quiet()
    changed = bench.run(run_id)

    assert changed.state is State.PLAN_CHANGED
    assert changed.size == 3
    assert bench.world.writes == []
    assert isinstance(bench.confirm(run_id), service.Accepted)
    bench.until_quiet()
    assert bench.state(run_id) is State.SUCCEEDED
    assert bench.world.writes == [("attic.lamp", "attic.fan", "attic.heater")]


def test_an_item_that_changed_just_before_is_left_alone_and_listed(bench):
    run_id = bench.agreed("attic")
    bench.once()
    bench.world.switches["attic.fan"] = True
    bench.until_quiet()
    run = bench.run(run_id)

    assert run.state is State.PARTLY_DONE
    assert bench.world.writes == [("attic.lamp",)]
    assert run.report.item("attic", "attic.fan").words.msgid == "clear-tasks.gone"


def test_a_run_of_which_everything_changed_meanwhile_does_nothing(bench):
    run_id = bench.agreed("attic")
    bench.once()
    bench.world.switches = dict.fromkeys(bench.world.switches, True)
    bench.until_quiet()

    assert bench.state(run_id) is State.NO_CHANGE
    assert bench.run(run_id).report.summary.msgid == "run.all_skipped"


def test_what_is_not_seen_to_end_in_time_is_unverified_and_can_be_looked_at_again(bench):
    waiting = Waiting(text("clear-tasks.progress", done=0, n=2, running=2))
    bench.world.verdicts = [waiting] * 400
    run_id = bench.agreed("attic")
    bench.until_quiet(most=500)

    assert bench.state(run_id) is State.UNVERIFIED
    assert bench.notes() == ["run.verdict.unverified"]
    bench.world.verdicts = []
    bench.write(service.recheck, MINA, run_id, bench.now)
    bench.until_quiet()
    assert bench.state(run_id) is State.SUCCEEDED


def test_a_vendor_that_is_down_while_it_is_followed_is_waited_for(bench):
    run_id = bench.agreed("attic")
    bench.once()
    bench.once()
    bench.once()
    bench.world.reads = [DOWN] * 5
    bench.until_quiet()

    assert bench.state(run_id) is State.SUCCEEDED


def test_what_took_no_effect_is_repaired_by_one_more_step(bench):
    bench.world.verdicts = [repair_of("attic")]
    run_id = bench.agreed("attic")
    bench.until_quiet()

    assert bench.state(run_id) is State.SUCCEEDED
    assert bench.world.repairs == ["attic#1"]
    assert bench.world.writes == [("attic.lamp", "attic.fan")]


def test_repairs_that_do_not_help_come_to_an_end(bench):
    bench.world.verdicts = [repair_of("attic")] * 20
    run_id = bench.agreed("attic")
    bench.until_quiet()

    assert bench.state(run_id) is State.UNVERIFIED
    assert len(bench.world.repairs) == 2


def test_a_failure_at_the_vendor_is_the_verdict_and_calls_who_started_it(bench):
    bench.world.verdicts = [Ended(State.FAILED, text("clear-tasks.unproven", n=1, task="lamp", why="dark"))]
    run_id = bench.agreed("attic")
    bench.until_quiet()

    assert bench.state(run_id) is State.FAILED
    assert bench.notes() == ["run.verdict.failed"]


def test_the_policy_is_asked_again_when_the_run_begins(bench):
    run_id = bench.agreed("attic")
    bench.on_call = {JUN.id: Answer.YES}
    bench.rules = {"rules": [{"operation": "clear-tasks", "who": ["on-call"]}]}
    bench.until_quiet()
    run = bench.run(run_id)

    assert run.state is State.DENIED
    assert run.report.summary.msgid == "policy.refused"
    assert bench.world.writes == []


def test_an_error_of_our_own_shows_on_the_card_and_is_not_swallowed(bench):
    bench.world.reads = [ZeroDivisionError()]
    run_id = bench.ask("attic")
    with pytest.raises(ZeroDivisionError):
        bench.once()

    assert bench.run(run_id).problem.msgid == "run.stumbled"


def test_looks_grow_rarer_while_nothing_moves():
    assert [pause(looks).total_seconds() for looks in (0, 1, 2, 3, 20, 1000)] == [2, 3, 4.5, 6.75, 30, 30]


def test_a_stopped_run_sends_nothing_more_and_follows_what_was_sent(bench):
    bench.world.switches = dict(MORE)
    run_id = bench.agreed("attic", "cellar")
    bench.once()
    bench.once()
    assert isinstance(bench.write(service.cancel, MINA, run_id, bench.now), service.Accepted)
    bench.until_quiet()
    run = bench.run(run_id)

    assert run.state is State.PARTLY_DONE
    assert bench.world.writes == [("attic.lamp",)]
    assert [step.state for step in run.steps] == [StepState.DONE, StepState.CANCELLED]


def test_patience_and_lease_are_the_executors(bench):
    quick = Executor(
        bench.store, bench.executor.clocks, bench.ports, bench.authority, bench.desk.catalog, Patience(tries=1)
    )
    bench.world.reads = [DOWN]
    run_id = bench.ask("attic")
    bench.once(quick)

    assert bench.run(run_id).deadline_at == bench.now + quick.patience.plan_valid_for
    assert quick.reconciler().lease == quick.patience.lease


def test_the_claim_loop_drives_it(bench):
    loop = Loop(bench.store, bench.executor.clocks, [bench.executor.reconciler()], [Lane("operations", 1)])
    run_id = bench.ask("attic")

    assert loop.once("run") == 1
    assert bench.state(run_id) is State.PLANNED
    bench.confirm(run_id)
    assert loop.once("run") == 3
    assert bench.state(run_id) is State.VERIFYING


def test_a_run_that_can_no_longer_be_followed_ends_unverified_and_gives_its_targets_back(bench):
    run_id = bench.agreed("attic")
    for _ in range(3):
        bench.once()
    assert bench.state(run_id) is State.VERIFYING
    bench.executor = replace(bench.executor, catalog={})
    loop = Loop(bench.store, bench.executor.clocks, [bench.executor.reconciler()], [Lane("operations", 1)])
    for _ in range(60):
        bench.skip_to_next()
        loop.once("run")

    assert bench.state(run_id) is State.UNVERIFIED
    assert bench.store.read(lambda tx: queries.holder_of(tx, "room:attic")) is None


def unverified(bench):
    bench.world.verdicts = [Waiting(text("clear-tasks.progress", done=0, n=2, running=2))] * 400
    run_id = bench.agreed("attic")
    bench.until_quiet(most=500)
    assert bench.state(run_id) is State.UNVERIFIED
    bench.world.verdicts = [repair_of("attic")]
    return run_id


def test_a_run_is_not_looked_at_again_while_another_works_on_its_target(any_bench):
    run_id = unverified(any_bench)
    any_bench.world.switches["attic.fan"] = False
    any_bench.agreed("attic")
    answer = any_bench.write(service.recheck, MINA, run_id, any_bench.now)

    assert answer.words.msgid == "run.target_is_taken"
    assert any_bench.state(run_id) is State.UNVERIFIED


def test_a_run_that_is_looked_at_again_holds_its_target(bench):
    run_id = unverified(bench)
    assert isinstance(bench.write(service.recheck, MINA, run_id, bench.now), service.Accepted)

    assert bench.store.read(lambda tx: queries.holder_of(tx, "room:attic")).id == run_id


@pytest.mark.parametrize("why", ["shadow", "policy"])
def test_a_run_that_is_looked_at_again_writes_only_what_the_policy_allows_now(bench, why):
    run_id = unverified(bench)
    if why == "shadow":
        bench.with_shadow()
    else:
        bench.rules = {"rules": []}
    bench.write(service.recheck, MINA, run_id, bench.now)
    bench.until_quiet()

    assert bench.world.repairs == []
    assert bench.state(run_id) is State.UNVERIFIED

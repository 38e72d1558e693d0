"""Writes that are refused, not taken, or whose answers are lost."""

import pytest

from bot.operations import service
from bot.operations.lifecycle import State, StepState
from bot.operations.sending import LONGEST_WRITE
from bot.ports.errors import Conflict, Forbidden, OutcomeUnknown, RateLimited, Unavailable
from tests.operations.bench import MINA

DOWN = Unavailable("Lamps", "no connection")
LOST = OutcomeUnknown("Lamps", "no answer in time")
MORE = {"attic.lamp": False, "cellar.lamp": False}


@pytest.mark.parametrize(
    "error", [DOWN, RateLimited("Lamps", retry_after=7), Conflict("Lamps")], ids=lambda error: type(error).__name__
)
def test_a_write_that_was_not_taken_is_sent_again(bench, error):
    bench.world.before = [error]
    run_id = bench.agreed("attic")
    bench.until_quiet()

    assert bench.state(run_id) is State.SUCCEEDED
    assert bench.world.writes == [("attic.lamp", "attic.fan")]


def test_a_write_that_is_refused_fails_its_step_and_the_next_one_goes_on(bench):
    bench.world.switches = dict(MORE)
    bench.world.before = [Forbidden("Lamps", "role too low")]
    run_id = bench.agreed("attic", "cellar")
    bench.until_quiet()
    run = bench.run(run_id)

    assert run.state is State.PARTLY_DONE
    assert bench.world.writes == [("cellar.lamp",)]
    assert run.report.item("attic", "attic.lamp").words.msgid == "vendor.forbidden"


def test_a_run_of_which_nothing_was_taken_fails_and_says_that_nothing_changed(bench):
    bench.world.before = [Forbidden("Lamps")]
    run_id = bench.agreed("attic")
    bench.until_quiet()

    assert bench.state(run_id) is State.FAILED
    assert bench.run(run_id).report.summary.msgid == "run.nothing_done"
    assert bench.notes() == ["run.verdict.failed"]


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_write_whose_answer_was_lost_is_looked_up_and_done_once(any_bench, side):
    setattr(any_bench.world, side, [LOST])
    run_id = any_bench.agreed("attic")
    any_bench.once()
    any_bench.once()

    assert any_bench.state(run_id) is State.OUTCOME_UNKNOWN
    any_bench.until_quiet()
    assert any_bench.state(run_id) is State.SUCCEEDED
    assert any_bench.world.writes == [("attic.lamp", "attic.fan")]


def test_a_lost_answer_that_cannot_be_looked_up_is_never_sent_again_and_a_person_is_called(bench):
    run_id = bench.agreed("attic")
    bench.once()
    bench.world.after = [LOST]
    bench.world.reads = [None] + [DOWN] * 500
    bench.until_quiet(most=200)

    assert bench.state(run_id) is State.OUTCOME_UNKNOWN
    assert len(bench.world.writes) == 1
    assert bench.notes() == ["run.verdict.outcome_unknown"]
    bench.world.reads = []
    assert isinstance(bench.write(service.recheck, MINA, run_id, bench.now), service.Accepted)
    bench.until_quiet()
    assert bench.state(run_id) is State.SUCCEEDED
    assert len(bench.world.writes) == 1


def test_a_vendor_that_never_answers_and_never_does_it_ends_as_failed(bench):
    bench.world.before = [LOST] * 10
    run_id = bench.agreed("attic")
    bench.until_quiet()

    assert bench.state(run_id) is State.FAILED
    assert bench.world.writes == []
    assert bench.run(run_id).steps[0].result.problem.msgid == "run.step.never_answered"


@pytest.mark.parametrize("error", [DOWN, RateLimited("Lamps", retry_after=7), LOST], ids=lambda e: type(e).__name__)
def test_what_was_not_taken_while_somebody_stopped_the_run_is_not_sent_any_more(any_bench, error):
    any_bench.world.switches = dict(MORE)
    run_id = any_bench.agreed("attic", "cellar")
    any_bench.once()

    def stopped_meanwhile():
        any_bench.write(service.cancel, MINA, run_id, any_bench.now)
        raise error

    any_bench.world.before = [stopped_meanwhile]
    any_bench.until_quiet()
    run = any_bench.run(run_id)

    assert any_bench.world.writes == []
    assert [step.state for step in run.steps] == [StepState.CANCELLED] * 2
    assert run.state is State.CANCELLED


def test_a_stop_while_the_vendor_is_looked_at_holds_for_what_was_not_done(bench):
    bench.world.switches = dict(MORE)
    bench.world.before = [LOST]
    run_id = bench.agreed("attic", "cellar")
    bench.once()
    bench.once()
    bench.clock.advance(LONGEST_WRITE)
    bench.world.reads = [lambda: bench.write(service.cancel, MINA, run_id, bench.now)]
    bench.until_quiet()

    assert bench.world.writes == []
    assert [step.state for step in bench.run(run_id).steps] == [StepState.CANCELLED] * 2


def test_a_slow_write_is_not_sent_again_by_another_worker_after_pause_and_resume(any_bench):
    any_bench.world.switches = dict(MORE)
    run_id = any_bench.agreed("attic", "cellar")
    any_bench.once()
    looked = []

    def paused_and_resumed():
        any_bench.write(service.pause, MINA, run_id, any_bench.now)
        any_bench.write(service.resume, MINA, run_id, any_bench.now)
        any_bench.clock.advance(LONGEST_WRITE / 2)
        looked.append(any_bench.once())
        any_bench.once()

    any_bench.world.before = [paused_and_resumed]
    any_bench.until_quiet()

    assert looked == [True]
    assert sorted(any_bench.world.writes) == [("attic.lamp",), ("cellar.lamp",)]
    assert any_bench.state(run_id) is State.SUCCEEDED


def test_the_time_of_sending_is_that_of_the_call_however_long_the_look_before_it_took(bench):
    run_id = bench.agreed("attic")
    bench.once()
    begun = bench.now
    bench.world.reads = [lambda: bench.clock.advance(LONGEST_WRITE)]
    bench.once()

    assert bench.run(run_id).steps[0].sent_at == begun + LONGEST_WRITE

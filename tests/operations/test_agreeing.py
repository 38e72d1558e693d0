"""Who says yes, how often, and to what."""

from bot.operations import service
from bot.operations.lifecycle import State
from bot.operations.service import Accepted, Refused, Unchanged
from tests.operations.bench import GUEST, JUN, MINA, SORA


def planned(bench, *rooms, **kwargs):
    run_id = bench.ask(*(rooms or ("attic",)), **kwargs)
    bench.once()
    return run_id


def test_a_second_click_on_start_is_told_who_started_it(bench):
    run_id = planned(bench)

    assert isinstance(bench.confirm(run_id), Accepted)
    again = bench.confirm(run_id, by=JUN)
    assert isinstance(again, Unchanged)
    assert again.words.msgid == "run.runs_already"
    assert again.words.params["by"].id == MINA.id
    bench.until_quiet()
    assert len(bench.world.writes) == 1


def test_a_click_on_an_older_plan_starts_nothing(bench):
    run_id = planned(bench)
    seen = bench.run(run_id).digest[:16]
    bench.world.switches["attic.heater"] = False
    bench.write(service.replan, MINA, run_id, bench.now)
    bench.once()

    answer = bench.write(service.confirm, MINA, run_id, bench.now, seen=seen)
    assert answer.words.msgid == "run.plan_is_newer"
    assert bench.state(run_id) is State.PLANNED
    newer = bench.run(run_id).digest[:16]
    assert isinstance(bench.write(service.confirm, MINA, run_id, bench.now, seen=newer), Accepted)


def test_a_draft_cannot_be_started_before_its_plan_was_seen(bench):
    run_id = bench.ask("attic")

    assert isinstance(bench.confirm(run_id), Unchanged)
    assert bench.state(run_id) is State.DRAFT


def test_more_than_one_may_do_alone_waits_for_a_second_person(bench):
    bench.world.switches = {f"attic.{n}": False for n in range(4)}
    run_id = planned(bench)

    assert isinstance(bench.confirm(run_id), Accepted)
    assert bench.state(run_id) is State.AWAITING_APPROVAL
    own = bench.write(service.approve, MINA, run_id, bench.now)
    assert own.words.msgid == "run.not_your_own"
    assert isinstance(bench.write(service.approve, GUEST, run_id, bench.now), Refused)
    assert isinstance(bench.write(service.approve, JUN, run_id, bench.now), Accepted)
    bench.until_quiet()
    run = bench.run(run_id)
    assert run.state is State.SUCCEEDED
    assert (run.confirmer, run.approver) == (MINA, JUN)


def test_of_two_approvers_the_first_decides(bench):
    run_id = planned(bench, by=JUN)
    bench.confirm(run_id, by=JUN)

    assert isinstance(bench.write(service.deny, SORA, run_id, bench.now, reason="not today"), Accepted)
    late = bench.write(service.approve, MINA, run_id, bench.now)
    assert isinstance(late, Unchanged)
    assert bench.state(run_id) is State.DENIED
    assert bench.world.writes == []


def test_the_same_target_is_worked_on_by_one_run_at_a_time(any_bench):
    first, second = planned(any_bench), planned(any_bench)
    any_bench.confirm(first)

    held = any_bench.confirm(second)
    assert isinstance(held, Unchanged)
    assert held.words.msgid == "run.target_is_taken"
    assert held.words.params["by"].id == MINA.id
    any_bench.until_quiet()
    assert any_bench.state(second) is State.PLANNED
    assert isinstance(any_bench.confirm(second), Accepted)
    any_bench.until_quiet()
    assert any_bench.state(second) is State.NO_CHANGE


def test_another_target_is_free(bench):
    bench.world.switches["cellar.lamp"] = False
    first, second = planned(bench, "attic"), planned(bench, "cellar")

    assert isinstance(bench.confirm(first), Accepted)
    assert isinstance(bench.confirm(second), Accepted)


def test_in_shadow_mode_all_is_planned_and_nothing_started(bench):
    bench.with_shadow()
    run_id = planned(bench)
    answer = bench.confirm(run_id)

    assert bench.state(run_id) is State.PLANNED
    assert isinstance(answer, Refused)
    assert answer.words.msgid == "run.shadow"


def test_a_run_that_was_started_before_shadow_mode_changes_nothing(bench):
    run_id = bench.agreed("attic")
    bench.with_shadow()
    bench.until_quiet()

    assert bench.state(run_id) is State.DENIED
    assert bench.world.writes == []

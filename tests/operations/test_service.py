from concurrent.futures import wait
from dataclasses import replace
from datetime import timedelta

import pytest

from bot import timeline
from bot.actor import Actor
from bot.audit import service as audit
from bot.operations import queries, service
from bot.operations.facts import Answer
from bot.operations.lifecycle import State
from bot.operations.service import Accepted, Refused, Unchanged
from bot.operations.why import Asked, Why
from bot.outbox import Place, want_card
from bot.ref import Ref
from bot.store import Store
from tests.operations.bench import GUEST, JUN, MINA, PLACE, SORA, Bench

INCIDENT = Ref("incident", "i1")


def asked(bench, by=MINA, name="clear-tasks", arguments=None, **kwargs):
    arguments = {"rooms": ["attic"]} if arguments is None else arguments
    return bench.write(service.request, by, name, arguments, place=PLACE, now=bench.now, **kwargs)


def planned(bench, *rooms, **kwargs):
    run_id = bench.ask(*(rooms or ("attic",)), **kwargs)
    bench.once()
    return run_id


def deeds(bench, run_id):
    return [each.entry.deed for each in bench.store.read(lambda tx: list(audit.records(tx, Ref("run", run_id))))]


def test_an_unknown_operation_is_answered_with_those_that_exist(bench):
    answer = asked(bench, name="clear-task")

    assert isinstance(answer, Refused)
    assert answer.words.msgid == "run.no_such_operation"


def test_wrong_arguments_are_all_named_at_once(bench):
    answer = asked(bench, arguments={"rooms": ["", "a\u200bb"], "room": "attic"})

    assert isinstance(answer, Refused)
    assert [problem.words.msgid for problem in answer.problems] == ["arguments.unknown", "arguments.not_like"]


def test_a_guest_may_not_even_ask_and_the_refusal_is_in_the_audit(bench):
    answer = asked(bench, by=GUEST)
    entries = [each.entry for each in bench.store.read(lambda tx: list(audit.records(tx)))]

    assert isinstance(answer, Refused)
    assert [reason.msgid for reason in answer.words.params["reasons"].items] == ["policy.standing.guest"]
    assert [(entry.deed, entry.actor) for entry in entries] == [("policy.refused", str(GUEST))]


def test_two_people_who_press_the_same_button_of_an_incident_get_one_run(bench):
    bench.store.write(lambda tx: want_card(tx, INCIDENT, PLACE))
    first = asked(bench, origin=INCIDENT)
    second = asked(bench, by=JUN, origin=INCIDENT)

    assert isinstance(first, Accepted)
    assert isinstance(second, Unchanged)
    assert second.run_id == first.run_id


def test_of_two_replicas_that_ask_for_the_same_at_once_one_has_the_run(any_bench):
    any_bench.store.write(lambda tx: want_card(tx, INCIDENT, PLACE))
    arguments, more = {"rooms": ["attic"]}, {"place": PLACE, "now": any_bench.now, "origin": INCIDENT}
    replica = Store(any_bench.store.engine.url.render_as_string(hide_password=False))

    def ask(tx, by):
        return service.request(by, tx, any_bench.desk, "clear-tasks", arguments, **more)

    def ask_while_another_does(tx):
        first = ask(tx, MINA)
        other = replica.submit(lambda tx: ask(tx, JUN))
        wait([other], timeout=0.5)
        return first, other

    first, other = any_bench.store.write(ask_while_another_does)
    second = other.result(timeout=20)
    replica.close()

    assert isinstance(first, Accepted)
    assert isinstance(second, Unchanged)
    assert second.run_id == first.run_id


def test_a_run_that_moves_while_another_is_asked_for_from_its_card_is_not_held_up(any_bench):
    any_bench.store.write(lambda tx: want_card(tx, INCIDENT, PLACE))
    replica = Store(any_bench.store.engine.url.render_as_string(hide_password=False))
    begun, asked = [], []

    def ask(tx):
        asked.append(JUN)
        more = {"place": PLACE, "now": any_bench.now, "origin": INCIDENT}
        return service.request(JUN, tx, any_bench.desk, "clear-tasks", {"rooms": ["attic"]}, **more)

    def move_while_another_asks(tx):
        begun.append(MINA)
        audit.append(tx, any_bench.now, MINA, "run.approved", Ref("run", "r1"), {})
        other = replica.submit(ask)
        wait([other], timeout=0.5)
        want_card(tx, INCIDENT)
        return other

    answer = any_bench.store.write(move_while_another_asks).result(timeout=20)
    replica.close()

    assert isinstance(answer, Accepted)
    assert (begun, asked) == ([MINA], [JUN])  # neither was broken off as one of a ring


@pytest.mark.parametrize("steps", [pytest.param(0, id="draft"), pytest.param(1, id="planned")])
def test_a_run_that_has_not_begun_can_be_cancelled(bench, steps):
    run_id = bench.ask("attic")
    for _ in range(steps):
        bench.once()

    assert isinstance(bench.write(service.cancel, MINA, run_id, bench.now), Accepted)
    assert bench.once() is False
    assert bench.state(run_id) is State.CANCELLED
    assert isinstance(bench.write(service.cancel, MINA, run_id, bench.now), Unchanged)


def test_a_started_run_can_be_stopped_before_its_first_step(bench):
    run_id = bench.agreed("attic")
    assert isinstance(bench.write(service.cancel, MINA, run_id, bench.now), Accepted)

    bench.until_quiet()
    assert bench.state(run_id) is State.CANCELLED
    assert bench.world.writes == []
    assert isinstance(bench.confirm(planned(bench)), Accepted)


def test_what_was_sent_cannot_be_stopped(bench):
    run_id = bench.agreed("attic")
    bench.once()
    bench.once()

    answer = bench.write(service.cancel, MINA, run_id, bench.now)
    assert answer.words.msgid == "run.too_late"


def test_who_may_not_run_it_may_not_cancel_it(bench):
    bench.rules = {"rules": [{"operation": "clear-tasks", "who": ["on-call"]}]}
    run_id = planned(bench)

    assert isinstance(bench.write(service.cancel, JUN, run_id, bench.now), Refused)
    assert bench.state(run_id) is State.PLANNED


def test_who_changes_the_arguments_becomes_the_requester(bench):
    bench.world.switches["cellar.lamp"] = False
    run_id = planned(bench, by=JUN)
    answer = bench.write(service.replan, SORA, run_id, bench.now, Asked({"rooms": ["cellar"]}))
    bench.once()
    run = bench.run(run_id)

    assert isinstance(answer, Accepted)
    assert run.requester == SORA
    assert [step.key for step in run.plan.steps] == ["cellar"]


def test_who_changes_only_the_reason_becomes_the_requester(bench):
    run_id = planned(bench, by=JUN)
    wish = Asked(bench.run(run_id).arguments, Why("the source was late"))
    answer = bench.write(service.replan, SORA, run_id, bench.now, wish)

    assert isinstance(answer, Accepted)
    assert (bench.run(run_id).requester, bench.run(run_id).why) == (SORA, wish.why)


def test_what_may_not_be_asked_for_is_not_had_by_a_change(bench):
    bench.rules = {**bench.rules, "forbidden": [{"operation": "clear-tasks", "target": "dag:home/cellar"}]}
    run_id = planned(bench)
    answer = bench.write(service.replan, MINA, run_id, bench.now, Asked({"rooms": ["cellar"]}))

    assert isinstance(answer, Refused)
    assert bench.run(run_id).arguments == {"rooms": ["attic"]}


def test_a_started_run_cannot_be_changed(bench):
    run_id = bench.agreed("attic")

    assert isinstance(bench.write(service.replan, MINA, run_id, bench.now), Unchanged)


def test_the_command_line_is_refused_unless_the_policy_names_it(bench):
    cli = Actor.cli("kim@laptop")

    assert isinstance(asked(bench, by=cli), Refused)
    bench.rules = {"rules": [{"operation": "clear-tasks", "who": ["cli:kim@laptop"]}]}
    run_id = planned(bench, by=cli)
    assert isinstance(bench.confirm(run_id, by=cli), Accepted)


@pytest.mark.parametrize("deed", ["confirm", "approve", "deny", "cancel", "replan", "recheck"])
def test_a_run_that_nobody_knows_is_refused(bench, deed):
    answer = bench.write(getattr(service, deed), MINA, "nobody", bench.now)

    assert isinstance(answer, Refused)
    assert answer.words.msgid == "run.gone"


def test_a_stale_directory_refuses_and_says_so(bench):
    bench.clock.advance(timedelta(hours=25))
    answer = asked(bench)

    assert isinstance(answer, Refused)
    assert [reason.msgid for reason in answer.words.params["reasons"].items] == ["policy.standing.unknown"]


def test_unknown_duty_refuses_and_says_what_could_not_be_checked(bench):
    bench.rules = {"rules": [{"operation": "clear-tasks", "who": ["on-call"]}]}
    bench.on_call = {MINA.id: Answer.UNKNOWN}
    answer = asked(bench)

    assert [reason.msgid for reason in answer.words.params["reasons"].items] == ["policy.on_call.unknown"]


def test_the_incident_is_told_how_it_went(bench):
    bench.store.write(lambda tx: want_card(tx, INCIDENT, PLACE))
    run_id = planned(bench, origin=INCIDENT)
    bench.confirm(run_id)
    bench.until_quiet()
    moments = bench.store.read(lambda tx: timeline.history(tx, INCIDENT))

    assert [moment.body.params["moment"].msgid for moment in moments] == ["run.moment.approved", "run.moment.succeeded"]


def test_every_deed_is_in_the_audit_with_before_and_after(bench):
    run_id = bench.agreed("attic")
    bench.until_quiet()
    entries = [each.entry for each in bench.store.read(lambda tx: list(audit.records(tx, Ref("run", run_id))))]
    sent = next(entry for entry in entries if entry.deed == "step.sending")

    assert deeds(bench, run_id) == [
        *("run.requested", "run.planned", "run.approved", "run.executing"),
        *("step.sending", "step.done", "run.verifying", "run.succeeded"),
    ]
    assert [change["target"] for change in sent.body["changes"]] == ["attic.lamp", "attic.fan"]


def test_a_run_that_is_moved_by_another_meanwhile_is_not_moved_twice(any_bench):
    run_id = planned(any_bench)
    stale = any_bench.run(run_id)
    any_bench.write(service.cancel, MINA, run_id, any_bench.now)

    moved = any_bench.store.write(
        lambda tx: queries.move(tx, stale, State.APPROVED, at=any_bench.now, by=MINA, confirmer=str(MINA))
    )
    assert moved is False
    assert any_bench.state(run_id) is State.CANCELLED


def test_a_move_off_the_table_is_a_mistake_of_ours(bench):
    run = replace(bench.run(bench.ask("attic")), state=State.SUCCEEDED)

    with pytest.raises(ValueError, match="no arrow"):
        bench.store.write(lambda tx: queries.move(tx, run, State.EXECUTING, at=bench.now, by=MINA))


def test_the_card_appears_where_it_was_asked_for(store, clock):
    bench = Bench(store, clock)
    run_id = bench.ask("attic")
    from bot.outbox import thread_of

    assert store.read(lambda tx: thread_of(tx, Ref("run", run_id))) == Place("C0ALERTS", under=Ref("run", run_id))

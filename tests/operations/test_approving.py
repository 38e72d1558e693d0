"""What a run that needs somebody else's yes goes through: who is called, what they say, what counts and until when."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.actor import Actor
from bot.audit import service as audit
from bot.operations import service
from bot.operations.authority import Approvers
from bot.operations.calling import whom_to_call
from bot.operations.desk import Waits
from bot.operations.facts import Answer
from bot.operations.lifecycle import State
from bot.operations.service import Accepted, Refused, Unchanged
from bot.operations.statement import Said
from bot.operations.waiting import Waiting
from bot.operations.why import Why
from bot.store.tables import notes, people, replies, runs
from bot.store.upsert import upsert
from bot.text import from_json, text_from_json
from tests.operations.bench import GUEST, JUN, MINA, PLACE, SORA, person

TWO_OF_THEM = {
    "operation": "clear-tasks",
    "who": ["member"],
    "needs": {"approval": {"count": 2, "by": ["user:U0MINA", "user:U0SORA"]}},
}
ONE_OF_THEM = {
    "operation": "clear-tasks",
    "who": ["member"],
    "needs": {"approval": {"by": ["user:U0MINA", "user:U0SORA"]}},
}


def waiting(bench, *rules, by=JUN):
    """Return a run of Jun's that waits for a yes."""
    bench.rules = {"rules": list(rules or (ONE_OF_THEM,))}
    run_id = bench.ask("attic", by=by)
    bench.once()
    assert isinstance(bench.confirm(run_id, by=by), Accepted)
    assert bench.state(run_id) is State.AWAITING_APPROVAL
    return run_id


def do(bench, deed, by, run_id, **kwargs):
    """Press something, a second after what happened before."""
    bench.clock.advance(timedelta(seconds=1))
    return bench.write(deed, by, run_id, bench.now, **kwargs)


def approve(bench, run_id, by=SORA, **kwargs):
    return do(bench, service.approve, by, run_id, **kwargs)


def told(bench):
    """Return every note: its message and whom it mentions aloud."""
    rows = bench.store.read(lambda tx: tx.execute(select(notes.c.body).order_by(notes.c.id)).all())
    return [
        (text_from_json(row.body["text"]).msgid, {each.id for each in from_json(row.body["mention"])}) for row in rows
    ]


def invited(bench):
    rows = bench.store.read(lambda tx: tx.execute(select(replies.c.user, replies.c.body)).all())
    return {row.user for row in rows if "invitation" in row.body}


def reasons(answer):
    return [reason.msgid for reason in answer.words.params["reasons"].items]


def look(bench, after):
    bench.clock.advance(after)
    Waiting(bench.store, bench.desk).look(bench.now)


def test_those_who_can_say_yes_are_called_once_and_written_to(any_bench):
    run_id = waiting(any_bench)

    assert told(any_bench) == [("run.please_approve", {MINA.id, SORA.id})]
    assert invited(any_bench) == {MINA.id, SORA.id}
    any_bench.confirm(run_id, by=JUN)
    assert len(told(any_bench)) == 1


def test_the_run_begins_with_the_last_yes_that_the_policy_wants(any_bench):
    run_id = waiting(any_bench, TWO_OF_THEM)
    first = approve(any_bench, run_id)
    again = approve(any_bench, run_id)

    assert isinstance(first, Accepted)
    assert first.words.params["n"] == 1
    assert isinstance(again, Unchanged)
    assert again.words.msgid == "run.counts_once"
    assert any_bench.state(run_id) is State.AWAITING_APPROVAL
    approve(any_bench, run_id, by=MINA)
    any_bench.until_quiet()
    run = any_bench.run(run_id)
    assert run.state is State.SUCCEEDED
    assert run.yes == (SORA, MINA)


def test_a_second_account_of_the_same_person_does_not_count_twice(bench):
    """Sora's other account has her e-mail address, with a tag."""
    twin = Actor.person("T1", "U0SORA2")
    account = person(twin, bench.now) | {"email": "u0sora+work@example.com"}
    bench.store.write(lambda tx: upsert(tx, people, [account], key=["team", "user"]))
    rule = TWO_OF_THEM | {"needs": {"approval": {"count": 2, "by": ["member"]}}}
    run_id = waiting(bench, rule)
    approve(bench, run_id)

    assert approve(bench, run_id, by=twin).words.msgid == "run.counts_once"
    own = bench.ask("attic", by=SORA)
    bench.once()
    bench.confirm(own, by=SORA)
    assert reasons_or_words(approve(bench, own, by=twin)) == ["run.not_your_own"]


def reasons_or_words(answer):
    return reasons(answer) if "reasons" in answer.words.params else [answer.words.msgid]


@pytest.mark.parametrize("by", [JUN, GUEST, Actor.cli("kim@laptop")])
def test_who_asked_guests_and_terminals_cannot_decide(bench, by):
    run_id = waiting(bench)

    for deed, more in ((service.approve, {}), (service.deny, {"reason": "no"}), (service.ask, {"question": "why?"})):
        assert isinstance(bench.write(deed, by, run_id, bench.now, **more), Refused)
    assert bench.run(run_id).statements == ()


def test_a_no_needs_its_reason_and_tells_it_to_who_asked(bench):
    run_id = waiting(bench)
    silent = bench.write(service.deny, SORA, run_id, bench.now, reason=" ")
    novel = bench.write(service.deny, SORA, run_id, bench.now, reason="x" * 10_000)
    denied = do(bench, service.deny, SORA, run_id, reason="not <!here>\ntoday")
    late = approve(bench, run_id, by=MINA)

    assert isinstance(silent, Refused)
    assert isinstance(novel, Refused)
    assert isinstance(denied, Accepted)
    assert isinstance(late, Unchanged)
    assert told(bench)[-1] == ("run.denied_because", {JUN.id})
    assert bench.run(run_id).statements[0].reason == "not <!here> today"


def test_a_question_goes_to_who_asked_and_the_answer_back_while_the_run_still_waits(bench):
    run_id = waiting(bench)
    do(bench, service.ask, SORA, run_id, question="Is the source fixed?")
    bench.clock.advance(timedelta(seconds=1))
    strange = bench.store.write(lambda tx: service.reply(MINA, tx, run_id, bench.now, words="yes"))
    bench.store.write(lambda tx: service.reply(JUN, tx, run_id, bench.now, words="Since noon."))

    assert isinstance(strange, Refused)
    assert told(bench)[1:] == [("run.question", {JUN.id}), ("run.answered", {SORA.id})]
    assert bench.state(run_id) is State.AWAITING_APPROVAL
    assert [each.said for each in bench.run(run_id).statements] == [Said.ASKED, Said.ANSWERED]
    assert isinstance(approve(bench, run_id), Accepted)


def test_nobody_decides_so_they_are_reminded_once_others_called_once_and_it_expires(any_bench):
    any_bench.desk = service.Desk(
        any_bench.authority,
        any_bench.ports,
        any_bench.desk.catalog,
        Waits(timedelta(minutes=10), timedelta(hours=1), timedelta(hours=3)),
        lambda _tx, _channel, _now: ("S0ENG", JUN.id),
    )
    run_id = waiting(any_bench)
    for _ in range(8):
        look(any_bench, timedelta(minutes=9))
    assert [msgid for msgid, _ in told(any_bench)] == ["run.please_approve", "run.still_waits", "run.escalated"]
    assert told(any_bench)[-1][1] == {"S0ENG"}, "not who asked"
    look(any_bench, timedelta(hours=3))
    look(any_bench, timedelta(hours=3))

    assert any_bench.state(run_id) is State.EXPIRED
    assert told(any_bench)[3:] == [("run.nobody_decided", {JUN.id})]
    assert isinstance(any_bench.write(service.replan, JUN, run_id, any_bench.now), Accepted)


def test_a_run_that_was_decided_is_not_reminded_of(bench):
    run_id = waiting(bench)
    approve(bench, run_id)
    bench.until_quiet()
    look(bench, timedelta(days=2))

    assert bench.state(run_id) is State.SUCCEEDED
    assert "run.still_waits" not in [msgid for msgid, _ in told(bench)]


def test_an_approver_who_may_no_longer_do_it_sends_the_run_back_to_approval(any_bench):
    run_id = waiting(any_bench)
    approve(any_bench, run_id)
    any_bench.rules = {"rules": [ONE_OF_THEM | {"needs": {"approval": {"by": ["user:U0MINA"]}}}]}
    any_bench.clock.advance(timedelta(seconds=1))
    any_bench.once()

    assert any_bench.state(run_id) is State.AWAITING_APPROVAL
    assert told(any_bench)[-1] == ("run.yes_is_void", {MINA.id})
    assert any_bench.run(run_id).yes == ()
    assert any_bench.run(run_id).statements[0].void_because is not None
    assert any_bench.world.writes == []
    assert isinstance(approve(any_bench, run_id, by=MINA), Accepted)
    any_bench.until_quiet()
    assert any_bench.state(run_id) is State.SUCCEEDED


def test_a_policy_that_grew_stricter_between_click_and_start_wants_its_yes(bench):
    run_id = bench.agreed("attic")
    bench.rules = {"rules": [ONE_OF_THEM]}
    bench.once()

    assert bench.state(run_id) is State.AWAITING_APPROVAL
    assert told(bench)[-1] == ("run.policy_wants_more", {SORA.id})


def test_a_plan_that_gained_an_item_wants_every_yes_again(bench):
    run_id = waiting(bench)
    approve(bench, run_id)
    bench.world.switches["attic.heater"] = False
    bench.once()
    assert bench.state(run_id) is State.PLAN_CHANGED
    bench.confirm(run_id, by=JUN)

    assert bench.state(run_id) is State.AWAITING_APPROVAL
    assert bench.run(run_id).yes == ()
    assert bench.world.writes == []


def test_a_yes_to_an_older_plan_counts_for_nothing(bench):
    run_id = waiting(bench)
    seen = bench.run(run_id).digest[:16]
    bench.world.switches["attic.heater"] = False
    bench.write(service.replan, JUN, run_id, bench.now)
    bench.once()
    bench.confirm(run_id, by=JUN)

    assert approve(bench, run_id, seen=seen).words.msgid == "run.plan_is_newer"
    assert bench.state(run_id) is State.AWAITING_APPROVAL


def test_a_yes_does_not_outlive_a_new_look_at_the_plan(bench):
    run_id = waiting(bench, TWO_OF_THEM)
    approve(bench, run_id)
    bench.write(service.replan, JUN, run_id, bench.now)
    bench.once()
    bench.confirm(run_id, by=JUN)

    assert bench.run(run_id).yes == ()


def test_what_nobody_could_approve_is_said_when_it_is_asked_for(bench):
    bench.rules = {"rules": [ONE_OF_THEM | {"needs": {"approval": {"by": ["user:U0JUN"]}}}]}
    answer = bench.write(
        service.request, JUN, "clear-tasks", {"rooms": ["attic"]}, place=None, now=bench.now, why=Why("please")
    )

    assert isinstance(answer, Refused)
    assert answer.words.msgid == "run.nobody_could_approve"


def test_what_the_policy_wants_to_be_told_is_asked_for_at_the_start(bench):
    bench.rules = {"rules": [{"operation": "clear-tasks", "who": ["member"], "needs": ["reason", "ticket"]}]}
    asked = {"place": None, "now": bench.now}
    silent = bench.write(service.request, JUN, "clear-tasks", {"rooms": ["attic"]}, **asked)
    assert silent.lacks == {"reason", "ticket"}
    run_id = bench.ask("attic", by=JUN, why=Why("the source is fixed", "OPS-1"))
    bench.once()

    assert isinstance(bench.confirm(run_id, by=JUN), Accepted)
    assert bench.run(run_id).why == Why("the source is fixed", "OPS-1")


def test_why_may_be_told_with_the_start(bench):
    run_id = bench.ask("attic")
    bench.once()
    bench.rules = {"rules": [{"operation": "clear-tasks", "who": ["member"], "needs": ["reason"]}]}
    silent = bench.confirm(run_id)
    told_now = bench.write(service.confirm, MINA, run_id, bench.now, why=Why("fixed"))

    assert isinstance(silent, Refused)
    assert silent.lacks == {"reason"}
    assert isinstance(told_now, Accepted)
    assert bench.run(run_id).why.reason == "fixed"


def test_every_decision_is_in_the_audit_with_the_plan_that_was_seen(bench):
    run_id = waiting(bench, TWO_OF_THEM)
    do(bench, service.ask, SORA, run_id, question="sure?")
    approve(bench, run_id)
    approve(bench, run_id, by=MINA)
    records = bench.store.read(lambda tx: list(audit.records(tx, bench.run(run_id).ref)))

    assert [record.entry.deed for record in records] == [
        *("run.requested", "run.planned", "run.awaiting_approval", "run.asked", "run.awaiting_approval", "run.approved")
    ]
    assert {record.entry.body["digest"] for record in records[3:]} == {bench.run(run_id).digest}


@pytest.mark.parametrize(
    ("approvers", "on_call", "expected"),
    [
        pytest.param(Approvers(("U1", "U2")), ("U9",), ("U1", "U2"), id="few: all of them"),
        pytest.param(Approvers(tuple(f"U{n}" for n in range(9))), ("U9", "U3"), ("U3",), id="many: those on call"),
        pytest.param(Approvers(tuple(f"U{n}" for n in range(9))), ("U9",), (), id="many, none on call: nobody"),
        pytest.param(Approvers(any_member=True), ("U9", "U0JUN"), ("U9",), id="any member: who is on call"),
        pytest.param(Approvers(), (), (), id="nobody"),
    ],
)
def test_few_are_called_and_never_who_asked(approvers, on_call, expected):
    assert whom_to_call(approvers, on_call, ["U0JUN"]) == expected


# Pause, resume, go on


def half_done(bench):
    """Return a run of two steps of which the first is sent."""
    bench.world.switches["cellar.lamp"] = False
    run_id = bench.agreed("attic", "cellar")
    bench.once()
    bench.once()
    return run_id


def test_a_paused_run_sends_nothing_until_somebody_lets_it_go_on(any_bench):
    run_id = half_done(any_bench)
    assert isinstance(any_bench.write(service.pause, MINA, run_id, any_bench.now), Accepted)
    any_bench.until_quiet()
    assert any_bench.state(run_id) is State.PAUSED
    assert any_bench.world.writes == [("attic.lamp", "attic.fan")]
    assert any_bench.run(run_id).confirmed_at is not None

    assert isinstance(any_bench.write(service.resume, MINA, run_id, any_bench.now), Accepted)
    any_bench.until_quiet()
    assert any_bench.state(run_id) is State.SUCCEEDED
    assert len(any_bench.world.writes) == 2


def test_a_run_paused_while_a_step_is_under_way_keeps_what_became_of_it(bench):
    bench.world.switches["cellar.lamp"] = False
    run_id = bench.agreed("attic", "cellar")
    bench.once()
    bench.world.after = [lambda: bench.write(service.pause, MINA, run_id, bench.now)]
    bench.once()
    bench.until_quiet()
    assert bench.state(run_id) is State.PAUSED
    bench.write(service.resume, MINA, run_id, bench.now)
    bench.until_quiet()

    assert bench.state(run_id) is State.SUCCEEDED
    assert bench.world.writes == [("attic.lamp", "attic.fan"), ("cellar.lamp",)]


def test_a_paused_run_can_be_stopped_and_what_was_sent_is_followed(bench):
    run_id = half_done(bench)
    bench.write(service.pause, MINA, run_id, bench.now)
    assert isinstance(bench.write(service.cancel, MINA, run_id, bench.now), Accepted)
    bench.until_quiet()

    assert bench.state(run_id) is State.PARTLY_DONE
    assert len(bench.world.writes) == 1


def test_a_paused_run_goes_on_only_if_it_still_may(bench):
    run_id = half_done(bench)
    bench.write(service.pause, MINA, run_id, bench.now)
    bench.rules = {"rules": []}

    assert isinstance(bench.write(service.resume, MINA, run_id, bench.now), Refused)
    assert bench.state(run_id) is State.PAUSED


@pytest.mark.parametrize("lost", ["shadow", "yes"])
def test_a_paused_run_does_not_go_on_in_shadow_mode_or_without_a_yes_that_is_wanted_by_now(bench, lost):
    run_id = half_done(bench)
    bench.write(service.pause, MINA, run_id, bench.now)
    if lost == "shadow":
        bench.with_shadow()
    else:
        bench.rules = {"rules": [{"operation": "clear-tasks", "who": ["member"], "needs": "approval"}]}

    assert isinstance(bench.write(service.resume, MINA, run_id, bench.now), Refused)
    assert bench.state(run_id) is State.PAUSED


def test_one_run_of_an_operation_that_is_gone_keeps_nobody_else_from_being_reminded(bench):
    gone = waiting(bench)
    bench.store.write(lambda tx: tx.execute(update(runs).where(runs.c.id == gone).values(operation="gone")))
    bench.clock.advance(timedelta(seconds=1))
    run_id = waiting(bench)
    look(bench, timedelta(hours=1))

    assert bench.run(gone).nudged_at is None
    assert bench.run(run_id).nudged_at is not None


def test_a_run_that_stays_paused_is_reminded_of_once(bench):
    run_id = half_done(bench)
    bench.write(service.pause, MINA, run_id, bench.now)
    look(bench, timedelta(hours=1))
    look(bench, timedelta(days=3))

    assert told(bench) == [("run.still_paused", {MINA.id})]
    assert bench.state(run_id) is State.PAUSED


def test_when_everything_was_sent_there_is_nothing_to_pause(bench):
    run_id = bench.agreed("attic")
    bench.once()
    bench.once()

    assert bench.write(service.pause, MINA, run_id, bench.now).words.msgid == "run.nothing_to_pause"


@pytest.mark.parametrize("deed", ["pause", "resume", "go_on"])
def test_a_stranger_to_the_run_moves_nothing(bench, deed):
    run_id = half_done(bench)
    if deed == "resume":
        bench.write(service.pause, MINA, run_id, bench.now)
    if deed == "go_on":
        bench.write(service.cancel, MINA, run_id, bench.now)
        bench.until_quiet()
    before = bench.state(run_id)

    assert not isinstance(bench.write(getattr(service, deed), GUEST, run_id, bench.now), Accepted)
    assert bench.state(run_id) is before


def test_what_was_denied_can_be_asked_for_again_once_as_a_new_run(bench):
    run_id = waiting(bench)
    bench.write(service.deny, SORA, run_id, bench.now, reason="not today")
    again = bench.write(service.go_on, JUN, run_id, bench.now)
    twice = bench.write(service.go_on, JUN, run_id, bench.now)

    assert isinstance(again, Accepted)
    assert again.run_id != run_id
    assert isinstance(twice, Unchanged)
    assert bench.run(again.run_id).arguments == bench.run(run_id).arguments


def test_unknown_membership_calls_nobody_and_is_not_said_to_be_nobody(bench):
    bench.on_call = {MINA.id: Answer.UNKNOWN, "": Answer.UNKNOWN}
    bench.rules = {"rules": [ONE_OF_THEM | {"needs": {"approval": {"by": ["on-call"]}}}]}

    assert isinstance(
        bench.write(service.request, JUN, "clear-tasks", {"rooms": ["attic"]}, place=PLACE, now=bench.now), Accepted
    )


# Breaking the glass

GLASS = {"operation": "clear-tasks", "who": ["on-call"], "channel": "C0OPS"}


def in_an_emergency(bench):
    """Return a run of Mina's, who is on call, that waits for Sora's yes."""
    by_sora = ONE_OF_THEM | {"needs": {"approval": {"by": ["user:U0SORA"]}}}
    bench.rules = {"rules": [by_sora], "break_glass": GLASS}
    run_id = bench.ask("attic")
    bench.once()
    bench.confirm(run_id)
    assert bench.state(run_id) is State.AWAITING_APPROVAL
    return run_id


def test_who_may_breaks_the_glass_with_a_reason_and_everybody_is_told(any_bench):
    run_id = in_an_emergency(any_bench)
    silent = do(any_bench, service.break_glass, MINA, run_id, why=Why())
    done = do(any_bench, service.break_glass, MINA, run_id, why=Why("revenue stands still"))
    rows = any_bench.store.read(lambda tx: tx.execute(select(notes.c.channel, notes.c.body)).all())
    announced = [row.channel for row in rows if text_from_json(row.body["text"]).msgid == "run.glass.announced"]
    any_bench.until_quiet()
    run = any_bench.run(run_id)
    deeds = [each.entry.deed for each in any_bench.store.read(lambda tx: list(audit.records(tx, run.ref)))]

    assert isinstance(silent, Refused)
    assert isinstance(done, Accepted)
    assert announced == ["C0OPS"]
    assert run.state is State.SUCCEEDED
    assert run.broke_glass.reason == "revenue stands still"
    assert "run.break_glass" in deeds


@pytest.mark.parametrize("by", [JUN, SORA, GUEST])
def test_who_may_not_break_the_glass_is_refused(bench, by):
    run_id = in_an_emergency(bench)

    assert isinstance(do(bench, service.break_glass, by, run_id, why=Why("please")), Refused)
    assert bench.state(run_id) is State.AWAITING_APPROVAL


def test_broken_glass_counts_for_the_plan_that_was_seen_and_only_while_its_breaker_may(bench):
    run_id = in_an_emergency(bench)
    do(bench, service.break_glass, MINA, run_id, why=Why("now"))
    bench.on_call = {MINA.id: Answer.NO}
    bench.once()

    assert bench.state(run_id) is State.DENIED
    assert bench.world.writes == []


def test_a_plan_that_grew_after_the_glass_was_broken_begins_only_with_a_new_yes(bench):
    run_id = in_an_emergency(bench)
    do(bench, service.break_glass, MINA, run_id, why=Why("now"))
    bench.world.switches["attic.heater"] = False
    bench.once()

    assert bench.state(run_id) is State.PLAN_CHANGED
    assert bench.run(run_id).broke_glass is None


def test_a_freeze_keeps_nobody_from_stopping_what_they_started(bench):
    run_id = half_done(bench)
    always = {"name": "year end", "zone": "UTC", "effect": "repeats_work", "daily": [{"from": "00:00", "to": "23:00"}]}
    bench.rules = bench.rules | {"freezes": [always]}

    assert isinstance(bench.write(service.pause, MINA, run_id, bench.now), Accepted)
    assert isinstance(bench.write(service.resume, MINA, run_id, bench.now), Refused)
    assert isinstance(bench.write(service.cancel, MINA, run_id, bench.now), Accepted)

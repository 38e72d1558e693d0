"""Cover is asked for, taken by the first, entered at the provider, believed when read back, and taken out again."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from bot.covers.service import Done, Refused
from bot.ports.errors import Forbidden, OutcomeUnknown, Rejected, Unavailable
from bot.ports.paging import Shift
from bot.text import text
from tests.covers.provider import Fault
from tests.oncall.made import ALEX, JUNHO, MINJI

HOURS = timedelta(hours=1)


def test_the_first_to_accept_has_the_shift_and_only_in_the_rotation_of_who_asked(bench):
    asked = bench.ask(n=1, why="a wedding")
    taken = bench.press("accept", "U0ALEX")
    bench.work()

    assert isinstance(asked, Done)
    assert isinstance(taken, Done)
    assert bench.standing == "standing"
    assert bench.on_call() == [("alex@haneul.example", "secondary")]
    assert bench.said() == [("cover.note.standing", ["U0MINJI"])]
    assert bench.shown_in() == ["C0ONCALL"]
    assert bench.history() == ["cover.moment.asked", "cover.moment.accepted", "cover.moment.standing"]
    assert bench.audited() == [
        ("cover.asked", "person:T0HANEUL:U0MINJI"),
        ("cover.accepted", "person:T0HANEUL:U0ALEX"),
        ("cover.standing", "baton"),
    ]


def test_the_second_to_accept_is_told_who_was_faster(bench):
    bench.ask()
    bench.press("accept", "U0ALEX")
    late, again = bench.press("accept", "U0JUNHO"), bench.press("accept", "U0ALEX")
    bench.work()

    assert isinstance(late, Refused)
    assert late.why.msgid == "cover.now.making"
    assert late.why.params["who"].id == "U0ALEX"
    assert again.why.msgid == "cover.now.yours"
    assert len(bench.provider.made) == 1


def test_the_same_form_sent_twice_asks_once(bench):
    first, second = bench.ask(), bench.ask()

    assert isinstance(first, Done)
    assert second.problems[0][1].msgid == "cover.already.asked"
    assert len(bench.shown_in()) == 1


def test_a_part_of_a_shift_may_be_covered_and_then_another_part(bench):
    first = bench.ask(start_at=bench.day(1), end_at=bench.day(2))
    bench.press("accept", "U0ALEX")
    touching = bench.ask(start_at=bench.day(1.5), end_at=bench.day(3))
    second = bench.ask(start_at=bench.day(2), end_at=bench.day(3))

    assert (first.cover.start_at, first.cover.end_at) == (bench.day(1), bench.day(2))
    assert touching.problems[0][1].msgid == "cover.already.making"
    assert isinstance(second, Done)


@pytest.mark.parametrize(
    ("wish", "field", "problem"),
    [
        pytest.param({"start_at": -1, "end_at": 2}, "from", "cover.wrong.outside", id="before the shift"),
        pytest.param({"end_at": 8}, "to", "cover.wrong.outside", id="after the shift"),
        pytest.param({"end_at": 0.01}, "to", "cover.wrong.past", id="over already"),
        pytest.param({"start_at": 1, "end_at": 1.001}, "to", "cover.wrong.short", id="a minute"),
        pytest.param({"whom": "U0GUEST"}, "whom", "cover.wrong.no_colleague", id="a guest"),
        pytest.param({"whom": "U0MINJI"}, "whom", "cover.wrong.yourself", id="oneself"),
    ],
)
def test_what_is_wrong_goes_back_to_its_field(bench, wish, field, problem):
    times = {key: bench.day(value) if isinstance(value, int | float) else value for key, value in wish.items()}
    answer = bench.ask(**times)

    assert [(name, words.msgid) for name, words in answer.problems] == [(field, problem)]
    assert bench.shown_in() == []


def test_nobody_gives_away_a_shift_that_is_not_theirs(bench):
    answer = bench.ask("U0SORA")

    assert answer.problems[0][1].msgid == "cover.wrong.no_such_shift"


@pytest.mark.parametrize(
    ("who", "asked", "why"),
    [
        pytest.param("U0MINJI", None, "cover.wrong.your_own", id="who asked"),
        pytest.param("U0JUNHO", "U0ALEX", "cover.wrong.other_asked", id="another than the one who is asked"),
        pytest.param("U0SORA", None, "cover.wrong.no_account", id="unknown to the provider"),
        pytest.param("U0GUEST", None, "policy.needs_approval", id="whom the policy does not let"),
    ],
)
def test_not_everybody_may_take_it(bench, who, asked, why):
    bench.forbidden.add(("U0GUEST", "cover.accept"))
    bench.ask(whom=asked)
    answer = bench.press("accept", who)
    bench.work()

    assert answer.why.msgid == why
    assert bench.standing == "asked"
    assert bench.provider.made == {}


def test_who_cannot_be_found_at_the_provider_is_told_what_to_add_to_people_yaml(bench):
    bench.ask()
    answer = bench.press("accept", "U0SORA")

    assert answer.why.params["entry"].value == "- {slack: U0SORA, opsgenie: NAME@EXAMPLE.COM}"


def test_people_yaml_wins_over_the_address_in_slack(bench):
    bench.ask()
    bench.press("accept", "U0DANA")
    bench.work()

    assert bench.on_call() == [("dana@haneul.example", "primary")]


def test_the_one_who_is_asked_is_called_once_and_written_to(bench):
    bench.ask(whom="U0ALEX")
    bench.press("accept", "U0ALEX")
    bench.work()

    assert bench.said() == [("cover.note.asked", ["U0ALEX"]), ("cover.note.standing", ["U0MINJI"])]
    assert bench.written_to() == ["U0ALEX"]


def test_before_anybody_took_it_a_withdrawal_is_silent(bench):
    bench.ask()
    answer = bench.press("withdraw", "U0MINJI")
    late = bench.press("accept", "U0ALEX")
    bench.work()

    assert isinstance(answer, Done)
    assert late.why.msgid == "cover.now.withdrawn"
    assert (bench.standing, bench.said(), bench.provider.made) == ("withdrawn", [], {})


def test_a_withdrawal_after_that_takes_the_override_out_and_tells_both(bench):
    bench.ask()
    bench.press("accept", "U0ALEX")
    bench.work()
    bench.press("withdraw", "U0MINJI")
    assert bench.standing == "removing"
    bench.work()

    assert (bench.standing, bench.provider.made) == ("withdrawn", {})
    assert bench.said()[-1] == ("cover.note.gone", ["U0ALEX"])


def test_nobody_else_withdraws_it_unless_they_may_put_anybody_in(bench):
    bench.forbidden.add(("U0JUNHO", "oncall.override"))
    bench.ask()

    assert isinstance(bench.press("withdraw", "U0JUNHO"), Refused)
    assert isinstance(bench.press("withdraw", "U0DANA"), Done)


def test_what_is_withdrawn_while_it_is_about_to_be_entered_is_not_entered(bench):
    bench.ask()
    bench.press("accept", "U0ALEX")
    bench.press("withdraw", "U0MINJI")
    bench.work()

    assert (bench.standing, bench.provider.creations) == ("withdrawn", 0)


def test_it_expires_when_its_time_begins_and_who_asked_is_told_once(bench):
    bench.ask("U0JUNHO", n=1)
    bench.clock.at = bench.day(7)
    late = bench.press("accept", "U0ALEX")
    bench.let_time_pass()
    bench.let_time_pass()

    assert late.why.msgid == "cover.now.expired"
    assert bench.standing == "expired"
    assert bench.said() == [("cover.note.expired", ["U0JUNHO"])]


def test_the_rest_of_a_running_shift_can_be_taken_until_it_ends(bench):
    bench.ask()
    bench.clock.advance(5 * HOURS)
    bench.let_time_pass()
    bench.press("accept", "U0ALEX")
    bench.work()

    [override] = bench.provider.made.values()
    assert (override.start_at, override.end_at) == (bench.day(0) + 6 * HOURS, bench.day(7))


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param([Fault.KILLED_BEFORE], id="killed before the call"),
        pytest.param([Fault.KILLED_AFTER], id="killed between the call and the look"),
        pytest.param([Fault.LOST_BEFORE], id="the request was lost"),
        pytest.param([Fault.LOST_AFTER], id="the answer was lost"),
        pytest.param([Unavailable("Opsgenie", "503")] * 3, id="down for a while"),
        pytest.param([OutcomeUnknown("Opsgenie", "reset"), Fault.LOST_AFTER], id="twice in doubt"),
    ],
)
def test_whatever_goes_wrong_on_the_way_it_is_entered_once_and_told_once(bench, faults):
    bench.provider.faults = list(faults)
    bench.ask()
    bench.press("accept", "U0ALEX")
    bench.work()

    assert (bench.standing, bench.provider.creations) == ("standing", 1)
    assert bench.said() == [("cover.note.standing", ["U0MINJI"])]


def test_while_the_provider_does_not_answer_nothing_is_believed(bench):
    bench.provider.reads = [Unavailable("Opsgenie", "503")] * 2
    bench.ask()
    bench.press("accept", "U0ALEX")
    bench.once()
    bench.once()

    assert bench.standing == "making"
    assert bench.said() == []


def test_a_removal_whose_answer_is_lost_is_looked_at_again(bench):
    bench.ask()
    bench.press("accept", "U0ALEX")
    bench.work()
    bench.provider.faults = [Fault.KILLED_AFTER]
    bench.press("withdraw", "U0MINJI")
    bench.work()

    assert (bench.standing, bench.provider.made) == ("withdrawn", {})


@pytest.mark.parametrize("error", [Rejected("Opsgenie", "No user found"), Forbidden("Opsgenie", "403")])
def test_what_the_provider_refuses_is_said_aloud_and_can_be_tried_again(bench, error):
    bench.provider.faults = [error]
    bench.ask()
    bench.press("accept", "U0ALEX")
    bench.work()
    refused = bench.standing, bench.said()
    bench.press("retry", "U0MINJI")
    bench.work()

    assert refused == ("failed", [("cover.note.failed", ["U0ALEX", "U0MINJI"])])
    assert bench.standing == "standing"


def test_an_outage_that_does_not_end_is_given_up_and_said(bench):
    bench.provider.faults = [Unavailable("Opsgenie", "503")] * 20
    bench.ask()
    bench.press("accept", "U0ALEX")
    bench.work(within=timedelta(hours=2))

    assert bench.standing == "failed"
    assert [words for words, _ in bench.said()] == ["cover.note.failed"]


def test_somebody_is_put_in_and_taken_out_again_by_undo(bench):
    bench.put_in("U0ALEX", n=0, who="U0DANA")
    bench.work()
    stood = bench.on_call()
    bench.press("withdraw", "U0DANA")
    bench.work()

    assert stood == [("alex@haneul.example", "primary")]
    assert bench.said() == [
        ("cover.note.standing", ["U0ALEX", "U0MINJI"]),
        ("cover.note.gone", ["U0ALEX", "U0MINJI"]),
    ]
    assert (bench.standing, bench.provider.made) == ("withdrawn", {})


def test_a_gap_can_be_filled_in_all_rotations(bench):
    gap = next(place for place, slot in enumerate(bench.offered()) if slot.engineer is None)
    bench.put_in("U0DANA", n=gap)
    bench.work()

    [override] = bench.provider.made.values()
    assert (override.start_at, override.end_at, override.rotations) == (bench.day(14), bench.day(15), ())


def test_ones_own_shift_needs_no_further_right_another_ones_does(bench):
    bench.forbidden = {("U0MINJI", "oncall.override"), ("U0ALEX", "oncall.override")}

    assert isinstance(bench.put_in("U0ALEX", n=0, who="U0MINJI"), Done)
    assert bench.put_in("U0ALEX", n=2, who="U0ALEX").why.msgid == "policy.needs_approval"


def test_in_shadow_mode_nothing_is_offered_and_nothing_entered(bench):
    bench.ask()
    bench.press("accept", "U0ALEX")
    bench.is_live = False
    bench.work()

    assert bench.offered() == ()
    assert bench.covers.why_not("data-platform").msgid == "cover.wrong.shadow"
    assert bench.provider.made == {}


def test_where_the_provider_takes_no_overrides_it_is_said_what_to_do_by_hand(bench):
    bench.by_hand = text("cover.by_hand.static")

    assert bench.offered("U0MINJI") == ()
    assert bench.ask().problems[0][1].msgid == "cover.by_hand.static"
    assert [line.params["why"].msgid for line in bench.covers.why_none().params["lines"].items] == [
        "cover.by_hand.static"
    ]


def test_a_shift_that_is_no_longer_theirs_is_not_taken_from_whoever_has_it(bench):
    bench.ask("U0JUNHO", n=1)
    bench.now_planned(Shift((ALEX, MINJI), bench.day(7), bench.day(14), "primary"))
    answer = bench.press("accept", "U0DANA")
    bench.work()

    assert answer.why.msgid == "cover.wrong.rota_changed"
    assert bench.provider.made == {}


def test_two_who_press_at_the_same_moment_are_one_who_has_it_and_one_who_is_told(bench):
    bench.ask()
    start = Barrier(2)

    def press(who: str) -> Done | Refused:
        start.wait(10)
        return bench.press("accept", who)

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(press, ["U0ALEX", "U0DANA"]))
    bench.work()

    assert sorted(type(each).__name__ for each in answers) == ["Done", "Refused"]
    assert len(bench.provider.made) == 1
    assert bench.said() == [("cover.note.standing", ["U0MINJI"])]


def test_what_failed_is_not_entered_once_more_beside_another(bench):
    bench.provider.faults = [Rejected("Opsgenie", "No user found")]
    bench.ask()
    bench.press("accept", "U0ALEX")
    bench.work()
    failed = bench.cover
    bench.put_in("U0DANA", n=0)
    bench.work()
    answer = bench.press("retry", "U0ALEX", failed)
    bench.work()

    assert answer.why.msgid == "cover.already.standing"
    assert bench.on_call() == [("dana@haneul.example", "primary")]


def failed_cover(bench):
    bench.provider.faults = [Rejected("Opsgenie", "No user found")]
    bench.ask()
    bench.press("accept", "U0ALEX")
    bench.work()


def test_what_failed_is_not_entered_once_more_where_the_shift_is_somebody_elses_by_now(bench):
    failed_cover(bench)
    bench.now_planned(Shift((JUNHO, MINJI), bench.day(0), bench.day(0.2), "primary"))
    answer = bench.press("retry", "U0MINJI")
    bench.work()

    assert answer.why.msgid == "cover.wrong.rota_changed"
    assert bench.provider.made == {}


def test_a_taker_who_may_take_nothing_any_more_tries_nothing_again(bench):
    failed_cover(bench)
    bench.forbidden.add(("U0ALEX", "cover.accept"))

    assert bench.press("retry", "U0ALEX").why.msgid == "policy.needs_approval"


def test_a_withdrawal_leaves_alone_what_somebody_entered_by_hand(bench):
    bench.put_in("U0ALEX", n=0)
    bench.work()
    [own] = bench.provider.made.values()
    bench.provider.made["by hand"] = replace(own, id="by hand")
    bench.press("withdraw", "U0MINJI")
    bench.work()

    assert (bench.standing, list(bench.provider.made)) == ("withdrawn", ["by hand"])


def test_what_is_withdrawn_while_the_provider_enters_it_is_taken_out_again(bench):
    bench.put_in("U0ALEX", n=0)
    create = bench.provider.create_override

    def withdrawn_meanwhile(schedule, cover):
        create(schedule, cover)
        bench.provider.create_override = create
        bench.press("withdraw", "U0MINJI")
        raise Unavailable("Opsgenie", "503")

    bench.provider.create_override = withdrawn_meanwhile
    bench.work()

    assert (bench.standing, bench.provider.made) == ("withdrawn", {})


def test_two_who_cover_different_parts_of_one_shift_at_once_do_not_both_begin(bench):
    start = Barrier(2)

    def put_in(part: tuple[str, int]) -> Done | Refused:
        whom, first_day = part
        start.wait(10)
        return bench.put_in(whom, n=0, start_at=bench.day(first_day), end_at=bench.day(first_day + 2))

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(put_in, [("U0ALEX", 1), ("U0DANA", 2)]))

    assert sorted(type(each).__name__ for each in answers) == ["Done", "Refused"]

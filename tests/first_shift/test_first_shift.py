"""A new person's checklist: tested one by one, each red with what to do; and a drill that touches nothing."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.config.policy import Policy
from bot.first_shift.model import Drill
from bot.ports.airflow import Right
from bot.ports.errors import Forbidden, NotAuthenticated, Unavailable
from bot.ports.paging import Unknown
from bot.store.tables import audit, incidents, notes, replies, runs
from bot.views.first_shift import render
from bot.views.reader import LANGUAGES, Reader
from tests.covers.provider import Killed
from tests.views.checker import assert_valid_message

NAMES = [
    "rota",
    "account:data-platform",
    "channel:C0ALERTS",
    "channel:C0ONCALL",
    "group:S0ENG",
    "on-call:data-platform",
    "alerts:opsgenie",
    "airflow:prod",
    "bigquery:haneul-prod",
    "policy",
]


def test_everything_is_tested_one_by_one_and_shown_to_that_person_alone(bench):
    bench.begin()
    before = bench.card.left
    bench.once()
    after_one = bench.card.left
    bench.work()

    assert list(bench.card.checks) == NAMES
    assert (before, after_one, bench.card.left) == (10, 9, 0)
    assert set(bench.signs.values()) == {"ok"}
    assert bench.places() == ["U0JUNHO"]


def not_in_the_channel(bench):
    bench.vendors.inside["C0ALERTS"] = []


def airflow_lets_it_read_only(bench):
    bench.vendors.rights[Right.CLEAR] = False


def airflow_does_not_say(bench):
    bench.vendors.rights[Right.CLEAR] = None


def airflow_is_down(bench):
    bench.vendors.failing["airflow"] = Unavailable("Airflow prod", "503")


def the_key_is_wrong(bench):
    bench.vendors.failing["on-call"] = NotAuthenticated("Opsgenie", "401")


def the_key_sees_no_alerts(bench):
    bench.vendors.failing["alerts"] = Forbidden("Opsgenie", "403")


def nobody_is_named(bench):
    bench.vendors.on_call = Unknown("a team without people")


def access_cannot_be_given(bench):
    bench.vendors.settable = False


def in_no_rota(bench):
    bench.user = "U0SORA"


def nothing_is_allowed(bench):
    bench.policy = Policy()


@pytest.mark.parametrize(
    ("happens", "name", "sign", "fix"),
    [
        pytest.param(not_in_the_channel, "channel:C0ALERTS", "red", "start.fix.channel"),
        pytest.param(airflow_lets_it_read_only, "airflow:prod", "red", "start.fix.airflow"),
        pytest.param(airflow_is_down, "airflow:prod", "red", "start.fix.vendor"),
        pytest.param(the_key_is_wrong, "on-call:data-platform", "red", "start.fix.vendor"),
        pytest.param(the_key_sees_no_alerts, "alerts:opsgenie", "red", "start.fix.vendor"),
        pytest.param(nobody_is_named, "on-call:data-platform", "unknown", "start.fix.vendor"),
        pytest.param(access_cannot_be_given, "bigquery:haneul-prod", "red", "start.fix.bigquery"),
        pytest.param(in_no_rota, "rota", "red", "start.fix.rota"),
        pytest.param(in_no_rota, "account:data-platform", "red", "cover.wrong.no_account"),
        pytest.param(in_no_rota, "group:S0ENG", "red", "start.fix.group"),
        pytest.param(nothing_is_allowed, "policy", "red", "start.fix.policy"),
    ],
)
def test_what_is_not_fine_says_what_to_do(bench, happens, name, sign, fix):
    happens(bench)
    bench.begin()
    bench.work()

    assert (bench.signs[name], bench.fix(name)) == (sign, fix)
    assert bench.card.left == 0


def test_what_airflow_does_not_tell_is_not_shown_as_fine(bench):
    airflow_does_not_say(bench)
    bench.begin()
    bench.work()

    assert bench.signs["airflow:prod"] == "unknown"
    assert "one thing that could not be found out" in shown(bench)


def shown(bench):
    return render(bench.card, Reader("en", ZoneInfo("Asia/Seoul"), bench.clock.now())).text


def test_what_has_come_into_the_configuration_since_is_not_shown_as_fine_and_can_be_tested(bench):
    bench.begin()
    bench.work()
    fine = shown(bench)
    bench.channels += ("C0NEW",)
    rendered = render(bench.card, Reader("en", ZoneInfo("Asia/Seoul"), bench.clock.now()))

    assert "nothing that was tested needs doing" in fine
    assert "one thing that could not be found out" in rendered.text
    assert "start.again" in str(rendered.blocks)


def test_many_channels_leave_room_for_the_drill(bench):
    bench.channels = tuple(f"C0MANY{n:03}" for n in range(120))
    bench.begin()
    testing = str(render(bench.card, Reader("ko", ZoneInfo("Asia/Seoul"), bench.clock.now())).blocks)
    bench.work(most=140)
    rendered = render(bench.card, Reader("en", ZoneInfo("Asia/Seoul"), bench.clock.now()))

    assert_valid_message(list(rendered.blocks))
    assert all(f"C0MANY{n:03}" in str(rendered.blocks) for n in range(120))
    assert "start.drill" in testing
    assert "start.drill" in str(rendered.blocks)


def test_what_the_policy_lets_them_do_is_told_as_on_their_shift(bench):
    bench.begin()
    bench.work()
    lines = bench.card.first_shift.results["policy"].words.params["lines"].items

    assert {each.params["deed"].value: each.msgid.rpartition(".")[2] for each in lines} == {
        "incident.acknowledge": "alone",
        "incident.resolve": "alone",
        "silence.create": "alone",
        "cover.ask": "alone",
        "clear-tasks": "alone",
        "rerun-load": "refused",
        "grant-access": "approval",
    }


def test_who_is_killed_on_the_way_goes_on_where_it_was(bench):
    bench.begin()
    bench.vendors.failing["airflow"] = Killed
    for _ in range(8):
        bench.once()
    bench.vendors.failing.clear()
    bench.work()

    assert bench.card.left == 0
    assert bench.vendors.calls.count("airflow") == 2
    assert bench.vendors.calls.count("on-call") == 1


def test_to_test_again_begins_anew_and_a_check_under_way_counts_for_nothing(bench):
    def they_join_and_test_again():
        bench.vendors.inside = {"C0ALERTS": [bench.user], "C0ONCALL": [bench.user]}
        bench.begin()

    bench.begin()
    bench.vendors.inside = {}
    bench.vendors.meanwhile = they_join_and_test_again
    bench.work()

    assert bench.card.first_shift.round == 2
    assert bench.vendors.calls.count("slack") == 3
    assert bench.signs["channel:C0ALERTS"] == "ok"
    assert bench.places() == ["U0JUNHO"]


def test_the_drill_goes_step_by_step_and_touches_nothing(bench):
    bench.begin()
    seen = []
    for stage in Drill:
        bench.practise(stage.value)
        bench.practise(stage.value)  # a double click, or an older card
        seen.append(bench.card.first_shift.drill)

    assert seen == [*list(Drill)[1:], Drill.RESOLVED]
    assert {bench.count(table) for table in (incidents, runs, audit, notes, replies)} == {0}
    assert bench.vendors.calls == []


def test_nobody_moves_another_ones_drill(bench):
    bench.begin()
    bench.practise("offered", user="U0ALEX")
    bench.practise("nonsense")

    assert bench.card.first_shift.drill is Drill.OFFERED


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_card_is_within_slacks_limits_in_every_step(bench, language):
    in_no_rota(bench)
    reader = Reader(language, ZoneInfo("Asia/Seoul"), bench.clock.now())
    bench.begin()
    cards = [bench.card]
    bench.work()
    card = bench.card
    used = replace(card.first_shift, runbooks=(("airflow-task-failure", 12), ("dag-timeout", 1)))
    cards += [replace(card, first_shift=replace(used, drill=drill)) for drill in Drill]

    for each in cards:
        rendered = render(each, reader)
        assert_valid_message(list(rendered.blocks))
        assert rendered.text

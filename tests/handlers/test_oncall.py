"""`/oncall` and the forms of covers through the front door: one look at the store, no vendor asked."""

import json
from datetime import timedelta

import httpx
import pytest

from bot.oncall import service as oncall
from bot.ports.paging import Responder, Shift, Somebody
from bot.store.tables import audit, covers, first_shifts, replies
from tests.conftest import NOW
from tests.handlers.colleagues import told
from tests.views.checker import assert_valid_message

MINJI, SORA = Responder("minji", "minji@haneul.example"), Responder("sora", "sora@haneul.example", user="U0SORA")


@pytest.fixture
def rota(staffed):
    """Minji is on call for three days, then Sora for a week."""
    change = NOW + timedelta(days=3)
    shifts = (
        Shift((MINJI,), NOW, change, rotations=(("primary",),)),
        Shift((SORA,), change, change + timedelta(days=7), rotations=(("primary",),)),
    )
    staffed.write(oncall.keep, "data-platform", Somebody((MINJI,), NOW, change), shifts, NOW)
    return staffed


def said(answer: httpx.Response) -> str:
    return json.dumps(answer.json(), ensure_ascii=False)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param("", "@u0minji", id="who"),
        pytest.param("data-platform", "@u0minji", id="of one schedule"),
        pytest.param("next", "from Nov 25 (Wed) 12:00 KST: @u0sora", id="next"),
        pytest.param("mine", "data-platform", id="mine"),
        pytest.param("week", "Nov 22 (Sun) · today", id="week"),
        pytest.param("다음 주", "12:00–24:00  @u0sora", id="next week"),
        pytest.param("help", "/oncall override", id="help"),
        pytest.param("next kafka", "No schedule is called `kafka`", id="next, of no schedule"),
        pytest.param("week kafka", "No schedule is called `kafka`", id="the week of no schedule"),
        pytest.param("wekk", "Did you mean `/oncall week`", id="a slip"),
        pytest.param("coffee", "is no word that `/oncall` knows", id="something else"),
    ],
)
@pytest.mark.parametrize("command", ["/oncall", "/baton oncall"])
def test_each_word_is_answered_at_once_and_within_slacks_limits(rota, command, words, expected):
    name, _, before = command.partition(" ")
    answer = rota.command(name, f"{before} {words}".strip(), user="U0SORA")

    assert expected in said(answer)
    assert_valid_message(answer.json()["blocks"])
    assert rota.count(replies) == 0


def test_it_is_answered_in_the_language_and_zone_of_who_asks(rota):
    korean = said(rota.command("/oncall", "week"))

    assert "주간 당직 일정" in korean
    assert "시간대: Asia/Seoul" in korean


def test_another_page_takes_the_place_of_the_one_on_which_somebody_pressed(rota):
    page = rota.command("/oncall", "week", user="U0SORA").json()
    later = next(each for each in buttons(page) if each["action_id"] == "oncall.turn:later")
    rota.press("oncall.turn:later", later["value"], user="U0SORA")

    [row] = rota.rows(replies)
    assert json.loads(row.body["question"]) == ["week", "U0SORA", "", 1]


def test_a_button_with_anything_in_it_asks_who_is_on_call(rota):
    rota.press("oncall.turn:later", "{not a question", user="U0SORA")

    [row] = rota.rows(replies)
    assert json.loads(row.body["question"]) == ["who", "U0SORA", "", 0]


def buttons(answer):
    return [each for block in answer["blocks"] for each in block.get("elements", []) if each["type"] == "button"]


def key_of(shift_start, position=0):
    return {
        "type": "static_select",
        "selected_option": {"value": f"data-platform|{shift_start.isoformat()}|{position}"},
    }


def ask(rota, user="U0MINJI", **values):
    return rota.submit("cover.ask", "C0HELP", {"slot": key_of(NOW), "why": "병원"} | values, user=user)


def test_cover_is_asked_for_by_the_form_taken_by_a_press_and_the_second_press_is_answered(rota):
    assert ask(rota).content == b""
    [cover] = rota.rows(covers)
    rota.press("cover.accept", cover.id, user="U0SORA")
    rota.press("cover.accept", cover.id, user="U0SORA")

    [cover] = rota.rows(covers)
    assert (cover.stage, cover.taker, cover.person, cover.why) == ("taken", "U0SORA", "sora@haneul.example", "병원")
    assert any("You have it already" in words for words in told(rota))
    assert {"cover.asked", "cover.accepted"} <= {row.deed for row in rota.rows(audit)}


def test_what_is_wrong_in_the_form_is_said_at_its_field(rota):
    over = {"type": "datetimepicker", "selected_date_time": int((NOW + timedelta(days=9)).timestamp())}

    assert list(ask(rota, to=over).json()["errors"]) == ["to"]
    assert list(ask(rota, user="U0SORA").json()["errors"]) == ["slot"]
    assert rota.count(covers) == 0


@pytest.mark.parametrize("user", ["U0GUEST", "U0STRANGER", "U0ROBOT", "U0GONE", "U0NEVERSEEN"])
def test_who_may_not_gets_no_cover_and_takes_none(rota, user):
    ask(rota)
    [cover] = rota.rows(covers)
    for deed in ("accept", "withdraw", "retry"):
        rota.press(f"cover.{deed}", cover.id, user=user)
    refused = ask(rota, user=user).json()

    assert refused["response_action"] == "errors"
    [same] = rota.rows(covers)
    assert (same.stage, same.taker) == ("asked", None)


def test_somebody_is_put_in_after_a_look_at_what_would_change(rota):
    whom = {"type": "users_select", "selected_user": "U0SORA"}
    looked = rota.submit("cover.override", "C0HELP", {"slot": key_of(NOW), "whom": whom}).json()
    assert looked["response_action"] == "update"
    assert rota.count(covers) == 0

    rota.submit("cover.confirm", looked["view"]["private_metadata"], {})

    [cover] = rota.rows(covers)
    assert (cover.is_direct, cover.stage, cover.taker, cover.relieved) == (True, "taken", "U0SORA", "U0MINJI")


def test_who_is_not_on_call_puts_nobody_in_for_another(rota):
    whom = {"type": "users_select", "selected_user": "U0SORA"}
    refused = rota.submit("cover.override", "C0HELP", {"slot": key_of(NOW), "whom": whom}, user="U0SORA").json()

    assert refused["response_action"] == "errors"
    assert rota.count(covers) == 0


def test_a_first_shift_begins_with_a_card_to_that_person_and_is_nobody_elses(rota):
    answer = rota.command("/oncall", "start", user="U0SORA")
    rota.press("start.drill", "offered", user="U0SORA")
    rota.press("start.drill", "offered")

    assert "direct messages" in said(answer)
    [row] = rota.rows(first_shifts)
    assert (row.user, row.drill, row.due_at is not None) == ("U0SORA", "alert", True)


@pytest.mark.parametrize("user", ["U0GUEST", "U0STRANGER", "U0ROBOT", "U0GONE", "U0NEVERSEEN"])
def test_who_is_no_member_begins_none(rota, user):
    rota.command("/oncall", "start", user=user)
    for verb in ("begin", "again", "drill", "drill_again"):
        rota.press(f"start.{verb}", "offered", user=user)

    assert rota.count(first_shifts) == 0


def test_a_guest_reads_neither_names_nor_the_week(rota):
    answer = said(rota.command("/oncall", "week", user="U0GUEST"))
    rota.press("oncall.turn:later", json.dumps(["week", "U0GUEST", "", 1]), user="U0GUEST")

    assert "u0minji" not in answer.lower()
    assert "u0sora" not in answer.lower()
    [row] = rota.rows(replies)
    assert "question" not in row.body

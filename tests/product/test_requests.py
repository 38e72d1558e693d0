"""Colleagues ask, and the person on call answers: whole stories with the sandbox's Slack and Airflow."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot import logs
from sandbox.person import text_of
from tests.product.workplace import Workplace

pytestmark = pytest.mark.xdist_group("requests")

HELP = "C0HELP"


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    logs.set_up()
    database = tmp_path_factory.mktemp("requests") / "baton.sqlite3"
    with Workplace(f"sqlite:///{database}", airflow_speed=50) as found:
        found.sandbox.limits(enforce=False)
        yield found


def messages(workplace, channel=HELP, thread=None):
    return workplace.people["minji"].messages(channel, thread)


def card(workplace, words, shown="", thread=None):
    """Return the card about these words that says so, once there is one."""

    def look():
        found = [each for each in messages(workplace, thread=thread) if words in text_of(each) and _has_buttons(each)]
        return next((each for each in found if shown in text_of(each)), None)

    return workplace.until(look)


def _has_buttons(message):
    return any(block["type"] == "actions" for block in message.get("blocks", []))


def test_a_message_becomes_a_request_by_the_shortcut_and_is_asked_back_and_done(workplace):
    sora, minji = workplace.people["sora"], workplace.people["minji"]
    said = sora.say(HELP, "점심 먹고 지난주 지표 숫자가 왜 다른지 궁금해졌어요")
    minji.shortcut("request.ask", said)
    minji.submit(kind="question")

    shown = card(workplace, "지표 숫자", thread=said["ts"])
    assert "이소라" in text_of(shown)
    minji.choose(shown, "request.more", f"ask_back:{_id(shown)}")
    minji.submit(question="어느 대시보드인가요?")
    waiting = workplace.until(lambda: _with(workplace, said["ts"], "어느 대시보드인가요?", "request.answer"))
    sora.click(waiting, "request.answer")
    sora.submit(answer="매출 대시보드요")
    again = card(workplace, "지표 숫자", "in progress", said["ts"])
    minji.click(again, "request.done")
    minji.submit(outcome="환율 기준일이 달라서였고 문서에 적어 두었습니다")

    done = card(workplace, "지표 숫자", "Request done", said["ts"])
    assert "환율 기준일" in text_of(done)
    told = workplace.until(lambda: _said(workplace, said["ts"], "님이 완료했습니다"))
    assert "김민지" in text_of(told)
    minji.click(done, "request.history")
    happened = text_of(minji.view())
    assert "매출 대시보드요" in happened
    minji.close()


def test_an_answer_that_no_event_told_is_read_afterwards_in_the_thread_once(workplace):
    sora, minji = workplace.people["sora"], workplace.people["minji"]
    said = sora.say(HELP, "Why does the retention chart differ from last week's deck?")
    minji.shortcut("request.ask", said)
    minji.submit(kind="question")
    shown = card(workplace, "retention chart", thread=said["ts"])
    sora.say(HELP, "I should have said: the chart of cohorts", thread_ts=said["ts"])  # before anybody asked
    minji.choose(shown, "request.more", f"ask_back:{_id(shown)}")
    minji.submit(question="Which of the two decks?")
    workplace.until(lambda: _with(workplace, said["ts"], "Which of the two decks?", "request.answer"))
    hearing = workplace.baton.app.requests_catch_up
    hearing.read_answers()
    card(workplace, "retention chart", "waiting", said["ts"])

    with deaf(workplace):
        sora.say(HELP, "the one of the board", thread_ts=said["ts"])
        hearing.read_answers()
        hearing.read_answers()
    again = card(workplace, "retention chart", "in progress", said["ts"])
    minji.click(again, "request.done")
    minji.submit(outcome="the deck was of an older month")
    workplace.until(lambda: _notes(workplace, said["ts"], "an older month"))
    assert len(_notes(workplace, said["ts"], "the one of the board")) == 1


def test_a_form_of_a_workflow_is_done_by_the_operation_that_fits(workplace):
    minji = workplace.people["minji"]
    words = "Requester: <@U0SORA>\nType: rerun\nLoad: orders\nDates: 2026-11-20\nDetails: half of orders is missing"
    ts = workplace.sandbox.post_alert("B0FORM", HELP, {"text": words})

    shown = card(workplace, "half of orders is missing", thread=ts)
    minji.click(shown, "request.do")
    filled = {block["block_id"]: block["element"] for block in minji.view()["blocks"] if block["type"] == "input"}
    assert filled["load"]["initial_option"]["value"] == "orders"
    assert filled["dates"]["initial_value"] == "2026-11-20"
    minji.submit()

    working = card(workplace, "half of orders is missing", "Runs", ts)
    assert "in progress" in text_of(working) or card(workplace, "half of orders is missing", "in progress", ts)


def test_the_same_asked_by_a_command_is_joined(workplace):
    alex, sora = workplace.people["alex"], workplace.people["sora"]
    alex.command("/ask please rerun the users load for 2026-11-19", HELP)
    first = card(workplace, "rerun the users load")
    answer = sora.command("/requests all", HELP)

    assert answer["ok"]
    assert "Alex Rivera" in text_of(first)


@contextmanager
def deaf(workplace):
    """Have nothing that is said reach Baton as an event."""
    found, workplace.sandbox.app_url = workplace.sandbox.app_url, "http://127.0.0.1:9/slack/events"
    yield
    workplace.sandbox.app_url = found


def _notes(workplace, thread, words):
    """Return what Baton noted in the thread with these words."""
    said = messages(workplace, thread=thread)
    return [each for each in said if words in text_of(each) and each.get("bot_id") and not _has_buttons(each)]


def _id(shown):
    return next(e["value"] for b in shown["blocks"] for e in b.get("elements", []) if e.get("value"))


def _with(workplace, thread, words, action):
    """Return the note that says so and has this one button."""
    found = [each for each in messages(workplace, thread=thread) if words in text_of(each)]
    return next((each for each in found if _pressable(each) == [action]), None)


def _pressable(message):
    elements = [each for block in message.get("blocks", []) for each in block.get("elements", [])]
    return [each["action_id"] for each in elements if "action_id" in each]


def _said(workplace, thread, words):
    return next((each for each in messages(workplace, thread=thread) if words in text_of(each)), None)

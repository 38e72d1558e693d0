"""Approval over the wire: who asks is told why, who can say yes is called, asks and is answered, a no has a reason."""

import pytest

from sandbox.person import text_of
from tests.product.test_main_story import broken, buttons

pytestmark = [pytest.mark.xdist_group("approvals"), pytest.mark.timeout(240)]


def said(thread, words):
    """Return the reply that says this, as soon as there is one."""
    return thread.until(lambda: [each for each in thread.replies() if words in text_of(each)])[0]


def test_a_run_is_asked_for_questioned_answered_and_approved_in_english(workplace):
    thread, _ = broken(workplace, "orders_daily", "load_orders", reader="alex")
    alex, dana = workplace.people["alex"], workplace.people["dana"]
    workplace.fix("orders_daily")
    thread.card()
    alex.click(thread.card(), "incident.clear")
    planned = thread.with_button("run.confirm")
    assert "You are not on call." in text_of(planned)
    assert "Needs the yes of 1 other person" in text_of(planned)
    assert "Ask for approval" in text_of(planned)

    alex.click(planned, "run.confirm")
    assert "<@U0MINJI>" in text_of(said(thread, "asks for approval")), "who is on call is called"
    dana.click(thread.with_button("run.ask"), "run.ask")
    dana.submit(words="Is the <!channel> table back?")
    question = thread.with_button("run.answer")
    assert "<@U0ALEX>" in text_of(question)
    assert "<!channel>" not in str(question["blocks"])
    dana.click(question, "run.answer")
    thread.until(
        lambda: "Only @Alex Rivera can answer" in text_of(dana.ephemerals()[-1]) if dana.ephemerals() else None
    )
    alex.click(question, "run.answer")
    alex.submit(words="Since noon.")
    assert "<@U0DANA>" in text_of(said(thread, "Since noon."))

    dana.click(thread.with_button("run.approve"), "run.approve")
    assert "by clear-tasks" in thread.until_card_says("Resolved: @Alex Rivera")
    done = text_of(said(thread, "done and verified"))
    assert "Dana Cho said yes" in done
    assert "Dana Cho asked" in done


def test_a_no_in_korean_is_told_with_its_reason_and_can_be_asked_for_again(workplace):
    thread, _ = broken(workplace, "users_snapshot", "load_users", "C0INFRA", reader="alex")
    alex, minji = workplace.people["alex"], workplace.people["minji"]
    workplace.fix("users_snapshot")
    thread.card()
    alex.click(thread.card(), "incident.clear")
    alex.click(thread.with_button("run.confirm"), "run.confirm")
    waiting = thread.with_button("run.deny")
    assert "승인 대기" in text_of(waiting)
    assert "당직이 아닙니다" in text_of(waiting)

    minji.click(waiting, "run.deny")
    assert "거절 사유" in text_of(minji.view())
    minji.submit(words="지금은 정산 중입니다")
    told = said(thread, "님이 거절했습니다")
    denied = thread.with_button("run.go_on")

    assert "<@U0ALEX>" in text_of(told)
    assert "지금은 정산 중입니다" in text_of(denied)
    assert "run.approve" not in buttons(denied)
    alex.click(denied, "run.go_on")
    assert "다른 1명의 승인이 필요합니다" in text_of(thread.with_button("run.confirm"))

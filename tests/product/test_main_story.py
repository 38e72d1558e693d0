"""The main story over the wire: a tool's alert becomes an incident, its task is cleared from there, it is resolved."""

from dataclasses import dataclass
from typing import Any

import pytest

from sandbox.person import elements_in, text_of
from tests.product.workplace import Workplace

pytestmark = [pytest.mark.xdist_group("main-story"), pytest.mark.timeout(180)]

PATIENCE_S = 60


@dataclass
class Thread:
    """The thread under a tool's alert as one person sees it."""

    place: Workplace
    channel: str
    ts: str
    reader: str = "minji"

    @property
    def person(self) -> Any:
        return self.place.people[self.reader]

    @property
    def alert(self) -> dict[str, Any]:
        return next(each for each in self.person.messages(self.channel) if each["ts"] == self.ts)

    def replies(self) -> list[dict[str, Any]]:
        return self.person.messages(self.channel, self.ts)[1:]

    def until(self, look: Any) -> Any:
        return self.place.until(look, PATIENCE_S)

    def card(self) -> dict[str, Any]:
        """Return the incident's card: the first reply."""
        return self.until(self.replies)[0]

    def with_button(self, action_id: str) -> dict[str, Any]:
        """Return the reply that has this button, as soon as there is one."""

        def look() -> list[dict[str, Any]]:
            return [each for each in self.replies() if action_id in buttons(each)]

        return self.until(look)[0]

    def until_card_says(self, words: str) -> str:
        return self.until(lambda: words in text_of(self.card()) and text_of(self.card()))

    def reactions(self) -> list[str]:
        return [each["name"] for each in self.alert.get("reactions", [])]


def buttons(message):
    return [element["action_id"] for _, element in elements_in(message)]


def broken(place, dag_id, task_id, channel="C0ALERTS", reader="minji", **more):
    """Break a task, have its run fail and the tool say so; return the thread of its incident, and the run."""
    run = place.fail_run(dag_id, task_id, **more)
    return Thread(place, channel, place.airflow_alert(run, dag_id, task_id, channel), reader), run


def test_from_the_alert_to_the_verified_rerun_in_english(workplace):
    thread, _ = broken(workplace, "orders_daily", "load_orders")
    minji = workplace.people["minji"]

    card = thread.card()
    assert "orders_daily.load_orders" in text_of(card)
    assert "<@U0MINJI>" in text_of(card), "who is on call is mentioned"
    assert "|Log>" in text_of(card)
    assert {"incident.clear", "incident.acknowledge", "incident.resolve", "runbook.open"} <= set(buttons(card))
    thread.until(lambda: thread.reactions() == ["rotating_light"])

    minji.click(card, "incident.acknowledge")
    thread.until_card_says("Acknowledged by")
    thread.until(lambda: thread.reactions() == ["eyes"])

    workplace.fix("orders_daily")
    minji.click(thread.card(), "incident.clear")
    plan = thread.with_button("run.confirm")
    assert all(task in text_of(plan) for task in ("load_orders", "build_orders_mart", "notify"))
    minji.click(plan, "run.confirm")

    resolved = thread.until_card_says("Resolved: @김민지, by clear-tasks")
    assert "none open" in resolved
    assert "incident.resolve" not in buttons(thread.card())
    thread.until(lambda: thread.reactions() == ["white_check_mark"])
    thread.until(lambda: any("3 tasks ran again and succeeded" in text_of(each) for each in thread.replies()))

    minji.click(thread.card(), "incident.note_fix")
    minji.submit(cause="bad_data", remark="the table was dropped; password=Tr0ub4dor-planted")
    noted = thread.until_card_says("Cause: bad data or schema change · Fix: clear or rerun")
    assert "the table was dropped" in noted
    assert "Tr0ub4dor" not in noted
    assert "by clear-tasks" in noted, "whose run it was stays known"


def test_from_the_alert_to_the_verified_rerun_in_korean(workplace):
    """The channel is Korean; so is what only the person sees, whatever the channel's language."""
    thread, _ = broken(workplace, "users_snapshot", "load_users", "C0INFRA")
    minji = workplace.people["minji"]

    thread.until_card_says("*당직*")
    minji.click(thread.card(), "incident.acknowledge")
    thread.until_card_says("확인 중")

    workplace.fix("users_snapshot")
    minji.click(thread.card(), "incident.clear")
    minji.click(thread.with_button("run.confirm"), "run.confirm")

    assert "해결: @김민지, clear-tasks 실행" in thread.until_card_says("해결됨")


def test_a_named_person_dismisses_what_is_still_open(workplace):
    thread, _ = broken(workplace, "nightly_vacuum", "vacuum", logical_date=None)
    alex = workplace.people["alex"]
    thread.card()

    alex.click(thread.card(), "incident.resolve")
    form = alex.view()
    assert "in your name" in text_of(form)
    alex.submit(cause="false_alarm", remedy="nothing", remark="a test database")

    resolved = thread.until_card_says("Resolved: @Alex Rivera")
    assert "dismissed" in resolved
    assert "Cause: false alarm · Fix: no action needed" in resolved
    assert "“a test database”" in resolved


def test_a_runbook_opens_in_the_readers_language(workplace):
    thread, _ = broken(workplace, "orders_daily", "extract_orders", logical_date="latest-1")

    workplace.people["minji"].click(thread.card(), "runbook.open")
    workplace.people["alex"].click(thread.card(), "runbook.open")

    korean, english = workplace.people["minji"].view(), workplace.people["alex"].view()
    assert any("가" <= c <= "힣" for c in text_of(korean))
    assert not any("가" <= c <= "힣" for c in text_of(english))


def test_who_may_not_is_told_so_alone_and_in_their_language(workplace):
    thread, _ = broken(workplace, "orders_daily", "notify", logical_date="latest-2")
    guest = workplace.people["guest"]
    card = thread.card()

    guest.click(card, "incident.acknowledge")
    [said] = thread.until(guest.ephemerals)

    assert "of this workspace may not" in text_of(said)
    assert "incident.acknowledge" in buttons(thread.card())


def test_who_is_not_on_call_needs_a_second_person(workplace):
    thread, _ = broken(workplace, "events_shards", "publish", logical_date="latest-3")
    alex, dana = workplace.people["alex"], workplace.people["dana"]
    workplace.fix("events_shards")
    thread.card()

    alex.click(thread.card(), "incident.clear")
    alex.click(thread.with_button("run.confirm"), "run.confirm")
    waiting = thread.with_button("run.approve")
    alex.click(waiting, "run.approve")
    [refused] = thread.until(alex.ephemerals)
    dana.click(thread.with_button("run.approve"), "run.approve")

    assert "another person has to approve it" in text_of(refused)
    assert "by clear-tasks" in thread.until_card_says("Resolved: @Alex Rivera")


def test_feedback_is_counted_on_the_card_and_names_the_right_owner(workplace):
    thread, _ = broken(workplace, "users_snapshot", "load_users")
    minji, alex = workplace.people["minji"], workplace.people["alex"]

    minji.choose(thread.card(), "incident.feedback", "👍 Useful")
    thread.until_card_says("Feedback: 1 useful")
    alex.choose(thread.card(), "incident.feedback", "↪️ Wrong owner")
    alex.submit(owner="U0JUNHO")
    thread.until_card_says("Feedback: 1 useful, 1 wrong owner (rather @박준호)")
    minji.click(thread.card(), "incident.resolve")
    minji.submit()
    thread.until(lambda: "incident.wrong_owner" in buttons(thread.card()))
    alex.click(thread.card(), "incident.wrong_owner")

    assert alex.view() is None, "taking it back asks nothing"
    thread.until(lambda: "wrong owner (rather" not in text_of(thread.card()))

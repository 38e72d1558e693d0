"""What people say to Baton by its name in a thread, where Slack takes no commands."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import logs
from sandbox.person import Person, text_of
from tests.product.workplace import Workplace

pytestmark = [pytest.mark.xdist_group("addressed"), pytest.mark.timeout(180)]

CHANNEL = "C0ALERTS"
BATON = "<@U0BATON>"
PATIENCE_S = 60


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    logs.set_up()
    database: Path = tmp_path_factory.mktemp("addressed") / "baton.sqlite3"
    with Workplace(f"sqlite:///{database}") as found:
        found.sandbox.limits(enforce=False)
        yield found


@pytest.fixture(scope="module")
def incident(place: Workplace) -> str:
    """The `ts` of the tool's message in whose thread the card of a failure is."""
    return alerted(place, "orders_daily", "load_orders")


def alerted(place: Workplace, dag_id: str, task_id: str) -> str:
    """Let the task fail; return the `ts` of what the tool says, once there is a card in its thread."""
    ts = place.airflow_alert(place.fail_run(dag_id, task_id), dag_id, task_id)
    place.until(lambda: in_thread(place, ts), PATIENCE_S)
    return ts


def in_thread(place: Workplace, ts: str) -> list[str]:
    return [text_of(each) for each in place.people["alex"].thread({"channel": CHANNEL, "ts": ts})]


def told(
    place: Workplace, person: Person, words: str, channel: str = CHANNEL, thread: str | None = None
) -> dict[str, Any]:
    """Return what only this person is shown when they say these words to Baton."""
    before = len(person.ephemerals())
    person.say(channel, f"{BATON} {words}", thread_ts=thread)
    shown: dict[str, Any] = place.until(lambda: person.ephemerals()[before:], PATIENCE_S)[-1]
    return shown


def whispered(place: Workplace, person: Person, words: str, channel: str = CHANNEL, thread: str | None = None) -> str:
    return text_of(told(place, person, words, channel, thread))


def form_after(place: Workplace, person: Person, words: str, channel: str, thread: str | None = None) -> dict[str, Any]:
    """Return the form behind the button with which these words are answered."""
    assert person.click(told(place, person, words, channel, thread), "addressed.form")["ok"]
    view = person.view()
    assert view is not None
    return view


def test_in_a_thread_it_is_taken_on_and_its_tasks_are_planned_to_be_cleared(place, incident):
    place.people["alex"].say(CHANNEL, f"{BATON} ack", thread_ts=incident)
    place.until(lambda: any("Acknowledged by @Alex" in said for said in in_thread(place, incident)), PATIENCE_S)
    place.people["minji"].say(CHANNEL, f"{BATON} 재실행", thread_ts=incident)

    place.until(lambda: any("runs again" in said for said in in_thread(place, incident)), PATIENCE_S)


def test_a_silence_concerns_what_the_thread_is_about(place, incident):
    done = whispered(place, place.people["alex"], "silence 2h late upstream file", thread=incident)

    assert "Silenced until" in done


def test_a_silence_without_a_reason_asks_for_it_and_keeps_what_was_said(place):
    dana, ts = place.people["dana"], alerted(place, "users_snapshot", "load_users")
    form = form_after(place, dana, "silence 2h", CHANNEL, ts)
    ends = next(each["element"]["initial_date_time"] for each in form["blocks"] if "initial_date_time" in str(each))
    assert dana.submit(**{"silence.reason": "the vendor is late"})["ok"]

    assert "dag_id=users_snapshot" in json.dumps(form)
    assert 118 * 60 < ends - place.sandbox.clock.now().timestamp() <= 120 * 60
    place.until(lambda: any("the vendor is late" in said for said in in_thread(place, ts)), PATIENCE_S)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        pytest.param("who", "data-platform", id="who"),
        pytest.param("oncall next week", "The week on call", id="a week of the schedule"),
        pytest.param("", "@baton silence", id="nothing"),
        pytest.param("help", "@baton clear-tasks", id="help"),
        pytest.param("slience 2h", "Did you mean `@baton silence`", id="a slip"),
        pytest.param("brew coffee", "nothing that Baton knows", id="something else"),
        pytest.param("ack", "belongs to no incident", id="no incident here"),
        pytest.param("clear", "belongs to no incident", id="nothing to clear here"),
        pytest.param("clear-tasks bad/name r1", "cannot be a name", id="an operation with wrong words"),
    ],
)
def test_anywhere_it_answers_who_asks_and_nobody_else(place, words, answer):
    assert answer in whispered(place, place.people["alex"], words, channel="C0HELP")


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        pytest.param("clear-tasks", "run.form:clear-tasks", id="an operation without words"),
        pytest.param("cover <@U0MINJI>", "cover.ask", id="a cover"),
        pytest.param("override", "cover.override", id="an override"),
    ],
)
def test_what_needs_a_form_is_answered_with_a_button_that_opens_it(place, words, asked):
    assert form_after(place, place.people["alex"], words, "C0HELP")["callback_id"] == asked


def test_a_first_shift_needs_no_form(place):
    assert "점검 목록" in whispered(place, place.people["sora"], "start", channel="C0HELP")

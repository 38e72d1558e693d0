"""What people say to Baton by its name in a thread, where Slack takes no commands."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import logs
from sandbox.person import Person, text_of
from tests.product.workplace import Workplace

pytestmark = [pytest.mark.xdist_group("addressed"), pytest.mark.timeout(180)]

CHANNEL, DAG, TASK = "C0ALERTS", "orders_daily", "load_orders"
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
def incident(place: Workplace) -> dict[str, Any]:
    """The tool's message in whose thread the card of a failure is."""
    ts = place.airflow_alert(place.fail_run(DAG, TASK), DAG, TASK)
    place.until(lambda: in_thread(place, ts), PATIENCE_S)
    return {"channel": CHANNEL, "ts": ts}


def in_thread(place: Workplace, ts: str) -> list[str]:
    return [text_of(each) for each in place.people["alex"].thread({"channel": CHANNEL, "ts": ts})]


def whispered(place: Workplace, person: Person, words: str, channel: str = CHANNEL, thread: str | None = None) -> str:
    """Return what only this person is told when they say these words to Baton."""
    before = len(person.ephemerals())
    person.say(channel, f"{BATON} {words}", thread_ts=thread)
    return text_of(place.until(lambda: person.ephemerals()[before:], PATIENCE_S)[-1])


def test_in_a_thread_it_is_taken_on_and_its_tasks_are_planned_to_be_cleared(place, incident):
    alex, ts = place.people["alex"], incident["ts"]
    alex.say(CHANNEL, f"{BATON} ack", thread_ts=ts)
    place.until(lambda: any("Acknowledged by @Alex" in said for said in in_thread(place, ts)), PATIENCE_S)
    place.people["minji"].say(CHANNEL, f"{BATON} 재실행", thread_ts=ts)

    place.until(lambda: any("runs again" in said for said in in_thread(place, ts)), PATIENCE_S)


def test_a_silence_needs_a_time_and_a_reason_and_concerns_what_the_thread_is_about(place, incident):
    alex, ts = place.people["alex"], incident["ts"]
    usage = whispered(place, alex, "silence", thread=ts)
    done = whispered(place, alex, "silence 2h late upstream file", thread=ts)

    assert "for how long and why" in usage
    assert "Silenced until" in done
    place.until(lambda: any("dag_id=orders_daily" in said for said in in_thread(place, ts)), PATIENCE_S)


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
        pytest.param("clear-tasks", "cannot open a form", id="an operation without words"),
        pytest.param("clear-tasks bad/name r1", "cannot be a name", id="an operation with wrong words"),
    ],
)
def test_anywhere_it_answers_who_asks_and_nobody_else(place, words, answer):
    assert answer in whispered(place, place.people["alex"], words, channel="C0HELP")

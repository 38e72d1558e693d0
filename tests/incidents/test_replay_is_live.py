"""Whatever tools say, in whatever order: a replay puts messages into the incidents into which the intake puts them."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.app import App
from bot.incidents.route import Route
from bot.incidents.rules import Windows
from bot.oncall.model import MentionRules, WorkingHours
from bot.replay import Setup
from bot.replay.memory import Memory
from bot.triage.envelope import read
from bot.triage.identity import normal
from bot.triage.model import Kind, Own
from bot.triage.patterns import pattern
from bot.triage.team import Match, Rule, TeamRules
from bot.triage.triage import triage
from tests.handlers.front_door import config

START = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
TEAM = TeamRules(
    (Rule("loader", Match(senders=(normal("loader"),), patterns=(pattern(r"job (?P<job>\S+)"),)), route="other"),)
)

RUNS = (
    "",
    "\n*Run*: manual__1",
    "\n*Run*: manual__2",
    "\n*Run*: scheduled__2026-11-19T03:00:00+00:00",
    "\n*Execution Time*: 2026-11-19 03:00:00+00:00",
    "\n*Run*: manual__1\n*Map Index*: 0",
    "\n*Run*: manual__1\n*Map Index*: 1",
)
OUTCOMES = (":red_circle: Task Failed.", ":heavy_check_mark: Task Succeeded.")
WORDS = {
    "airflow": tuple(f"{outcome}\n*Task*: load\n*Dag*: sales{run}" for outcome in OUTCOMES for run in RUNS),
    "grafana": ("[FIRING:1] disk full on etl-7", "[RESOLVED:1] disk full on etl-7", "[FIRING:1] disk full on etl-8"),
    "dbt Cloud": (
        '<https://cloud.getdbt.com/x|Run #5 failed on Job "Nightly">',
        '<https://cloud.getdbt.com/x|Run #6 succeeded on Job "Nightly">',
        "Database Error in model fct_pay\n column x does not exist",
    ),
    "my loader": ("job a_b FAILED", "job a_b recovered", "failed: no name at all"),
}
WAITS = (1, 1, 20 * 60, 61 * 60, 25 * 3600, -180, -180)  # seconds
VERBS = ("post", "post", "reply", "edit")
steps = st.tuples(
    st.sampled_from(VERBS),
    st.sampled_from(sorted(WORDS)),
    st.integers(0, 13),
    st.sampled_from(WAITS),
    st.integers(0, 3),
)
numbers = itertools.count(1)


def messages(channel, said):
    """Yield events: a new message, or a reply in the thread of an earlier one or its edit, by the same tool."""
    at, posted = START, []
    for number, (verb, tool, which, wait, ago) in enumerate(said):
        at += timedelta(seconds=wait)
        ts = f"{at.timestamp() + number / 1_000_000:.6f}"
        before = posted[-1 - ago % len(posted)] if posted and verb != "post" else None
        sender = before["username"] if before else tool
        words = WORDS[sender][which % len(WORDS[sender])]
        event = {"type": "message", "subtype": "bot_message", "bot_id": "B0HOOK", "username": sender, "text": words}
        if before and verb == "edit":
            yield {
                "type": "message",
                "subtype": "message_changed",
                "channel": channel,
                "ts": ts,
                "event_ts": ts,
                "message": event | {"ts": before["ts"]},
                "previous_message": before,
            }
            continue
        event["ts"] = ts
        if before:
            event["thread_ts"] = before.get("thread_ts", before["ts"])
        posted.append(event)
        yield event | {"channel": channel, "event_ts": ts}


def route(name, **more):
    hours = WorkingHours(ZoneInfo("Asia/Seoul"))
    return Route(name, "data-platform", "en", Windows(), MentionRules(), hours, **more)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    made = App(config(f"sqlite:///{tmp_path_factory.mktemp('replay') / 'baton.sqlite3'}"))
    yield made
    made.stop()


def live(app, setup, events):
    """Return the incident of each message, as the intake decides it."""
    intake = replace(
        app.desk.intake,
        routes=setup.channels,
        overrides={(channel, name): found for channel in setup.channels for name, found in setup.routes.items()},
    )

    def all_of_them(tx):
        for event in events:
            message = read(event, team="T1", received_at=START)
            alert = triage(message, Own(), team=setup.team)
            yield intake.receive(tx, f"Ev{next(numbers)}", message, alert, message.at)

    return app.store.write(lambda tx: list(all_of_them(tx)))


def replayed(setup, events):
    memory = Memory(setup)
    readings = [memory.take(event) for event in events]
    return [reading.group if reading.kind is not Kind.NOISE else None for reading in readings]


def parts(groups):
    """Return the groups by the number of the first message in each, so that names do not matter."""
    first = {}
    return [None if group is None else first.setdefault(group, number) for number, group in enumerate(groups)]


def both(app, said):
    """Return which messages the replay and which the store puts together."""
    number = next(numbers)
    channel = f"C0{number}"
    setup = Setup(team=TEAM, channels={channel: route(f"own-{number}")}, routes={"other": route(f"other-{number}")})
    events = list(messages(channel, said))
    return parts(replayed(setup, events)), parts(live(app, setup, events))


@example(
    [
        ("post", "dbt Cloud", 1, 1, 0),
        ("edit", "dbt Cloud", 2, -180, 0),  # delivered late: it is older than what it edits
        ("reply", "dbt Cloud", 0, 1, 0),
        ("reply", "dbt Cloud", 2, 1, 0),
    ]
)
@given(said=st.lists(steps, min_size=4, max_size=30))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_replay_groups_as_the_store_does(app, said):
    in_memory, in_store = both(app, said)

    assert in_memory == in_store


def test_it_does_so_on_postgresql_too(postgres_url):
    failed, over_by_date, failed_by_run = 4, 11, 3  # of WORDS["airflow"]
    said = [
        ("post", "airflow", failed, 1, 0),
        ("post", "airflow", failed_by_run, 1, 0),
        ("post", "airflow", over_by_date, 1, 0),
        ("post", "dbt Cloud", 0, 1, 0),
        ("reply", "dbt Cloud", 2, 1, 0),
        ("edit", "dbt Cloud", 1, 1, 1),
        ("post", "my loader", 0, 1, 0),
        ("post", "grafana", 1, 600, 0),
        ("post", "grafana", 0, -180, 0),
        ("post", "grafana", 0, 200, 0),
    ]
    app = App(config(postgres_url))
    try:
        in_memory, in_store = both(app, said)
    finally:
        app.stop()

    assert in_memory == in_store
    assert in_store == [0, 0, 0, 3, 3, 3, 6, None, 8, 8]

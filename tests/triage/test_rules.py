"""Which incident an alert belongs to (R5–R8), and what a replay makes of a night."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.incidents.model import Incident, IncidentState
from bot.incidents.rules import Ignore, Open, Recur, Reopen, Repeat, Resolve, Windows, place
from bot.replay import Setup, explain, replay
from bot.replay.memory import Memory
from bot.triage.model import Alert, Kind
from tests.triage.slack import OWN, attached, webhook

AT = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
FIRES, OVER = Alert(Kind.ALERT, "script"), Alert(Kind.RESOLVED, "script")
OPEN = Incident("i1", "data", "f", IncidentState.OPEN, opened_at=AT, last_alert_at=AT)
RESOLVED = replace(OPEN, state=IncidentState.RESOLVED, resolved_at=AT)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("alert", "latest", "later", "decision"),
    [
        pytest.param(FIRES, None, MINUTE, Open(), id="the first alert opens"),
        pytest.param(FIRES, OPEN, MINUTE, Repeat("i1"), id="a second one repeats"),
        pytest.param(
            FIRES, replace(OPEN, state=IncidentState.ACKNOWLEDGED), MINUTE, Repeat("i1"), id="also when acknowledged"
        ),
        pytest.param(FIRES, OPEN, 24 * HOUR, Repeat("i1"), id="24 hours are not yet silence"),
        pytest.param(FIRES, OPEN, 24 * HOUR + MINUTE, Recur("i1"), id="after more it is a new one"),
        pytest.param(
            FIRES, replace(OPEN, state=IncidentState.STALE), 25 * HOUR, Recur("i1"), id="a stale one is superseded"
        ),
        pytest.param(FIRES, RESOLVED, 60 * MINUTE, Reopen("i1"), id="within the hour it comes back"),
        pytest.param(FIRES, RESOLVED, 61 * MINUTE, Open(), id="later it is a new one"),
        pytest.param(
            FIRES, replace(OPEN, state=IncidentState.SUPERSEDED), MINUTE, Open(), id="a superseded one is history"
        ),
        pytest.param(OVER, OPEN, MINUTE, Resolve("i1"), id="over"),
        pytest.param(
            OVER, replace(OPEN, state=IncidentState.STALE), 30 * HOUR, Resolve("i1"), id="a stale one ends too"
        ),
        pytest.param(OVER, RESOLVED, MINUTE, Ignore("nothing is open that could be resolved"), id="over twice"),
        pytest.param(OVER, None, MINUTE, Ignore("nothing is open that could be resolved"), id="over and never begun"),
        pytest.param(Alert(Kind.NOISE, ""), OPEN, MINUTE, Ignore("noise"), id="noise"),
        pytest.param(Alert(Kind.REQUEST, "human"), OPEN, MINUTE, Ignore("a request is no incident"), id="a request"),
    ],
)
def test_an_alert_finds_its_place(alert, latest, later, decision):
    assert place(alert, latest, AT + later) == decision


def test_an_incident_with_open_occurrences_is_not_over():
    decision = place(OVER, OPEN, AT, open_occurrences=2)

    assert decision == Ignore("2 of its occurrences are still open", "i1")


def test_the_windows_are_the_team_s():
    windows = Windows(reopen=5 * MINUTE, silence=HOUR)

    assert place(FIRES, RESOLVED, AT + 6 * MINUTE, windows) == Open()
    assert place(FIRES, OPEN, AT + 2 * HOUR, windows) == Recur("i1")


def night(*messages):
    """Return replay results for (minute, event) pairs."""
    lines = [
        json.dumps({"id": str(number), "event": event | {"ts": f"{AT.timestamp() + minute * 60:.6f}"}})
        for number, (minute, event) in enumerate(messages)
    ]
    out = io.StringIO()
    replay(lines, out, Setup(OWN))
    return [json.loads(line) for line in out.getvalue().splitlines()]


def failed(run, task="load", head=":red_circle: Task Failed."):
    return webhook("airflow", f"{head}\n*Task*: {task}\n*Dag*: sales\n*Run*: {run}")


def succeeded(run):
    return failed(run, head=":heavy_check_mark: Task Succeeded.")


def groups(results):
    return [result["group"] for result in results]


def test_a_result_has_exactly_the_agreed_keys():
    (result,) = night((0, webhook("loader", "job a_b failed")))

    assert list(result) == ["id", "kind", "source", "severity", "resource", "group", "runbook_topic", "rendered"]


def test_flapping_within_the_hour_is_one_incident_and_later_another():
    down, up = webhook("w", "[ERROR] host ch-01 is down"), webhook("w", "[OK] host ch-01 is back up")

    one, two, three, four, five = groups(night((0, down), (5, up), (40, down), (45, up), (200, down)))

    assert one == two == three == four != five


def test_an_alert_after_a_day_of_silence_is_a_new_incident():
    one, two = groups(night((0, webhook("w", "job a_b failed")), (25 * 60, webhook("w", "job a_b failed"))))

    assert one != two


def test_two_runs_fail_and_one_recovers_the_incident_stays_open():
    results = night((0, failed("r1")), (1, failed("r2")), (2, succeeded("r1")), (120, failed("r3")))

    assert [result["kind"] for result in results] == ["alert", "alert", "resolved", "alert"]
    assert len(set(groups(results))) == 1


def test_when_each_run_has_recovered_a_later_failure_is_new():
    results = night(
        (0, failed("r1")), (1, failed("r2")), (2, succeeded("r1")), (3, succeeded("r2")), (120, failed("r3"))
    )

    assert len(set(groups(results)[:4])) == 1
    assert groups(results)[4] != groups(results)[0]


def test_a_success_with_nothing_open_is_noise():
    (result,) = night((0, succeeded("r1")))

    assert (result["kind"], result["group"]) == ("noise", None)


def test_the_detail_in_the_thread_joins_the_message_above_it():
    alert = webhook("dbt", '<https://cloud.getdbt.com/x|Run #5 failed on Job "Nightly">')
    parent_ts = f"{AT.timestamp():.6f}"
    detail = webhook("dbt", "Database Error in model fct_pay\n column x does not exist", thread_ts=parent_ts)

    one, two = night((0, alert), (1, detail))

    assert one["group"] == two["group"]
    assert two["resource"] == {"job": "Nightly"}


def test_a_reply_that_says_more_of_the_same_joins_the_message_above_it():
    parent = webhook("AlertManager", "", attachments=attached("FIRING: RedisDown", color="danger"))
    parent_ts = f"{AT.timestamp():.6f}"
    reply = webhook("AlertManager", "*RedisDown* cache-2:6379 (critical)\nno answer", thread_ts=parent_ts)
    other = webhook("AlertManager", "*KafkaDown* kafka-2:9092 (critical)\nno answer", thread_ts=parent_ts)

    one, two, three = night((0, parent), (1, reply), (2, other))

    assert one["group"] == two["group"] != three["group"]


def test_each_request_is_its_own_group():
    ask = {"type": "message", "user": "U1", "text": "dw.orders 재적재 부탁드립니다", "channel": "C1"}

    one, two = night((0, ask), (1, ask))

    assert one["kind"] == "request"
    assert one["group"] != two["group"]


def test_what_is_shown_is_escaped_and_notifies_nobody():
    (result,) = night((0, webhook("w", "<!channel> <@U0ANA> job a_b failed: 1 &lt; 2 &amp; @here password=hunter2!")))

    assert "<" not in result["rendered"]
    assert "&lt;" in result["rendered"]
    assert "@channel" not in result["rendered"]
    assert "@here" not in result["rendered"]
    assert "hunter2" not in result["rendered"]


def test_an_event_alone_is_read_too_and_blank_lines_are_skipped():
    out = io.StringIO()

    memory = replay([json.dumps(webhook("w", "job a_b failed")), "\n"], out, Setup())

    assert memory.taken == 1
    assert json.loads(out.getvalue())["kind"] == "alert"


@pytest.mark.parametrize(("line", "message"), [("{", "line 2 is not JSON"), ("[]", "line 2 is not a JSON object")])
def test_a_broken_line_is_named(line, message):
    with pytest.raises(ValueError, match=message):
        replay([json.dumps(webhook("w", "x")), line], io.StringIO(), Setup())


def test_a_replay_is_deterministic():
    messages = [(0, failed("r1")), (1, webhook("w", "job a_b failed")), (2, succeeded("r1"))]

    assert night(*messages) == night(*messages)


def test_what_is_over_is_forgotten_in_time_and_what_is_open_never(monkeypatch):
    monkeypatch.setattr("bot.replay.memory._ENDED", 3)
    memory = Memory(Setup())

    def say(job, outcome, minute):
        event = webhook("w", f"job {job} {outcome}") | {"ts": f"{AT.timestamp() + minute * 60:.6f}"}
        return memory.take(event).group

    open_one = say("load_still", "failed", 0)
    for minute in range(20):
        say(f"load_{minute}", "failed", minute)
        say(f"load_{minute}", "succeeded", minute)

    assert len(memory._tracks) == 4
    assert say("load_19", "failed", 21) == say("load_19", "failed", 22)
    assert say("load_still", "failed", 23) == open_one


def test_explain_tells_every_decision():
    said = "\n".join(explain(failed("manual__1") | {"ts": "1.1"}, Setup(OWN)))

    assert "because: airflow, known by its sender" in said
    assert "names: dag_id=sales, task_id=load" in said
    assert "occurrence: dag sales, task load, run manual__1" in said

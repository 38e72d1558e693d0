"""Team rules: messages of a team's own tools, read as the team says, and by the built-in readers for the rest."""

import unicodedata
from datetime import UTC, datetime

import pytest

from bot.config.load import Config
from bot.config.model import Baton
from bot.config.sources import Sources
from bot.triage.identity import fingerprint
from bot.triage.model import Kind, Occurrence, Severity
from bot.triage.patterns import pattern
from bot.triage.team import NO_RULES, Match, Rule, TeamRules
from bot.triage.triage import triage
from bot.wiring.team_rules import team_rules_of
from tests.triage.slack import OWN, app, edited, person, read, says, webhook

LOADER = {"match": {"sender": "loader", "text": r"job (?P<job>\S+) (?P<status>OK|FAIL)"}}


def rules(**written):
    """Return the rules of a configuration, by name."""
    sources = Sources.model_validate({"sources": {name.replace("_", "-"): rule for name, rule in written.items()}})
    return team_rules_of(Config(Baton(channels={}, routes={}, schedules={}), sources=sources))


def ruled(event, **written):
    return triage(read(event), OWN, team=rules(**written))


def test_a_capture_names_the_broken_thing():
    alert = ruled(webhook("nightly-loader", "job orders_v2 FAIL"), nightly=LOADER)

    assert (alert.kind, dict(alert.resource)) == (Kind.ALERT, {"job": "orders_v2"})
    assert alert.explanation[0] == "the team rule nightly matches and captured job=orders_v2, status=FAIL"


def test_what_a_rule_does_not_say_is_read_as_without_it():
    event = webhook(
        "nightly-loader", "*Owner:* data-core\njob orders_v2 FAIL\nhttps://logs.example/7\nError: disk full"
    )
    plain, alert = says(event), ruled(event, nightly=LOADER)

    assert alert.error == plain.error == "disk full"
    assert (alert.owner, alert.links, alert.severity) == (plain.owner, plain.links, plain.severity)


def test_a_rule_wins_over_the_parser_that_knows_the_tool():
    event = webhook("airflow", ":red_circle: Task Failed.\n*Task*: load\n*Dag*: sales\n*Run*: manual__1")
    by_dag = {"match": {"sender": "airflow", "text": r"\*Dag\*: (?P<dag_id>\S+)"}, "severity": "critical"}
    alert = ruled(event, ours=by_dag)

    assert dict(alert.resource) == {"dag_id": "sales"}
    assert alert.severity is Severity.CRITICAL
    assert alert.occurrences == says(event).occurrences, "it is still followed in Airflow"


def test_the_first_rule_that_matches_decides():
    first = {"match": {"sender": "loader"}, "source": "first"}
    second = {"match": {"sender": "loader"}, "source": "second"}

    assert ruled(webhook("loader", "job a_b FAILED"), one=first, two=second).source == "first"


@pytest.mark.parametrize(
    ("match", "fits"),
    [
        pytest.param({"sender": "NIGHTLY"}, True, id="a part of the name in any case"),
        pytest.param({"sender": ["weekly", "nightly"]}, True, id="one of several"),
        pytest.param({"sender": "weekly"}, False, id="another sender"),
        pytest.param({"bot": "B0HOOK"}, True, id="the bot's id"),
        pytest.param({"bot": "B0OTHER"}, False, id="another bot"),
        pytest.param({"channel": ["C0A", "C0B"]}, True, id="the channel"),
        pytest.param({"channel": "C0B"}, False, id="another channel"),
        pytest.param({"text": "a_b"}, True, id="the text"),
        pytest.param({"text": ["a_b", "c_d"]}, False, id="each pattern must be found"),
        pytest.param({"sender": "nightly", "channel": "C0B"}, False, id="each condition must fit"),
    ],
)
def test_a_rule_matches_where_each_of_its_conditions_fits(match, fits):
    event = webhook("nightly-loader", "job a_b FAILED", channel="C0A")
    alert = ruled(event, ours={"match": match, "source": "ours"})

    assert (alert.source == "ours") is fits


def test_an_app_is_known_by_its_app_id_too():
    assert ruled(app("x", "job a_b FAILED"), ours={"match": {"bot": "A0APP"}, "source": "ours"}).source == "ours"


def test_people_are_never_matched():
    alert = ruled(person("job a_b FAILED"), ours={"match": {"text": "FAILED"}, "status": "firing"})

    assert alert.kind is Kind.NOISE


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("FAIL", Kind.ALERT),
        ("fail", Kind.ALERT),
        ("OK", Kind.RESOLVED),
        ("START", Kind.NOISE),
        ("WEIRD", Kind.ALERT),
    ],
)
def test_words_of_a_status_map_are_compared_without_case_and_the_star_is_every_other(word, kind):
    rule = {
        "match": {"text": r"job (?P<job>\S+) (?P<status>\w+)"},
        "status": {"FAIL": "firing", "OK": "resolved", "START": "noise", "*": "firing"},
    }

    assert ruled(webhook("w", f"job a_b {word}"), ours=rule).kind is kind


def test_a_status_that_no_map_explains_is_read_as_words_are_read():
    rule = {"match": {"text": r"(?P<job>\S+) is (?P<status>\w+)"}}

    assert ruled(webhook("w", "a_b is recovered"), ours=rule).kind is Kind.RESOLVED


@pytest.mark.parametrize(
    ("word", "severity"), [("심각", Severity.CRITICAL), ("주의", Severity.WARNING), ("P2", Severity.ERROR)]
)
def test_a_level_is_mapped_or_read_as_levels_are_read(word, severity):
    rule = {
        "match": {"text": r"^\[(?P<severity>[^\]]+)\] (?P<table>\S+)"},
        "severity": {"심각": "critical"},
        "status": "firing",
    }

    assert ruled(webhook("정산봇", f"[{word}] 정산_일별"), ours=rule).severity is severity


def test_good_news_has_no_level():
    rule = LOADER | {"severity": "critical"}

    assert ruled(webhook("loader", "job a_b OK"), ours=rule).severity is None


def test_a_resource_is_built_from_captures():
    rule = {
        "match": {"text": r"(?P<schema>\w+)/(?P<table>\w+) (?P<status>FAIL)"},
        "resource": {"table": "{schema}.{table}", "env": "prod"},
    }

    assert dict(ruled(webhook("w", "dw/orders FAIL"), ours=rule).resource) == {"table": "dw.orders", "env": "prod"}


def test_names_are_one_in_every_unicode_form_and_without_the_marks_around_them():
    rule = {"match": {"text": r"작업: (?P<job>\S+)"}, "status": "firing", "source": "batch"}
    composed = ruled(webhook("w", "작업: *정산_v2*"), ours=rule)
    decomposed = ruled(webhook("w", unicodedata.normalize("NFD", "작업: 정산_v2")), ours=rule)

    assert dict(composed.resource) == {"job": "정산_v2"}
    assert fingerprint(composed) == fingerprint(decomposed)


def test_other_versions_are_other_things():
    one, two = (ruled(webhook("loader", f"job orders{which} FAIL"), ours=LOADER) for which in ("", "_v2"))

    assert fingerprint(one) != fingerprint(two)


def test_a_rule_that_captures_no_name_leaves_the_name_to_the_built_in_reading():
    rule = {"match": {"sender": "loader", "text": r"(?:table (?P<table>\S+))?"}, "owner": "data-core"}
    alert = ruled(webhook("loader", "*Job:* a_b\nfailed"), ours=rule)

    assert (dict(alert.resource), alert.owner) == ({"job": "a_b"}, "data-core")


def test_fixed_values_and_captured_ones_stand_on_the_card():
    rule = {
        "match": {"text": r"(?P<job>\S+) broke: (?P<error>.+)"},
        "status": "firing",
        "title": "{job} is broken",
        "owner": "team {job}",
        "aspect": "batch",
        "topic": "quota",
        "route": "infra",
    }
    alert = ruled(webhook("w", "loads broke: no slots"), ours=rule)

    assert (alert.title, alert.error, alert.owner) == ("loads is broken", "no slots", "team loads")
    assert (alert.aspect, alert.topic, alert.route) == ("batch", "quota", "infra")


def test_what_is_to_be_ignored_is_noise_with_its_reason():
    alert = ruled(webhook("standup", "job a_b FAILED"), chat={"match": {"sender": "standup"}, "ignore": True})

    assert alert.kind is Kind.NOISE
    assert alert.explanation == ("the team rule chat matches", "it is to be ignored")


def test_a_teams_own_form_of_an_airflow_callback_names_the_failure():
    rule = {
        "match": {"text": r"(?P<dag_id>\w+)#(?P<task_id>\w+) \((?P<run_id>\S+), try (?P<try_number>\d+)\)"},
        "source": "airflow",
        "status": "firing",
    }
    alert = ruled(webhook("etl", "sales#load (manual__7, try 2)"), ours=rule)

    assert dict(alert.resource) == {"dag_id": "sales", "task_id": "load"}
    assert alert.occurrences == (Occurrence("sales", "load", "manual__7", try_number=2),)


def test_an_edit_counts_when_the_rule_sees_another_status():
    before, after = webhook("loader", "job a_b FAIL"), webhook("loader", "job a_b OK")
    del before["channel"], after["channel"]  # Slack names it outside
    rule = LOADER | {"match": LOADER["match"] | {"channel": "C0A"}}

    assert ruled(edited(before, after) | {"channel": "C0A"}, ours=rule).kind is Kind.RESOLVED
    assert ruled(edited(before, before) | {"channel": "C0A"}, ours=rule).kind is Kind.NOISE


def test_a_rule_that_fails_is_passed_over_and_named():
    alert = ruled(webhook("loader", "job a_b FAIL \ud800"), ours=LOADER)

    assert alert.kind is Kind.ALERT
    assert alert.faults == ("the team rule ours failed: UnicodeEncodeError",)
    assert alert.faults[0] in alert.explanation


def test_no_secret_can_be_captured():
    rule = {"match": {"text": r"password=(?P<job>\S+)"}, "status": "firing"}

    assert "hunter2" not in str(ruled(webhook("w", "login failed password=hunter2!x"), ours=rule))


def test_without_rules_nothing_is_looked_at():
    event = webhook("loader", "job a_b FAIL")

    assert triage(read(event), OWN, team=NO_RULES) == says(event)


def test_time_grows_no_faster_than_the_text():
    """A pattern that would take a backtracking engine for ever."""
    wicked = TeamRules((Rule("wicked", Match(patterns=(pattern(r"(?P<x>(a+)+)+z$"),)), source="wicked"),))
    alert = triage(read(webhook("w", "job a_b failed " + "a" * 30_000)), OWN, team=wicked)

    assert alert.source != "wicked"


def test_the_demos_rules_read_the_demos_scripts():
    from tests.handlers.front_door import config

    team = team_rules_of(config("sqlite://"))

    def told(text):
        event = {"type": "message", "subtype": "bot_message", "bot_id": "B0SCRIPT", "text": text, "channel": "C0ALERTS"}
        alert = triage(read(event | {"ts": f"{datetime(2026, 11, 20, tzinfo=UTC).timestamp()}"}), OWN, team=team)
        return alert.kind, alert.severity, alert.source, dict(alert.resource)

    table = {"table": "ods.payments"}
    assert told("[CRITICAL] freshness ods.payments lag=02:10:31") == ("alert", "critical", "etl_monitor", table)
    assert told("[OK] freshness ods.payments lag=00:04:11") == ("resolved", None, "etl_monitor", table)
    job = {"job": "정산_일마감"}
    assert told("[경고] 정산 배치 중단 | 작업: 정산_일마감 | 사유: 잠금") == ("alert", "warning", "settlement", job)
    assert told("[정상] 정산 배치 재개 | 작업: 정산_일마감") == ("resolved", None, "settlement", job)

"""The decisions before and after the parsers: own, edit, person or tool, fallback; and that nothing breaks them."""

import random
import time
import unicodedata
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.triage import sources
from bot.triage.identity import fingerprint, inherit
from bot.triage.model import Alert, Kind
from bot.triage.source import Source
from bot.triage.triage import triage
from tests.triage.corpus import events
from tests.triage.slack import NOW, OWN, app, attached, edited, person, read, says, webhook


@pytest.mark.parametrize(
    "own",
    [
        {"bot_id": "B0BATON", "subtype": "bot_message"},
        {"user": "U0BATON"},
        {"app_id": "A0BATON", "bot_id": "B1", "user": "U1"},
    ],
)
def test_what_baton_posts_is_no_alert(own):
    assert says({"text": ":red_circle: INC-1 airflow a.b failed", "ts": "1.1"} | own).kind == "noise"


@pytest.mark.parametrize(
    "subtype", ["channel_join", "channel_topic", "message_deleted", "pinned_item", "huddle_thread"]
)
def test_slack_s_own_notices_are_noise(subtype):
    assert says(webhook("x", "job a_b failed", subtype=subtype)).kind == "noise"


def test_slackbot_is_noise():
    assert says(person("Reminder: fix the failed job a_b", user="USLACKBOT")).kind == "noise"


def test_a_bot_s_reply_in_a_thread_counts():
    assert says(webhook("loader", "job a_b failed", thread_ts="1.0")).kind == "alert"


def test_an_unfurl_of_an_alert_is_no_second_alert():
    alert = webhook("airflow", ":red_circle: Task Failed.\n*Task*: a\n*Dag*: b")
    unfurled = alert | {"attachments": [{"from_url": "https://x", "title": "Sign in", "fallback": "Sign in"}]}

    assert says(edited(alert, unfurled)).kind == "noise"


def test_a_message_that_turns_into_a_failure_is_an_alert():
    assert says(edited(webhook("ci", "Job a_b started"), webhook("ci", "Job a_b failed"))).kind == "alert"


def test_the_message_before_an_edit_may_come_from_the_store():
    event = edited(webhook("x", ""), webhook("loader", "[OK] job a_b recovered"))
    del event["previous_message"]
    before = read(webhook("loader", "[ERROR] job a_b failed"))

    assert triage(read(event), OWN, previous=before).kind == "resolved"


def test_a_parser_that_raises_loses_nothing(monkeypatch):
    def raises(_):
        raise ZeroDivisionError

    broken = Source(name="broken", read=raises, senders=("loader",))
    monkeypatch.setattr("bot.triage.triage.SOURCES", (broken, *sources.SOURCES))

    alert = says(webhook("loader", "job a_b failed"))

    assert (alert.kind, dict(alert.resource)) == ("alert", {"job": "a_b"})
    assert "the parser broken failed: ZeroDivisionError" in alert.explanation


def test_every_decision_says_why():
    assert (
        says(webhook("Grafana", "x", attachments=attached("[FIRING:1] X F"))).explanation[0]
        == "grafana, known by its sender"
    )
    assert says(app("x", "job a_b failed")).explanation == (
        "no parser knows it: generic reader",
        "the title says firing",
    )


def test_every_source_has_a_name_of_its_own_and_a_way_to_be_known():
    names = [source.name for source in sources.SOURCES]

    assert len(names) == len(set(names))
    assert all(source.senders or source.links or source.shape for source in sources.SOURCES)


def test_the_fingerprint_knows_no_unicode_forms_and_no_case():
    one = Alert(Kind.ALERT, "script", resource={"table": unicodedata.normalize("NFC", "ODS.주문")})
    other = Alert(Kind.ALERT, "script", resource={"table": unicodedata.normalize("NFD", "ods.주문")})

    assert fingerprint(one) == fingerprint(other)


def test_a_reply_that_names_nothing_is_about_the_message_above():
    above = Alert(Kind.ALERT, "dbt_cloud", resource={"job": "Nightly"})
    reply = Alert(Kind.ALERT, "dbt_cloud")

    assert fingerprint(inherit(reply, above)) == fingerprint(above)


def test_a_resolved_sentry_issue_finds_its_alert_without_the_project():
    alert = Alert(Kind.ALERT, "sentry", resource={"project": "loader", "short_id": "LOADER-1"})

    assert fingerprint(alert) == fingerprint(replace(alert, resource={"short_id": "LOADER-1"}))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=40),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "text",
                    "blocks",
                    "attachments",
                    "type",
                    "fields",
                    "title",
                    "value",
                    "elements",
                    "message",
                    "bot_id",
                    "subtype",
                    "rows",
                    "username",
                    "url",
                    "ts",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=30,
)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "text",
                "blocks",
                "attachments",
                "message",
                "previous_message",
                "subtype",
                "bot_id",
                "bot_profile",
                "username",
                "ts",
            ]
        ),
        JSON,
    )
)
@settings(max_examples=300, deadline=None)
def test_no_json_breaks_it(event):
    alert = triage(read(event | {"bot_id": "B1"}), OWN)

    assert alert.kind in set(Kind)
    assert fingerprint(alert)


def mutated(value: Any, chance: random.Random) -> Any:
    """Return the event with a few things missing, doubled, cut or of another type."""
    if chance.random() < 0.04:
        return chance.choice([None, 5, "", [], {}, "x" * 50, [value]])
    if isinstance(value, dict):
        return {key: mutated(item, chance) for key, item in value.items() if chance.random() > 0.03}
    if isinstance(value, list):
        return [mutated(item, chance) for item in value for _ in range(chance.choice([1, 1, 1, 1, 2, 0]))]
    if isinstance(value, str) and chance.random() < 0.1:
        at = chance.randrange(len(value) + 1)
        return (
            value[:at]
            + chance.choice(["", "<", "&", "`", "|", "\n", "\0", "password=", "🔥", "한"])
            + value[at + chance.randrange(3) :]
        )
    return value


def test_no_mutation_of_a_real_message_breaks_it():
    chance = random.Random(20261122)

    for _ in range(12):
        for event in events():
            changed = mutated(event, chance)
            alert = triage(read(changed if isinstance(changed, dict) else {}), OWN)
            assert alert.kind in set(Kind)
            assert not any("failed:" in why for why in alert.explanation), alert.explanation


HOSTILE = {
    "words": "too many words ",
    "letters": "a",
    "spaces": " ",
    "digits": "1",
    "colons": "a: ",
    "equals": "a=",
    "names": "password=",
    "angles": "<",
    "entities": "<@U1>",
    "quotes": '"',
    "backticks": "`",
    "backslashes": "\\",
    "dots": "a.",
    "dashes": "a-",
    "underscores": "a_",
    "brackets": "[(",
    "stars": "*a*",
    "urls": "http://a:b",
    "at": "://x:y@",
    "hangul": "가",
    "emoji": "🔥",
    "lines": "a: b\n",
    "blank lines": "\n",
    "keys": "-----BEGIN PRIVATE KEY-----",
    "jobs": "job ",
    "failed": "failed ",
    "dag": "dag_id=a ",
    "run": 'Run # job "',
    "cards": "4111-",
    "hex": "0f",
    "slashes": "a/",
    "sk": "sk-",
    "eyj": "eyJa.",
    "identified": "identified by ",
    "bearer": "bearer ",
    "tasks": "task a in dag ",
    "on": " on a",
    "pipes": "a | ",
    "password quote": "password='a",
    "json": '{"a":',
}


@pytest.mark.parametrize("place", ["job a_b failed\n{}", "{}: MySQL failed"], ids=["below", "in the title"])
@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
def test_time_grows_with_the_length_and_not_with_its_square(piece, place):
    def seconds(length: int) -> float:
        event = webhook("x", place.format(piece * (length // len(piece))))
        best = 9.0
        for _ in range(3):
            began = time.process_time()
            triage(read(event), OWN)
            best = min(best, time.process_time() - began)
        return best

    seconds(100)
    assert seconds(40_000) < max(25 * seconds(4_000), 0.06)


def test_the_time_of_receipt_stands_in_for_a_missing_ts():
    assert read({"text": "x"}).at == NOW

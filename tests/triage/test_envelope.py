"""Slack's envelope: two kinds of bots, entities, blocks, edits, and whatever is broken in it."""

from datetime import UTC, datetime

import pytest

from tests.triage.slack import NOW, app, attached, button, context, edited, header, person, read, section, webhook


def test_text_attachments_and_blocks_are_flattened_in_this_order():
    event = webhook(
        "x", "one", attachments=attached("two", "three", footer="four"), blocks=[header("five"), section("six")]
    )

    assert read(event).text.split("\n") == ["one", "two", "three", "four", "five", "six"]


def test_both_kinds_of_bots_have_a_name():
    assert read(webhook("Grafana", "x")).sender == "Grafana"
    assert read(app("Datadog", "x")).sender == "Datadog"
    assert read(app("Datadog", "x")).app_id == "A0APP"


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("<https://x.corp/a?b=1&amp;c=2|the log>", "the log"),
        ("<https://x.corp/a>", "https://x.corp/a"),
        ("<mailto:a@x.corp|a@x.corp>", "a@x.corp"),
        ("<@U1|ana> and <@U2>", "@ana and @U2"),
        ("<!here|here> <!channel> <!subteam^S1|@data>", "@here @channel @data"),
        ("<#C1|alerts>", "#alerts"),
        ("<!date^1795136400^{date}^https://x|Nov 20>", "Nov 20"),
        ("a &lt;b&gt; &amp;amp; c", "a <b> &amp; c"),
        ("<not an entity", "<not an entity"),
        ("<|nothing>", "<|nothing>"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
    ],
)
def test_entities_become_words(said, words):
    assert read(webhook("x", said)).text == words


def test_links_are_kept_with_and_without_labels():
    event = webhook(
        "x",
        "see <https://a.corp/1?x=1&amp;y=2|log>",
        attachments=attached("t", title_link="https://b.corp/2"),
        blocks=[section("plain https://c.corp/3."), button("https://d.corp/4")],
    )

    assert read(event).links == ("https://a.corp/1?x=1&y=2", "https://b.corp/2", "https://d.corp/4", "https://c.corp/3")


@pytest.mark.parametrize("placeholder", ["This content can't be displayed.", "[no preview available]"])
def test_placeholders_say_nothing(placeholder):
    assert read(webhook("x", placeholder, attachments=[{"fallback": placeholder}])).text == ""


def test_plain_text_and_rich_text_are_literal():
    rich = {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_list",
                "elements": [
                    {
                        "type": "rich_text_section",
                        "elements": [
                            {"type": "text", "text": "a &amp; b "},
                            {"type": "link", "url": "https://x.corp", "text": "x"},
                            {"type": "emoji", "name": "fire"},
                            {"type": "user", "user_id": "U1"},
                        ],
                    }
                ],
            }
        ],
    }

    message = read(webhook("x", "", blocks=[header("1 &lt; 2"), rich]))

    assert message.text.split("\n") == ["1 &lt; 2", "a &amp; b x:fire:@U1"]
    assert "https://x.corp" in message.links


def test_tables_become_lines():
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "b"}]]}

    assert read(webhook("x", "", blocks=[table])).text == "a | b"


def test_fields_are_pairs_in_their_three_forms():
    event = webhook(
        "x",
        "",
        attachments=attached("t", fields=[{"title": "Group", "value": "a"}]),
        blocks=[
            section("", "*DAG*\n`b`", "*Env:* prod"),
            section("", "*Source:*", "pg", "*Destination:*", "bq"),
            context("c"),
        ],
    )

    assert read(event).parts.fields == (
        ("group", "a"),
        ("dag", "`b`"),
        ("env", "prod"),
        ("source", "pg"),
        ("destination", "bq"),
    )


def test_an_unfurl_says_nothing():
    event = webhook(
        "x", "Task failed", attachments=[{"from_url": "https://x", "title": "Sign in", "fallback": "Sign in"}]
    )

    assert read(event).text == "Task failed"


def test_a_person_s_blocks_repeat_the_text():
    block = {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "hi"}]}],
    }

    assert read(person("hi", blocks=[block])).text == "hi"


def test_an_edit_is_the_edited_message_at_the_time_of_the_edit():
    message = read(edited(webhook("x", "old"), webhook("x", "new")))

    assert (message.text, message.is_edit, message.ts) == ("new", True, "1795136400.000100")
    assert message.at == datetime.fromtimestamp(1795136500.0002, UTC)
    assert message.channel == "C1"


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"text": None, "ts": None, "attachments": None, "blocks": None},
        {"text": 5, "ts": "soon", "attachments": "x", "blocks": {"a": 1}, "bot_profile": "x", "links": 3},
        {"attachments": [None, 3, "x", {"fields": [None, {"title": 5}], "blocks": [[], {"type": None}]}]},
        {
            "blocks": [
                {"type": "section", "text": "bare", "fields": [1]},
                {"type": "table", "rows": "x"},
                {"type": "table", "rows": [5]},
            ]
        },
        {"blocks": [{"type": "rich_text", "elements": [{"type": "link"}, {"type": "text"}, 5]}]},
        {"subtype": "message_changed", "message": "gone", "previous_message": []},
        {"ts": "99999999999999999999"},
        {"ts": "nan"},
    ],
)
def test_broken_events_are_read_as_far_as_they_go(event):
    message = read(event)

    assert isinstance(message.text, str)
    assert message.at in {NOW, message.at}
    assert message.team == "T1"

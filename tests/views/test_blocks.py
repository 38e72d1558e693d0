"""Whatever goes into the builders, Slack takes what comes out."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text import Code, Link, Mention, text
from bot.views import blocks, limits
from bot.views.reader import Reader
from tests.views.checker import assert_escaped, assert_valid_message, assert_valid_view

READER = Reader("en", ZoneInfo("Asia/Seoul"), datetime(2026, 11, 20, 6, tzinfo=UTC))
HOSTILE = "<!channel> & <@U0EVIL> <http://evil.example|click> ```` `x` *b* | \u202e"


def words(value):
    return text("vendor.error", vendor=value, detail="d")


def test_a_message_with_one_of_everything_is_valid():
    choice = blocks.option(words("o"), READER, "o1", description=words("d"))
    confirmation = blocks.confirm(words("t"), words("w"), READER, yes=words("y"), style=blocks.Style.DANGER)
    shown = [
        blocks.header(words("h"), READER),
        blocks.section(words("s"), READER, fields=[words("f")], accessory=blocks.overflow([choice], action_id="a.b")),
        blocks.divider(),
        blocks.context([words("c")], READER),
        blocks.actions(
            [
                blocks.button(words("b"), READER, action_id="run.approve", value="1", confirmation=confirmation),
                blocks.button(words("u"), READER, action_id="incident.open_log", url="https://a.example/ b?c=<d>"),
                blocks.select([choice], words("p"), READER, action_id="run.choose", initial=choice),
                blocks.external_select(words("p"), READER, action_id="dag.choose"),
            ],
            block_id="row",
        ),
    ]

    assert_valid_message(blocks.message(shown, READER))


def test_a_form_with_every_kind_of_field_is_valid():
    choices = [blocks.option(words(str(n)), READER, str(n)) for n in range(3)]
    fields = {
        "text": blocks.text_input(reader=READER, action_id="form.text", placeholder=words("p"), initial="x"),
        "long": blocks.text_input(reader=READER, action_id="form.long", multiline=True, initial="y" * 5000),
        "boxes": blocks.checkboxes(choices, action_id="form.boxes", initial=choices[:1]),
        "radio": blocks.radio_buttons(choices, action_id="form.radio", initial=choices[1]),
        "menu": blocks.external_select(words("p"), READER, action_id="form.menu", initial=choices[2]),
    }
    form = [
        blocks.input_(words("l"), element, READER, block_id=name, hint=words("h"), optional=True, dispatch=True)
        for name, element in fields.items()
    ]

    assert_valid_view(
        blocks.modal(words("t"), form, READER, callback_id="form.submit", submit=words("go"), private_metadata="01k")
    )
    assert_valid_view(blocks.home([blocks.section(words("s"), READER)], READER))


@given(st.text(max_size=9000))
def test_no_text_is_too_long_or_too_strange(value):
    shown = [
        blocks.header(words(value), READER),
        blocks.section(words(value), READER, fields=[words(value)] * 11),
        blocks.context([words(value)] * 11, READER),
        blocks.actions([blocks.button(words(value), READER, action_id="a.b", value="v")]),
        blocks.section(text("vendor.error", vendor=Code(value), detail=Link("https://x.example", value)), READER),
    ]

    assert_valid_message(shown)


@pytest.mark.parametrize("limit", [40, 57, 61, 75, 120, 3000])
def test_shortening_tears_no_entity_link_or_code_apart(limit):
    escaped = blocks.mrkdwn(
        text("vendor.error", vendor=Link("https://a.example/x", HOSTILE), detail=Code(HOSTILE)), READER, 3000
    )["text"]

    short = limits.shorten_mrkdwn(escaped * 20, limit)

    assert len(short) <= limit
    assert_escaped(short)
    assert short.endswith(("…", "…`", "…```"))


def test_a_cut_code_block_is_closed_again():
    assert limits.shorten_mrkdwn("```" + "x" * 100 + "```", 40).endswith("…```")


def test_what_does_not_fit_is_counted_in_words():
    many = [blocks.section(words(str(n)), READER) for n in range(130)]

    shown = blocks.message(many, READER)

    assert len(shown) == 50
    assert "81 more lines" in shown[-1]["elements"][0]["text"]


def test_the_push_notification_mentions_nobody_and_is_escaped():
    shown = blocks.fallback(text("vendor.error", vendor=HOSTILE, detail=Mention("U0ALEX", notify=True)), READER)

    assert_escaped(shown)
    assert "<@" not in shown


def test_an_id_that_is_not_subject_and_verb_is_a_mistake_of_ours():
    with pytest.raises(AssertionError, match=r"subject\.verb"):
        blocks.button(words("b"), READER, action_id="Approve")


SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "x", "verbatim": True}}
BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "b"}, "action_id": "a.b"}


def mrkdwn(value, **more):
    return {"type": "mrkdwn", "text": value, "verbatim": True} | more


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        pytest.param([SECTION] * 51, "51 blocks", id="too many blocks"),
        pytest.param([{"type": "header", "text": mrkdwn("x")}], "reads it otherwise", id="mrkdwn in a header"),
        pytest.param([{"type": "actions", "elements": []}], "empty actions", id="no actions"),
        pytest.param([{"type": "context", "elements": []}], "empty context", id="no context"),
        pytest.param([{"type": "actions", "elements": [BUTTON, BUTTON]}], "same action_id", id="an action id twice"),
        pytest.param([SECTION | {"block_id": "x"}] * 2, "same block_id", id="a block id twice"),
        pytest.param([SECTION | {"colour": "red"}], "no property", id="unknown property"),
        pytest.param([{"type": "sectoin"}], "does not know", id="unknown block"),
        pytest.param([{"type": "section", "text": mrkdwn("<!here>")}], "unescaped <", id="a broadcast"),
        pytest.param([{"type": "section", "text": mrkdwn("a & b")}], "unescaped &", id="an ampersand"),
        pytest.param([{"type": "section", "text": mrkdwn("x", verbatim=False)}], "would link", id="not verbatim"),
        pytest.param([{"type": "section", "text": mrkdwn("x" * 3001)}], "3000", id="too long"),
        pytest.param([{"type": "actions", "elements": [BUTTON | {"style": "loud"}]}], "no style", id="unknown style"),
        pytest.param([], "something to show", id="nothing"),
    ],
)
def test_the_checker_refuses(payload, reason):
    with pytest.raises(Exception, match=reason):
        assert_valid_message(payload)


def test_the_checker_refuses_a_form_that_nobody_can_submit():
    form = [blocks.input_(words("l"), blocks.text_input(reader=READER, action_id="a.b"), READER, block_id="x")]

    with pytest.raises(AssertionError, match="need submit"):
        assert_valid_view(blocks.modal(words("t"), form, READER, callback_id="form.submit"))

"""Block Kit's limits: what a message may hold."""

from typing import Any

import pytest

from sandbox.slack.rules import block_problems
from tests.sandbox.payloads import actions, asking, button, marked, option, plain, section, select, table, typing

ALLOWED_BLOCKS = [
    pytest.param([section()] * 50, id="50 blocks"),
    pytest.param([section(text=marked("x" * 3000))], id="section of 3000"),
    pytest.param([{"type": "section", "fields": [marked("x" * 2000)] * 5}], id="fields of 2000"),
    pytest.param([{"type": "header", "text": plain("x" * 150)}], id="header of 150"),
    pytest.param([{"type": "divider"}], id="divider"),
    pytest.param([{"type": "context", "elements": [marked()] * 10}], id="10 in context"),
    pytest.param([actions(*(button(action_id=f"a{n}") for n in range(25)))], id="25 actions"),
    pytest.param([actions(button(text=plain("x" * 75), value="v" * 2000, style="danger"))], id="full button"),
    pytest.param([actions(select(options=[option(value=str(n)) for n in range(100)]))], id="100 options"),
    pytest.param([section(accessory=button(url="https://x.example"))], id="button as accessory"),
    pytest.param([asking(typing(multiline=True, max_length=3000))], id="input in a message"),
    pytest.param([table(100, 20)], id="table of 100 by 20"),
    pytest.param([{"type": "markdown", "text": "x" * 12_000}], id="markdown of 12000"),
    pytest.param(
        [
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "<@U1>"}]}],
            }
        ],
        id="rich text",
    ),
]

REFUSED_BLOCKS = [
    pytest.param([section()] * 51, "/blocks", "no more than 50 items allowed", id="51 blocks"),
    pytest.param([{"type": "poll"}], "/blocks/0/type", "unsupported type: poll", id="unknown type"),
    pytest.param([{"text": plain()}], "/blocks/0", "missing required field: type", id="no type"),
    pytest.param(["text"], "/blocks/0", "must be an object", id="no object"),
    pytest.param(
        [section(text=marked("x" * 3001))],
        "/blocks/0/text/text",
        "must be less than 3001 characters",
        id="section text",
    ),
    pytest.param([section(text=marked(""))], "/blocks/0/text/text", "must be more than 0 characters", id="empty text"),
    pytest.param([{"type": "section"}], "/blocks/0", "missing required field: text or fields", id="empty section"),
    pytest.param([section(colour="red")], "/blocks/0", "invalid additional property: colour", id="unknown property"),
    pytest.param(
        [{"type": "section", "fields": [marked()] * 11}],
        "/blocks/0/fields",
        "no more than 10 items allowed",
        id="11 fields",
    ),
    pytest.param(
        [{"type": "section", "fields": [marked("x" * 2001)]}],
        "/blocks/0/fields/0/text",
        "must be less than 2001 characters",
        id="field text",
    ),
    pytest.param(
        [{"type": "header", "text": plain("x" * 151)}],
        "/blocks/0/text/text",
        "must be less than 151 characters",
        id="header text",
    ),
    pytest.param(
        [{"type": "header", "text": marked()}], "/blocks/0/text/type", "unsupported type: mrkdwn", id="mrkdwn header"
    ),
    pytest.param(
        [{"type": "context", "elements": []}], "/blocks/0/elements", "no fewer than 1 items allowed", id="empty context"
    ),
    pytest.param(
        [{"type": "context", "elements": [marked()] * 11}],
        "/blocks/0/elements",
        "no more than 10 items allowed",
        id="11 in context",
    ),
    pytest.param([actions()], "/blocks/0/elements", "no fewer than 1 items allowed", id="empty actions"),
    pytest.param(
        [actions(*(button(action_id=f"a{n}") for n in range(26)))],
        "/blocks/0/elements",
        "no more than 25 items allowed",
        id="26 actions",
    ),
    pytest.param(
        [actions(button(), button())],
        "/blocks/0/elements/1/action_id",
        "action_id already exists: a",
        id="action_id twice",
    ),
    pytest.param(
        [section(block_id="b"), section(block_id="b")],
        "/blocks/1/block_id",
        "block_id already exists: b",
        id="block_id twice",
    ),
    pytest.param(
        [section(block_id="b" * 256)], "/blocks/0/block_id", "must be less than 256 characters", id="long block_id"
    ),
    pytest.param(
        [actions(button(text=plain("x" * 76)))],
        "/blocks/0/elements/0/text/text",
        "must be less than 76 characters",
        id="button text",
    ),
    pytest.param(
        [actions(button(text=marked()))],
        "/blocks/0/elements/0/text/type",
        "unsupported type: mrkdwn",
        id="mrkdwn button",
    ),
    pytest.param(
        [actions(button(value="v" * 2001))],
        "/blocks/0/elements/0/value",
        "must be less than 2001 characters",
        id="button value",
    ),
    pytest.param(
        [actions(button(url="https://" + "x" * 3000))],
        "/blocks/0/elements/0/url",
        "must be less than 3001 characters",
        id="button url",
    ),
    pytest.param(
        [actions(button(style="green"))],
        "/blocks/0/elements/0/style",
        "must be a valid enum value: primary, danger",
        id="button style",
    ),
    pytest.param(
        [actions(button(action_id="a" * 256))],
        "/blocks/0/elements/0/action_id",
        "must be less than 256 characters",
        id="long action_id",
    ),
    pytest.param(
        [actions(typing())], "/blocks/0/elements/0/type", "unsupported type: plain_text_input", id="input in actions"
    ),
    pytest.param(
        [actions(select(options=[option()] * 101))],
        "/blocks/0/elements/0/options",
        "no more than 100 items allowed",
        id="101 options",
    ),
    pytest.param(
        [actions(select(options=[option("x" * 76)]))],
        "/blocks/0/elements/0/options/0/text/text",
        "must be less than 76 characters",
        id="option text",
    ),
    pytest.param(
        [actions(select(options=[option(value="v" * 151)]))],
        "/blocks/0/elements/0/options/0/value",
        "must be less than 151 characters",
        id="option value",
    ),
    pytest.param(
        [actions({"type": "static_select", "action_id": "s"})],
        "/blocks/0/elements/0",
        "missing required field: options or option_groups",
        id="no options",
    ),
    pytest.param(
        [actions(select(placeholder=plain("x" * 151)))],
        "/blocks/0/elements/0/placeholder/text",
        "must be less than 151 characters",
        id="placeholder",
    ),
    pytest.param(
        [actions({"type": "overflow", "action_id": "o", "options": [option()] * 6})],
        "/blocks/0/elements/0/options",
        "no more than 5 items allowed",
        id="6 in overflow",
    ),
    pytest.param(
        [actions({"type": "checkboxes", "action_id": "c", "options": [option()] * 11})],
        "/blocks/0/elements/0/options",
        "no more than 10 items allowed",
        id="11 checkboxes",
    ),
    pytest.param(
        [actions({"type": "radio_buttons", "action_id": "r", "options": [option()] * 11})],
        "/blocks/0/elements/0/options",
        "no more than 10 items allowed",
        id="11 radio buttons",
    ),
    pytest.param(
        [actions(button(confirm={"title": plain("x" * 101), "text": plain(), "confirm": plain(), "deny": plain()}))],
        "/blocks/0/elements/0/confirm/title/text",
        "must be less than 101 characters",
        id="confirm title",
    ),
    pytest.param(
        [actions(button(confirm={"title": plain(), "text": plain("x" * 301), "confirm": plain(), "deny": plain()}))],
        "/blocks/0/elements/0/confirm/text/text",
        "must be less than 301 characters",
        id="confirm text",
    ),
    pytest.param(
        [actions(button(confirm={"title": plain(), "text": plain(), "confirm": plain("x" * 31), "deny": plain()}))],
        "/blocks/0/elements/0/confirm/confirm/text",
        "must be less than 31 characters",
        id="confirm button",
    ),
    pytest.param(
        [asking(typing(), label=plain("x" * 2001))],
        "/blocks/0/label/text",
        "must be less than 2001 characters",
        id="input label",
    ),
    pytest.param(
        [asking(typing(), hint=plain("x" * 2001))],
        "/blocks/0/hint/text",
        "must be less than 2001 characters",
        id="input hint",
    ),
    pytest.param(
        [{"type": "image", "image_url": "https://x.example/a.png"}],
        "/blocks/0",
        "missing required field: alt_text",
        id="image without alt",
    ),
    pytest.param(
        [{"type": "image", "alt_text": "x"}],
        "/blocks/0",
        "missing required field: image_url or slack_file",
        id="image without source",
    ),
    pytest.param([table(101, 1)], "/blocks/0/rows", "no more than 100 items allowed", id="101 rows"),
    pytest.param([table(1, 21)], "/blocks/0/rows/0", "no more than 20 items allowed", id="21 columns"),
    pytest.param(
        [{"type": "markdown", "text": "x" * 6001}, {"type": "markdown", "text": "x" * 6000}],
        "/blocks",
        "markdown must be less than 12001 characters",
        id="markdown in sum",
    ),
    pytest.param(
        [{"type": "alert", "text": plain()}], "/blocks/0/type", "unsupported type: alert", id="alert in a message"
    ),
]


@pytest.mark.parametrize("blocks", ALLOWED_BLOCKS)
def test_blocks_up_to_the_limit_are_taken(blocks: list[dict[str, Any]]) -> None:
    assert block_problems(blocks) == []


@pytest.mark.parametrize(("blocks", "pointer", "message"), REFUSED_BLOCKS)
def test_blocks_above_a_limit_are_refused_by_name(blocks: Any, pointer: str, message: str) -> None:
    found = [(problem.pointer, problem.message) for problem in block_problems(blocks)]

    assert (pointer, message) in found

"""The limits of modals."""

from typing import Any

import pytest

from sandbox.slack.rules import view_problems
from tests.sandbox.payloads import asking, modal, plain, section, typing

REFUSED_VIEWS = [
    pytest.param(modal(title=plain("x" * 25)), "/view/title/text", "must be less than 25 characters", id="title"),
    pytest.param(modal(submit=plain("x" * 25)), "/view/submit/text", "must be less than 25 characters", id="submit"),
    pytest.param(modal(close=plain("x" * 25)), "/view/close/text", "must be less than 25 characters", id="close"),
    pytest.param(
        modal(private_metadata="x" * 3001),
        "/view/private_metadata",
        "must be less than 3001 characters",
        id="private_metadata",
    ),
    pytest.param(
        modal(callback_id="x" * 256), "/view/callback_id", "must be less than 256 characters", id="callback_id"
    ),
    pytest.param({"type": "modal", "blocks": [section()]}, "/view", "missing required field: title", id="no title"),
    pytest.param({"type": "modal", "title": plain()}, "/view", "missing required field: blocks", id="no blocks"),
    pytest.param(modal(*[section()] * 101), "/view/blocks", "no more than 100 items allowed", id="101 blocks"),
    pytest.param(modal(asking(typing())), "/view", "missing required field: submit", id="input without submit"),
    pytest.param(modal(id="V1"), "/view", "invalid additional property: id", id="a stored view sent back"),
    pytest.param(
        modal(asking(typing(focus_on_load=True)), asking(typing(focus_on_load=True)), submit=plain()),
        "/view",
        "only one element may have focus_on_load",
        id="two in focus",
    ),
    pytest.param(
        {"type": "workflow_step", "blocks": []}, "/view/type", "unsupported type: workflow_step", id="unknown view"
    ),
]


@pytest.mark.parametrize(("view", "pointer", "message"), REFUSED_VIEWS)
def test_views_above_a_limit_are_refused_by_name(view: Any, pointer: str, message: str) -> None:
    found = [(problem.pointer, problem.message) for problem in view_problems(view)]

    assert (pointer, message) in found


def test_a_modal_takes_a_hundred_blocks_and_an_alert() -> None:
    alert = {"type": "alert", "text": plain("careful"), "level": "warning"}

    assert view_problems(modal(alert, *[section()] * 99, submit=plain("x" * 24))) == []

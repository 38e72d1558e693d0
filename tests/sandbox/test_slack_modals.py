"""Modals: what the client checks, what the app answers, stacks and states."""

from collections.abc import Callable
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

from sandbox.running import RunningSandbox
from tests import loopback
from tests.sandbox.conftest import bolt
from tests.sandbox.payloads import actions, asking, button, modal, option, plain, select, typing


@pytest.fixture
def app(sandbox: RunningSandbox) -> AsyncApp:
    return bolt(sandbox)


@pytest.fixture
def opened(sandbox: RunningSandbox, app: AsyncApp, connect_http: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Let Minji open this view by a command."""

    def show(view: dict[str, Any]) -> dict[str, Any]:
        @app.command("/open")
        async def show_view(ack: Any, client: Any, body: dict[str, Any]) -> None:
            await client.views_open(trigger_id=body["trigger_id"], view=view)
            await ack()

        connect_http(app)
        assert sandbox.person("U0MINJI").command("/open") == {"ok": True}
        shown = sandbox.person("U0MINJI").view()
        assert shown is not None
        return shown

    return show


FORM = modal(
    asking(typing(action_id="why", min_length=3, max_length=9), block_id="why"),
    asking(select(action_id="size", options=[option("Small", "s"), option("Large", "l")]), block_id="size"),
    asking(typing(action_id="note", initial_value="as usual"), block_id="note", optional=True),
    callback_id="form",
    submit=plain("Send"),
)


def test_the_client_itself_refuses_what_is_missing_or_too_long(sandbox: RunningSandbox, opened: Any) -> None:
    opened(FORM)
    minji = sandbox.person("U0MINJI")

    empty = minji.submit()
    short = minji.submit(why="x", size="Large")

    assert set(empty["errors"]) == {"why", "size"}
    assert short["errors"] == {"why": "This entry must be at least 3 characters."}
    assert sandbox.log.entries("deliver", "interactive") == []


def test_a_form_arrives_with_every_field(sandbox: RunningSandbox, app: AsyncApp, opened: Any) -> None:
    seen: list[dict[str, Any]] = []

    @app.view("form")
    async def taken(ack: Any, view: dict[str, Any]) -> None:
        seen.append(view["state"]["values"])
        await ack()

    opened(FORM)
    outcome = sandbox.person("U0MINJI").submit(why="because", size="Large")

    assert outcome == {"ok": True}
    assert seen[0]["why"]["why"] == {"type": "plain_text_input", "value": "because"}
    assert seen[0]["size"]["size"]["selected_option"]["value"] == "l"
    assert seen[0]["note"]["note"]["value"] == "as usual"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        pytest.param(
            {"response_action": "errors", "errors": {"nowhere": "x"}}, "invalid_response_errors", id="no such block"
        ),
        pytest.param({"response_action": "errors", "errors": {}}, "invalid_response_errors", id="no errors"),
        pytest.param(
            {"response_action": "update", "view": modal(title=plain("x" * 25))}, "invalid_arguments", id="bad view"
        ),
        pytest.param({"response_action": "explode"}, "invalid_response_action", id="unknown action"),
    ],
)
def test_a_wrong_answer_to_a_form_is_shown_to_the_person(
    sandbox: RunningSandbox, app: AsyncApp, opened: Any, answer: dict[str, Any], error: str
) -> None:
    @app.view("form")
    async def wrong(ack: Any) -> None:
        await ack(answer)

    opened(FORM)
    outcome = sandbox.person("U0MINJI").submit(why="because", size="s")

    assert outcome["error"] == error
    assert sandbox.person("U0MINJI").view() is not None


def test_views_are_updated_pushed_and_cleared_as_the_app_answers(
    sandbox: RunningSandbox, app: AsyncApp, opened: Any
) -> None:
    answers = [
        {"response_action": "update", "view": modal(title=plain("second"), callback_id="form", submit=plain())},
        {"response_action": "push", "view": modal(title=plain("third"), callback_id="form", submit=plain())},
        {"response_action": "clear"},
    ]

    @app.view("form")
    async def next_step(ack: Any) -> None:
        await ack(answers.pop(0))

    first = opened(modal(callback_id="form", submit=plain()))
    minji = sandbox.person("U0MINJI")
    seen = []
    for _ in range(3):
        minji.submit()
        view = minji.view()
        seen.append(view and (view["title"]["text"], view["id"] == first["id"]))

    assert seen == [("second", True), ("third", False), None]


def test_closing_a_modal_is_told_to_the_app_that_asked_for_it(
    sandbox: RunningSandbox, app: AsyncApp, opened: Any
) -> None:
    closed: list[str] = []

    @app.view_closed("form")
    async def gone(ack: Any, view: dict[str, Any]) -> None:
        closed.append(view["id"])
        await ack()

    view = opened(modal(callback_id="form", notify_on_close=True))
    sandbox.person("U0MINJI").close()

    assert closed == [view["id"]]
    assert sandbox.person("U0MINJI").view() is None


def test_at_most_three_views_are_stacked_and_a_stale_hash_is_refused(
    sandbox: RunningSandbox, app: AsyncApp, opened: Any, client: Any
) -> None:
    refusals: list[str] = []

    @app.action("deeper")
    async def deeper(ack: Any, client: Any, body: dict[str, Any]) -> None:
        try:
            await client.views_push(trigger_id=body["trigger_id"], view=deep)
        except SlackApiError as error:
            refusals.append(error.response["error"])
        await ack()

    deep = modal(actions(button(action_id="deeper")))
    first = opened(deep)
    minji = sandbox.person("U0MINJI")
    for _ in range(3):
        minji.click(minji.view(), "deeper")

    assert refusals == ["push_limit_reached"]
    client.views_update(view_id=first["id"], view=deep, hash=first["hash"])
    with pytest.raises(Exception, match="hash_conflict"):
        client.views_update(view_id=first["id"], view=deep, hash=first["hash"])


def test_what_was_entered_survives_an_update_under_the_same_ids(
    sandbox: RunningSandbox, app: AsyncApp, opened: Any
) -> None:
    states: list[dict[str, Any]] = []
    view = modal(
        asking(typing(action_id="why"), block_id="why"),
        actions(select(action_id="size", options=[option("Small", "s"), option("Large", "l")])),
        submit=plain(),
    )

    @app.action("size")
    async def redraw(ack: Any, client: Any, body: dict[str, Any]) -> None:
        states.append(body["view"]["state"]["values"])
        await client.views_update(view_id=body["view"]["id"], view=view)
        await ack()

    shown = opened(view)
    minji = sandbox.person("U0MINJI")
    minji._act(shown, {"action_id": "why", "value": "because"})
    minji.choose(shown, "size", "Large")
    after = minji.view()

    assert states[0]["why"]["why"]["value"] == "because"
    assert after is not None
    assert after["state"]["values"]["why"]["why"]["value"] == "because"


def test_an_external_select_asks_after_enough_characters(sandbox: RunningSandbox, app: AsyncApp, opened: Any) -> None:
    asked: list[str] = []

    @app.options("dag")
    async def offer(ack: Any, payload: dict[str, Any]) -> None:
        asked.append(payload["value"])
        await ack(options=[option("orders_daily", "orders_daily")])

    @app.view("form")
    async def taken(ack: Any) -> None:
        await ack()

    external = {"type": "external_select", "action_id": "dag", "min_query_length": 2}
    view = opened(modal(asking(external, block_id="dag"), callback_id="form", submit=plain()))
    minji = sandbox.person("U0MINJI")

    assert minji.options(view, "dag", "o") == []
    assert [found["value"] for found in minji.options(view, "dag", "or")] == ["orders_daily"]
    assert minji.submit(dag="orders_daily") == {"ok": True}
    assert asked == ["or", "orders_daily"]


def test_a_channel_chosen_in_a_form_comes_with_a_response_url(
    sandbox: RunningSandbox, app: AsyncApp, opened: Any
) -> None:
    places: list[dict[str, str]] = []

    @app.view("form")
    async def taken(ack: Any, body: dict[str, Any]) -> None:
        places.extend(body["response_urls"])
        await ack()

    chosen = {"type": "conversations_select", "action_id": "where", "response_url_enabled": True}
    opened(modal(asking(chosen, block_id="where"), callback_id="form", submit=plain()))
    sandbox.person("U0MINJI").submit(where="C0ONCALL")
    [place] = places
    loopback.post(place["response_url"], json={"response_type": "in_channel", "text": "chosen"})

    assert place["channel_id"] == "C0ONCALL"
    assert [m["text"] for m in sandbox.person("U0MINJI").messages("C0ONCALL")] == ["chosen"]

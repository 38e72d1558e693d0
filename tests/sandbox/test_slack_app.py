"""A real slack_bolt app, over HTTP and over Socket Mode, in one story from command to message."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from sandbox.person import text_of
from sandbox.running import RunningSandbox
from tests.sandbox.conftest import bolt

FORM = {
    "type": "modal",
    "callback_id": "order",
    "title": {"type": "plain_text", "text": "Order"},
    "submit": {"type": "plain_text", "text": "Send"},
    "private_metadata": "C0HELP",
    "blocks": [
        {
            "type": "input",
            "block_id": "count",
            "label": {"type": "plain_text", "text": "How many"},
            "element": {"type": "plain_text_input", "action_id": "count", "max_length": 5},
        }
    ],
}


def ordering_app(sandbox: RunningSandbox) -> AsyncApp:
    """A command opens a form; the form refuses zero; a valid one posts a message with a button."""
    app = bolt(sandbox)

    @app.command("/order")
    async def order(ack: Any, body: dict[str, Any], client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)
        await ack()

    @app.view("order")
    async def ordered(ack: Any, view: dict[str, Any], client: Any) -> None:
        count = view["state"]["values"]["count"]["count"]["value"]
        if count == "0":
            await ack(response_action="errors", errors={"count": "At least one"})
            return
        button = {"type": "button", "action_id": "take", "value": count, "text": {"type": "plain_text", "text": "Take"}}
        blocks = [
            {"type": "section", "text": {"type": "mrkdwn", "text": f"{count} ordered"}},
            {"type": "actions", "elements": [button]},
        ]
        await client.chat_postMessage(channel=view["private_metadata"], text=f"{count} ordered", blocks=blocks)
        await ack()

    @app.action("take")
    async def take(ack: Any, body: dict[str, Any], client: Any, respond: Any) -> None:
        taken = f"taken by <@{body['user']['id']}>"
        await client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text=taken)
        await respond(text="Thank you", response_type="ephemeral")
        await ack()

    return app


@pytest.fixture(params=["http", "socket"])
def connected(request: Any, sandbox: RunningSandbox, connect_http: Any, connect_socket: Any) -> RunningSandbox:
    connect = connect_http if request.param == "http" else connect_socket
    connect(ordering_app(sandbox))
    return sandbox


def test_a_command_opens_a_form_whose_answer_becomes_a_message_with_a_button(connected: RunningSandbox) -> None:
    minji = connected.person("U0MINJI")

    opened = minji.command("/order", channel="C0HELP")
    refused = minji.submit(count="0")
    accepted = minji.submit(count="3")

    assert opened == {"ok": True}
    assert refused == {"ok": False, "errors": {"count": "At least one"}}
    assert accepted == {"ok": True}
    assert minji.view() is None
    [message] = minji.messages("C0HELP")
    assert text_of(message) == "3 ordered\n3 ordered\nTake"

    junho = connected.person("U0JUNHO")
    pressed = junho.click(message, "take")

    assert pressed == {"ok": True}
    [changed, thanks] = junho.messages("C0HELP")
    assert (changed["ts"], changed["text"], changed.get("blocks")) == (message["ts"], "taken by <@U0JUNHO>", None)
    assert (thanks["text"], thanks["ephemeral"]) == ("Thank you", True)
    assert [m["text"] for m in minji.messages("C0HELP")] == ["taken by <@U0JUNHO>"]

"""What people do outside modals: Home, shortcuts, buttons, reactions, settings, against a real slack_bolt app."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from sandbox.running import RunningSandbox
from tests import loopback
from tests.sandbox.conftest import bolt
from tests.sandbox.payloads import actions, button, option, section, select


@pytest.fixture
def app(sandbox: RunningSandbox) -> AsyncApp:
    return bolt(sandbox)


def test_home_is_published_when_it_is_opened(sandbox: RunningSandbox, app: AsyncApp, connect_http: Any) -> None:
    @app.event("app_home_opened")
    async def publish(event: dict[str, Any], client: Any) -> None:
        home = {"type": "home", "blocks": [section(), actions(button(action_id="refresh"))]}
        await client.views_publish(user_id=event["user"], view=home)

    @app.action("refresh")
    async def refresh(ack: Any, client: Any, body: dict[str, Any]) -> None:
        await client.views_publish(
            user_id=body["user"]["id"], view={"type": "home", "blocks": []} | {"blocks": [section()]}
        )
        await ack()

    connect_http(app)
    minji = sandbox.person("U0MINJI")
    home = minji.open_home()
    assert home is not None
    minji.click(home, "refresh")
    again = minji.home()

    assert again is not None
    assert (again["id"], len(home["blocks"]), len(again["blocks"])) == (home["id"], 2, 1)
    assert sandbox.person("U0JUNHO").home() is None


def test_a_message_shortcut_brings_the_message(sandbox: RunningSandbox, app: AsyncApp, connect_http: Any) -> None:
    @app.shortcut("track")
    async def track(ack: Any, payload: dict[str, Any], respond: Any) -> None:
        await ack()
        await respond(text=f"tracking: {payload['message']['text']}")

    connect_http(app)
    message = sandbox.person("U0SORA").say("C0HELP", "please reload orders")
    sandbox.person("U0MINJI").shortcut("track", message)

    assert [m["text"] for m in sandbox.person("U0MINJI").ephemerals()] == ["tracking: please reload orders"]


def test_a_response_url_replaces_and_deletes_what_it_belongs_to(
    sandbox: RunningSandbox, app: AsyncApp, connect_http: Any, client: Any
) -> None:
    urls: list[str] = []

    @app.action("a")
    async def keep(ack: Any, body: dict[str, Any]) -> None:
        urls.append(body["response_url"])
        await ack()

    connect_http(app)
    minji = sandbox.person("U0MINJI")
    client.chat_postEphemeral(channel="C0HELP", user="U0MINJI", text="x", blocks=[actions(button())])
    minji.click(minji.ephemerals()[0], "a")
    replaced = loopback.post(urls[0], json={"replace_original": True, "text": "replaced"})
    after_replace = [m["text"] for m in minji.ephemerals()]
    loopback.post(urls[0], json={"delete_original": True})
    after_delete = minji.ephemerals()
    loud = loopback.post(urls[0], json={"response_type": "in_channel", "text": "everybody"})
    refused = loopback.post(urls[0], json={"blocks": [{"type": "poll"}]})
    loopback.post(urls[0], json={"text": "the fifth"})
    sixth = loopback.post(urls[0], json={"text": "the sixth"})

    assert (replaced.text, after_replace, after_delete, loud.text) == ("ok", ["replaced"], [], "ok")
    assert [m["text"] for m in sandbox.person("U0JUNHO").messages("C0HELP")] == ["everybody"]
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_blocks")
    assert (sixth.status_code, sixth.json()["error"]) == (404, "used_url")


def test_people_can_only_use_what_is_in_front_of_them(sandbox: RunningSandbox, client: Any) -> None:
    posted = client.chat_postMessage(channel="C0HELP", text="x", blocks=[actions(button(), select())])
    place = {"channel": "C0HELP", "ts": posted["ts"]}

    for action in ({"action_id": "z"}, {"action_id": "s", "selected_option": option(value="not offered")}):
        with pytest.raises(RuntimeError, match=r"action_not_found|option_not_found"):
            sandbox.person("U0MINJI")._act(place, action)
    with pytest.raises(RuntimeError, match="not_in_channel"):
        sandbox.person("U0GUEST").say("C0ALERTS", "let me in")


def test_a_changed_language_is_an_event(sandbox: RunningSandbox, app: AsyncApp, connect_http: Any) -> None:
    heard: list[str] = []

    @app.event("user_change")
    async def changed(event: dict[str, Any]) -> None:
        heard.append(event["user"]["locale"])

    connect_http(app)
    sandbox.person("U0MINJI").settings(locale="en-US", tz="Europe/Berlin")

    assert heard == ["en-US"]
    assert sandbox.person("U0MINJI").state()["me"]["tz"] == "Europe/Berlin"


def test_a_reaction_of_a_person_is_an_event(sandbox: RunningSandbox, app: AsyncApp, connect_http: Any) -> None:
    heard: list[tuple[str, str]] = []

    @app.event("reaction_added")
    async def added(event: dict[str, Any]) -> None:
        heard.append((event["reaction"], event["item"]["ts"]))

    connect_http(app)
    minji = sandbox.person("U0MINJI")
    message = minji.say("C0HELP", "hello")
    minji.react(message, "eyes")

    assert heard == [("eyes", message["ts"])]

"""The sandbox's page in a real Chromium, with a real slack_bolt app behind it."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.running import RunningSandbox
from sandbox.slack.core import Settings
from tests.sandbox.conftest import BackgroundLoop, bolt, serve

WAIT_MS = 10_000
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
MANIFEST = {
    "features": {
        "slash_commands": [
            {"command": "/clear", "description": "Clear failed tasks", "usage_hint": "[dag]", "should_escape": True},
            {"command": "/whoami", "description": "Greets you in your language"},
            {"command": "/steps", "description": "Two modals, one on the other"},
        ],
        "shortcuts": [{"name": "Track it", "type": "message", "callback_id": "track", "description": "As a request"}],
    }
}
DAGS = ("orders_daily", "orders_hourly", "users_snapshot")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here starts a browser."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.live)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium from `BATON_CHROMIUM`, the PATH, or Playwright's own."""
    path = os.environ.get("BATON_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def workplace() -> Iterator[RunningSandbox]:
    """One sandbox with one app for all tests; every test begins with an empty workspace."""
    loop = BackgroundLoop()
    with RunningSandbox(Settings(manifest=MANIFEST)) as running, ExitStack() as stack:
        handler = AsyncSlackRequestHandler(clearing_app(running))

        async def endpoint(request: Request) -> Response:
            return await handler.handle(request)

        served = Starlette(routes=[Route("/slack/events", endpoint, methods=["POST"])])
        running.app_url = loop.run(serve(served, stack.callback, loop)) + "/slack/events"
        yield running
    loop.stop()


@pytest.fixture
def sandbox(workplace: RunningSandbox) -> Iterator[RunningSandbox]:
    app_url = workplace.app_url
    workplace.reset()
    yield workplace
    workplace.app_url = app_url


@pytest.fixture
def visit(sandbox: RunningSandbox, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open the page: `visit("#/channel/C0HELP", user="U0ALEX", width=400)`. An error in its console fails the test."""
    with ExitStack() as opened:
        problems: list[str] = []

        def open_page(place: str = "", *, user: str = "U0ALEX", width: int = 1280, **options: Any) -> Page:
            context = browser.new_context(viewport={"width": width, "height": 800}, **options)
            opened.callback(context.close)
            context.add_init_script(f"sessionStorage.getItem('act-as') ?? sessionStorage.setItem('act-as', '{user}')")
            page = context.new_page()
            page.set_default_timeout(WAIT_MS)
            page.on("pageerror", lambda error: problems.append(str(error)))
            page.goto(f"{sandbox.page_url}/{place}")
            page.locator("body.ready").wait_for()
            return page

        yield open_page
    assert problems == []


def clearing_app(sandbox: RunningSandbox) -> AsyncApp:
    """What the page is tried with: commands, forms that refuse, cards that change, a Home."""
    app = bolt(sandbox)
    app.command("/clear")(clear)
    app.options("dag")(offer_dags)
    app.view("clear")(cleared)
    app.action("acknowledge")(acknowledge)
    app.action("resolve")(resolve)
    app.command("/whoami")(whoami)
    app.command("/steps")(steps)
    app.view("steps")(push_second)
    app.action("more")(show_note)
    app.shortcut("track")(track)
    app.event("app_home_opened")(publish_home)
    app.action("refresh")(refresh_home)
    app.event("message")(ignore)
    return app


async def clear(ack: Any, body: dict[str, Any], client: Any) -> None:
    await client.views_open(trigger_id=body["trigger_id"], view=clear_form(body["channel_id"]))
    await ack()


async def offer_dags(ack: Any, payload: dict[str, Any]) -> None:
    await ack(options=[option(dag) for dag in DAGS if payload["value"] in dag])


async def cleared(ack: Any, view: dict[str, Any], client: Any) -> None:
    values = view["state"]["values"]
    if values["why"]["why"]["value"] == "because":
        await ack(response_action="errors", errors={"why": "Say a better reason."})
        return
    dag = values["dag"]["dag"]["selected_option"]["value"]
    await ack()
    await client.chat_postMessage(channel=view["private_metadata"], text=dag, blocks=card(dag))


async def acknowledge(ack: Any, body: dict[str, Any], client: Any, respond: Any) -> None:
    await ack()
    await change_card(body, client, f"Acknowledged by <@{body['user']['id']}>")
    await respond(text="It is yours now.", response_type="ephemeral", replace_original=False)


async def resolve(ack: Any, body: dict[str, Any], client: Any) -> None:
    await ack()
    await change_card(body, client, "Resolved")


async def change_card(body: dict[str, Any], client: Any, text: str) -> None:
    where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
    await client.chat_update(**where, text=text, blocks=[section(text), actions(button("resolve", "Resolve"))])


async def whoami(ack: Any, body: dict[str, Any], client: Any) -> None:
    user = (await client.users_info(user=body["user_id"], include_locale=True))["user"]
    await ack("안녕하세요" if user["locale"].startswith("ko") else "Hello")


async def steps(ack: Any, body: dict[str, Any], client: Any) -> None:
    await client.views_open(trigger_id=body["trigger_id"], view=first_step())
    await ack()


async def push_second(ack: Any) -> None:
    await ack(response_action="push", view=form("Second", "second", text_input("detail")))


async def show_note(ack: Any, body: dict[str, Any], client: Any) -> None:
    await ack()
    note = body["view"]["state"]["values"]["note"]["note"]["value"]
    await client.views_update(view_id=body["view"]["id"], view=first_step(section(f"You wrote {note}")))


async def track(ack: Any, body: dict[str, Any], client: Any) -> None:
    await ack()
    where = {"channel": body["channel"]["id"], "thread_ts": body["message"]["ts"]}
    await client.chat_postMessage(**where, text="Tracked :eyes:")


async def publish_home(event: dict[str, Any], client: Any) -> None:
    blocks = [section(f"Home of <@{event['user']}>"), actions(button("refresh", "Refresh"))]
    await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})


async def refresh_home(ack: Any, body: dict[str, Any], client: Any) -> None:
    await ack()
    await client.views_publish(user_id=body["user"]["id"], view={"type": "home", "blocks": [section("Refreshed")]})


async def ignore(event: dict[str, Any]) -> None:
    """Ordinary talk is none of the app's business."""


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def option(value: str) -> dict[str, Any]:
    return {"text": plain(value), "value": value}


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(action_id: str, text: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(text), "value": "1", **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def text_input(name: str) -> dict[str, Any]:
    element = {"type": "plain_text_input", "action_id": name}
    return {"type": "input", "block_id": name, "label": plain(name.title()), "element": element}


def form(title: str, callback_id: str, *blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    named = {"type": "modal", "callback_id": callback_id, "title": plain(title), "submit": plain("Go")}
    return {**named, "blocks": list(blocks), **more}


def first_step(*above: dict[str, Any]) -> dict[str, Any]:
    return form("First", "steps", *above, text_input("note"), {**actions(button("more", "More")), "block_id": "more"})


def clear_form(channel: str) -> dict[str, Any]:
    search = {"type": "external_select", "action_id": "dag", "min_query_length": 2, "placeholder": plain("Search")}
    dag = {"type": "input", "block_id": "dag", "label": plain("DAG"), "element": search}
    return form("Clear tasks", "clear", dag, text_input("why"), private_metadata=channel)


def card(dag: str) -> list[dict[str, Any]]:
    ask = {
        "title": plain("Resolve it?"),
        "text": plain("Nothing has run."),
        "confirm": plain("Yes"),
        "deny": plain("No"),
    }
    return [
        {"type": "header", "text": plain(f"{dag} failed")},
        section(f"*DAG* `{dag}` & <https://airflow.example/{dag}|its page>"),
        actions(button("acknowledge", "Acknowledge", style="primary"), button("resolve", "Resolve", confirm=ask)),
    ]

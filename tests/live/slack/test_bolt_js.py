"""The sandbox with a client that we did not write: @slack/bolt for JavaScript, by HTTP and by Socket Mode."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.person import Person, text_of
from sandbox.running import RunningSandbox

pytestmark = pytest.mark.live
APP = Path(__file__).with_name("bolt_app.mjs")
CHANNEL = "C0HELP"
PATIENCE_SECONDS = 30


@pytest.fixture(scope="module", params=["http", "socket"])
def sandbox(request) -> Iterator[RunningSandbox]:
    """A workspace with the app connected to it."""
    with RunningSandbox() as sandbox, started(sandbox, request.param) as app:
        words = app.stdout.readline().split()
        assert words[:1] == ["ready"], "the app did not start"
        if request.param == "http":
            sandbox.app_url = f"http://127.0.0.1:{words[1]}/slack/events"
        else:
            sandbox.until(lambda: sandbox.sockets == 1, PATIENCE_SECONDS)
        yield sandbox


def started(sandbox: RunningSandbox, transport: str) -> subprocess.Popen[str]:
    """Start the app; it ends with its input, at the end of the `with` block."""
    app = sandbox.world.app
    environ = {
        "PATH": os.environ["PATH"],
        "SLACK_API_URL": sandbox.slack_api_url,
        "BOT_TOKEN": app.bot_token,
        "APP_TOKEN": app.app_token,
        "SIGNING_SECRET": app.signing_secret,
        "TRANSPORT": transport,
    }
    return subprocess.Popen(["node", APP], env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def alex(sandbox: RunningSandbox) -> Person:
    return sandbox.person("U0ALEX")


def test_a_form_that_refuses_becomes_a_card_and_the_card_an_edited_one(sandbox, alex):
    assert alex.command("/clear", CHANNEL) == {"ok": True}
    form = sandbox.until(alex.view, PATIENCE_SECONDS)
    refused = alex.submit(why="because")
    assert alex.submit(why="the table is back") == {"ok": True}
    (card,) = sandbox.until(lambda: cards(alex), PATIENCE_SECONDS)
    assert alex.click(card, "acknowledge") == {"ok": True}
    sandbox.until(lambda: any("Acknowledged" in text_of(each) for each in alex.messages(CHANNEL)), PATIENCE_SECONDS)
    whispered = sandbox.until(alex.ephemerals, PATIENCE_SECONDS)

    assert form["title"]["text"] == "Clear tasks"
    assert refused == {"ok": False, "errors": {"why": "Say a better reason."}}
    assert alex.view() is None
    assert card["text"] == "the table is back"
    assert not cards(alex)
    assert [each["text"] for each in whispered] == ["It is yours now."]


def test_a_message_is_heard_escaped_and_answered_in_its_thread(sandbox, alex):
    said = alex.say(CHANNEL, "ping <all> & sundry")
    (answer,) = sandbox.until(lambda: alex.thread(said), PATIENCE_SECONDS)
    asked = next(each for each in alex.messages(CHANNEL) if each["ts"] == said["ts"])

    assert answer["text"] == "pong to ping &lt;all&gt; &amp; sundry"
    assert [reaction["name"] for reaction in asked["reactions"]] == ["eyes"]


def test_the_home_is_published_when_somebody_opens_it(sandbox, alex):
    alex.open_home()

    sandbox.until(lambda: alex.home() and "Home of" in text_of(alex.home()), PATIENCE_SECONDS)


def cards(alex: Person) -> list[dict]:
    return [each for each in alex.messages(CHANNEL) if "Acknowledge" in text_of(each) and each.get("blocks", [])[1:]]

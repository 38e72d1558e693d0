"""What people type, as the workspace stores it."""

import pytest

from sandbox import world
from sandbox.clock import Clock
from sandbox.slack.escape import command_text, rich_text_of, typed
from sandbox.slack.state import Workspace


@pytest.fixture(scope="module")
def workspace() -> Workspace:
    return Workspace(world.load(), Clock())


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        pytest.param("a & b < c > d", "a &amp; b &lt; c &gt; d", id="the three characters"),
        pytest.param("&amp; stays typed", "&amp;amp; stays typed", id="typed entity"),
        pytest.param("<!channel> <@U0NOBODY>", "&lt;!channel&gt; &lt;@U0NOBODY&gt;", id="made-up markup"),
        pytest.param("hi @minji!", "hi <@U0MINJI>!", id="person"),
        pytest.param("hi @nobody", "hi @nobody", id="nobody"),
        pytest.param("mail a@minji.example", "mail a@minji.example", id="mail address"),
        pytest.param("@here look", "<!here> look", id="broadcast"),
        pytest.param("@data-oncall help", "<!subteam^S0ONCALL|@data-oncall> help", id="user group"),
        pytest.param("in #data-help.", "in <#C0HELP|data-help>.", id="channel"),
        pytest.param("#nowhere", "#nowhere", id="no channel"),
        pytest.param("see https://x.example/a?b=1&c=2.", "see <https://x.example/a?b=1&amp;c=2>.", id="link"),
        pytest.param("@민지 orders 적재 부탁드려요", "@민지 orders 적재 부탁드려요", id="korean"),
    ],
)
def test_typed_text_is_escaped_and_linked(workspace: Workspace, said: str, stored: str) -> None:
    assert "".join(word.mrkdwn for word in typed(said, workspace)) == stored


def test_a_command_gets_names_beside_ids(workspace: Workspace) -> None:
    assert command_text("@alex #data-help", workspace) == "<@U0ALEX|alex> <#C0HELP|data-help>"


def test_a_typed_message_also_carries_rich_text(workspace: Workspace) -> None:
    block = rich_text_of(typed("hi @minji <3", workspace))

    assert block["elements"][0]["elements"] == [
        {"type": "text", "text": "hi "},
        {"type": "user", "user_id": "U0MINJI"},
        {"type": "text", "text": " <3"},
    ]

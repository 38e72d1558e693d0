"""Where cards go, in which language, and what shadow mode keeps to itself."""

import shutil

import pytest

from bot.store.tables import cards
from sandbox.person import text_of
from tests.delivery.bench import INFRA, SECOND, bench
from tests.handlers.front_door import DEMO

INCIDENTS, REVIEW = "C0ONCALL", "C0REVIEW"


@pytest.fixture
def configured(tmp_path, sandbox, sqlite_url):
    """Return how to get a bench with some lines of the demo's configuration replaced."""
    opened = []

    def configure(*replaced):
        directory = tmp_path / "config"
        shutil.copytree(DEMO, directory)
        path = directory / "baton.yaml"
        written = path.read_text()
        for old, new in replaced:
            assert written.count(old) == 1, old
            written = written.replace(old, new)
        path.write_text(written)
        found = bench(sandbox, sqlite_url, directory)
        opened.append(found)
        return found.__enter__()

    yield configure
    for each in opened:
        each.__exit__(None, None, None)


def mine(desk, channel):
    """Return what Baton posted at the top level of a channel."""
    return [each for each in desk.sandbox.person("U0DANA").messages(channel) if each.get("bot_id") == "B0BATON"]


def test_by_default_the_alert_channel_gets_no_message_of_its_own(desk):
    incident = desk.alert()
    desk.pass_time(3 * SECOND)

    assert mine(desk, "C0ALERTS") == []
    assert len(desk.replies(incident)) == 1


def test_cards_can_be_gathered_in_one_channel_with_their_notes_below(configured):
    desk = configured(("  core:\n    schedule:", f"  core:\n    card: channel:{INCIDENTS}\n    schedule:"))
    incident = desk.alert()
    desk.note(incident)
    desk.pass_time(5 * SECOND)

    [card] = mine(desk, INCIDENTS)
    assert "orders_daily.load_orders" in text_of(card)
    assert len(desk.minji.thread(card)) == 1
    assert mine(desk, "C0ALERTS") == []


def test_each_channel_has_its_language(desk):
    english, korean = desk.alert(), desk.alert(channel=INFRA)
    desk.pass_time(5 * SECOND)

    assert "On call" in desk.card(english)
    assert "당직" in desk.card(korean)


def test_in_shadow_mode_all_is_in_the_review_channel_and_notifies_nobody(configured):
    desk = configured(("mode: live", "mode: shadow"))
    incident = desk.alert()
    desk.note(incident)
    desk.pass_time(5 * SECOND)
    desk.acknowledge(incident)
    desk.pass_time(5 * SECOND)

    [card] = mine(desk, REVIEW)
    shown = [text_of(card), *(text_of(each) for each in desk.sandbox.person("U0DANA").thread(card))]
    assert len(shown) == 2
    assert not any("<@" in each or "<!" in each for each in shown)
    assert desk.row(cards, cards.c.ref == f"incident:{incident}").shown_reaction is None
    posted = {call["args"]["channel"] for call in desk.sandbox.log.calls("chat.postMessage")}
    assert posted == {REVIEW}
    assert desk.calls("reactions.add") == 0

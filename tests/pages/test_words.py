"""What whoever is woken reads: plain words, nothing secret, the way into Slack."""

from bot.clock import Clocks
from bot.delivery.pages import PageWords
from bot.delivery.readers import Readers
from bot.pages.model import Destination, Page, PageState
from bot.ports.paging import Kind, Priority, Recipient
from bot.ref import Ref
from bot.text import Mention, text
from bot.views.reader import default_reader
from tests.conftest import NOW

TOKEN = "xoxb-" + "123456789012-abcdefghijklmnop"


def alert_about(store, reason):
    words = text("page.refused", provider=Mention("U0DANA", notify=True), reason=reason)
    destination = Destination("data-platform", "opsgenie", "data-platform")
    page = Page(Ref("incident", "i1"), destination, words, Priority.HIGH, is_wanted=True, state=PageState.WANTED)
    readers = Readers(default_reader(NOW), Clocks(), lambda: "https://haneul.slack.com/")
    return store.read(lambda tx: PageWords(readers)(tx, page))


def test_secrets_and_control_characters_stay_here(store):
    alert = alert_about(store, f"no\x1b[31m entry:\n token={TOKEN}")

    assert TOKEN not in alert.message + alert.description
    assert "‹redacted" in alert.message
    assert alert.message.isprintable()


def test_it_is_plain_words_for_the_schedule(store):
    alert = alert_about(store, "closed")

    assert alert.message == "@U0DANA took the request and could not do it (closed)."
    assert alert.recipients == (Recipient(Kind.SCHEDULE, "data-platform"),)
    assert alert.details == {"baton": "incident:i1"}

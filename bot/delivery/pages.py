"""A page in the words of whoever is woken by it: the workspace's language, plain, with the way into Slack."""

from dataclasses import dataclass

from bot import outbox
from bot.delivery.readers import Readers
from bot.pages.model import Page
from bot.ports.paging import Kind, NewAlert, Recipient
from bot.store import Tx
from bot.text import text
from bot.triage.redact import redact
from bot.views.words import Markup, address, say


@dataclass(frozen=True, slots=True)
class PageWords:
    readers: Readers

    def __call__(self, tx: Tx, page: Page) -> NewAlert:
        """Return the alert to be created: nothing secret in it, and where the thread in Slack is."""
        reader = self.readers.of_channel(tx, self.readers.default.locale)
        words = redact(say(page.words, reader, Markup.PLAIN))
        label = text("page.thread")
        link = outbox.link_to(tx, page.ref, label) or outbox.link_to_thread(tx, page.ref, label)
        url = address(link, reader.workspace_url) if link else ""
        return NewAlert(
            alias=page.alias,
            message=" ".join(words.split()),
            description="\n".join(each for each in (words, url) if each),
            priority=page.priority,
            recipients=(Recipient(Kind.SCHEDULE, page.destination.recipient),),
            tags=("baton",),
            details={"baton": str(page.ref)},
        )

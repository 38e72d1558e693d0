"""A runbook page as a modal, with a button that leads to where it is kept."""

from typing import Any
from urllib.parse import urljoin, urlsplit

from bot.runbooks import Page, tokens
from bot.text import text
from bot.views import blocks, limits
from bot.views.markdown import Resolve, sections
from bot.views.reader import Reader

_FRAME = 4  # the header, the line below it, and the button at the end with its divider


def runbook_modal(page: Page, base_url: str | None, reader: Reader) -> dict[str, Any]:
    """Return the view of a page. A page that is too long for a modal ends with a line that says so."""
    url = page.url(base_url)
    shown = blocks.fit(sections(tokens(page), _resolver(url)), limits.VIEW_BLOCKS - _FRAME, reader)
    return blocks.modal(
        text("runbook.modal_title"),
        [
            blocks.header(text("runbook.page_title", title=page.title), reader),
            blocks.context([text("runbook.kept_by", owner=page.front.owner)], reader),
            *shown,
            *(_link(url, reader) if url else ()),
        ],
        reader,
        callback_id="runbook.read",
    )


def _link(url: str, reader: Reader) -> list[blocks.Block]:
    button = blocks.button(text("runbook.open"), reader, action_id="runbook.open_page", url=url)
    return [blocks.divider(), blocks.actions([button])]


def _resolver(page_url: str | None) -> Resolve:
    """Return how links of the page are made absolute: relative ones need to know where the page itself is."""

    def resolve(address: str) -> str | None:
        if urlsplit(address).scheme:
            return address
        return urljoin(page_url, address) if page_url else None

    return resolve

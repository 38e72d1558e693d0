"""What one person is shown of requests: the queue, a question, what happened."""

from collections.abc import Iterator
from typing import Any

from bot.actor import named
from bot.moment import Moment
from bot.requests.model import COUNTED, Asking, QueuePage, RequestCard, Standing
from bot.text import Lines, MessageLink, Text, text
from bot.triage.escape import shorten
from bot.views import blocks
from bot.views.blocks import Block, Element, Style
from bot.views.reader import Reader
from bot.views.rendered import Rendered
from bot.views.requests import headline, line

SHOWN_MOMENTS = 40


def queue(page: QueuePage, reader: Reader) -> Rendered:
    shown = blocks.message(_queue(page, reader), reader)
    return Rendered(blocks.fallback(_title(page), reader), tuple(shown))


def _title(page: QueuePage) -> Text:
    whose = "mine" if page.mine else "all"
    return (
        text(f"request.queue.more_{whose}", n=COUNTED) if page.is_cut else text(f"request.queue.{whose}", n=page.total)
    )


def _queue(page: QueuePage, reader: Reader) -> Iterator[Block]:
    yield blocks.header(_title(page), reader)
    for request in page.requests:
        open_it = blocks.button(
            text("button.request.history"), reader, action_id=f"request.history:{request.id}", value=request.id
        )
        yield blocks.section(line(request, reader), reader, accessory=open_it)
    if not page.requests:
        yield blocks.section(text("request.queue.empty_mine" if page.mine else "request.queue.empty"), reader)
    if turning := list(_turning(page, reader)):
        yield blocks.actions(turning)
    yield blocks.context([text("request.queue.usage")], reader)


def _turning(page: QueuePage, reader: Reader) -> Iterator[Element]:
    whose = "mine" if page.mine else "all"
    if page.number > 0:
        yield _turn("newer", f"{whose}:{page.number - 1}", reader)
    if page.number + 1 < page.pages:
        yield _turn("older", f"{whose}:{page.number + 1}", reader)
    other = "all" if page.mine else "mine"
    yield _turn(other, f"{other}:0", reader)


def _turn(to: str, value: str, reader: Reader) -> Element:
    return blocks.button(text(f"button.requests.{to}"), reader, action_id=f"requests.turn:{to}", value=value)


def asking(found: Asking, reader: Reader) -> Rendered:
    """Return the question to the author, or what they said to it."""
    kind = text(f"request.kind.{found.kind}")
    words = text(f"request.asking.{found.standing}", kind=kind, words=shorten(found.words, 200))
    shown = [blocks.section(words, reader)]
    if found.standing is Standing.ASKED:
        yes = blocks.button(
            text("button.request.yes"), reader, action_id="request.yes", value=found.id, style=Style.PRIMARY
        )
        no = blocks.button(text("button.request.no"), reader, action_id="request.no", value=found.id)
        shown.append(blocks.actions([yes, no]))
    return Rendered(blocks.fallback(words, reader), tuple(shown))


def question(card: RequestCard, reader: Reader) -> Rendered:
    """Return what the requester is asked back, with a button to answer, while it waits for that."""
    request = card.request
    by, words = named(request.assignee), shorten(request.words, 200)
    asked = text("request.question", by=by, words=words, question=request.waits_for)
    if not request.waits_for_requester:
        asked = headline(request)
    shown = [blocks.section(asked, reader)]
    if request.waits_for_requester:
        button = text("button.request.answer")
        answer = blocks.button(button, reader, action_id="request.answer", value=request.id, style=Style.PRIMARY)
        shown.append(blocks.actions([answer]))
    return Rendered(blocks.fallback(asked, reader), tuple(shown))


def history(card: RequestCard, link: MessageLink | None, reader: Reader) -> dict[str, Any]:
    """Return the modal that says who did what: one sentence for each moment."""
    moments = Lines(tuple(_sentence(each) for each in card.history[-SHOWN_MOMENTS:]))
    shown = [
        blocks.section(headline(card.request), reader),
        blocks.section(text("request.words", words=shorten(card.request.words, 900)), reader),
        blocks.section(text("request.history.lines", lines=moments), reader),
    ]
    if link:
        shown.append(blocks.context([text("request.history.thread", link=link)], reader))
    return blocks.modal(text("request.history.title"), shown, reader, callback_id="request.history")


def _sentence(moment: Moment) -> Text:
    return text("request.history.line", at=moment.at, by=named(moment.actor), what=moment.body)

"""A request as its card, in the queue, as a question to its author, and what happened to it."""

from collections.abc import Iterator

from bot.actor import named
from bot.requests.model import Request, RequestCard, State, Work
from bot.text import Code, Lines, Mention, Param, Text, text
from bot.triage.escape import shorten
from bot.views import blocks
from bot.views.blocks import Block, Element, Style
from bot.views.calling import called
from bot.views.reader import Reader
from bot.views.rendered import Rendered

SIGNS = {
    State.NEW: "📬",
    State.IN_PROGRESS: "🛠️",
    State.WAITING: "⏳",
    State.DONE: "✅",
    State.DECLINED: "🚫",
    State.WITHDRAWN: "↩️",
    State.DUPLICATE: "🔁",
}
SHOWN_WORDS, SHOWN_LINE = 900, 120
MORE = ("assign", "ask_back", "wait", "decline", "duplicate")
"""What the menu of an open request offers, each a form."""
_RUN_SIGNS = {"succeeded": "✅", "failed": "🔴", "partly_done": "🟠"}


def render(card: RequestCard, reader: Reader) -> Rendered:
    shown = blocks.message(_blocks(card, reader), reader)
    return Rendered(blocks.fallback(headline(card.request), reader), tuple(shown))


def headline(request: Request) -> Text:
    kind = text(f"request.kind.{request.kind}")
    return text(f"request.headline.{request.state}", sign=SIGNS[request.state], kind=kind)


def _blocks(card: RequestCard, reader: Reader) -> Iterator[Block]:
    request = card.request
    yield blocks.section(headline(request), reader)
    yield blocks.section(text("request.words", words=shorten(request.words, SHOWN_WORDS)), reader)
    yield blocks.section(None, reader, fields=list(_facts(request, reader)))
    if card.works:
        lines = Lines(tuple(_work(each) for each in card.works[-5:]))
        yield blocks.section(text("request.works", lines=lines), reader)
    if said := [*_waiting(request), *_outcome(card)]:
        yield blocks.section(text("request.lines", lines=Lines(tuple(said))), reader)
    if card.followers:
        who = tuple(named(each.who) for each in card.followers[:10])
        yield blocks.context([text("request.followers", n=len(card.followers), who=who)], reader)
    yield blocks.actions(list(_buttons(card, reader)))


def _facts(request: Request, reader: Reader) -> Iterator[Text]:
    yield text("request.requester", who=named(request.requester), at=request.opened_at)
    if request.assignee:
        yield text("request.assignee", who=named(request.assignee))
    elif request.is_open:
        yield text("request.on_call", who=called(request.called, notify=_calls(request)))
    for name, value in request.fields.items():
        if name in _SHOWN:
            yield text(f"request.field.{name}", value=_value(name, value))
    if request.needed_by:
        yield text("request.needed_by", when=request.needed_by)
    if request.why:
        yield text("request.why", why=request.why)
    if request.is_urgent:
        yield text("request.urgent")
    if request.is_open and (due := promise(request, reader)):
        yield due


_SHOWN = frozenset({"load", "dates", "dataset", "tables", "role", "lasts", "dag_id", "tasks", "people"})


def _value(name: str, value: str) -> Param:
    """Return a field's value as code; people by name, without calling them."""
    if name != "people":
        return Code(value)
    ids = (each.strip("<@>").partition("|")[0] for each in value.replace(",", " ").split())
    return tuple(Mention(each) if each[:1] in {"U", "W"} and each.isalnum() else each for each in ids)


def _calls(request: Request) -> bool:
    """Return whether the card itself calls whoever is on call: as it is posted, not when the call waits."""
    return request.state is State.NEW and request.mentioned_at == request.opened_at


def promise(request: Request, reader: Reader) -> Text | None:
    """Say until when it is answered or done, and whether that is past."""
    due = request.promised.next_at
    if request.waits_for_requester:
        return text("request.promise.paused")
    if due is None:
        return None
    what = "answer" if request.promised.answer_at else "done"
    return text(f"request.promise.{what}_late" if request.is_late(reader.now) else f"request.promise.{what}", at=due)


def _work(work: Work) -> Text:
    sign = _RUN_SIGNS.get(work.state, "▫️" if work.is_over else "▶️")
    state = text(f"run.moment.{work.state}")
    return text("request.work", sign=sign, operation=text(f"operation.{work.operation}"), state=state)


def _waiting(request: Request) -> Iterator[Text]:
    if request.state is not State.WAITING:
        return
    if request.waits_for_requester:
        yield text("request.waits_for_requester", who=named(request.requester), question=_short(request.waits_for))
    else:
        yield text("request.waits_for", whom=_short(request.waits_for))


def _outcome(card: RequestCard) -> Iterator[Text]:
    request = card.request
    if request.is_open or request.ended_at is None:
        return
    yield text(f"request.ended.{request.state}", by=named(request.ended_by), at=request.ended_at)
    if request.outcome:
        yield text("request.outcome", outcome=_short(request.outcome))
    if card.original:
        yield text("request.original", words=_short(card.original.words), by=named(card.original.requester))


def _short(words: str) -> str:
    return shorten(words, SHOWN_WORDS)


def _buttons(card: RequestCard, reader: Reader) -> Iterator[Element]:
    request = card.request
    if not request.is_open:
        yield _button("request.reopen", request, reader)
        yield from _evidence(request, reader)
    else:
        if card.operation:
            yield _button("request.do", request, reader, Style.PRIMARY)
        if request.state is not State.IN_PROGRESS:
            yield _button("request.take", request, reader, None if card.operation else Style.PRIMARY)
        if request.waits_for_requester:
            yield _button("request.answer", request, reader)
        yield _button("request.done", request, reader)
        yield _button("request.withdraw", request, reader)
    yield _button("request.history", request, reader)
    if request.is_open:
        offered = [blocks.option(text(f"button.request.{each}"), reader, f"{each}:{request.id}") for each in MORE]
        yield blocks.overflow(offered, action_id="request.more")


def _evidence(request: Request, reader: Reader) -> Iterator[Element]:
    if request.evidence:
        yield blocks.button(text("button.request.run"), reader, action_id="run.details", value=request.evidence.id)


def _button(action_id: str, request: Request, reader: Reader, style: Style | None = None) -> Element:
    return blocks.button(text(f"button.{action_id}"), reader, action_id=action_id, value=request.id, style=style)


def line(request: Request, reader: Reader) -> Text:
    """Say a request in one entry of a list: what, who, since when, who has it, and what was promised."""
    kind, due = text(f"request.kind.{request.kind}"), promise(request, reader) if request.is_open else None
    holder = text("request.assignee", who=named(request.assignee)) if request.assignee else None
    told: list[Param] = [text("request.requester", who=named(request.requester), at=request.opened_at)]
    told += [each for each in (holder, due) if each]
    words = " ".join(shorten(request.words, SHOWN_LINE).split())
    return text("request.line", sign=SIGNS[request.state], kind=kind, words=words, facts=tuple(told))

"""What there is to say to Baton."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.operations.fields import usage
from bot.operations.operation import Operation
from bot.text import Code, Text, text
from bot.views import blocks
from bot.views.blocks import Block, Element
from bot.views.reader import Reader


def page(catalog: Mapping[str, type[Operation]], reader: Reader, *, asked: str = "") -> list[Block]:
    """Return the help; `asked` is a word that was not understood."""
    return blocks.message(_blocks(catalog, reader, asked), reader)


def modal(catalog: Mapping[str, type[Operation]], reader: Reader) -> dict[str, Any]:
    """Return the help as a page of its own, for where no message can be shown."""
    return blocks.modal(text("help.title"), list(_blocks(catalog, reader, "")), reader, callback_id="home.help")


def _blocks(catalog: Mapping[str, type[Operation]], reader: Reader, asked: str) -> Iterator[Block]:
    if asked and asked != "help":
        yield blocks.section(text("help.not_understood", word=Code(asked)), reader)
    yield blocks.header(text("help.title"), reader)
    yield blocks.section(text("help.oncall"), reader)
    yield blocks.section(text("help.incidents"), reader)
    yield blocks.section(text("help.silence"), reader)
    yield blocks.section(text("help.requests"), reader)
    yield blocks.section(text("help.access"), reader)
    yield blocks.section(text("help.loads"), reader)
    for name, operation in catalog.items():
        command = Code(f"/{name} {usage(operation)}")
        about = text("help.operation", command=command, words=text(f"{name}.help"))
        yield blocks.section(about, reader, accessory=_runbook(operation, reader))
    yield blocks.context([text("help.cards")], reader)


def _runbook(operation: type[Operation], reader: Reader) -> Element:
    words, topic = text("run.button.runbook"), operation.runbook
    return blocks.button(words, reader, action_id="run.runbook", value=topic)


def spoken(reader: Reader) -> str:
    return blocks.fallback(text("help.title"), reader)


def no_runbook(topic: str) -> Text:
    return text("runbook.unknown", topic=topic)

"""A cover as its card: who stands in for whom, how far that is, and what can be pressed."""

from collections.abc import Iterator

from bot.covers.model import PROVIDERS, Cover, CoverCard, Stage, Standing
from bot.text import Mention, Param, Text, text
from bot.views import blocks
from bot.views.blocks import Block, Element, Style
from bot.views.reader import Reader
from bot.views.rendered import Rendered
from bot.views.words import dated

SIGNS = {
    Standing.ASKED: "🙋",
    Standing.MAKING: "⏳",
    Standing.STANDING: "✅",
    Standing.FAILED: "⚠️",
    Standing.REMOVING: "⏳",
    Standing.STUCK: "⚠️",
    Standing.WITHDRAWN: "↩️",
    Standing.EXPIRED: "⌛",
}
_ENDED = frozenset({Standing.WITHDRAWN, Standing.EXPIRED})


def render(card: CoverCard, reader: Reader) -> Rendered:
    shown = blocks.message(_blocks(card, reader), reader)
    return Rendered(blocks.fallback(headline(card.cover), reader), tuple(shown))


def headline(cover: Cover) -> Text:
    """Say how it stands, in one line."""
    standing = Standing.of(cover)
    taker: Param = Mention(cover.taker) if cover.taker else text("cover.nobody")
    return text(f"cover.headline.{standing.value}", sign=SIGNS[standing], relieved=relieved(cover), taker=taker)


def relieved(cover: Cover) -> Param:
    """Return whose shift it is; nobody's in a gap."""
    if cover.relieved is None:
        return text("cover.nobody")
    return Mention(cover.relieved.user) if cover.relieved.user else cover.relieved.name


def _blocks(card: CoverCard, reader: Reader) -> Iterator[Block]:
    cover, standing = card.cover, Standing.of(card.cover)
    provider = PROVIDERS.get(card.provider, card.provider) or "-"
    yield blocks.section(headline(cover), reader)
    yield blocks.section(None, reader, fields=list(_facts(cover, reader)))
    if cover.problem and standing in {Standing.FAILED, Standing.STUCK}:
        words = text(f"cover.by_hand_now.{standing.value}", why=cover.problem, provider=provider)
        yield blocks.section(words, reader)
    if standing not in _ENDED:
        at = dated(cover.expires_at, reader)
        yield blocks.context([text(f"cover.hint.{standing.value}", provider=provider, at=at)], reader)
    if buttons := list(_buttons(cover, standing, reader)):
        yield blocks.actions(buttons)


def _facts(cover: Cover, reader: Reader) -> Iterator[Text]:
    yield text("cover.field.schedule", schedule=cover.schedule, relieved=relieved(cover))
    span = cover.end_at - cover.start_at
    since, until = dated(cover.start_at, reader), dated(cover.end_at, reader)
    yield text("cover.field.time", since=since, until=until, span=span)
    if cover.stage is Stage.ASKED:
        whom: Param = Mention(cover.asked) if cover.asked else text("cover.everybody")
        yield text("cover.field.asked", whom=whom)
    if cover.why:
        yield text("cover.field.why", why=cover.why)
    if cover.is_direct:
        yield text("cover.field.by", who=Mention(cover.requester))


def _buttons(cover: Cover, standing: Standing, reader: Reader) -> Iterator[Element]:
    if standing is Standing.ASKED:
        yield _button("cover.accept", cover, reader, Style.PRIMARY)
    if standing in {Standing.FAILED, Standing.STUCK}:
        yield _button("cover.retry", cover, reader, Style.PRIMARY)
    if cover.stage in {Stage.ASKED, Stage.TAKEN} and reader.now < cover.end_at:
        yield _withdraw(cover, reader)


def _button(action_id: str, cover: Cover, reader: Reader, style: Style | None = None) -> Element:
    return blocks.button(text(f"button.{action_id}"), reader, action_id=action_id, value=cover.id, style=style)


def _withdraw(cover: Cover, reader: Reader) -> Element:
    """Return the button that takes it back; where somebody counts on it, it asks once more."""
    if cover.stage is Stage.ASKED:
        return _button("cover.withdraw", cover, reader)
    sure = blocks.confirm(
        text("cover.sure.title"),
        text("cover.sure", relieved=relieved(cover), taker=Mention(cover.taker or "")),
        reader,
        yes=text("cover.sure.yes"),
        style=Style.DANGER,
    )
    words = text("button.cover.undo")
    return blocks.button(words, reader, action_id="cover.withdraw", value=cover.id, confirmation=sure)

"""A grant as its card, and what somebody has or gives as a list. Pure."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.access.members import word_for
from bot.access.model import GIVES, TAKES, Grant, GrantCard, GrantState, Overview, dataset_of
from bot.access.telling import holder, what
from bot.actor import named
from bot.ports.bigquery import TableName
from bot.text import Code, Lines, Mention, Param, Text, text
from bot.views import blocks
from bot.views.blocks import Block, Element, Style
from bot.views.reader import Reader
from bot.views.rendered import Rendered

_SIGNS = {
    GrantState.ACTIVATING: "⏳",
    GrantState.ACTIVE: "🔑",
    GrantState.REVOKING: "⏳",
    GrantState.ENDED: "🔒",
    GrantState.REVOKE_FAILED: "🚨",
    GrantState.DRIFTED: "⚠️",
}


def render(card: GrantCard, reader: Reader) -> Rendered:
    shown = blocks.message(_blocks(card, reader), reader)
    return Rendered(blocks.fallback(_headline(card.grant), reader), tuple(shown))


def _blocks(card: GrantCard, reader: Reader) -> Iterator[Block]:
    grant = card.grant
    yield blocks.section(_headline(grant), reader)
    yield blocks.section(None, reader, fields=list(_facts(card)))
    if grant.problem is not None:
        yield blocks.section(text("grant.problem", words=grant.problem), reader)
    if grant.state in GIVES:
        yield blocks.actions([*_buttons(grant, reader, "button.grant.end")])


def _headline(grant: Grant) -> Text:
    standing = f"ended_{grant.ending.value}" if grant.state is GrantState.ENDED and grant.ending else grant.state.value
    if grant.state is GrantState.DRIFTED and grant.ending:
        standing = grant.ending.value
    return text(
        f"grant.headline.{standing}",
        sign=_SIGNS[grant.state],
        who=holder(grant),
        what=what(grant),
        until=grant.expires_at,
        by=named(grant.ended_by),
    )


def _facts(card: GrantCard) -> Iterator[Text]:
    grant = card.grant
    yield text("grant.fact.reason", reason=grant.reason)
    yield text("grant.fact.asked_by", by=named(grant.asked_by), at=grant.created_at)
    yield text("grant.fact.account", email=Code(grant.member.email))
    if card.owner is not None:
        yield text("grant.fact.owner", owner=Mention(card.owner.id))
    if grant.state in GIVES:
        yield text("grant.fact.by_google" if grant.self_expiring else "grant.fact.by_baton")


def _buttons(grant: Grant, reader: Reader, ending: str) -> Iterator[Element]:
    yield blocks.button(text("button.grant.extend"), reader, action_id="grant.extend", value=grant.id)
    yield _end(grant, reader, ending)


def _end(grant: Grant, reader: Reader, ending: str) -> Element:
    sure = blocks.confirm(
        text("grant.sure"),
        text("grant.sure_words", who=holder(grant), what=what(grant)),
        reader,
        yes=text(ending),
        style=Style.DANGER,
    )
    return blocks.button(
        text(ending), reader, action_id="grant.end", value=grant.id, style=Style.DANGER, confirmation=sure
    )


def listing(overview: Overview, reader: Reader) -> list[Block]:
    """Return the answer to `/my-access`: what one has, then who has what of one's own datasets until when."""
    return blocks.message(_listed(overview, reader), reader)


def spoken(overview: Overview) -> Text:
    return text("grant.list_spoken", n=len(_open(overview.mine)), others=len(_open(overview.others)))


def _listed(overview: Overview, reader: Reader) -> Iterator[Block]:
    yield blocks.header(text("grant.list"), reader)
    mine, over = _open(overview.mine), _over(overview.mine)
    if not mine:
        yield blocks.section(text("grant.list_empty"), reader)
    for card in mine:
        yield from held(card.grant, reader)
    if overview.owns:
        yield blocks.divider()
        yield from _owned(overview, reader)
    if over:
        yield blocks.context([text("grant.list_over", lines=Lines(tuple(_line(each.grant) for each in over)))], reader)
    yield blocks.context([text("grant.usage")], reader)


def held(grant: Grant, reader: Reader) -> Iterator[Block]:
    """Yield what somebody has, with what they can do about it."""
    yield blocks.section(_line(grant), reader)
    if grant.state in GIVES:
        yield blocks.actions([*_buttons(grant, reader, "button.grant.give_back")])


def _owned(overview: Overview, reader: Reader) -> Iterator[Block]:
    """Yield who has what of the person's datasets, by dataset, the next to end first, then what went wrong."""
    yield blocks.header(text("grant.list_owned"), reader)
    standing = sorted(_open(overview.others), key=lambda each: str(each.grant.resource))
    if not standing:
        yield blocks.section(text("grant.list_owned_empty"), reader)
    for resource, cards in groupby(standing, key=lambda each: str(each.grant.resource)):
        yield blocks.context([text("grant.list_dataset", resource=Code(resource))], reader)
        for card in sorted(cards, key=lambda each: each.grant.expires_at):
            revoke = _end(card.grant, reader, "button.grant.revoke") if card.grant.state in GIVES else None
            yield blocks.section(_line(card.grant), reader, accessory=revoke)
    if over := _over(overview.others):
        yield blocks.context([text("grant.list_over", lines=Lines(tuple(_line(each.grant) for each in over)))], reader)


def _line(grant: Grant) -> Text:
    lines: list[Param] = [_headline(grant), text("grant.line_reason", by=named(grant.asked_by), reason=grant.reason)]
    if grant.problem is not None and grant.state in {*TAKES, GrantState.ACTIVATING}:
        lines.append(grant.problem)
    return text("grant.line", lines=Lines(tuple(lines)))


def _open(cards: Sequence[GrantCard]) -> list[GrantCard]:
    return [each for each in cards if each.grant.state in {*GIVES, *TAKES}]


def _over(cards: Sequence[GrantCard]) -> list[GrantCard]:
    return [each for each in cards if each.grant.state not in {*GIVES, *TAKES}][:10]


def extension(grant: Grant) -> dict[str, object]:
    """Return what the form of grant-access holds when somebody wants a grant to last longer."""
    resource = grant.resource
    return {
        "dataset": str(dataset_of(resource)),
        "tables": [resource.table] if isinstance(resource, TableName) else [],
        "people": [grant.person.id] if grant.person else [],
        "groups": [] if grant.person else [grant.member.email],
        "role": word_for(grant.role),
    }

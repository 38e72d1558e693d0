"""The judge of every payload that goes to Slack: slack_sdk, slackblocks, five rules that both miss, and escaping.

Other suites call `assert_valid_message(blocks)` and `assert_valid_view(view)`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View
from slackblocks import Message

from bot.views import limits
from tests.views.rebuild import Invalid, rebuild

_MEANT = re.compile(r"<(@[UW]|!subteam\^S|#C)[A-Z0-9]+>|<(https?|mailto|slack):[^<>|]+(\|[^<>]*)?>")


def assert_valid_message(blocks: Sequence[Mapping[str, Any]]) -> None:
    """Fail unless Slack would take these blocks as a message."""
    assert len(blocks) <= limits.MESSAGE_BLOCKS, f"{len(blocks)} blocks in a message"
    _assert_valid_blocks(blocks)
    rebuilt = [rebuild(block) for block in blocks]
    Message(channel="C0TEST", text="words", blocks=rebuilt)
    for block, built in zip(blocks, rebuilt, strict=True):
        _assert_same(block, built._resolve())


def assert_valid_view(view: Mapping[str, Any]) -> None:
    """Fail unless Slack would open, push or publish this view."""
    blocks = view["blocks"]
    _assert_valid_blocks(blocks)
    if view["type"] == "modal":
        assert view.get("title"), "a modal has a title"
        assert "submit" in view or not any(block["type"] == "input" for block in blocks), "input blocks need submit"
    View(**view).validate_json()
    _assert_same(view, rebuild(view)._resolve())


def assert_escaped(mrkdwn: str) -> None:
    """Fail if anything is live in the mrkdwn that is not a link, a mention of a person or group, or an entity."""
    rest = _MEANT.sub("", mrkdwn)
    assert not re.search(r"[<>]", rest), f"unescaped < or > in {mrkdwn!r}"
    assert not re.search(r"&(?!amp;|lt;|gt;)", rest), f"unescaped & in {mrkdwn!r}"


def _assert_valid_blocks(blocks: Sequence[Mapping[str, Any]]) -> None:
    assert blocks, "something to show"
    for block in blocks:
        parsed = Block.parse(dict(block))
        assert parsed is not None, f"slack_sdk does not know the block {block['type']!r}"
        parsed.validate_json()
    _assert_own_rules(blocks)
    for piece in _pieces(list(blocks)):
        assert piece.get("style", "primary") in {"primary", "danger"}, f"no style {piece['style']!r}"
        if piece.get("type") == "mrkdwn":
            assert_escaped(piece["text"])
            assert piece.get("verbatim") is True, f"Slack would link what it finds in {piece['text'][:60]!r}"


def _assert_own_rules(blocks: Sequence[Mapping[str, Any]]) -> None:
    for block in blocks:
        if block["type"] in {"actions", "context"}:
            assert block["elements"], f"an empty {block['type']} block"
        if block["type"] == "actions":
            _assert_unique([element["action_id"] for element in block["elements"]], "action_id")
    _assert_unique([block["block_id"] for block in blocks if "block_id" in block], "block_id")


def _assert_unique(ids: Sequence[str], what: str) -> None:
    twice = [each for each, count in Counter(ids).items() if count > 1]
    assert not twice, f"the same {what} twice: {twice}"


def _assert_same(given: Mapping[str, Any], rebuilt: Mapping[str, Any]) -> None:
    """Fail if slackblocks changed anything: it coerces what Slack would refuse, such as mrkdwn in a header."""
    if _comparable(given, given) != _comparable(rebuilt, given):
        raise Invalid(f"slackblocks reads it otherwise:\n{given}\n{rebuilt}")


def _comparable(value: Any, given: Any) -> Any:
    """Drop absent and false values, and the ids that slackblocks makes up for blocks that were given none."""
    if isinstance(value, Mapping):
        source = given if isinstance(given, Mapping) else {}
        kept = {key: each for key, each in value.items() if each not in (None, False)}
        if "block_id" not in source:
            kept.pop("block_id", None)
        return {key: _comparable(each, source.get(key)) for key, each in kept.items()}
    if isinstance(value, list | tuple):
        partners = given if isinstance(given, list | tuple) and len(given) == len(value) else [None] * len(value)
        return [_comparable(each, partner) for each, partner in zip(value, partners, strict=True)]
    return getattr(value, "value", value)


def _pieces(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        for each in value.values():
            yield from _pieces(each)
    elif isinstance(value, list):
        for each in value:
            yield from _pieces(each)

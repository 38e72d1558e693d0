"""What Slack takes and what it refuses: the limits of messages and views."""

import copy
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sandbox.slack.blockkit import BLOCKS, GROUP, OPTION, plain
from sandbox.slack.errors import SlackError
from sandbox.slack.people import Json
from sandbox.slack.schema import Check, Problem, boolean, by_type, items, record, string, word

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
POSTED_TEXT = 40_000  # characters; chat.postMessage cuts here and warns
EDITED_TEXT = 4_000  # bytes of UTF-8, escapes included; chat.update refuses more
ALL_BLOCK_TEXT = 13_200  # characters over all blocks; reported, not documented, and near 13 200
MARKDOWN_TEXT = 12_000  # characters over all markdown blocks of one payload
TABLE_TEXT = 10_000
ATTACHMENTS = 100
NO_CONTENT = "This content can't be displayed."
NO_PREVIEW = "[no preview available]"
COLOURS = {"good": "2eb886", "warning": "daa038", "danger": "a30200"}

_VIEW_PARTS: dict[str, Check] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_MODAL_PARTS: dict[str, Check] = {
    "submit": plain(24),
    "close": plain(24),
    "clear_on_close": boolean,
    "notify_on_close": boolean,
    "submit_disabled": boolean,
}
_VIEWS = by_type(
    {
        "modal": record(
            {"type": word("modal"), "title": plain(24), "blocks": items(by_type(BLOCKS["modal"]), VIEW_BLOCKS)},
            {**_VIEW_PARTS, **_MODAL_PARTS},
        ),
        "home": record(
            {"type": word("home"), "blocks": items(by_type(BLOCKS["home"]), VIEW_BLOCKS)},
            _VIEW_PARTS,
        ),
    }
)
_MESSAGE_BLOCKS = items(by_type(BLOCKS["message"]), MESSAGE_BLOCKS, 0)


def block_problems(blocks: Any, at: str = "/blocks") -> list[Problem]:
    """Everything wrong with the blocks of a message."""
    found = list(_MESSAGE_BLOCKS(blocks, at))
    return found or list(_across(blocks, at))


def view_problems(view: Any, at: str = "/view") -> list[Problem]:
    """Everything wrong with a modal or a Home."""
    found = list(_VIEWS(view, at))
    if found:
        return found
    return [*_across(view["blocks"], f"{at}/blocks"), *_form_problems(view, at)]


def check_blocks(blocks: Any, at: str = "/blocks") -> None:
    """Raise `invalid_blocks`, naming each place, or `msg_blocks_too_long`."""
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if problems := block_problems(blocks, at):
        messages = [str(problem) for problem in problems]
        raise SlackError("invalid_blocks", *messages, errors=messages)
    if sum(map(len, texts_in(blocks))) > ALL_BLOCK_TEXT:
        raise SlackError("msg_blocks_too_long")


def check_view(view: Any, kind: str) -> None:
    """Raise `invalid_arguments`, naming each place; `kind` is modal or home."""
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", "must provide an object [json-pointer:/view]")
    if view.get("type") != kind and "type" in view:
        raise SlackError("invalid_arguments", f"must be a {kind} view [json-pointer:/view/type]")
    if problems := view_problems(view):
        raise SlackError("invalid_arguments", *(str(problem) for problem in problems))


def check_attachments(attachments: Any) -> None:
    """Raise `invalid_attachments`, `too_many_attachments`, or `invalid_blocks` for blocks within."""
    if not isinstance(attachments, list) or not all(isinstance(a, dict) for a in attachments):
        raise SlackError("invalid_attachments")
    if len(attachments) > ATTACHMENTS:
        raise SlackError("too_many_attachments")
    for index, attachment in enumerate(attachments):
        if "blocks" in attachment:
            check_blocks(attachment["blocks"], f"/attachments/{index}/blocks")


def check_options(answer: Json) -> None:
    """Judge the answer to a block_suggestion: options or option_groups, at most 100; raises `invalid_options`."""
    either = ("options", "option_groups")
    shape = record({}, {"options": items(OPTION, 100, 0), "option_groups": items(GROUP, 100, 0)}, either, either)
    if problems := list(shape(answer, "")):
        raise SlackError("invalid_options", *(str(problem) for problem in problems))


def stored_attachments(attachments: list[Json]) -> list[Json]:
    """Attachments as Slack keeps them: numbered, colour names as hex, a fallback for those of blocks."""
    return [_stored_attachment(number, attachment) for number, attachment in enumerate(attachments, 1)]


def _stored_attachment(number: int, attachment: Json) -> Json:
    stored = {"id": number, **attachment}
    if colour := attachment.get("color"):
        stored["color"] = COLOURS.get(colour, str(colour).removeprefix("#"))
    if "fallback" not in attachment:
        said = attachment.get("text") or attachment.get("title") or attachment.get("pretext")
        stored["fallback"] = said if said and "blocks" not in attachment else NO_PREVIEW
    return stored


def elements_of(blocks: Iterable[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with its block, containers included."""
    for block in blocks:
        found = [*block.get("elements", []), block.get("accessory"), block.get("element"), *block.get("actions", [])]
        for element in found:
            if isinstance(element, dict) and block.get("type") not in {"rich_text", "context"} and _is_live(element):
                yield block, element
        yield from elements_of(block.get("child_blocks", []))


def texts_in(value: Any) -> Iterator[str]:
    """Every text that a person would read in a payload."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "text" and isinstance(inner, str):
                yield inner
            else:
                yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)


def _is_live(element: Json) -> bool:
    return element.get("type") not in {"image", "mrkdwn", "plain_text"}


def _across(blocks: list[Json], at: str) -> Iterator[Problem]:
    """Rules over several blocks: unique ids, texts that count together."""
    yield from _duplicates(blocks, "block_id", at)
    for index, block in enumerate(blocks):
        if block["type"] == "actions":
            yield from _duplicates(block["elements"], "action_id", f"{at}/{index}/elements")
        if block["type"] == "table" and sum(map(len, texts_in(block))) > TABLE_TEXT:
            yield Problem(f"{at}/{index}", "too_long", f"must be less than {TABLE_TEXT + 1} characters", TABLE_TEXT)
    marked = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if marked > MARKDOWN_TEXT:
        yield Problem(at, "too_long", f"markdown must be less than {MARKDOWN_TEXT + 1} characters", MARKDOWN_TEXT)


def _duplicates(things: list[Json], key: str, at: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, thing in enumerate(things):
        value = thing.get(key)
        if value is not None and value in seen:
            yield Problem(f"{at}/{index}/{key}", "duplicate", f"{key} already exists: {value}")
        seen.add(value or "")


def _form_problems(view: Json, at: str) -> Iterator[Problem]:
    has_input = any(block["type"] == "input" for block in view["blocks"])
    if view["type"] == "modal" and has_input and "submit" not in view:
        yield Problem(at, "missing_field", "missing required field: submit", "submit")
    focused = [e for _, e in elements_of(view["blocks"]) if e.get("focus_on_load")]
    if len(focused) > 1:
        yield Problem(at, "exclusive_fields", "only one element may have focus_on_load")


def with_ids(blocks: list[Json], new_id: Callable[[], str]) -> list[Json]:
    """Blocks as Slack keeps them: missing block ids and action ids are made up by `new_id()`."""
    kept = copy.deepcopy(blocks)
    for block in _nested(kept):
        block.setdefault("block_id", new_id())
    for _, element in elements_of(kept):
        element.setdefault("action_id", new_id())
    return kept


def _nested(blocks: list[Json]) -> Iterator[Json]:
    for block in blocks:
        yield block
        yield from _nested(block.get("child_blocks", []))

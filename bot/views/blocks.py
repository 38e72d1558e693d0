"""Small builders of Block Kit. They take `Text` and a `Reader`, keep Slack's limits, and escape by construction.

What is too long is shortened visibly; nothing here raises for the length of a text. Ids are `subject.verb`, a value
is an opaque id that carries no authority.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.text import Text, text
from bot.views import limits
from bot.views.escape import mrkdwn as escape_mrkdwn
from bot.views.escape import safe_url
from bot.views.reader import Reader
from bot.views.words import Markup, say

Block = dict[str, Any]
Element = dict[str, Any]

_NOTHING = "–"  # Slack refuses empty text objects
_ID = re.compile(r"[a-z][a-z_-]*\.[a-z][a-z_-]*(:[\w.-]+)?")


class Style(StrEnum):
    PRIMARY = "primary"
    DANGER = "danger"


def mrkdwn(words: Text, reader: Reader, limit: int = limits.SECTION) -> Element:
    return raw_mrkdwn(say(words, reader), limit)


def raw_mrkdwn(escaped: str, limit: int = limits.SECTION) -> Element:
    """Wrap mrkdwn that is already escaped. `verbatim`: Slack itself links and mentions nothing in it."""
    return {"type": "mrkdwn", "text": limits.shorten_mrkdwn(escaped, limit) or _NOTHING, "verbatim": True}


def plain(words: Text, reader: Reader, limit: int) -> Element:
    line = " ".join(say(words, reader, Markup.PLAIN).split())
    return {"type": "plain_text", "text": limits.shorten(line, limit) or _NOTHING, "emoji": True}


def fallback(words: Text, reader: Reader) -> str:
    """Return the top-level `text` of a message: what push notifications and screen readers say.

    Slack parses it as mrkdwn, so it is escaped; it mentions nobody.
    """
    return limits.shorten_mrkdwn(escape_mrkdwn(say(words, reader, Markup.PLAIN)), limits.FALLBACK)


def header(words: Text, reader: Reader) -> Block:
    return {"type": "header", "text": plain(words, reader, limits.HEADER)}


def divider() -> Block:
    return {"type": "divider"}


def section(
    words: Text | None,
    reader: Reader,
    *,
    fields: Sequence[Text] = (),
    accessory: Element | None = None,
    block_id: str | None = None,
) -> Block:
    """Return a section with words, up to ten fields, or both."""
    assert words is not None or fields, "a section says something"
    shown = [mrkdwn(each, reader, limits.FIELD) for each in fields[: limits.FIELDS]]
    if len(fields) > limits.FIELDS:
        shown[-1] = mrkdwn(text("common.more", n=len(fields) - limits.FIELDS + 1), reader)
    return _with(
        {"type": "section"},
        text=mrkdwn(words, reader) if words is not None else None,
        fields=shown or None,
        accessory=accessory,
        block_id=block_id,
    )


def raw_section(escaped: str) -> Block:
    """Return a section of mrkdwn that is already escaped, such as a rendered runbook."""
    return {"type": "section", "text": raw_mrkdwn(escaped)}


def context(words: Sequence[Text], reader: Reader) -> Block:
    elements = [mrkdwn(each, reader, limits.CONTEXT) for each in words[: limits.CONTEXT_ELEMENTS]]
    if len(words) > limits.CONTEXT_ELEMENTS:
        elements[-1] = mrkdwn(text("common.more", n=len(words) - limits.CONTEXT_ELEMENTS + 1), reader)
    assert elements, "a context says something"
    return {"type": "context", "elements": elements}


def actions(elements: Sequence[Element], block_id: str | None = None) -> Block:
    """Return a row of at most 25 buttons or menus, each with an id of its own."""
    assert 0 < len(elements) <= limits.ACTIONS_ELEMENTS, "1 to 25 elements in a row of actions"
    return _with({"type": "actions"}, elements=list(elements), block_id=block_id)


def button(
    words: Text,
    reader: Reader,
    *,
    action_id: str,
    value: str | None = None,
    url: str | None = None,
    style: Style | None = None,
    confirmation: Element | None = None,
) -> Element:
    """Return a button. One with a URL sends a block action as well: it needs a listener."""
    return _with(
        {"type": "button", "text": plain(words, reader, limits.BUTTON), "action_id": checked(action_id)},
        value=value,
        url=safe_url(url) if url and len(url) <= limits.URL else None,
        style=style.value if style else None,
        confirm=confirmation,
    )


def confirm(
    title: Text, words: Text, reader: Reader, *, yes: Text, no: Text | None = None, style: Style | None = None
) -> Element:
    return _with(
        {
            "title": plain(title, reader, limits.CONFIRM_TITLE),
            "text": mrkdwn(words, reader, limits.CONFIRM_TEXT),
            "confirm": plain(yes, reader, limits.CONFIRM_BUTTON),
            "deny": plain(no or text("common.cancel"), reader, limits.CONFIRM_BUTTON),
        },
        style=style.value if style else None,
    )


def option(words: Text, reader: Reader, value: str, description: Text | None = None) -> Element:
    assert len(value) <= limits.OPTION_VALUE, "an option's value is an id of at most 150 characters"
    return _with(
        {"text": plain(words, reader, limits.OPTION), "value": value},
        description=plain(description, reader, limits.OPTION) if description else None,
    )


def select(
    options: Sequence[Element], placeholder: Text, reader: Reader, *, action_id: str, initial: Element | None = None
) -> Element:
    """Return a menu of the first 100 options. Where there can be more, use `external_select`."""
    assert options, "a menu without options cannot be sent: say in words that there are none"
    return _with(
        {
            "type": "static_select",
            "action_id": checked(action_id),
            "placeholder": plain(placeholder, reader, limits.PLACEHOLDER),
            "options": list(options[: limits.SELECT_OPTIONS]),
        },
        initial_option=initial,
    )


def external_select(
    placeholder: Text, reader: Reader, *, action_id: str, initial: Element | None = None, min_query_length: int = 0
) -> Element:
    """Return a menu whose options Baton answers while somebody types."""
    return _with(
        {
            "type": "external_select",
            "action_id": checked(action_id),
            "placeholder": plain(placeholder, reader, limits.PLACEHOLDER),
            "min_query_length": min_query_length,
        },
        initial_option=initial,
    )


def users_select(placeholder: Text, reader: Reader, *, action_id: str) -> Element:
    """Return a menu of the people of the workspace."""
    words = plain(placeholder, reader, limits.PLACEHOLDER)
    return {"type": "users_select", "action_id": checked(action_id), "placeholder": words}


def overflow(options: Sequence[Element], *, action_id: str) -> Element:
    return {"type": "overflow", "action_id": checked(action_id), "options": list(options[: limits.OVERFLOW_OPTIONS])}


def checkboxes(options: Sequence[Element], *, action_id: str, initial: Sequence[Element] = ()) -> Element:
    return _choices("checkboxes", options, action_id, initial_options=list(initial) or None)


def radio_buttons(options: Sequence[Element], *, action_id: str, initial: Element | None = None) -> Element:
    return _choices("radio_buttons", options, action_id, initial_option=initial)


def text_input(
    *,
    reader: Reader,
    action_id: str,
    placeholder: Text | None = None,
    initial: str | None = None,
    multiline: bool = False,
    max_length: int = 3000,
    focus: bool = False,
) -> Element:
    """Return a field for text. With the focus on one of a single line, Enter sends the form."""
    return _with(
        {"type": "plain_text_input", "action_id": checked(action_id), "max_length": max_length},
        multiline=multiline or None,
        focus_on_load=focus or None,
        placeholder=plain(placeholder, reader, limits.PLACEHOLDER) if placeholder else None,
        initial_value=limits.shorten(initial, max_length) if initial else None,
    )


def datetime_picker(*, action_id: str, initial: datetime | None = None) -> Element:
    """Return a picker of a day and a time, which its reader sees in their own zone."""
    at = int(initial.timestamp()) if initial else None
    return _with({"type": "datetimepicker", "action_id": checked(action_id)}, initial_date_time=at)


def date_picker(*, action_id: str) -> Element:
    """Return a picker of a day."""
    return {"type": "datepicker", "action_id": checked(action_id)}


def input_(
    label: Text,
    element: Element,
    reader: Reader,
    *,
    block_id: str,
    hint: Text | None = None,
    optional: bool = False,
    dispatch: bool = False,
) -> Block:
    """Return one field of a form; problems with it go back to `block_id`."""
    return _with(
        {
            "type": "input",
            "block_id": block_id,
            "label": plain(label, reader, limits.LABEL),
            "element": element,
        },
        optional=optional or None,
        dispatch_action=dispatch or None,
        hint=plain(hint, reader, limits.LABEL) if hint else None,
    )


def modal(
    title: Text,
    blocks: Sequence[Block],
    reader: Reader,
    *,
    callback_id: str,
    submit: Text | None = None,
    close: Text | None = None,
    private_metadata: str = "",
) -> dict[str, Any]:
    """Return a modal view. `private_metadata` is an opaque id: the client can read it."""
    assert len(private_metadata) <= limits.PRIVATE_METADATA
    return _with(
        {
            "type": "modal",
            "callback_id": checked(callback_id),
            "title": plain(title, reader, limits.VIEW_TITLE),
            "close": plain(close or text("common.close"), reader, limits.VIEW_TITLE),
            "blocks": fit(blocks, limits.VIEW_BLOCKS, reader),
        },
        submit=plain(submit, reader, limits.VIEW_TITLE) if submit else None,
        private_metadata=private_metadata or None,
    )


def home(blocks: Sequence[Block], reader: Reader) -> dict[str, Any]:
    return {"type": "home", "blocks": fit(blocks, limits.VIEW_BLOCKS, reader)}


def fit(blocks: Iterable[Block], limit: int, reader: Reader) -> list[Block]:
    """Return at most `limit` blocks; where some are left out, the last one says how many."""
    listed = list(blocks)
    if len(listed) <= limit:
        return listed
    return [*listed[: limit - 1], context([text("common.more", n=len(listed) - limit + 1)], reader)]


def message(blocks: Iterable[Block], reader: Reader) -> list[Block]:
    return fit(blocks, limits.MESSAGE_BLOCKS, reader)


def checked(action_id: str) -> str:
    """Return the id if it is `subject.verb`, where needed with a suffix that makes it unique: `run.approve:2`."""
    assert _ID.fullmatch(action_id), f"{action_id!r} is not subject.verb"
    assert len(action_id) <= limits.ACTION_ID
    return action_id


def _choices(kind: str, options: Sequence[Element], action_id: str, **initial: Any) -> Element:
    assert 0 < len(options) <= limits.CHOICES, "1 to 10 choices"
    return _with({"type": kind, "action_id": checked(action_id), "options": list(options)}, **initial)


def _with(element: Element, **optional: Any) -> Element:
    return element | {key: value for key, value in optional.items() if value is not None}

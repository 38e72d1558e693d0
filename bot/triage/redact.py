"""Take secrets out of text and JSON before anything is stored, shown or sent.

Hosts, names and counts stay: an alert without them helps nobody. One pass over a text tells which detectors may find
something in it; most messages need none. Work is linear in the length of the text.
"""

from collections.abc import Iterator
from typing import Any

import orjson

from bot.triage.lexicon import words
from bot.triage.prefilter import utf8
from bot.triage.secrets import JSON_SUSPECTS, SUSPECTS
from bot.triage.secrets.marker import mark
from bot.triage.secrets.names import is_secret_label

_DEEP = 60  # levels of JSON that are cleaned; Slack's own payloads need about fifteen
# Ids and enumerations that Slack itself writes. A tool chooses its block_id, action_id and colours: they are looked at.
_SLACKS_OWN = frozenset(
    words(
        """
        type, subtype, bot_id, user, ts, event_ts, channel, channel_type, app_id, team, team_id, thread_ts,
        parent_user_id
        """
    )
)
_SLACK_KEYS = _SLACKS_OWN | frozenset(
    words(
        """
        block_id, action_id, client_msg_id, color, style, text, attachments,
        blocks, elements, fields, fallback, title, title_link, value, short, id, username, icons,
        emoji, bot_profile, name, deleted, mrkdwn_in, verbatim, url, pretext, footer, footer_icon, message,
        previous_message, hidden, edited, rows, column_settings, is_wrapped, align, bold, actions, accessory,
        author_name, from_url, service_name, source, indent, border
        """
    )
)
_PASSES = 4  # secrets that run into each other show themselves one after another
_SHORT = 6  # no secret worth the name is shorter


def redact(text: str) -> str:
    """Return the text with each secret replaced by a marker such as `‹redacted:password›`. Idempotent."""
    if len(text) < _SHORT:
        return text
    for _ in range(_PASSES):
        cleaned = text
        for detector in SUSPECTS.may_be_in(utf8(text)):
            cleaned = detector.clean(cleaned)
        if cleaned == text:
            break
        text = cleaned
    return text


def redact_json(value: Any) -> Any:
    """Return the JSON value with its strings redacted, the same object if nothing in it looks like a secret.

    What stands under a secret's name, or beside a label such as `Password:`, goes whatever it looks like. Where
    something is redacted, what is nested deeper than anybody reads is cut off.
    """
    return _clean(value, 0) if _may_hold_secrets(value) else value


def _may_hold_secrets(value: Any) -> bool:
    """Look over the whole value at once, as JSON."""
    try:
        json = orjson.dumps(value)
    except TypeError:  # half of a surrogate pair, or too deep
        return True
    return b"\\u00" in json or bool(JSON_SUSPECTS.may_be_in(json))  # only control characters are escaped so


def _clean(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return redact(value)
    if depth > _DEEP:
        return None
    if isinstance(value, dict):
        return dict(_clean_items(value, depth))
    if isinstance(value, list):
        return list(_clean_list(value, depth))
    return value


def _clean_items(value: dict[Any, Any], depth: int) -> Iterator[tuple[Any, Any]]:
    title = value.get("title")
    hides = isinstance(title, str) and is_secret_label(title)
    for key, item in value.items():
        if key in _SLACKS_OWN and isinstance(item, str):
            yield key, item
            continue
        is_foreign = isinstance(key, str) and key not in _SLACK_KEYS  # none of Slack's keys names a secret
        is_secret = (is_foreign and is_secret_label(key)) or (hides and key == "value")
        clean_key = redact(key) if is_foreign else key
        if is_secret and isinstance(item, str | int) and item not in {"", True, False}:
            yield clean_key, mark("secret")
        else:
            yield clean_key, _clean(item, depth + 1)


def _clean_list(value: list[Any], depth: int) -> Iterator[Any]:
    """Clean in order: an element that is only a secret's label hides the text of the next one."""
    hides = False
    for item in value:
        text = item.get("text") if isinstance(item, dict) else item
        if hides and isinstance(text, str) and text.strip():
            item = {**item, "text": mark("secret")} if isinstance(item, dict) else mark("secret")  # noqa: PLW2901 - the hidden item takes its place
            hides = False
        elif isinstance(text, str) and text.strip():
            hides = is_secret_label(text)
        yield _clean(item, depth + 1)

"""Take secrets out of text and JSON before anything is stored, shown or sent.

Hosts, names and counts stay: an alert without them helps nobody. Every detector has cheap hints that are looked for
first, so that a clean message costs little; work is linear in the length of the text.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.triage.lexicon import words
from bot.triage.marker import mark
from bot.triage.named_secrets import has_name, lowered
from bot.triage.secret_names import is_secret_label
from bot.triage.secret_values import DETECTORS, Detector

_DEEP = 60  # levels of JSON that are kept; Slack's own payloads need about fifteen
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
    return _redact(text, DETECTORS)


def _redact(text: str, detectors: Iterable[Detector]) -> str:
    if len(text) < _SHORT:
        return text
    for _ in range(_PASSES):
        cleaned = _once(text, detectors)
        if cleaned == text:
            return text
        text = cleaned
    return text


def _once(text: str, detectors: Iterable[Detector]) -> str:
    low = lowered(text)
    for detector in detectors:
        if detector.may_be_in(low):
            text = detector.clean(text)
    return text


def redact_json(value: Any) -> Any:
    """Return the JSON value with its strings redacted, the same object if there is nothing to redact.

    What stands under a secret's name, or beside a label such as `Password:`, goes whatever it looks like.
    """
    return scrub(value)[0]


def scrub(value: Any) -> tuple[Any, bool]:
    """Return the redacted JSON value, and whether a secret or only the name of one was in it."""
    leaves, is_deep = _leaves(value)
    leaves = list(dict.fromkeys(leaves))  # fallbacks and edits repeat what was said
    together = "\n".join(leaves)
    low = lowered(together)
    suspected = [detector for detector in DETECTORS if detector.may_be_in(low)]
    has_one = _holds_one(together, suspected)
    names_one = has_one or has_name(low)
    has_one = has_one or (names_one and any(map(is_secret_label, leaves)))
    if is_deep:
        return _clean(value, 0, DETECTORS), names_one  # there is more in it than was looked at
    return (_clean(value, 0, suspected) if has_one else value), names_one


def _holds_one(text: str, detectors: Iterable[Detector]) -> bool:
    for detector in detectors:  # noqa: SIM110 - a plain loop: this runs for every message
        if detector.holds(text):
            return True
    return False


def _leaves(value: Any) -> tuple[list[str], bool]:
    """Return every string that can hold a secret, and whether the value is nested too deep to be kept."""
    found: list[str] = []
    level = [value]
    for _ in range(_DEEP):
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                _look_into(item, found, below)
            elif isinstance(item, list):
                below += item
            elif isinstance(item, str):
                found.append(item)
        if not below:
            return found, False
        level = below
    return found, True


def _look_into(item: dict[Any, Any], found: list[str], below: list[Any]) -> None:
    for key, child in item.items():
        if isinstance(child, str):
            if key not in _SLACKS_OWN:
                found.append(child)
        elif isinstance(child, dict | list):
            below.append(child)
        if key not in _SLACK_KEYS:
            found.append(str(key))


def _clean(value: Any, depth: int, detectors: Sequence[Detector]) -> Any:
    if isinstance(value, str):
        return _redact(value, detectors)
    if depth > _DEEP:
        return None
    if isinstance(value, dict):
        return dict(_clean_items(value, depth, detectors))
    if isinstance(value, list):
        return _clean_list(value, depth, detectors)
    return value


def _clean_items(value: dict[Any, Any], depth: int, detectors: Sequence[Detector]) -> Iterator[tuple[Any, Any]]:
    title = value.get("title")
    hides = isinstance(title, str) and is_secret_label(title)
    for key, item in value.items():
        if key in _SLACKS_OWN and isinstance(item, str):
            yield key, item
            continue
        is_foreign = isinstance(key, str) and key not in _SLACK_KEYS  # none of Slack's keys names a secret
        is_secret = (is_foreign and is_secret_label(key)) or (hides and key == "value")
        clean_key = _redact(key, detectors) if is_foreign else key
        if is_secret and isinstance(item, str | int) and item not in {"", True, False}:
            yield clean_key, mark("secret")
        else:
            yield clean_key, _clean(item, depth + 1, detectors)


def _clean_list(value: list[Any], depth: int, detectors: Sequence[Detector]) -> list[Any]:
    """Clean in order: an element that is only a secret's label hides the text of the next one."""
    cleaned = []
    hides = False
    for item in value:
        text = item.get("text") if isinstance(item, dict) else item
        if hides and isinstance(text, str) and text.strip():
            item = {**item, "text": mark("secret")} if isinstance(item, dict) else mark("secret")  # noqa: PLW2901 - the hidden item takes its place
            hides = False
        elif isinstance(text, str) and text.strip():
            hides = is_secret_label(text)
        cleaned.append(_clean(item, depth + 1, detectors))
    return cleaned

"""Take secrets out of text and JSON before anything is stored, shown or sent.

Hosts, names and counts stay: an alert without them helps nobody. Every detector has cheap hints that are looked for
first, so that a clean message costs little; work is linear in the length of the text.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.triage.marker import mark
from bot.triage.secret_names import is_secret_label
from bot.triage.secret_values import DETECTORS, Detector, lowered

_DEEP = 60  # levels of JSON that are kept; Slack's own payloads need about fifteen
_SHORT = 6  # no secret worth the name is shorter


def redact(text: str) -> str:
    """Return the text with each secret replaced by a marker such as `‹redacted:password›`. Idempotent."""
    if len(text) < _SHORT:
        return text
    low = lowered(text)
    for detector in DETECTORS:
        if detector.may_be_in(low):
            text = detector.clean(text)
    return text


def redact_json(value: Any) -> Any:
    """Return the JSON value with its strings redacted, the same object if there is nothing to redact.

    What stands under a secret's name, or beside a label such as `Password:`, goes whatever it looks like.
    """
    leaves, is_deep = _leaves(value)
    low = lowered("\n".join(leaves))
    active = tuple(detector for detector in DETECTORS if detector.may_be_in(low))
    if not active and not is_deep:
        return value
    return _clean(value, active, 0)


def _leaves(value: Any) -> tuple[list[str], bool]:
    found: list[str] = []
    waiting: list[tuple[Any, int]] = [(value, 0)]
    is_deep = False
    while waiting:
        item, depth = waiting.pop()
        if isinstance(item, str):
            found.append(item)
        elif depth > _DEEP:
            is_deep = True
        elif isinstance(item, Mapping):
            found.extend(key for key in item if isinstance(key, str))
            waiting.extend((child, depth + 1) for child in item.values())
        elif isinstance(item, list | tuple):
            waiting.extend((child, depth + 1) for child in item)
    return found, is_deep


def _clean(value: Any, active: tuple[Detector, ...], depth: int) -> Any:
    if isinstance(value, str):
        return _clean_text(value, active)
    if depth > _DEEP:
        return None
    if isinstance(value, Mapping):
        return dict(_clean_items(value, active, depth))
    if isinstance(value, list | tuple):
        return _clean_list(value, active, depth)
    return value


def _clean_text(text: str, active: tuple[Detector, ...]) -> str:
    if len(text) < _SHORT:
        return text
    low = lowered(text)
    for detector in active:
        if detector.may_be_in(low):
            text = detector.clean(text)
    return text


def _clean_items(value: Mapping[Any, Any], active: tuple[Detector, ...], depth: int) -> Iterator[tuple[Any, Any]]:
    title = value.get("title")
    hides = isinstance(title, str) and is_secret_label(title)
    for key, item in value.items():
        is_secret = (isinstance(key, str) and is_secret_label(key)) or (hides and key == "value")
        clean_key = _clean_text(key, active) if isinstance(key, str) else key
        if is_secret and isinstance(item, str | int) and item not in {"", True, False}:
            yield clean_key, mark("secret")
        else:
            yield clean_key, _clean(item, active, depth + 1)


def _clean_list(value: list[Any] | tuple[Any, ...], active: tuple[Detector, ...], depth: int) -> list[Any]:
    """Clean in order: an element that is only a secret's label hides the text of the next one."""
    cleaned = []
    hides = False
    for item in value:
        text = item.get("text") if isinstance(item, Mapping) else item
        if hides and isinstance(text, str) and text.strip():
            item = {**item, "text": mark("secret")} if isinstance(item, Mapping) else mark("secret")  # noqa: PLW2901 - the hidden item takes its place
            hides = False
        elif isinstance(text, str) and text.strip():
            hides = is_secret_label(text)
        cleaned.append(_clean(item, active, depth + 1))
    return cleaned

"""Arguments of a Web API call, as they come: form fields, JSON bodies, or JSON within form fields."""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from sandbox.slack.errors import SlackError
from sandbox.slack.people import Json

MOST_ITEMS = 1000
T = TypeVar("T")


class Args:
    """Typed access; what is missing or malformed raises the SlackError that Slack would answer."""

    def __init__(self, given: Json) -> None:
        self.given = given

    def has(self, key: str) -> bool:
        return self.given.get(key) is not None

    def text(self, key: str, default: str = "") -> str:
        value = self.given.get(key)
        return default if value is None else str(value)

    def need(self, key: str) -> str:
        value = self.text(key)
        if not value:
            raise SlackError("invalid_arguments", f"missing required field: {key}")
        return value

    def json(self, key: str, error: str) -> Any:
        """A structure, also when it came as a JSON string; None when absent."""
        value = self.given.get(key)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise SlackError(error) from None

    def flag(self, key: str, *, default: bool = False) -> bool:
        value = self.given.get(key)
        if value is None:
            return default
        return value in {True, "1", "true", "True"}

    def number(self, key: str, default: int) -> int:
        try:
            return int(self.given.get(key) or default)
        except (TypeError, ValueError):
            raise SlackError("invalid_arguments", f"must be an integer [json-pointer:/{key}]") from None

    def names(self, key: str) -> list[str]:
        """A list that may come as a JSON array or separated by commas."""
        value = self.given.get(key)
        if isinstance(value, list):
            return [str(item) for item in value]
        return [part.strip() for part in str(value or "").split(",") if part.strip()]

    def page(self, items: Sequence[T], default: int = 100) -> tuple[list[T], str]:
        """The page that `cursor` and `limit` ask for, and the cursor of the next one ("" at the end)."""
        limit = self.number("limit", default)
        if not 0 < limit <= MOST_ITEMS:
            raise SlackError("invalid_limit")
        start = _offset(self.text("cursor"))
        end = start + limit
        after = base64.b64encode(f"next:{end}".encode()).decode() if end < len(items) else ""
        return list(items[start:end]), after


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
        if word == "next":
            return int(number)
    except (binascii.Error, ValueError):
        pass
    raise SlackError("invalid_cursor")


def parse_body(content_type: str, body: bytes) -> Json:
    """The arguments in a request body; raises SlackError for JSON that is none or no object."""
    if not content_type.startswith("application/json"):
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    try:
        given = json.loads(body or b"{}")
    except ValueError:
        raise SlackError("invalid_json") from None
    if not isinstance(given, dict):
        raise SlackError("json_not_object")
    return given

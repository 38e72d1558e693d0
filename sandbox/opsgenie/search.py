"""Opsgenie's alert search, the part that is used: `status: open AND (tag: etl OR priority: P1)`, dates in ms."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from sandbox.opsgenie.alerts import Alert

Test = Callable[[Alert], bool]
TOKEN: Final = re.compile(r'\s*(?:(\()|(\))|"([^"]*)"|(<=|>=|<|>|:|=)|([^\s()":<>=]+))')


class BadQuery(Exception):
    """The text is not a query."""


def query(text: str, now: datetime) -> Test:
    """What the query says about one alert; raises BadQuery."""
    reader = _Reader(_tokens(text), now)
    if reader.peek() is None:
        return lambda _: True
    test = reader.either()
    if reader.peek() is not None:
        raise BadQuery(f"unexpected {reader.peek()!r}")
    return test


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = TOKEN.match(text, at)
        if match is None:
            raise BadQuery(f"unexpected {text[at:]!r}")
        found.append(next(part for part in match.groups() if part is not None))
        at = match.end()
    return found


class _Reader:
    """Reads `or` over `and` over `not` over one condition or a group in brackets."""

    def __init__(self, tokens: list[str], now: datetime) -> None:
        self._tokens = tokens
        self._at = 0
        self._now = now

    def peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _take(self) -> str:
        token = self.peek()
        if token is None:
            raise BadQuery("the query ends too early")
        self._at += 1
        return token

    def either(self) -> Test:
        tests = [self._all()]
        while (self.peek() or "").upper() == "OR":
            self._take()
            tests.append(self._all())
        return lambda alert: any(test(alert) for test in tests)

    def _all(self) -> Test:
        tests = [self._not()]
        while (token := self.peek()) is not None and token != ")" and token.upper() != "OR":
            if token.upper() == "AND":
                self._take()
            tests.append(self._not())
        return lambda alert: all(test(alert) for test in tests)

    def _not(self) -> Test:
        if (self.peek() or "").upper() == "NOT":
            self._take()
            test = self._not()
            return lambda alert: not test(alert)
        if self.peek() == "(":
            return self._group(self.either)
        return self._condition()

    def _group(self, inside: Callable[[], Test]) -> Test:
        self._take()
        test = inside()
        if self._take() != ")":
            raise BadQuery("a bracket is not closed")
        return test

    def _condition(self) -> Test:
        name = self._take()
        if self.peek() not in (":", "=", "<", ">", "<=", ">="):
            return lambda alert: name.lower() in alert.message.lower()
        sign = self._take()
        if name not in FIELDS:
            raise BadQuery(f"no field {name!r}")
        if self.peek() == "(":
            return self._group(lambda: self._values(name))
        return _condition(name, sign, self._take(), self._now)

    def _values(self, name: str) -> Test:
        tests = [_condition(name, ":", self._take(), self._now)]
        while (self.peek() or "").upper() == "OR":
            self._take()
            tests.append(_condition(name, ":", self._take(), self._now))
        return lambda alert: any(test(alert) for test in tests)


def _condition(name: str, sign: str, value: str, now: datetime) -> Test:
    value_of = FIELDS[name]
    if name in NUMBERS:
        if not value.lstrip("-").isdigit():
            raise BadQuery(f"{name} needs a number, not {value!r}")
        number = int(value)
        return lambda alert: COMPARE[sign]((value_of(alert, now) or 0), number)
    if sign not in (":", "="):
        raise BadQuery(f"{name} cannot be compared by {sign}")
    return lambda alert: _fits(value_of(alert, now), value)


def _fits(held: Any, value: str) -> bool:
    """A list holds it; `*` at the end matches what begins so; a message matches by a part."""
    if isinstance(held, list):
        return any(_fits(one, value) for one in held)
    text = str(held).lower()
    if value.endswith("*"):
        return text.startswith(value[:-1].lower())
    return text == value.lower() or (isinstance(held, _Message) and value.lower() in text)


class _Message(str):
    __slots__ = ()


def is_snoozed(alert: Alert, now: datetime) -> bool:
    return alert.snoozed_until is not None and alert.snoozed_until > now


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp() * 1000)


NUMBERS: Final = frozenset({"createdAt", "updatedAt", "lastOccurredAt", "snoozedUntil", "count"})
COMPARE: Final[dict[str, Callable[[int, int], bool]]] = {
    ":": lambda a, b: a == b,
    "=": lambda a, b: a == b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}
FIELDS: Final[dict[str, Callable[[Alert, datetime], Any]]] = {
    "status": lambda alert, _: alert.status,
    "acknowledged": lambda alert, _: str(alert.acknowledged),
    "isSeen": lambda alert, _: str(alert.seen),
    "snoozed": lambda alert, now: str(is_snoozed(alert, now)),
    "alias": lambda alert, _: alert.alias if alert.status == "open" else "",
    "tinyId": lambda alert, _: alert.tiny_id,
    "message": lambda alert, _: _Message(alert.message),
    "description": lambda alert, _: _Message(alert.description),
    "entity": lambda alert, _: alert.entity,
    "source": lambda alert, _: alert.source,
    "owner": lambda alert, _: alert.owner,
    "priority": lambda alert, _: alert.priority,
    "tag": lambda alert, _: alert.tags,
    "tags": lambda alert, _: alert.tags,
    "teams": lambda alert, _: [r.get("name", "") for r in alert.responders if r.get("type") == "team"],
    "responders": lambda alert, _: [r.get("username") or r.get("name") or "" for r in alert.responders],
    "count": lambda alert, _: alert.count,
    "createdAt": lambda alert, _: _ms(alert.created_at),
    "updatedAt": lambda alert, _: _ms(alert.updated_at),
    "lastOccurredAt": lambda alert, _: _ms(alert.last_occurred_at),
    "snoozedUntil": lambda alert, _: _ms(alert.snoozed_until),
}

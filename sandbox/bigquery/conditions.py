"""IAM conditions, as far as they say until when: comparisons of `request.time`, joined by `&&`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.bigquery.errors import invalid

_CLAUSE = re.compile(r"request\.time\s*(<=|>=|<|>)\s*timestamp\(\s*[\"']([^\"']+)[\"']\s*\)")
_COMPARE: dict[str, Callable[[datetime, datetime], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def check(condition: Any) -> None:
    """Refuse what is no condition, or one that cannot be told here."""
    if (
        not isinstance(condition, dict)
        or not condition.get("title")
        or not isinstance(condition.get("expression"), str)
    ):
        raise invalid("Invalid condition: a title and an expression are required.")
    _clauses(condition["expression"])


def holds(condition: dict[str, Any] | None, now: datetime) -> bool:
    """Whether it is true at `now`; an entry without a condition always counts."""
    return condition is None or all(_COMPARE[sign](now, at) for sign, at in _clauses(condition["expression"]))


def _clauses(expression: str) -> list[tuple[str, datetime]]:
    return [_clause(part.strip()) for part in expression.split("&&")]


def _clause(written: str) -> tuple[str, datetime]:
    found = _CLAUSE.fullmatch(written)
    if not found:
        raise invalid(f"Invalid expression in condition: {written!r} (the sandbox understands request.time alone).")
    try:
        moment = datetime.fromisoformat(found[2])
    except ValueError as error:
        raise invalid(f"Invalid expression in condition: {found[2]!r} is no timestamp.") from error
    if moment.tzinfo is None:
        raise invalid(f"Invalid expression in condition: {found[2]!r} has no zone.")
    return found[1], moment

"""Whether a part of the policy speaks about a request. Pure.

A rule that allows must speak of all that is touched; one that forbids, protects or freezes, of any part of it.
"""

from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from bot.config.scope import Effect, Scope
from bot.operations.facts import Subject


def speaks_of(scope: Scope, operation: str, effect: str) -> bool:
    """Tell whether the scope means this operation; without operations and effects it means all but Baton's records."""
    if not (scope.operation or scope.effect):
        return effect != Effect.KEEPS_RECORDS
    return operation in scope.operation or effect in scope.effect


def covers(scope: Scope, subject: Subject) -> bool:
    """Tell whether the scope's targets mean all that is touched, under one kind of its names or by a tag of it."""
    if not scope.target:
        return True
    names = tuple(_names(subject))
    kinds = {_kind(name) for name in names}
    wholly = any(all(_means(scope, name) for name in names if _kind(name) == kind) for kind in kinds)
    return wholly or any(_means(scope, f"tag:{tag}") for tag in subject.tags)


def touches(scope: Scope, subject: Subject) -> str | None:
    """Return the name under which the scope means some part of what is touched, "" where it means anything."""
    if not scope.target:
        return ""
    names = (*_names(subject), *(f"tag:{tag}" for tag in sorted(subject.tags)))
    return next((name for name in names if _means(scope, name) or _means_a_table_of(scope, name)), None)


def _names(subject: Subject) -> Iterator[str]:
    """Yield every name of what is touched: what is said of a dataset is said of its tables."""
    yield from subject.targets
    for table in subject.targets:
        if _kind(table) == "table":
            yield f"dataset:{table.partition(':')[2].rpartition('.')[0]}"


def _kind(name: str) -> str:
    return name.partition(":")[0]


def _means(scope: Scope, name: str) -> bool:
    return _matches(name, scope.target)


def _means_a_table_of(scope: Scope, name: str) -> bool:
    """Tell whether a dataset may contain a table that the scope means: who has the one has the other."""
    kind, _, dataset = name.partition(":")
    return kind == "dataset" and any(_may_match_in(f"table:{dataset}.", pattern) for pattern in scope.target)


def _may_match_in(start: str, pattern: str) -> bool:
    """Tell whether the pattern may mean a name that begins so and goes on without a dot.

    Some first part of it then matches the start, and the rest asks for no dot; of a rest in brackets it is assumed.
    """
    parts = ((pattern[:n], pattern[n:]) for n in range(1, len(pattern) + 1))
    return any(fnmatchcase(start, first) and "." not in rest.partition("[")[0] for first, rest in parts)


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)

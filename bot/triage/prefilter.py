"""Tell in one pass over a text which of many patterns may match it.

RE2 makes one automaton of all patterns: its time is linear in the text and hardly grows with their number. It knows no
look-around, so a pattern says what a match must at least hold, and an exact search follows where it agrees.
"""

import re
from collections.abc import Iterable
from typing import Generic, TypeVar

import re2

_T = TypeVar("_T")
_MEMORY = 64 << 20  # bytes that the automaton may take; its states are made when a text needs them


class Prefilter(Generic[_T]):
    """Things, each with the RE2 pattern without which it is not in a text."""

    def __init__(self, patterns: Iterable[tuple[_T, str]]) -> None:
        listed = tuple(patterns)
        self._things = tuple(thing for thing, _ in listed)
        options = re2.Options()
        options.max_mem = _MEMORY
        options.log_errors = False
        self._set = re2.Set.SearchSet(options)
        for _, pattern in listed:
            self._set.Add(pattern)
        self._set.Add("")  # it is in every text: where even this is not found, RE2 gave up
        self._set.Compile()

    def may_be_in(self, text: bytes) -> tuple[_T, ...]:
        """Return the things that UTF-8 text may hold, in their order; all of them where RE2 cannot tell."""
        found = self._set.Match(text)
        if len(found) == 1:
            return ()
        if not found:
            return self._things
        return tuple(self._things[number] for number in sorted(found)[:-1])


def utf8(text: str) -> bytes:
    """Return the text for a prefilter; halves of surrogate pairs, which JSON can carry, become question marks."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace")


def loosened(pattern: str) -> str:
    """Return the pattern without upper bounds of repetitions: RE2's automaton of it is far smaller."""
    return re.sub(r"\{(\d+),\d+\}", r"{\1,}", pattern)

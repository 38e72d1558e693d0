"""Say quickly that a text holds nothing of what is looked for.

RE2 makes one automaton of all patterns: its time is linear in the text and hardly grows with their number. It knows no
look-around, so what it finds is looked at again with the exact pattern; mostly it finds nothing.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

import re2

_T = TypeVar("_T")
_MEMORY = 16 << 20  # bytes that an automaton may take; its states are made when a text needs them
SPACES = r"\s\x0b\x1c-\x1f\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}"
"""Python's white space, for a class of an RE2 pattern."""
_CLASSES = {"w": r"\pL\pN_", "d": r"\p{Nd}", "s": SPACES}  # what Python means by them; RE2's own are ASCII
_PART = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?<?[=!]|\(|\)|\{\d*,\d+\}|[\^$]|.", re.DOTALL)


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
        self._nothing = [self._set.Add("")]  # it is in every text: where even this is not found, RE2 gave up
        self._set.Compile()

    def may_be_in(self, text: bytes) -> tuple[_T, ...]:
        """Return the things that UTF-8 text may hold, in their order; all of them where RE2 cannot tell."""
        found = self._set.Match(text)
        if found == self._nothing:
            return ()
        if not found:
            return self._things
        return tuple(self._things[number] for number in sorted(found)[:-1])


class Finder:
    """A Python pattern that is looked for only where RE2 finds what it must at least hold."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.exact = re.compile(pattern, flags)
        self._may_be_in = Prefilter([(self.exact, loosened(pattern, flags))]).may_be_in

    def search(self, text: str) -> re.Match[str] | None:
        return self.exact.search(text) if self._may_be_in(utf8(text)) else None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        return self.exact.fullmatch(text) if self._may_be_in(utf8(text)) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        return self.exact.finditer(text) if self._may_be_in(utf8(text)) else iter(())

    def sub(self, replacement: str, text: str) -> str:
        return self.exact.sub(replacement, text) if self._may_be_in(utf8(text)) else text


def utf8(text: str) -> bytes:
    """Return the text for a prefilter; halves of surrogate pairs, which JSON can carry, become question marks."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace")


def loosened(pattern: str, flags: int = 0) -> str:
    """Return an RE2 pattern that matches wherever the Python pattern does, and in a few places more.

    Anchors, look-around and upper bounds of repetitions, of which RE2's automaton would become large, are left out.
    """
    kept: list[str] = []
    looking = depth = 0  # how many brackets are open, and how many were where a look-around began
    for part in _PART.findall(pattern):
        if part[0] == "(":
            depth += 1
            looking = looking or (depth if part[1:].startswith(("?=", "?!", "?<=", "?<!")) else 0)
        if not looking:
            kept.append(_loose(part))
        if part == ")":
            looking = 0 if looking == depth else looking
            depth -= 1
    return ("(?is)" if flags & re.IGNORECASE else "(?s)") + "".join(kept)


def _loose(part: str) -> str:
    if part in {"^", "$", r"\b", r"\B", r"\Z", r"\A"}:
        return ""
    if part[0] == "[":
        return "." if re.search(r"\\[WDS]", part) else re.sub(r"\\([wds])", lambda m: _CLASSES[m[1]], part)
    if part[0] == "{" and "," in part:
        return part.partition(",")[0].replace("{", "{0" if part[1] == "," else "{") + ",}"
    return f"[{_CLASSES[part[1]]}]" if part in {r"\w", r"\d", r"\s"} else part

"""Patterns and templates that teams write themselves: linear in time, checked when they are loaded.

Patterns are RE2's: whatever a pattern says, its time grows with the text and no faster. Templates are `{name}` in plain
text.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

import re2

_NAMED = re.compile(r"\(\?P?<(\w+)>")


class WrongPattern(ValueError):
    """A pattern or template cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern; `names` are its named captures."""

    written: str
    names: tuple[str, ...]
    compiled: Any  # RE2's own type has no stubs

    def captures(self, text: str) -> Mapping[str, str] | None:
        """Return what each name captured, "" where its part was not there; None where the pattern is not found."""
        match = self.compiled.search(text)
        return None if match is None else {name: match[name] or "" for name in self.names}


def pattern(written: str) -> Pattern:
    """Return the pattern, in NFC as the text that it is looked for in. Raises WrongPattern."""
    options = re2.Options()
    options.log_errors = False
    try:
        compiled = re2.compile(unicodedata.normalize("NFC", written), options)
    except (re2.error, UnicodeEncodeError) as error:
        raise WrongPattern(_reason(error)) from None
    return Pattern(written, tuple(compiled.groupindex), compiled)


def name_taken_twice(written: str) -> str:
    """Return a name that two captures of the pattern have, of which RE2 would only look at the first; or nothing."""
    names = _NAMED.findall(written)
    return next((name for name in names if names.count(name) > 1), "")


@dataclass(frozen=True, slots=True)
class Template:
    """Text with captures in it, as (text before, name) pairs."""

    written: str
    parts: tuple[tuple[str, str], ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for _, name in self.parts if name)

    def filled(self, captures: Mapping[str, str]) -> str:
        return "".join(before + captures.get(name, "") for before, name in self.parts)


def template(written: str) -> Template:
    """Return the template. Raises WrongPattern for anything in braces that is no name; `{{` is a brace."""
    try:
        parsed = list(Formatter().parse(written))
    except ValueError as error:
        raise WrongPattern(str(error)) from None
    for _, name, form, conversion in parsed:
        if name is not None and (not name.isidentifier() or form or conversion):
            raise WrongPattern(f"{{{name}}} is not the name of a capture")
    return Template(written, tuple((before, name or "") for before, name, *_ in parsed))


def _reason(error: Exception) -> str:
    reason = error.args[0] if error.args else ""
    return reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(error)

"""What takes one kind of secret out of a text."""

from collections.abc import Callable
from dataclasses import dataclass

# Python's white space for RE2 patterns, also as JSON writes it: RE2's own `\s` is ASCII.
SPACE = r"(?:[\s\x0b\x1c-\x1f\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]|\\[nrt])"


@dataclass(frozen=True, slots=True)
class Detector:
    """`clean` replaces each secret of one kind by a marker; it changes only texts in which RE2 finds `needs`."""

    needs: str
    clean: Callable[[str], str]

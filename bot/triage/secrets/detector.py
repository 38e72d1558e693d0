"""What takes one kind of secret out of a text."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.triage.prefilter import SPACES

# Python's white space for RE2 patterns, also as JSON writes it: RE2's own `\s` is ASCII.
SPACE = rf"(?:[{SPACES}]|\\[nrt])"


@dataclass(frozen=True, slots=True)
class Detector:
    """`clean` replaces each secret of one kind by a marker; it changes only texts in which RE2 finds `needs`."""

    needs: str
    clean: Callable[[str], str]

"""What joins cards, notes, timeline, audit and runs to the thing that they are about."""

import random
from dataclasses import dataclass
from datetime import datetime
from typing import Self

_RANDOM_BITS = 52
_RANDOM = random.Random()  # noqa: S311 - it tells ids apart, it guards nothing; seeded by the system, by nobody else


@dataclass(frozen=True, slots=True)
class Ref:
    """A thing of Baton's by kind and id, written `incident:01k…`."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> Self:
        kind, _, key = text.partition(":")
        if not kind or not key:
            raise ValueError(f"not a reference: {text!r}")
        return cls(kind, key)


def new_id(now: datetime) -> str:
    """Return a text id of 24 hexadecimal digits that sorts by time (milliseconds) and is random after that."""
    return f"{int(now.timestamp() * 1000):011x}{_RANDOM.getrandbits(_RANDOM_BITS):013x}"

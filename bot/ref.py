"""What joins cards, notes, timeline, audit and runs to the thing that they are about."""

import random
from dataclasses import dataclass
from datetime import datetime
from typing import Self

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base32: no i, l, o, u
_RANDOM_BITS = 50
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
    """Return a text id of 20 characters that sorts by time (milliseconds) and is random after that."""
    value = (int(now.timestamp() * 1000) << _RANDOM_BITS) | random.getrandbits(_RANDOM_BITS)
    return "".join(_ALPHABET[(value >> shift) & 31] for shift in range(95, -1, -5))

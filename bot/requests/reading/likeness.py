"""How much a message is like those by which colleagues asked, and for what: what the words of the rules do not know.

Logistic regressions over the parts of words and the runs of words in a message: one for whether it asks, one for the
kind of what it asks for. Their weights are in `likeness.json`, made from the labelled messages of `tests/data/requests`
by `python -m benchmarks.likeness`.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from bot.requests.kind import Kind

_ADDRESS = re.compile(r"\b(?:https?://\S+|link\b)")
_MENTION = re.compile(r"@[\w.-]+")
_NAME = re.compile(r"[a-z0-9]+[_.][a-z0-9_.]+")
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"\w+|[^\w\s]")
_SPOKEN = re.compile(r"\w+|[?!.]")
_PARTS, _RUNS = range(2, 6), range(1, 4)  # how many characters of a word, how many words in a row


@dataclass(frozen=True, slots=True)
class _Weights:
    bias: float
    grams: Mapping[str, float]

    def of(self, found: frozenset[str]) -> float:
        return self.bias + sum(self.grams.get(gram, 0.0) for gram in found)


@dataclass(frozen=True, slots=True)
class _Model:
    asks: _Weights
    kinds: Mapping[Kind, _Weights]


def likeness(text: str) -> float:
    """Return from 0 to 1 how like a request a message is, what its writer says as `plain` gives it."""
    return 1 / (1 + math.exp(-_model().asks.of(grams(text))))


def likeliest(text: str) -> Kind:
    """Return what a message asks for most likely, when it asks for something."""
    found = grams(text)
    kinds = _model().kinds
    return max(kinds, key=lambda kind: kinds[kind].of(found))


def grams(text: str) -> frozenset[str]:
    """Return what the message is compared by; names, numbers and addresses are one sign each."""
    said = _NUMBER.sub("0", _NAME.sub("_", _MENTION.sub("@", _ADDRESS.sub("/", text))))
    return frozenset((*_parts(said), *_runs(said)))


def _parts(said: str) -> Iterator[str]:
    for word in set(_WORD.findall(said)):
        framed = f" {word} "
        for length in _PARTS:
            yield from (framed[at : at + length] for at in range(len(framed) - length + 1))


def _runs(said: str) -> Iterator[str]:
    words = ["^", *_SPOKEN.findall(said), "$"]
    for length in _RUNS:
        yield from ("|".join((*words[at : at + length], "")) for at in range(len(words) - length + 1))


@lru_cache(maxsize=1)
def _model() -> _Model:
    written = json.loads(files(__package__).joinpath("likeness.json").read_text("utf-8"))
    return _Model(_weights(written["asks"]), {Kind(kind): _weights(each) for kind, each in written["kinds"].items()})


def _weights(written: Mapping[str, Any]) -> _Weights:
    return _Weights(written["bias"], written["weights"])


def forget() -> None:
    """Read the weights again before they are used next."""
    _model.cache_clear()

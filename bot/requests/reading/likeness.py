"""How much a message is like those by which colleagues asked: what the words of the rules do not know.

A logistic regression over the parts of words and the runs of words in a message. Its weights are in `likeness.json`,
made from the labelled messages of `tests/data/requests` by `python -m benchmarks.likeness`.
"""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_ADDRESS = re.compile(r"\b(?:https?://\S+|link\b)")
_MENTION = re.compile(r"@[\w.-]+")
_NAME = re.compile(r"[a-z0-9]+[_.][a-z0-9_.]+")
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"\w+|[^\w\s]")
_SPOKEN = re.compile(r"\w+|[?!.]")
_PARTS, _RUNS = range(2, 6), range(1, 4)  # how many characters of a word, how many words in a row


@dataclass(frozen=True, slots=True)
class _Model:
    bias: float
    weights: Mapping[str, float]


def likeness(text: str) -> float:
    """Return from 0 to 1 how like a request a message is, what its writer says as `plain` gives it."""
    model = _model()
    return 1 / (1 + math.exp(-model.bias - sum(model.weights.get(gram, 0.0) for gram in grams(text))))


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
    return _Model(written["bias"], written["weights"])


def forget() -> None:
    """Read the weights again before they are used next."""
    _model.cache_clear()

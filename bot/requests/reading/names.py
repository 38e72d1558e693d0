"""Finds the names that are known here in a text: with spaces or hyphens for `_`, with particles after them.

Words are looked up, so the time does not grow with the number of names.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import pairwise

from bot.requests.reading.model import Vocabulary

_WORD = re.compile(r"[a-z0-9]+|[가-힣]+")
_IN_HANGUL = {"마트": "mart", "스냅샷": "snapshot", "스냅": "snapshot", "로그": "log", "데일리": "daily"}
_JOINS = frozenset({" ", "_", "-", ".", ":"})
_MOST_WORDS = 12  # of one name
_INSIDE = frozenset("_-.:")
_FULL = re.compile(
    r"(?<![\w.-])([a-z][a-z0-9-]{1,40}\.[a-z0-9_]{1,120})(?:\.([a-z0-9_]{1,120}))?(?![\w-])", re.ASCII | re.IGNORECASE
)

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Names:
    """What is named, each once and in order; `tables` are `project.dataset.table`."""

    loads: tuple[str, ...] = ()
    dags: tuple[str, ...] = ()
    datasets: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.loads or self.dags or self.datasets or self.tables)


@dataclass(frozen=True, slots=True)
class _Book:
    """What is called by which words."""

    loads: Mapping[Key, str]
    dags: Mapping[Key, str]
    datasets: Mapping[Key, frozenset[str]]
    tables: Mapping[Key, frozenset[str]]
    longest: int
    first_words: frozenset[str]

    def has(self, key: Key) -> bool:
        return key in self.loads or key in self.dags or key in self.datasets or key in self.tables


def names_in(written: str, vocabulary: Vocabulary) -> Names:
    """Return the names in a text. A short name that several datasets or tables share names none of them."""
    book = _book(vocabulary)
    keys = tuple(dict.fromkeys(_keys(written.casefold(), book)))
    full = tuple(dict.fromkeys(_full(written, vocabulary)))
    datasets = [name for name, _ in full] or [name for key in keys for name in _only(book.datasets.get(key))]
    tables = [f"{name}.{table}" for name, table in full if table]
    tables = tables or [name for key in keys for name in _only(book.tables.get(key))]
    return Names(
        loads=_each(book.loads.get(key) for key in keys),
        dags=_each(book.dags.get(key) for key in keys),
        datasets=_each(datasets),
        tables=_each(tables),
    )


def _each(found: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in found if name))


def _only(candidates: frozenset[str] | None) -> frozenset[str]:
    return candidates if candidates is not None and len(candidates) == 1 else frozenset()


def _full(written: str, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Yield what is written as `project.dataset` or `project.dataset.table`, where the dataset is known."""
    for match in _FULL.finditer(written):
        low = match[1].casefold()
        for pattern in vocabulary.datasets:
            if low == pattern.casefold():
                yield pattern, match[2] or ""
                break
            if "*" in pattern and fnmatchcase(low, pattern.casefold()):
                yield match[1], match[2] or ""
                break


def _keys(text: str, book: _Book) -> Iterator[Key]:
    """Yield the words of each name, the longest that begins at a place."""
    found = list(_WORD.finditer(text))
    words = tuple(_plain(match[0]) for match in found)
    at = 0
    while at < len(words):
        longest = min(book.longest, len(words) - at) if words[at] in book.first_words else 0
        lengths = (
            n for n in range(longest, 0, -1) if book.has(words[at : at + n]) and _stands(text, found[at : at + n])
        )
        length = next(lengths, 0)
        if length:
            yield words[at : at + length]
        at += length or 1


def _stands(text: str, words: list[re.Match[str]]) -> bool:
    gaps = (text[a.end() : b.start()] for a, b in pairwise(words))
    return all(gap in _JOINS or not gap for gap in gaps) and not _is_inside(text, words[0].start(), words[-1].end())


def _is_inside(text: str, start: int, end: int) -> bool:
    """Whether it is only a part of a longer name: the `orders` of `raw_orders`."""
    before = start > 1 and text[start - 1] in _INSIDE and _is_ascii_word(text[start - 2])
    after = end + 1 < len(text) and text[end] in _INSIDE and _is_ascii_word(text[end + 1])
    return before or after


def _is_ascii_word(sign: str) -> bool:
    return sign.isascii() and (sign.isalnum() or sign == "_")


def _plain(word: str) -> str:
    """Return the word; what is written as it sounds in Latin letters, without its particle."""
    if word.isascii():
        return word
    return next((latin for hangul, latin in _IN_HANGUL.items() if word.startswith(hangul)), word)


def _key(name: str) -> Key:
    return tuple(_WORD.findall(name.casefold()))


@lru_cache(maxsize=8)
def _book(vocabulary: Vocabulary) -> _Book:
    datasets, tables = _by_last_part(vocabulary.datasets), _by_last_part(vocabulary.tables)
    loads = {_key(load.name): load.name for load in vocabulary.loads}
    dags = {_key(name): name for name in vocabulary.dags}
    keys = (*loads, *dags, *datasets, *tables)
    longest = min(max(map(len, keys), default=0), _MOST_WORDS)
    return _Book(loads, dags, datasets, tables, longest, frozenset(key[0] for key in keys if key))


def _by_last_part(names: tuple[str, ...]) -> dict[Key, frozenset[str]]:
    """Return the names by all their words, and by those of the last part: `orders` for `acme.orders`."""
    found: dict[Key, frozenset[str]] = {}
    for name in names:
        if "*" in name:
            continue
        for key in {_key(name), _key(name.rpartition(".")[2])} - {()}:
            found[key] = found.get(key, frozenset()) | {name}
    return found

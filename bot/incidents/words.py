"""The words by which incidents are found: every place in a text where somebody may begin to type. Pure.

`orders_daily.load_orders` is found by `orders_d`, by `load_orders` and by `daily.load`; `OutOfMemoryError` by `memory`;
`주문테이블을` by `테이블`. So a text is kept as what begins at each such place, and a search compares beginnings.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

LONGEST = 48  # characters of a word that are kept and compared
MOST = 64  # words of one text

_CHUNK = re.compile(r"[^\W_](?:[\w./:@+-]*[^\W_])?")
_JOINTS = "./:@+-_"  # between the parts of a name
_BEGINNING = re.compile(
    r"(?:(?<![^\W_])(?=[^\W_])"  # after anything that is no letter and no digit
    r"|(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])"  # inOneWord, HTTPError
    r"|(?<=[0-9a-zA-Z가-힣])(?=[가-힣]{2})|(?<=[가-힣])(?=[0-9a-zA-Z]))"  # Korean compounds, and what is joined to them
    rf"(?=([\w./:@+-]{{1,{LONGEST}}}))"
)
_PASSING = re.compile(r"(?:\D*\d){6}|(?!\d{3}$)\d+$")  # six digits are a date, a time or an id


def words_of(texts: Iterable[str]) -> Iterator[str]:
    """Yield what begins at each place of these texts where a word begins, folded, each once."""
    seen: set[str] = set()
    for text in texts:
        for word in _beginnings(text):
            if word not in seen:
                seen.add(word)
                yield word


def lasting(words: Iterable[str]) -> list[str]:
    """Return the words without what is new in every alert: dates, times, counts, ids. Numbers of three digits stay.

    Those are codes (404, 137); an error's other numbers would fill the index with what nobody looks for.
    """
    return [word for word in words if not _PASSING.match(word)][:MOST]


def wanted(typed: str) -> tuple[str, ...]:
    """Return what somebody typed as words are compared; empty where there is nothing to compare."""
    chunks = _CHUNK.findall(unicodedata.normalize("NFC", typed))
    return tuple(chunk.casefold()[:LONGEST] for chunk in chunks)


def holds(words: Iterable[str], beginnings: Iterable[str]) -> bool:
    """Tell whether each of these beginnings is that of a word."""
    line = "\n" + "\n".join(words)
    return all(f"\n{beginning}" in line for beginning in beginnings)


def _beginnings(text: str) -> Iterator[str]:
    for match in _BEGINNING.finditer(unicodedata.normalize("NFC", text)):
        yield match[1].rstrip(_JOINTS).casefold()[:LONGEST]

"""The word that somebody meant where they typed another. Pure."""

import difflib
import unicodedata
from collections.abc import Iterable

_LIKENESS, _LIKENESS_IN_KOREAN = 0.6, 0.7  # by letters a syllable of Korean has more in common with any other


def nearest(word: str, known: Iterable[str]) -> str | None:
    """Return which of the known words is nearest by its letters, None where none is near.

    Of Korean the letters within the syllables count: a slip in one letter makes another syllable.
    """
    by_letters = {_letters(each): each for each in known}
    likeness = _LIKENESS if word.isascii() else _LIKENESS_IN_KOREAN
    found = difflib.get_close_matches(_letters(word), by_letters, n=1, cutoff=likeness)
    return by_letters[found[0]] if found else None


def _letters(word: str) -> str:
    return unicodedata.normalize("NFD", word.casefold())

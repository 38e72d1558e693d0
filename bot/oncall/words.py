"""What people type after `/oncall`, in English and Korean words alike. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.nearest import nearest


class Verb(StrEnum):
    """What `/oncall` can be asked, in the order of its help."""

    WHO = "who"
    NEXT = "next"
    MINE = "mine"
    WEEK = "week"
    COVER = "cover"
    OVERRIDE = "override"
    START = "start"
    HELP = "help"

    @property
    def words(self) -> tuple[str, ...]:
        """Return how it is called, its own name first."""
        return (self.value, *_ALSO[self])


_ALSO: dict[Verb, tuple[str, ...]] = {
    Verb.WHO: ("now", "누구", "지금", "현재", "당직", "당직자"),
    Verb.NEXT: ("다음", "차례", "다음당직"),
    Verb.MINE: ("my", "me", "내", "나", "내당직", "제"),
    Verb.WEEK: ("schedule", "주간", "일정", "이번주", "주간일정"),
    Verb.COVER: ("swap", "대신", "대타", "부탁", "대체"),
    Verb.OVERRIDE: ("put", "지정", "변경", "오버라이드"),
    Verb.START: ("first", "시작", "처음", "첫당직"),
    Verb.HELP: ("?", "도움말", "도움", "사용법"),
}
_BY_WORD = {word: verb for verb in Verb for word in verb.words}
_WEEKS = (
    (re.compile(r"(?:the )?(?:next week|week after)|다음 ?주|차주", re.IGNORECASE), 1),
    (re.compile(r"last week|previous week|지난 ?주|저번 ?주", re.IGNORECASE), -1),
    (re.compile(r"this week|이번 ?주|금주", re.IGNORECASE), 0),
)
_EMPTY = frozenset(("shift", "shifts", "on-call", "oncall", "call", "is", "on"))
_EMPTY_IN_KOREAN = frozenset(("당직", "당직자", "당직은", "일정", "누구"))


@dataclass(frozen=True, slots=True)
class Asked:
    """A verb and what is said besides, such as a schedule; `weeks` counts from this one.

    `verb` is None for a word that is none; it may be the name of a schedule, else `nearest` is what may be meant.
    """

    verb: Verb | None
    rest: str = ""
    weeks: int = 0
    nearest: Verb | None = None


def read(words: str) -> Asked:
    """Return what is asked. Nothing asks who is on call."""
    words = " ".join(words.split())
    rest, weeks = _week(words)
    first, _, after = rest.partition(" ")
    verb = _BY_WORD.get(first.casefold().rstrip("?") or first)
    if weeks is not None and verb in {None, Verb.WEEK, Verb.WHO, Verb.NEXT}:
        return Asked(Verb.WEEK, _said(after if verb else rest), weeks)
    if not words:
        return Asked(Verb.WHO)
    if verb is None:
        return Asked(None, words, nearest=_BY_WORD.get(nearest(first, _BY_WORD) or ""))
    return Asked(verb, _said(after))


def _week(words: str) -> tuple[str, int | None]:
    """Return the words without those that name a week, and which one that is."""
    for pattern, weeks in _WEEKS:
        if pattern.search(words):
            return " ".join(pattern.sub(" ", words).split()), weeks
    return words, None


def _said(rest: str) -> str:
    return " ".join(_telling(rest))


def _telling(rest: str) -> Iterator[str]:
    return (word for word in rest.split() if word.casefold().rstrip("?") not in _EMPTY | _EMPTY_IN_KOREAN)

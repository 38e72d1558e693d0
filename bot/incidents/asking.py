"""Answers `/incidents`: reads the question, finds, and shows a page of it."""

import json
from dataclasses import dataclass, replace
from typing import Final, Self

from bot.incidents.finding import find
from bot.incidents.search import read
from bot.store import Tx
from bot.text import Text
from bot.views import search as view
from bot.views.reader import Reader
from bot.views.rendered import Rendered

LONGEST: Final = 400  # characters of a question: it travels in a button, whose value has 2,000 bytes at most
PAGES_BACK: Final = 30  # to which one can go back; beyond, to the first


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks, and the ids after which the pages begin that they have turned to, the present one last."""

    written: str
    pages: tuple[str, ...] = ()

    @classmethod
    def asked(cls, written: str) -> Self:
        return cls(written[:LONGEST])

    @classmethod
    def parse(cls, value: str) -> Self:
        """Return what `str` wrote into a button; of anything else, a question for nothing."""
        try:
            written, *pages = json.loads(value)
        except (ValueError, TypeError):
            return cls("")
        return cls(str(written)[:LONGEST], tuple(map(str, pages)))

    def __str__(self) -> str:
        return json.dumps([self.written, *self.pages], ensure_ascii=False, separators=(",", ":"))

    @property
    def before(self) -> str:
        return self.pages[-1] if self.pages else ""

    def older(self, before: str) -> Self:
        return replace(self, pages=(*self.pages, before)[-PAGES_BACK:])

    @property
    def newer(self) -> Self:
        return replace(self, pages=self.pages[:-1])


def answer(tx: Tx, question: Question, reader: Reader) -> Rendered:
    """Return the page for this reader: what was found, or what is wrong with the question."""
    search = read(question.written, reader.now.astimezone(reader.zone))
    if isinstance(search, Text):
        return view.misunderstood(search, reader)
    page = find(tx, search, question.before)
    newer = str(question.newer) if question.pages else None
    older = str(question.older(page.older)) if page.older else None
    return view.results(search, page, reader, newer=newer, older=older)


def turned(tx: Tx, question: str, reader: Reader) -> Rendered:
    """Return the page to which somebody turned by a button that carried the question."""
    return answer(tx, Question.parse(question), reader)

"""The pages in `runbooks/`: what an alert means, what to check, what fixes it, whom to ask.

`NAME.md` is English and `NAME.ko.md` Korean; the front matter names the topics that a page explains.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Self
from urllib.parse import unquote, urljoin, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token
from pydantic import TypeAdapter, ValidationError

from bot.config.document import Document, parse
from bot.config.explain import explain, suggestion
from bot.config.kinds import Slug, Url
from bot.config.problem import Problem
from bot.config.strict import Strict
from bot.text import Code, Text, text
from bot.views.reader import FALLBACK_LANGUAGE, LANGUAGES

_FENCE = "---"


class FrontMatter(Strict):
    title: str
    topics: tuple[Slug, ...] = ()
    owner: str
    """Who keeps the page true: a team or a channel, in words."""
    operations: tuple[str, ...] = ()
    url: Url | None = None
    """Where the page is read outside Slack, where that is not `runbooks.base_url` and its file name."""


_ADAPTER = TypeAdapter(FrontMatter)


@dataclass(frozen=True, slots=True)
class Page:
    name: str
    language: str
    front: FrontMatter
    body: str
    path: Path
    first_line: int = 1
    content: str = ""

    @property
    def title(self) -> str:
        return self.front.title

    @property
    def revision(self) -> str:
        """Return the SHA-256 of the file, as `sha256sum` prints it."""
        return hashlib.sha256(self.content.encode()).hexdigest()

    def url(self, base_url: str | None) -> str | None:
        """Return the canonical address of the page, None where it has none outside Slack."""
        if self.front.url:
            return self.front.url
        return urljoin(base_url.rstrip("/") + "/", self.path.name) if base_url else None


@dataclass(frozen=True, slots=True)
class Runbooks:
    """Every usable page by (name, language), and by topic."""

    pages: Mapping[tuple[str, str], Page] = field(default_factory=dict)

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Return the pages of the directory. Pages that `check` complains about are left out."""
        readings = (read(path) for path in sorted(directory.glob("*.md")))
        return cls({(page.name, page.language): page for page, _ in readings if page is not None})

    def page(self, topic: str, language: str) -> Page | None:
        """Return the page about a topic, or with that name, in this language, else in English, else in any."""
        for wanted in (language, FALLBACK_LANGUAGE, *LANGUAGES):
            for (name, spoken), page in self.pages.items():
                if spoken == wanted and (topic in page.front.topics or topic == name):
                    return page
        return None

    def revisions(self, topic: str) -> dict[str, str]:
        """Return the pages about a topic, or with that name, in every language: file name → revision."""
        about = (page for page in self.pages.values() if topic in page.front.topics or topic == page.name)
        return {page.path.name: page.revision for page in about}

    @property
    def topics(self) -> frozenset[str]:
        return frozenset(topic for page in self.pages.values() for topic in page.front.topics)


def read(path: Path) -> tuple[Page | None, list[Problem]]:
    """Return a page with its problems; None where its front matter cannot be used."""
    try:
        content = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return None, [Problem(str(path), text("config.unreadable", detail=str(error)))]
    head, body, first_line = _split(content)
    if head is None:
        return None, [Problem(str(path), text("runbook.no_front_matter"), line=1)]
    document = parse(str(path), head, above=1)
    front = _front(document)
    name, language = _name(path)
    page = Page(name, language, front, body, path, first_line, content) if front else None
    return page, document.problems


def check(directory: Path, topics: Collection[str], operations: Collection[str]) -> list[Problem]:
    """Return what is wrong with the pages: front matter, dead links, topics without a page, missing languages."""
    if not directory.is_dir():
        return [Problem(str(directory), text("runbook.no_directory"))]
    readings = [read(path) for path in sorted(directory.glob("*.md"))]
    pages = [page for page, _ in readings if page is not None]
    return [
        *(problem for _, found in readings for problem in found),
        *(problem for page in pages for problem in _page_problems(page, operations)),
        *_language_problems(pages),
        *_topic_problems(directory, pages, topics),
    ]


def links(page: Page) -> Iterator[tuple[int, str]]:
    """Yield (line, address) of every link and image of the page."""
    for token in parser().parse(page.body):
        line = (token.map[0] if token.map else 0) + page.first_line
        for child in token.children or ():
            address = child.attrGet("href") or child.attrGet("src")
            if isinstance(address, str):
                yield line, address


@cache
def parser() -> MarkdownIt:
    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def tokens(page: Page) -> list[Token]:
    return parser().parse(page.body)


def _split(content: str) -> tuple[str | None, str, int]:
    """Return the front matter, the body, and the line on which the body starts."""
    lines = content.splitlines()
    if not lines or lines[0].strip() != _FENCE or _FENCE not in (line.strip() for line in lines[1:]):
        return None, content, 1
    end = next(number for number, line in enumerate(lines[1:], 1) if line.strip() == _FENCE)
    return "\n".join(lines[1:end]), "\n".join(lines[end + 1 :]), end + 2


def _front(document: Document) -> FrontMatter | None:
    if document.data is None:
        return None
    try:
        return _ADAPTER.validate_python(document.data)
    except ValidationError as error:
        document.problems += explain(error, document, _schema())
        return None


@cache
def _schema() -> dict[str, Any]:
    return _ADAPTER.json_schema()


def _name(path: Path) -> tuple[str, str]:
    name, _, language = path.stem.rpartition(".")
    return (name, language) if name and language in LANGUAGES else (path.stem, FALLBACK_LANGUAGE)


def _page_problems(page: Page, operations: Collection[str]) -> Iterator[Problem]:
    for operation in page.front.operations:
        if operation not in operations:
            words = text("config.unknown_operation", value=Code(operation), suggestion=_near(operation, operations))
            yield Problem(str(page.path), words, key="operations")
    for line, address in links(page):
        target = urlsplit(address)
        if target.scheme or target.netloc or not target.path:
            continue
        if not (page.path.parent / unquote(target.path)).exists():
            yield Problem(str(page.path), text("runbook.dead_link", address=Code(address)), line)


def _near(name: str, known: Collection[str]) -> Text:
    return suggestion(name, sorted(known))


def _language_problems(pages: list[Page]) -> Iterator[Problem]:
    present = {(page.name, page.language): page for page in pages}
    for name in sorted({page.name for page in pages}):
        for language in LANGUAGES:
            if (name, language) not in present:
                page = next(page for page in pages if page.name == name)
                yield Problem(str(page.path), text("runbook.missing_language", name=_file_name(name, language)))


def _topic_problems(directory: Path, pages: list[Page], topics: Collection[str]) -> Iterator[Problem]:
    covered: dict[tuple[str, str], Page] = {}
    for page in pages:
        for topic in page.front.topics:
            first = covered.setdefault((topic, page.language), page)
            if first is not page:
                words = text("runbook.topic_twice", topic=Code(topic), name=first.path.name)
                yield Problem(str(page.path), words, key="topics")
    for topic in sorted(set(topics) - {topic for topic, _ in covered}):
        yield Problem(str(directory), text("runbook.no_page", topic=Code(topic)))


def _file_name(name: str, language: str) -> str:
    return f"{name}.md" if language == FALLBACK_LANGUAGE else f"{name}.{language}.md"

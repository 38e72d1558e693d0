"""What `/incidents` is asked: words and filters, in English or Korean, read into one value. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.incidents.model import OPEN, IncidentState
from bot.incidents.since import read_since
from bot.incidents.words import wanted
from bot.text import Code, Text, text
from bot.triage.entities import unwrap
from bot.triage.identity import normal

MOST_WORDS: Final = 8
ALL: Final = tuple(IncidentState)

_KEYS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("state", "status", "상태"), "state"),
    **dict.fromkeys(("source", "출처"), "source"),
    **dict.fromkeys(("since", "기간"), "since"),
    "dag": "dag",
    **dict.fromkeys(("task", "태스크"), "task"),
    **dict.fromkeys(("table", "테이블"), "table"),
    **dict.fromkeys(("job", "작업"), "job"),
}
_STATES: Final[Mapping[str, tuple[IncidentState, ...]]] = {
    **dict.fromkeys(("open", "열린", "열림", "미해결", "진행중"), OPEN),
    **dict.fromkeys(("resolved", "해결", "해결된", "해결됨"), (IncidentState.RESOLVED,)),
    **dict.fromkeys(("stale", "비활성"), (IncidentState.STALE,)),
    **dict.fromkeys(("all", "전체", "모두", "모든"), ALL),
}
_MORE_STATES: Final[Mapping[str, tuple[IncidentState, ...]]] = {  # too common as words to be filters without a key
    **dict.fromkeys(("acknowledged", "ack", "확인", "확인됨"), (IncidentState.ACKNOWLEDGED,)),
    **dict.fromkeys(("superseded", "대체됨"), (IncidentState.SUPERSEDED,)),
}
_SINCE: Final = frozenset({"since", "last", "past", "최근", "지난"})
_FILLERS: Final = frozenset({"인시던트", "목록", "보여줘", "찾아줘", "부터", "이후", "이내", "동안"})
_A_TIME = re.compile(
    r"\d+(?:[hdw]|분|시간|일|주|개월|달|월).*|오늘.*|어제.*|이번[주달].*|일주일.*|한달.*|today|yesterday"
)
_STRAIGHT: Final = str.maketrans({"“": '"', "”": '"', "\u00a0": " "})  # what phones type
_TOKEN = re.compile(r'([^\s":=]+)[:=](?:"([^"]*)"|([^\s"]+))|"([^"]*)"|(\S+)')


@dataclass(frozen=True, slots=True)
class Filter:
    """A value that the incident's thing must have for `dag`, `task`, `table` or `job`, or its beginning."""

    facet: str
    value: str
    is_beginning: bool = False

    def admits(self, value: str) -> bool:
        return value.startswith(self.value) if self.is_beginning else value == self.value


@dataclass(frozen=True, slots=True)
class Search:
    """`words` are beginnings that must each be found; `states` empty: all."""

    words: tuple[str, ...] = ()
    states: tuple[IncidentState, ...] = ()
    source: str = ""
    filters: tuple[Filter, ...] = ()
    since: datetime | None = None


NOTHING_ASKED: Final = Search()
OPEN_ONES: Final = Search(states=OPEN)


def read(written: str, now: datetime) -> Search | Text:
    """Return the search, or what is wrong with it. Who asks for nothing sees what is open.

    `now` is in the zone of who asks.
    """
    search: Search | Text = NOTHING_ASKED
    tokens = list(_tokens(written))
    while tokens and isinstance(search, Search):
        search, taken = _take(search, tokens, now)
        del tokens[:taken]
    if isinstance(search, Search) and search.states == ALL:
        return replace(search, states=())
    return OPEN_ONES if search == NOTHING_ASKED else search


@dataclass(frozen=True, slots=True)
class _Token:
    """One piece of a question: `key:value`, words in quotation marks, or one word as it was written."""

    written: str
    key: str = ""
    value: str = ""
    is_quoted: bool = False

    @property
    def word(self) -> str:
        return "" if self.is_quoted or self.key else self.written.casefold()


def _tokens(written: str) -> Iterator[_Token]:
    for match in _TOKEN.finditer(unwrap(written.translate(_STRAIGHT), [])):
        key, quoted_value, value, quoted, _ = match.groups()
        if quoted is not None:
            yield _Token(quoted, is_quoted=True)
        elif key and (known := _KEYS.get(key.casefold())):
            yield _Token(match[0], known, quoted_value if quoted_value is not None else value)
        else:
            yield _Token(match[0])


def _take(search: Search, tokens: list[_Token], now: datetime) -> tuple[Search | Text, int]:
    """Return the search with what the first tokens add to it, and how many those were."""
    first = tokens[0]
    if first.key:
        return _with_filter(search, first, now), 1
    if first.word in _SINCE and (timed := _timed(search, tokens[1:3], now)):
        return timed[0], timed[1] + 1
    if first.word == "since" and len(tokens) > 1:
        return text("search.bad_since", word=Code(tokens[1].written)), 1
    if states := _STATES.get(first.word):
        return replace(search, states=states), 1
    if _A_TIME.fullmatch(first.word) and (timed := _timed(search, tokens[:2], now)):
        return timed
    if first.word in _FILLERS:
        return search, 1
    return _with_words(search, first.written), 1


def _timed(search: Search, tokens: list[_Token], now: datetime) -> tuple[Search, int] | None:
    """Return the search from the time on that these tokens name, `7 days` before `7`, and how many they are."""
    for taken in range(len(tokens), 0, -1):
        if since := read_since(" ".join(token.written for token in tokens[:taken]), now):
            return replace(search, since=since), taken
    return None


def _with_filter(search: Search, token: _Token, now: datetime) -> Search | Text:
    value = normal(token.value)
    match token.key:
        case "state":
            states = _STATES.get(value) or _MORE_STATES.get(value)
            return replace(search, states=states) if states else text("search.bad_state", word=Code(token.value))
        case "since":
            since = read_since(value, now)
            return replace(search, since=since) if since else text("search.bad_since", word=Code(token.value))
        case "source":
            return replace(search, source=value.replace(" ", "_").replace("-", "_"))
        case facet:
            named = Filter(facet, value.rstrip("*"), is_beginning=value.endswith("*"))
            return replace(search, filters=(*search.filters, named))


def _with_words(search: Search, written: str) -> Search:
    added = (*search.words, *wanted(written))
    return replace(search, words=tuple(dict.fromkeys(added))[:MOST_WORDS])

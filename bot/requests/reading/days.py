"""Finds the business dates in what somebody wrote and reads them with the grammar of the forms."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from bot.dates.grammar import read_dates
from bot.dates.words import DAY_COUNTS, DAYS_AGO, LAST_MONTH, MONTHS, NUMBERS, WEEKDAYS, WEEKS_AGO
from bot.dates.written import Dates, between, write


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


_HANGUL_DAYS = [name for name in (*DAYS_AGO, *WEEKDAYS, *WEEKS_AGO, *LAST_MONTH) if not name.isascii()]
_LATIN_DAYS = [name for name in (*DAYS_AGO, *WEEKS_AGO, *LAST_MONTH) if name.isascii()]
_LATIN_WEEKDAYS = [name for name in WEEKDAYS if name.isascii() and len(name) > 3]
_MONTH = rf"(?:{_any(MONTHS)})\.?"
_DAY = (
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|(?<!\d)20\d{6}(?!\d)"
    r"|(?:\d{4}년 ?)?\d{1,2}월 ?\d{1,2}일?"
    rf"|\b{_MONTH} ?(?:the )?\d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?(?![\d:])"
    rf"|\b(?:the )?\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}(?: \d{{4}})?\b"
    r"|(?<![\d/])\d{1,2}/\d{1,2}(?![\d/])|(?<![\d.])\d{1,2}\.\d{1,2} ?[~-] ?\d{1,2}\.\d{1,2}(?![.\d])"
    r"|(?<![\d/.:])\d{1,2} ?[~–-] ?\d{1,2}일(?! ?[간동전]|만)"
    rf"|(?<![\d/.:])\d{{1,2}} ?[~–-] ?\d{{1,2}} (?:of )?{_MONTH}(?![a-z])"
    r"|(?<![\d년월])\d{1,2}일(?! ?[간동전]|만)|\b(?:the )?\d{1,2}(?:st|nd|rd|th)\b"
    rf"|(?:최근|지난) ?(?:\d{{1,3}} ?(?:일|주일|주)|{_any(DAY_COUNTS)})(?: ?간| ?동안)?|\d{{1,3}} ?일 ?전"
    rf"|\b(?:the )?(?:last|past|previous) (?:\d{{1,3}}|{_any([n for n in NUMBERS if n.isascii()])}) (?:days?|weeks?)\b"
    rf"|(?:{_any([w for w in WEEKS_AGO if not w.isascii()])}) ?(?:{_any([d for d in WEEKDAYS if not d.isascii()])})"
    rf"|\b(?:(?:last|this) )?(?:{_any(_LATIN_WEEKDAYS)})\b|{_any(_HANGUL_DAYS)}|\b(?:{_any(_LATIN_DAYS)})\b"
)
_TAIL = (
    r"(?P<tail>(?:'s)?(?: ?(?:일자|자|치|분|꺼|거|것|날짜|데이터))?)"
    r"(?P<hour> ?(?:새벽|아침|오전|오후|저녁|밤|낮|\d{1,2} ?시|at \d|morning|night|evening|afternoon))?"
)
_SPAN = re.compile(
    rf"(?P<open>\b(?:since|by|until|before|after|due|starting) )?(?P<of>\b(?:for|of|from|on) )?(?P<day>{_DAY}){_TAIL}",
    re.ASCII,
)
_TO = re.compile(r" ?(?:\.{2,3}|[~–—-]|부터|에서) ?| (?:to|until|till?|through|thru) |부터 ?")
_AND = re.compile(r" ?[,&/] ?| and | 및 | ?(?:이?랑|하고|와|과) ?|,? (?:and )?| 그리고 ")
_WORTH = re.compile(r"부터 ?(?P<n>\d{1,2}) ?일 ?(?:치|간|동안|분량)")
_UNTIL = re.compile(r"까지")
_SINCE = re.compile(r"부터|이후")
_SHORT_END = re.compile(
    r"\d{1,2}(?:일(?![간치동])|(?<=[~–-]\d{2})(?![\w.:/가-힣])|(?<=[~–-]\d)(?![\w.:/가-힣]))", re.ASCII
)
_SLASHED = re.compile(r"(?<![\d/.])(\d{1,2})[/.](\d{1,2})(?![\d/]|\.\d)", re.ASCII)
_TODAY = frozenset(name for name, ago in DAYS_AGO.items() if ago == 0)
_TO_COME = frozenset(name for name, ago in DAYS_AGO.items() if ago < 0)
_BARE = re.compile(r"\d{1,2}일|\d{1,2} ?[~–-] ?\d{1,2}일", re.ASCII)
_ONE = timedelta(days=1)


def dates_in(clauses: tuple[str, ...], today: date) -> str:
    """Return the dates in the form that means the same at any time, or "" where none is clear.

    The clauses that come first count most: what they say is not doubted by what others say.
    """
    for clause in clauses:
        found = {write(dates) if dates else "" for dates in _spans(clause, today)}
        if found:
            return found.pop() if len(found) == 1 else ""
    return ""


def _spans(clause: str, today: date) -> Iterator[Dates | None]:
    """Yield each stretch of dates in a clause, None for one that is unclear; deadlines are none."""
    is_korean = any("가" <= sign <= "힣" for sign in clause)
    at = 0
    while match := _SPAN.search(clause, at):
        written, at = _joined(clause, match)
        rest = clause[at:].lstrip()
        is_open = written == match["day"] and (match["of"] == "from " or _UNTIL.match(rest) is not None)
        if _is_when_to_do_it(match) or is_open:
            continue
        if worth := _WORTH.match(rest):
            at = clause.index(worth[0], at) + len(worth[0])
            yield _worth(written, int(worth["n"]), today)
        elif not _SINCE.match(rest):
            yield _read(written, today, is_korean=is_korean)


def _joined(clause: str, first: re.Match[str]) -> tuple[str, int]:
    """Return a day with all that is joined to it, as the grammar reads it, and where that ends."""
    written, at = first["day"], first.end()
    if _BARE.fullmatch(written) and first["tail"].strip() in {"치", "분"}:
        return f"{written}치", at  # so many days, or that day: the grammar says so
    while not _WORTH.match(clause, at):
        to, also = _TO.match(clause, at), _AND.match(clause, at)
        if to and (following := _SPAN.match(clause, to.end())) and not following["open"]:
            written, at = f"{written}..{following['day']}", following.end()
        elif to and (short := _SHORT_END.match(clause, to.end())):
            written, at = f"{written}..{short[0]}", short.end()
        elif also and (following := _SPAN.match(clause, also.end())) and not _is_when_to_do_it(following):
            written, at = f"{written}, {following['day']}", following.end()
        else:
            return written, at
        if until := _UNTIL.match(clause, at):
            at = until.end()
    return written, at


def _is_when_to_do_it(match: re.Match[str]) -> bool:
    """Whether it is an hour, a deadline, or the day on which the writer wants it done: "rerun it today"."""
    is_today = match["day"] in _TODAY and not (match["of"] or match["tail"])
    return bool(match["open"] or match["hour"]) or is_today or match["day"] in _TO_COME


def _read(written: str, today: date, *, is_korean: bool) -> Dates | None:
    """Read it; Koreans write the month first."""
    exact = _SLASHED.sub(r"\1월 \2일", written) if is_korean else written
    found = read_dates(exact, today)
    return found if isinstance(found, tuple) else None


def _worth(written: str, n: int, today: date) -> Dates | None:
    """Return n days from a day on, or back from it where those would not be over yet: "어제부터 3일치"."""
    found = read_dates(written, today)
    if not isinstance(found, tuple) or len(found) != 1 or not 0 < n <= 31:
        return None
    [first] = found
    last = first + (n - 1) * _ONE
    return between(first, last) if last <= today else between(first - (n - 1) * _ONE, first)

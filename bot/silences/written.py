"""From what people write to a silence: lines of conditions in a form, the words of a command. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from bot.config.durations import parse_duration
from bot.oncall.model import WorkingHours
from bot.ref import Ref
from bot.silences import rules
from bot.silences.model import SEVERITY, SOURCE, Matcher, Matchers, Wish
from bot.text import Code, Text, text
from bot.triage.entities import unwrap
from bot.triage.model import Severity

HOUR, FOUR_HOURS, MORNING, DAY = "1h", "4h", "morning", "24h"
CHOICES: Final = (HOUR, FOUR_HOURS, MORNING, DAY)
_SPANS: Final = {HOUR: timedelta(hours=1), FOUR_HOURS: timedelta(hours=4), DAY: timedelta(hours=24)}

_KEYS: Final[Mapping[str, str]] = {
    "dag": "dag_id",
    "task": "task_id",
    "심각도": SEVERITY,
    "출처": SOURCE,
    "경로": "route",
    "테이블": "table",
    "작업": "job",
    "태스크": "task_id",
}
_SEVERITIES: Final[Mapping[str, str]] = {
    "심각": Severity.CRITICAL.value,
    "오류": Severity.ERROR.value,
    "경고": Severity.WARNING.value,
    "정보": Severity.INFO.value,
}
_TICKET: Final = frozenset({"ticket", "티켓"})
_MORNING_WORDS: Final = frozenset(
    {"morning", "tomorrow", "아침", "내일", "내일아침", "아침까지", "내일까지", "내일아침까지"}
)
_STRAIGHT: Final = str.maketrans({"“": '"', "”": '"', "\u00a0": " "})  # what phones type
_KEY: Final = r"[^\W\d][\w.-]*"
_CONDITION = re.compile(rf'\s*({_KEY})=("[^"\n]*"|\S*)')
_WORD = re.compile(r"\s*(\S+)")
_KOREAN_UNITS: Final = (("일", "d"), ("시간", "h"), ("분", "m"))
_KOREAN_SPAN = re.compile(r"((?:\d+(?:일|시간|분))+)(?:동안|만|간)?")


@dataclass(frozen=True, slots=True)
class Written:
    """What a command says of a silence; what it leaves out is asked for in the form."""

    matchers: Matchers = ()
    span: timedelta | None = None
    until_morning: bool = False
    reason: str = ""
    ticket: str = ""

    @property
    def is_complete(self) -> bool:
        return bool(self.matchers and (self.span or self.until_morning) and self.reason)

    def entered(self, now: datetime) -> "Entered":
        """Return the form filled in with what was said."""
        conditions = write_lines(self.matchers)
        choice = MORNING if self.until_morning else next((each for each in _SPANS if _SPANS[each] == self.span), HOUR)
        at = to_the_minute(now + self.span) if self.span and self.span not in _SPANS.values() else None
        return Entered(conditions, choice, at, reason=self.reason, ticket=self.ticket)


def read_command(words: str) -> Written:
    """Read `dag=orders_daily 2h why it is muted`: conditions and the time in any order, then the reason."""
    rest, written = unwrap(words.translate(_STRAIGHT), []), Written()
    while rest.strip():
        if condition := _CONDITION.match(rest):
            written, rest = _with_condition(written, condition[1], _unquoted(condition[2])), rest[condition.end() :]
            continue
        word = _WORD.match(rest)
        timed = _with_time(written, word[1]) if word and not written.span and not written.until_morning else None
        if timed is None or word is None:
            return replace(written, reason=" ".join(rest.split()))
        written, rest = timed, rest[word.end() :]
    return written


def _with_condition(written: Written, key: str, value: str) -> Written:
    if key.lower() in _TICKET:
        return replace(written, ticket=value)
    return replace(written, matchers=(*written.matchers, matcher(key, value)))


def _with_time(written: Written, word: str) -> Written | None:
    if word.lower() in _MORNING_WORDS:
        return replace(written, until_morning=True)
    span = read_span(word)
    return replace(written, span=span) if span else None


def read_span(word: str) -> timedelta | None:
    """Return the length that the word says (`90m`, `1h30m`, `2시간`, `3일`), or None where it says none."""
    if korean := _KOREAN_SPAN.fullmatch(word):
        word = korean[1]
        for name, unit in _KOREAN_UNITS:
            word = word.replace(name, unit)
    try:
        return parse_duration(word)
    except ValueError:
        return None


def read_lines(lines: str) -> Matchers | Text:
    """Return the conditions, one a line, or what is wrong with a line."""
    found = []
    for line in filter(str.strip, lines.translate(_STRAIGHT).splitlines()):
        key, is_condition, value = (part.strip() for part in line.partition("="))
        if not key or not is_condition:
            return text("silence.wrong.line", line=Code(line.strip()[:80]))
        found.append(matcher(key, _unquoted(value)))
    return tuple(found)


def write_lines(matchers: Matchers) -> str:
    """Return what `read_lines` reads back."""
    return "\n".join(f"{each.key}={_quoted(each.pattern)}" for each in matchers)


def matcher(key: str, value: str) -> Matcher:
    """Return the condition with its key and severity in the words that alerts have."""
    known = _KEYS.get(key.lower(), key)
    value = " ".join(value.split())
    return Matcher(known, _SEVERITIES.get(value, value.lower()) if known == SEVERITY else value)


def _unquoted(value: str) -> str:
    return value[1:-1] if _is_quoted(value) else value


def _quoted(value: str) -> str:
    return f'"{value}"' if _is_quoted(value) else value


def _is_quoted(value: str) -> bool:
    return len(value) > 1 and value[0] == value[-1] == '"'


@dataclass(frozen=True, slots=True)
class Entered:
    """What stands in the form: conditions a line each, one of the choices or an exact end, and why."""

    conditions: str = ""
    choice: str = HOUR
    at: datetime | None = None
    critical: bool = False
    reason: str = ""
    ticket: str = ""

    @property
    def matchers(self) -> Matchers | Text:
        """Return the conditions; critical alerts are among them where that is ticked or a condition says so."""
        read = read_lines(self.conditions)
        if isinstance(read, Text) or not self.critical or any(each.key == SEVERITY for each in read):
            return read
        return (*read, Matcher(SEVERITY, "*"))

    def wish(self, now: datetime, hours: WorkingHours, origin: Ref | None) -> Wish | rules.Problem:
        """Return the silence that it asks for, or the line that is no condition."""
        matchers = self.matchers
        if isinstance(matchers, Text):
            return "matchers", matchers
        end = self.at or until(self.choice, now, hours)
        return Wish(matchers, end, self.reason, self.ticket, origin)


NOTHING_SAID: Final = Entered()


def for_incident(source: str, resource: Mapping[str, str], severity: Severity, said: Entered = NOTHING_SAID) -> Entered:
    """Return the form filled in for an incident: what it is called by, or its severity where it has no name.

    How long and why are as `said`; its conditions are not.
    """
    named = tuple(matcher(key, value) for key, value in resource.items() if value.strip())
    matchers = named or (Matcher(SEVERITY, severity.value),)
    conditions = write_lines((Matcher(SOURCE, source), *matchers))
    return replace(said, conditions=conditions, critical=severity is Severity.CRITICAL)


def until(choice: str, now: datetime, hours: WorkingHours) -> datetime:
    """Return the end that one of the choices means, to the minute."""
    if choice == MORNING:
        return rules.morning(now, hours)
    return to_the_minute(now + _SPANS[choice])


def to_the_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)

"""The fields of the fitting operation's form, as far as a message names them without doubt."""

import re
from collections.abc import Mapping
from datetime import date, timedelta

from bot.config.durations import write_duration
from bot.requests.kind import Kind
from bot.requests.reading.days import dates_in
from bot.requests.reading.model import Vocabulary
from bot.requests.reading.names import Names
from bot.requests.reading.plain import Plain
from bot.requests.reading.signs import Sign, signs

_WRITES = re.compile(r"쓰기|편집|수정 ?권한|적재 ?권한|\b(?:write|writer|edit|editor)\b", re.ASCII)
_READS = re.compile(r"읽기|조회|열람|보기|볼 ?수|\b(?:read|reader|view|viewer|select)\b", re.ASCII)
_OF_OTHER_THINGS = frozenset({Sign.RERUN, Sign.TROUBLE, Sign.DONE, Sign.DOING, Sign.NEWS})
_NUMBERS = {
    "한": 1, "두": 2, "세": 3, "석": 3, "네": 4, "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
}  # fmt: skip
_UNITS = {
    "시간": timedelta(hours=1), "hour": timedelta(hours=1), "일": timedelta(days=1), "day": timedelta(days=1),
    "주": timedelta(days=7), "주일": timedelta(days=7), "week": timedelta(days=7), "달": timedelta(days=30),
    "개월": timedelta(days=30), "month": timedelta(days=30),
}  # fmt: skip
_LASTS = re.compile(
    r"(?<![\d/.-])(?P<n>\d{1,3}|(?<![가-힣])(?:한|두|세|석|네)) ?(?P<unit>시간|주일|개월|일|주|달)"
    r"(?!(?:자|차|날| ?(?:까지|부터|전|후|뒤)))"
    r"|\b(?P<n2>\d{1,3}|an?|one|two|three|four|five|six)[ -](?P<unit2>hour|day|week|month)s?\b(?! ago)",
    re.ASCII,
)


def fields_of(kind: Kind, said: Plain, names: Names, words: Vocabulary, today: date) -> Mapping[str, str]:
    """Return what the form of the fitting operation can be filled with; what is ambiguous is left to the person."""
    match kind:
        case Kind.RERUN:
            found = {**_what_to_rerun(names, words), "dates": dates_in(_nearest_first(said), today)}
        case Kind.ACCESS:
            found = {**_where_to(names), "role": _role(said.text), "lasts": _lasts(said.text)}
        case _:
            found = {}
    return {name: value for name, value in found.items() if value}


def _what_to_rerun(names: Names, words: Vocabulary) -> Mapping[str, str]:
    """Return the one load that is named, by its table or its DAG too; else the one DAG."""
    by_table = {load.name for load in words.loads if load.table in names.tables}
    by_dag = {load.name for load in words.loads if load.dag_id in names.dags}
    for loads in (set(names.loads), by_dag if len(by_dag) == 1 else set(), set() if names.dags else by_table):
        if loads:
            return {"load": loads.pop()} if len(loads) == 1 else {}
    return {"dag_id": names.dags[0]} if len(names.dags) == 1 else {}


def _where_to(names: Names) -> Mapping[str, str]:
    datasets = {*names.datasets, *(table.rpartition(".")[0] for table in names.tables)}
    if len(datasets) != 1:
        return {}
    return {"dataset": datasets.pop(), "tables": ", ".join(table.rpartition(".")[2] for table in names.tables)}


def _role(text: str) -> str:
    writes, reads = _WRITES.search(text), _READS.search(text)
    return "" if bool(writes) == bool(reads) else "writer" if writes else "reader"


def _lasts(text: str) -> str:
    found = {_length(match) for match in _LASTS.finditer(text)}
    return write_duration(found.pop()) if len(found) == 1 else ""


def _length(match: re.Match[str]) -> timedelta:
    n, unit = match["n"] or match["n2"], match["unit"] or match["unit2"]
    return (int(n) if n.isdecimal() else _NUMBERS.get(n, 1)) * _UNITS[unit]


def _nearest_first(said: Plain) -> tuple[str, ...]:
    """Return the clauses that speak of the rerun before the others: a message may name days of other things."""
    heard = [(signs(clause), clause) for clause in said.clauses]
    reruns = [clause for found, clause in heard if Sign.RERUN in found]
    return (*reruns, *(clause for found, clause in heard if not found & _OF_OTHER_THINGS))

"""Find the name of the broken thing in prose, English and Korean."""

import itertools
import re
from collections.abc import Iterator

from bot.triage.identity import workload
from bot.triage.naming import is_name, is_no_name, steady
from bot.triage.nouns import Noun, nouns_in
from bot.triage.status_words import WORDS

_NAME = r"[\w가-힣][\w가-힣.\-/$#]{0,160}[\w가-힣]"
_WHERE = frozenset(
    {"host", "node", "cluster", "project", "environment", "trigger", "warehouse", "database", "bucket", "pool"}
)  # where a thing is; it names the thing only where nothing else does
_BESIDE = {"group": "topic"}  # said together: a group lags on a topic
_AFTER = re.compile(
    rf"(?: (?:for|of|named|called)(?= ))?\s{{0,2}}[:=/]?\s{{0,2}}(?:\*(?P<bold>[\w가-힣][^*\n]{{1,80}})\*"
    rf"|[`\"'“‘『「](?P<quoted>[\w가-힣][^`\"'”’』」\n]{{1,120}})[`\"'”’』」]"
    rf"|(?P<q>[`\"'“‘『「\[(]?)(?P<name>{_NAME}))"
)
_BEFORE = re.compile(
    rf"(?:[`\"“‘『「](?P<quoted>[\w가-힣][^`\"”’』」\n]{{1,120}})[`\"”’』」]"
    rf"|(?P<q>[`\"'“‘『「]?)(?P<name>{_NAME})[`\"'”’』」]?)\s{{0,2}}$"
)
_NAME_LENGTH = 170
_TICKED = re.compile(r"`([^`\n]{2,160})`")
_QUOTED = re.compile(r"[\"“「『]([\w가-힣][^\"“”「」『』\n]{1,100})[\"”」』]")
_DOTTED = re.compile(
    r"(?<![\w.\-/@:$=])[A-Za-z가-힣_][\w가-힣$\-]{0,80}(?:\.[A-Za-z가-힣_][\w가-힣$\-]{0,120}){1,3}(?![\w@/(=]"
    r"|\.\w|:\d|://)"
)
_SNAKE = re.compile(  # no part holds what joins the parts: there is one way to cut a name
    r"(?<![\w.\-/@:=$])[A-Za-z가-힣][^\W_]{0,60}(?:[_\-]{1,3}[^\W_]{1,60}){1,20}_{0,3}(?![\w@/(=\-])"
)
_FILE = re.compile(
    r"(?<![\w./@])[\w가-힣\-]{1,120}(?:\.[\w가-힣\-]{1,60}){0,2}"
    r"\.(?P<type>csv|tsv|json|jsonl|parquet|avro|orc|xml|xlsx?|txt|dat|gz|zip|sql|py|sh|jar|ipynb)(?![\w/])"
)
_HOST = re.compile(
    r"(?<![\w./@\-])[\w\-]{1,63}(?:\.[\w\-]{1,63}){0,4}\.(?:corp|lan|local|internal|int|svc|com|net|io)\b(?!/)"
)
_SCRIPT = re.compile(r"/(?P<name>[\w가-힣.\-]{1,120}\.(?:sh|py|sql|jar|ipynb|pl))(?![\w/.])")
# What stands in quotes behind these is a part of an error or of the thing, no name of it.
_OF_ERROR = re.compile(
    r"(?:(?:error|exception)[:\s]{0,2}[\"']|(?:column|field|컬럼|필드)[:\s]{0,2}[\"'`])[^\"'`\n]{1,80}[\"'`]",
    re.IGNORECASE,
)
_SCRIPTS = frozenset({"sql", "py", "sh", "jar", "ipynb"})
_PATH = re.compile(
    r"(?P<scheme>(?:s3a?|gs|hdfs|abfss?"
    r"|wasbs?)://)(?P<bucket>[\w.\-@]{1,200})/?(?P<path>[\w.\-=/]{0,400})"
)
_DATED = re.compile(r"^\d+$|\d{4}-?\d{2}|\{|\d{8}")
_TRANSFER = re.compile(r"transferConfigs/([\w\-]{1,120})")
_NO_TABLE = re.compile(
    r"(?:Error|Exception|Failure|Timeout|Denied|Canceled|Forbidden)$|^(?:java|javax|org|com|io"
    r"|net|scala|kotlin|sun|www|psycopg2?|sqlalchemy|google|"
    r"airflow|botocore|requests|urllib3|pandas|pyspark|snowflake\.connector|kubernetes|redis|e\.g|i\.e|u\.s)\.|"
    r"\.(?:com|net|org|io|kr|dev|int|local|internal|corp|lan|svc|example|amazonaws|py|sql|sh|csv|json"
    r"|jsonl|yaml|yml|log|txt|dat|tsv|orc|xml|xls|tar|tmp|bak|gz|zip|parquet|avro|jar|xlsx?|html?|md|conf|cfg|properties"
    r"|service|app)$",
    re.IGNORECASE,
)
_FAILED_FOR = re.compile(
    r"\b(?:failed|failure|error|late|stale|delayed|missing|recovered|alert"
    r"|problem)\s{1,2}(?:for|on|in|of|while (?:loading"
    r"|running))\s{1,2}[`\"']?(?P<name>[A-Za-z_][\w.\-]{1,120})",
    re.IGNORECASE,
)
_OF_MACHINE = re.compile(
    r"\bdisk|\bcpu\b|\bmemory\b|\bswap\b|\binode|\bload average|filesystem|\bdown\b|\bunreachable|\breplica|\bquery\b"
    r"|디스크|메모리|용량|다운|사용률|부하|쿼리|cpu",
    re.IGNORECASE,
)
_PREDICATE = re.compile(
    r"(?<![\w.\-/@:$=])(?P<name>[A-Za-z][\w가-힣.\-]{2,120}?)[`*'\"]{0,2}(?:\([^()\n]{0,80}\))?:?\s{1,2}\*{0,2}"
    r"(?:(?:has|have|is|was) )?(?:just )?(?:\*{0,2}(?:failed|errored|crashed|succeeded|recovered|timed out"
    r"|finished|stopped"
    r"|missed|expected by|down|late|stuck)\b|(?:적재 |처리 |수집 |전송 |실행 |집계 |배치 |작업 )?"
    r"(?:실패|오류|지연|중단|복구|완료|성공|비정상|정상))",
    re.IGNORECASE,
)
_NAMESPACE = re.compile(r"\b(?:namespace|ns)\b[\s:=/`'*\"]{1,4}([a-z0-9][a-z0-9\-]{1,62})")
_IN_NAMESPACE = frozenset({"workload", "connector", "certificate", "app", "service"})
# "Sync failed: x", "Incident resolved: x": a short head that names no thing, and what it is about.
_TITLED = re.compile(r"\W{0,8}((?:[A-Za-z가-힣*]{1,40} ){0,4}[A-Za-z가-힣*]{1,40} ?):\s{1,2}([^\n:]{2,80})$")
_MACHINE = re.compile(
    r"(?:[a-z0-9]+-)*(?:kafka|broker|node|worker|master|zk|zookeeper|es|ch|db|nn|dn|rm|nm|server|host|vm|redis|mysql|pg"
    r"|namenode|datanode|edge|gateway|proxy)-?\d+$",
    re.IGNORECASE,
)
_PARTICLE = re.compile(r"(?:에서|으로|에게|까지|부터|의|이|가|은|는|을|를|에|로|와|과|도)$")


def named_in(text: str) -> dict[str, str]:
    """Return the name that the text says: a noun with its name, a path, code or quotes, a file, a joined name."""
    text = _OF_ERROR.sub(" ", text)
    nouns = nouns_in(text)
    named = (
        _by_noun(text, [noun for noun in nouns if noun.key not in _WHERE])
        or _by_predicate(text)
        or _by_noun(text, [noun for noun in nouns if noun.key in _WHERE])
        or _by_path(text)
        or _by_mark(text)
        or _by_shape(text)
    )
    if named and named.keys() & _IN_NAMESPACE and (match := _NAMESPACE.search(text)):
        return {"namespace": match[1]} | named
    return named


def titled(title: str) -> dict[str, str]:
    """Return what stands behind the colon of "Pipeline paused: MySQL members", under the noun before it."""
    match = _TITLED.match(title)
    if match is None:
        return {}
    key = next((noun.key for noun in nouns_in(match[1])), "")
    return {key: match[2].strip(" *_`")} if key else {}


def table_in(text: str) -> str:
    """Return the first name in the text that looks like `schema.table`."""
    return next(_dotted(text), "")


def transfer_in(text: str) -> str:
    """Return the id of a BigQuery transfer configuration (a scheduled query) from a run's resource name."""
    match = _TRANSFER.search(text)
    return match[1] if match else ""


def _by_noun(text: str, nouns: list[Noun]) -> dict[str, str]:
    """`테이블 `x``, `job x failed`, `x 배치`: without marks only what looks like a name counts."""
    found = next(_named_beside(text, nouns), None)
    if found is None:
        return {}
    other = _BESIDE.get(found[0])
    more = next(_named_beside(text, [noun for noun in nouns if noun.key == other]), None) if other else None
    return dict((found, more)) if more else dict((found,))


def _by_predicate(text: str) -> dict[str, str]:
    """`x_y failed`, `LoadPrices(date=2026-11-02) FAILED`, `x_y 실패`: what it is said of."""
    for match in _PREDICATE.finditer(text):
        name = _bare(match["name"])
        if not is_no_name(name) and is_name(name) and not name[:1].isdigit():
            return {_kind_of(name, text): steady(name)}
    return {}


def _named_beside(text: str, nouns: list[Noun]) -> Iterator[tuple[str, str]]:
    """Yield key and name: what follows the nouns, in Korean rather what stands before; then what stands before."""
    for noun in nouns:
        if (before := _before(text, noun)) and noun.is_korean and is_name(before):
            yield _as_named(noun.key, before)
        elif after := _after(text, noun):
            yield _as_named(noun.key, after)
    for noun in nouns:
        if before := _before(text, noun):
            yield _as_named(noun.key, before)


def _after(text: str, noun: Noun) -> str:
    return _name_of(_AFTER.match(text, noun.end), is_korean=noun.is_korean)


def _before(text: str, noun: Noun) -> str:
    return _name_of(_BEFORE.search(text, max(0, noun.start - _NAME_LENGTH), noun.start), is_korean=noun.is_korean)


def _as_named(key: str, name: str) -> tuple[str, str]:
    return ("workload", workload(name)) if key == "pod" else (key, steady(name.rstrip(".:/")))


def _name_of(match: re.Match[str] | None, *, is_korean: bool) -> str:
    if match is None:
        return ""
    quoted = match["quoted"] or match.groupdict().get("bold")
    if quoted and "=" not in quoted and not is_no_name(quoted):
        return quoted.strip()
    if not match["name"]:
        return ""
    name = match["name"] if match["q"] else _bare(match["name"])
    if name.lower() in WORDS:
        return ""
    is_foreign = is_korean and name.isascii()  # a Latin word beside a Korean noun is a name
    if is_no_name(name) or "://" in name or not (match["q"] or is_foreign or is_name(name)):
        return ""
    return name


def _bare(name: str) -> str:
    """Return the name without the Korean particle that sticks to it: `ods.orders의`."""
    return _PARTICLE.sub("", name) if _is_hangul_tail(name) else name


def _by_path(text: str) -> dict[str, str]:
    """`s3://bucket/prefix/2026-11-20/`: the path up to its first part that is a date or a number."""
    match = _PATH.search(text)
    if match is None:
        return {}
    parts = itertools.takewhile(lambda part: not _DATED.search(part), match["path"].split("/"))
    return {"path": "/".join((match["scheme"] + match["bucket"], *filter(None, parts)))}


def _by_mark(text: str) -> dict[str, str]:
    for pattern in (_TICKED, _QUOTED):
        for match in pattern.finditer(text):
            name = match[1].strip()
            if "=" not in name and not is_no_name(name) and len(name.split()) <= 6:
                return {_kind_of(name, text): steady(name)}
    return {}


def _by_shape(text: str) -> dict[str, str]:
    for name in _dotted(text):
        return {"table": name}
    if match := _FAILED_FOR.search(text):
        name = match["name"].rstrip(".")
        if not is_no_name(name) and is_name(name):
            return {_kind_of(name, text): steady(name)}
    if match := _SCRIPT.search(text):
        return {"job": steady(match["name"])}
    if match := _FILE.search(text):
        return {"job" if match["type"] in _SCRIPTS else "file": steady(match[0])}
    host = _HOST.search(text)
    for match in _SNAKE.finditer(text, 0, host.start() if host else len(text)):
        name = _bare(match[0])
        if not is_no_name(name) and not re.search(r"\d{4}-\d{2}-|^\d", name):
            return {_kind_of(name, text): steady(name)}
    return {"host": host[0]} if host else {}


def _kind_of(name: str, text: str) -> str:
    """Return what a name without a noun names, by what the text is about."""
    if _is_table(name) or _hints_table(text):
        return "table"
    if name[-1:].isdigit() and (_OF_MACHINE.search(text) or _MACHINE.match(name)):
        return "host"
    return "job"


def _dotted(text: str) -> Iterator[str]:
    for match in _DOTTED.finditer(text):
        name = _bare(match[0])
        if _is_table(name):
            yield steady(name)


def _is_table(name: str) -> bool:
    return re.fullmatch(r"[\w가-힣$\-]+(?:\.[\w가-힣$\-]+){1,3}", name) is not None and not _NO_TABLE.search(name)


def _hints_table(text: str) -> bool:
    return (
        re.search(r"\btable|테이블|적재|파티션|partition|fresh|row ?count|건수|컬럼|column", text, re.IGNORECASE)
        is not None
    )


def _is_hangul_tail(name: str) -> bool:
    return re.search(r"[A-Za-z0-9_][가-힣]{1,2}$", name) is not None

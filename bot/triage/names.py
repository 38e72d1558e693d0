"""Find the name of the broken thing in labels and in prose, English and Korean."""

import itertools
import re
from collections.abc import Iterator, Mapping

from bot.triage import labels
from bot.triage.identity import workload
from bot.triage.lexicon import words

# What a label means, in the order in which names are looked for; the first family found is the resource.
_LABELS: Mapping[str, tuple[str, ...]] = {
    "dag_id": words("dag_id, dag, dag id, dag name, dag명"),
    "task_id": words("task_id, task id"),
    "table": words(
        "table, table name, table_name, tablename, target table, target_table, dest_table, "
        "destination table, dst_table, tbl, 테이블, 테이블명, 대상 테이블, 대상테이블, 적재 테이블, 타겟 테이블"
    ),
    "connector": words("connector, connector name, connector_name, 커넥터, 커넥터명"),
    "group": words(
        "consumer group, consumer_group, consumergroup, consumer-group, group, group_id, group "
        "id, 컨슈머 그룹, 컨슈머그룹, 그룹"
    ),
    "topic": words("topic, 토픽, 토픽명"),
    "job": words(
        "job, job name, job_name, jobname, job_id, job id, batch, batch name, batch_name, cron, "
        "cronjob, script, process, program, step, scheduled query, display name, displayname, "
        "query name, transfer, 작업, 작업명, 작업 이름, 잡, 잡명, 배치, 배치명, 배치 이름, "
        "프로세스, 프로그램, 스크립트, 스케줄"
    ),
    "pipeline": words("pipeline, pipeline name, pipeline_name, 파이프라인, 파이프라인명"),
    "connection": words("connection, connection name, 연결, 커넥션"),
    "workflow": words("workflow, workflow name, flow, flow name, flow_name, 워크플로, 워크플로우"),
    "model": words("model, 모델, 모델명"),
    "dataset": words("dataset, data set, 데이터셋, 데이터 세트"),
    "check": words(
        "check, check name, check_name, rule, rule name, rule_name, monitor, monitor name, test, "
        "점검, 점검항목, 규칙, 검증"
    ),
    "namespace": words("namespace, 네임스페이스"),
    "workload": words("workload, deployment, statefulset, daemonset, pod, pod name, 파드"),
    "stream": words("stream, stream name, delivery stream, 스트림"),
    "app": words("app, application, app name, application name, app_name, 앱, 애플리케이션"),
    "service": words("service, service name, service_name, component, 서비스, 서비스명, 시스템, 시스템명"),
    "queue": words("queue, 큐"),
    "index": words("index, 인덱스"),
    "alert": words("alert, alertname, alert name, alarm, alarm name, 알람, 알림명"),
    "host": words("host, hostname, instance, server, node, 호스트, 호스트명, 서버, 서버명, 노드"),
}
_FAMILIES = (
    ("dag_id", "task_id"),
    ("connector",),
    ("table",),
    ("group", "topic"),
    ("namespace", "workload"),
    ("workload",),
    ("job",),
    ("pipeline",),
    ("connection",),
    ("workflow",),
    ("model",),
    ("dataset",),
    ("topic",),
    ("stream",),
    ("app",),
    ("service",),
    ("queue",),
    ("index",),
    ("check",),
    ("alert",),
    ("host",),
    ("namespace",),
)
# They tell two things of one name apart and are added to it.
_QUALIFIERS: Mapping[str, tuple[str, ...]] = {
    "cluster": ("cluster", "kafka_cluster", "kafka cluster", "connect_cluster", "클러스터"),
    "region": ("region", "리전"),
    "env": ("env", "environment", "stage", "환경"),
}
_MEANING = {
    label: (key, rank)
    for meanings in (_LABELS, _QUALIFIERS)
    for key, listed in meanings.items()
    for rank, label in enumerate(listed)
}
_LONGEST = 200

_NAME = r"[\w가-힣][\w가-힣.\-/$#]{0,160}[\w가-힣]"
_NOUNS: Mapping[str, str] = {
    "table": "table|tbl|테이블",
    "connector": "connector|커넥터",
    "topic": "topic|토픽",
    "group": "consumer group|컨슈머 ?그룹",
    "dag_id": "dag",
    "pipeline": "pipeline|파이프라인",
    "dataset": "dataset|데이터 ?셋",
    "model": "model|모델",
    "job": "job|batch|cron|task|script|scheduled query|작업|잡|배치|크론|스크립트|스케줄러",
    "workflow": "workflow|flow|워크플로우?",
    "connection": "connection|커넥션",
    "service": "service|서비스",
    "app": "application|app|애플리케이션",
    "queue": "queue|큐",
    "index": "index|인덱스",
    "stream": "stream|스트림",
    "pod": "pod|파드",
    "host": "host|server|node|호스트|서버|노드",
    "view": "view|뷰",
    "file": "file|파일",
}
_ANY_NOUN = re.compile("|".join(_NOUNS.values()))  # in lower case; alternatives start with plain letters
_AFTER = re.compile(rf"\s{{0,2}}[:=]?\s{{0,2}}(?P<q>[`\"'“‘『「\[(]?)(?P<name>{_NAME})")
_BEFORE = re.compile(rf"(?P<q>[`\"'“‘『「]?)(?P<name>{_NAME})[`\"'”’』」]?\s{{0,2}}$")
_NAME_LENGTH = 170
_TICKED = re.compile(r"`([^`\n]{2,160})`")
_QUOTED = re.compile(r"[\"“「『]([\w가-힣][\w가-힣.\-/ ]{1,120})[\"”」』]")
_DOTTED = re.compile(
    r"(?<![\w.\-/@:$=])[A-Za-z가-힣_][\w가-힣$\-]{0,80}(?:\.[A-Za-z가-힣_][\w가-힣$\-]{0,120}){1,3}(?![\w@/(=]"
    r"|\.\w|:\d|://)"
)
_SNAKE = re.compile(r"(?<![\w.\-/@:=$])[A-Za-z가-힣][\w가-힣]{0,60}(?:[_\-][\w가-힣]{1,60}){1,10}(?![\w@/(=])")
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
    r"\.(?:com|net|org|io|kr|dev|int|local|internal|svc|example|amazonaws|py|sql|sh|csv|json"
    r"|jsonl|yaml|yml|log|txt|gz|zip|parquet|avro|jar|xlsx?|html?|md|conf|cfg|properties"
    r"|service|app)$",
    re.IGNORECASE,
)
# Words and products that stand where a name could.
_NO_NAMES = frozenset(
    words(
        """
        the, a, an, is, was, has, have, in, on, of, for, to, at, by, from, with, and, or, not, no, this, that, it, its,
        new, all, any, failed, failure, succeeded, status, state, error, name, id, run, runs, level, lag, count,
        delayed, late, down, e-mail, up-to-date, on-call, read-only, re-run, backfill, back-fill, timeout, time-out,
        utf-8, bigquery, clickhouse, mysql, postgresql, mongodb, dynamodb, mariadb, github, gitlab, opensearch,
        elasticsearch, cloudwatch, dataflow, pagerduty, rabbitmq, starrocks, hbase, under-replicated, non-zero
        """
    )
)
_NO_NAME = re.compile(r"(?:\d[\d.,:\-/]*|d-\d|[a-z]{2}(?:-gov)?-[a-z]{4,9}-\d)$")  # numbers, `D-1`, regions
_FAILED_FOR = re.compile(
    r"\b(?:failed|failure|error|late|stale|delayed|missing|recovered|alert"
    r"|problem)\s{1,2}(?:for|on|in|of|while (?:loading"
    r"|running))\s{1,2}[`\"']?(?P<name>[A-Za-z_][\w.\-]{1,120})",
    re.IGNORECASE,
)
_PARTICLE = re.compile(r"(?:에서|으로|에게|까지|부터|의|이|가|은|는|을|를|에|로|와|과|도)$")


def from_labels(found: Mapping[str, str]) -> dict[str, str]:
    """Return the first family of names that is labelled, with cluster, region and environment if labelled."""
    named = _labelled(found)
    for family in _FAMILIES:
        if family[0] in named:
            chosen = (*family, *(key for key in _QUALIFIERS if key not in family))
            return {key: named[key] for key in chosen if key in named}
    return {}


def from_text(text: str) -> dict[str, str]:
    """Return the name that the text says: a noun with its name, code, a path, a dotted or a joined name."""
    return _by_noun(text) or _by_path(text) or _by_mark(text) or _by_shape(text)


def _labelled(found: Mapping[str, str]) -> dict[str, str]:
    """Return what is labelled by its meaning; of two labels for one thing the more exact word wins."""
    ranked: dict[str, tuple[int, str]] = {}
    for label in found.keys() & _MEANING.keys():
        key, rank = _MEANING[label]
        value = labels.name_of(found[label])
        if value and len(value) <= _LONGEST and not _is_no_name(value) and (key not in ranked or rank < ranked[key][0]):
            ranked[key] = rank, workload(value) if key == "workload" else value.strip("<>")
    return {key: name for key, (_, name) in ranked.items()}


def _by_noun(text: str) -> dict[str, str]:
    """`테이블 `x``, `job x failed`, `x 배치`: without marks only what looks like a name counts."""
    nouns = [noun for noun in _ANY_NOUN.finditer(text.lower()) if _is_word(noun)]
    after = ((noun, _AFTER.match(text, noun.end())) for noun in nouns)
    before = ((noun, _BEFORE.search(text, max(0, noun.start() - _NAME_LENGTH), noun.start())) for noun in nouns)
    for noun, match in (*after, *before):
        if match and (name := _name_beside(noun[0], match)):
            key = _noun_key(noun[0])
            return {"workload": workload(name)} if key == "pod" else {key: name.rstrip(".:/")}
    return {}


def _is_word(noun: re.Match[str]) -> bool:
    """A noun inside of a name is none: `job_runs`, `etl-task`."""
    if not noun[0].isascii():
        return True
    before, after = noun.string[noun.start() - 1 : noun.start()], noun.string[noun.end() : noun.end() + 1]
    return not (
        before.isalnum() or before in {"_", "-", "."} or (after.isascii() and after.isalnum()) or after in {"_", "-"}
    )


def _name_beside(noun: str, match: re.Match[str]) -> str:
    name = match["name"] if match["q"] else _bare(match["name"])
    is_foreign = name.isascii() and not noun.isascii()  # a Latin word beside a Korean noun is a name
    if _is_no_name(name) or "://" in name or not (match["q"] or is_foreign or is_name(name)):
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
            if "=" not in name and not _is_no_name(name) and len(name.split()) <= 6:
                return {"table" if _is_table(name) or _hints_table(text) else "job": name}
    return {}


def _by_shape(text: str) -> dict[str, str]:
    for name in _dotted(text):
        return {"table": name}
    if match := _FAILED_FOR.search(text):
        name = match["name"].rstrip(".")
        if not _is_no_name(name) and is_name(name):
            return {"job": name}
    for match in _SNAKE.finditer(text):
        name = _bare(match[0])
        if not _is_no_name(name) and not re.search(r"\d{4}-\d{2}|^\d", name):
            return {"table" if _hints_table(text) else "job": name}
    return {}


def _dotted(text: str) -> Iterator[str]:
    for match in _DOTTED.finditer(text):
        name = _bare(match[0])
        if _is_table(name):
            yield name


def table_in(text: str) -> str:
    """Return the first name in the text that looks like `schema.table`."""
    return next(_dotted(text), "")


def _is_table(name: str) -> bool:
    return re.fullmatch(r"[\w가-힣$\-]+(?:\.[\w가-힣$\-]+){1,3}", name) is not None and not _NO_TABLE.search(name)


def _hints_table(text: str) -> bool:
    return (
        re.search(r"\btable|테이블|적재|파티션|partition|fresh|row ?count|건수|컬럼|column", text, re.IGNORECASE)
        is not None
    )


def _is_no_name(text: str) -> bool:
    low = text.lower()
    return low in _NO_NAMES or _NO_NAME.match(low) is not None


def is_name(name: str) -> bool:
    """Tell a name from a word: it is joined by signs, mixes letters and digits, or is in camel case."""
    return re.search(r"[._\-/]|\d|[a-z][A-Z]", name) is not None


def _is_hangul_tail(name: str) -> bool:
    return re.search(r"[A-Za-z0-9_][가-힣]{1,2}$", name) is not None


def _noun_key(noun: str) -> str:
    noun = noun.lower()
    return next(key for key, nouns in _NOUNS.items() if re.fullmatch(nouns, noun, re.IGNORECASE))


def transfer_in(text: str) -> str:
    """Return the id of a BigQuery transfer configuration (a scheduled query) from a run's resource name."""
    match = _TRANSFER.search(text)
    return match[1] if match else ""

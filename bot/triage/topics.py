"""Choose the runbook topic: the cause named in the error first, else what the source usually means.

One pass over the text tells which topics have a word in it; of those, a pattern may have to agree.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.triage.lexicon import words
from bot.triage.prefilter import Prefilter, utf8

TOPICS = words(
    """
    airflow-task-failure, dag-timeout, freshness, schema-change, permission-denied, quota, connector-failed,
    consumer-lag, pod-crash, oom, dbt-test, dbt-run, data-quality, deploy-failed, infra-resource, app-error,
    streaming-job-failed, batch-job-failed, job-failed
    """
)
"""Every topic of an alert: each has a page in `runbooks/`."""

_READ = 4_000  # characters that are searched


@dataclass(frozen=True, slots=True)
class _Topic:
    """Any of `words` is enough; one of `hints` is enough if `pattern` agrees. All in lower case.

    Where `if_failed`, the words only say what it is about: the text must also say that it failed.
    """

    name: str
    words: tuple[str, ...]
    hints: tuple[str, ...] = ()
    pattern: re.Pattern[str] | None = None
    if_failed: bool = False

    def is_in(self, low: str) -> bool:
        return self._is_said(low) and (not self.if_failed or any(map(low.__contains__, _FAILS)))

    def _is_said(self, low: str) -> bool:
        for word in self.words:
            if word in low:
                return True
        if self.pattern is None:
            return False
        for hint in self.hints:
            if hint in low:
                return self.pattern.search(low) is not None
        return False


_FAILS = words(
    "fail, error, exception, abort, kill, crash, restart, lost, back pressure, backpressure, 실패, 오류, 종료, 중단"
)
_TOPICS: tuple[_Topic, ...] = (
    _Topic(
        "oom",
        words(
            """
            oomkill, oom kill, oom-kill, out of memory, outofmemory, java heap space, memoryerror, exit_code=137,
            exit code 137, exit code: 137, 메모리 부족, 메모리부족
            """
        ),
        ("oom",),
        re.compile(r"\boom\b"),
    ),
    _Topic(
        "quota",
        words(
            """
            quota, rate limit exceeded, ratelimitexceeded, resource exhausted, resources exhausted,
            resource_exhausted, too many requests, 할당량, 쿼터, slots allocated, slot utilization, slot utilisation,
            slot usage, slot 사용, credit_burn, credits_last, credit usage, over budget, of budget, daily spend
            """
        ),
        ("429",),
        re.compile(r"\b429\b"),
    ),
    _Topic(
        "permission-denied",
        words(
            """
            permission, access denied, accessdenied, forbidden, unauthorized, unauthorised, not authorized,
            authentication fail, authentication error, auth failed, auth failure, failure_class=auth,
            invalid credential, insufficient privilege, 42501, 권한, 인증 실패, 인증실패
            """
        ),
        ("401", "403"),
        re.compile(r"\b40[13]\b"),
    ),
    _Topic(
        "schema-change",
        words(
            """
            schema change, schema drift, schema evolution, schema mismatch, detected schema, column removed,
            column added, column not found, no such column, unknown column, unrecognized name, invalid identifier,
            type changed, 스키마, 컬럼 변경, 컬럼 삭제, 컬럼 추가, 컬럼이 없
            """
        ),
        ("schema of", "column"),
        re.compile(
            r"schema of .{1,300}? (?:has |was )?changed"
            r"|columns? (?:were )?(?:added|removed|dropped)|column .{1,120} does not exist"
        ),
    ),
    _Topic(
        "consumer-lag",
        words(
            """
            consumergrouplag, lagging behind, iteratorage, iterator age, iterator-age, offset lag, maxoffsetlag,
            offsetlag, 컨슈머 랙, 컨슈머 lag, 컨슈머 지연, 컨슈머랙
            """
        ),
        ("lag", "랙"),
        re.compile(
            r"(?:lag\b|lag_|랙)[\s\S]{0,300}?(?:consumer|topic|partition|group|kafka)|(?:consumer"
            r"|topic|kafka|컨슈머)[\s\S]{0,200}?(?:lag\b|랙|밀[림렸])"
        ),
    ),
    _Topic(
        "connector-failed",
        ("debezium", "kafka connect", "kafka-connect", "kafkaconnect", "connector", "connectcontainers", "커넥터"),
    ),
    _Topic(
        "dag-timeout",
        ("tasktimeout", "execution_timeout", "missed deadline", "sla miss", "sla was missed"),
        ("sla", "timeout", "timed out", "time out", "timedout"),
        re.compile(r"\bsla\b|dag.{0,30}timed? ?out"),
    ),
    _Topic(
        "pod-crash",
        ("crashloop", "crash loop", "crashing pod", "back-off", "imagepull", "kubepodcrash", "파드"),
        ("pod",),
        re.compile(r"\bpod\b.{0,120}(?:crash|evict|restart|not ready|notready)|(?:crash|evict|restart).{0,60}\bpod"),
    ),
    _Topic(
        "freshness",
        words(
            """
            stale, not updated, not been updated, not been loaded, latest partition, last partition, last record,
            last_loaded, last loaded, last load, since last, no commit, data delay, min late, minutes late, hours late,
            delivery delay, 적재 지연, 적재지연, 적재 누락, 적재가 안, 최신, 미적재, 데이터 지연, 미도착
            """
        ),
        ("partition", "load", "적재", "파티션", "fresh"),
        re.compile(
            r"(?<!re)fresh|(?:partition|파티션).{0,60}(?:missing|late|not|없|누락|지연)|(?:late|delayed).{0,40}load"
            r"|load.{0,40}(?:late|delayed|missing)|적재.{0,20}(?:지연|누락|안 )"
        ),
    ),
    _Topic(
        "dbt-test",
        ("failure in test", "dbt test", "dbt-test", "dbt_test"),
        ("dbt",),
        re.compile(r"\bdbt\b.{0,60}\btests?\b"),
    ),
    _Topic(
        "dbt-run", ("database error in model", "compilation error in model"), ("dbt",), re.compile(r"\bdbt\b|\bdbt_")
    ),
    _Topic(
        "data-quality",
        words(
            """
            data quality, data_quality, row count, row_count, rowcount, null rate, null ratio,
            null_rate, null_ratio, check failed, quality, duplicat, anomal,
            expectation, validation, uniqueness, volume check, 정합성, 건수, 중복, 품질, 결측, 불일치
            """
        ),
    ),
    _Topic(
        "streaming-job-failed",
        ("flink", "streaming", "checkpoint", "kinesis", "kafka streams", "스트리밍", "dataflow", "apache beam"),
        if_failed=True,
    ),
    _Topic(
        "batch-job-failed",
        ("dataproc", "spark", "sqoop", "step status", "배치", "hive"),
        ("emr", "glue", "batch"),
        re.compile(r"\b(?:emr|glue|batch)\b"),
        if_failed=True,
    ),
    _Topic(
        "deploy-failed",
        ("deploy", "rollout", "sync operation", "argocd", "terraform", "배포", "workflow run", "pipeline failed"),
        ("helm",),
        re.compile(r"\bhelm\b"),
    ),
    _Topic(
        "infra-resource",
        words(
            """
            disk, memory, storage, heartbeat, broker, volume, inode, latency, replica, queue, target down, targetdown,
            remote write, remotewrite, saturat, connection, outofspace, 디스크, 용량, 서버, 메모리
            """
        ),
        ("cpu", "node", "host", "instance", "space"),
        re.compile(r"\bcpu\b|\bnodes?\b|\bhosts?\b|\binstances?\b|\bspace\b|cpuusage|nodenotready"),
    ),
    _Topic(
        "app-error", ("exception", "endpoint", "http", "error rate"), ("50", "api"), re.compile(r"\b5\d\d\b|\bapi\b")
    ),
)
_URL = re.compile(r"[a-z]{2,8}://\S+")
_SAID = Prefilter((topic, "|".join(map(re.escape, (*topic.words, *topic.hints)))) for topic in _TOPICS)
_PLAIN = ("oom", "quota", "permission-denied", "schema-change", "dag-timeout")


def cause(text: str) -> str | None:
    """Return the topic of the cause that an error text names plainly (memory, quota, permission, schema, timeout)."""
    return one_of(text, _PLAIN, "") or None


def topic_of(text: str, default: str) -> str:
    """Return the first topic whose words are in the text, else the default."""
    low, said = _said(text[:_READ])
    return next((name for name, topic in said.items() if topic.is_in(low)), default)


@lru_cache(maxsize=16)  # one text is asked about several topics
def _said(text: str) -> tuple[str, dict[str, _Topic]]:
    """Return what is searched, in lower case and without links, which say nothing, and the topics with a word in it."""
    low = text.lower()
    low = _URL.sub(" ", low) if "://" in low else low
    return low, {topic.name: topic for topic in _SAID.may_be_in(utf8(low))}


def one_of(text: str, allowed: tuple[str, ...], default: str) -> str:
    """As `topic_of`, but only among the topics that fit the source, in their order."""
    low, said = _said(text[:_READ])
    return next((name for name in allowed if name in said and said[name].is_in(low)), default)

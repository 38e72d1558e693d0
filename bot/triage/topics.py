"""Choose the runbook topic: the cause named in the error first, else what the source usually means."""

import re

_CAUSES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "oom",
        re.compile(
            r"oom ?killed|\boom\b|out ?of ?memory|outofmemory|exit[_ ]?code[= ]137|java heap space"
            r"|memoryerror|메모리 ?부족",
            re.IGNORECASE,
        ),
    ),
    (
        "quota",
        re.compile(
            r"quota|rate ?limit exceeded|resources? ?exhausted|too many requests|\b429\b"
            r"|resource_exhausted|할당량|slots? (?:allocated|utili[sz]ation)",
            re.IGNORECASE,
        ),
    ),
    (
        "permission-denied",
        re.compile(
            r"permission|access ?denied|accessdenied|forbidden|\b40[13]\b|unauthori[sz]ed"
            r"|not authori[sz]ed|authentication failed|auth(?:entication)? (?:failed|failure|error)"
            r"|failure_class=auth|invalid credentials|insufficient privileges|42501|권한|인증 ?실패",
            re.IGNORECASE,
        ),
    ),
    (
        "schema-change",
        re.compile(
            r"schema (?:change|drift|evolution|mismatch)|schema of .{1,200} has changed"
            r"|detected schema|column (?:removed|added|not found|does not exist)|no such column"
            r"|unknown column|unrecognized name|invalid identifier|type changed|스키마|컬럼 ?(?:변경|삭제|추가|없)",
            re.IGNORECASE,
        ),
    ),
    (
        "consumer-lag",
        re.compile(
            r"consumer.{0,40}lag|\blag\b.{0,60}(?:consumer|topic|partition|group)"
            r"|consumergroup.{0,20}lag|lagging behind|iterator ?age|컨슈머.{0,10}(?:lag|랙|지연)"
            r"|kafka.{0,30}lag|offset.?lag|maxoffsetlag",
            re.IGNORECASE,
        ),
    ),
    (
        "connector-failed",
        re.compile(
            r"debezium|kafka ?connect|connect(?:or)?[- ]?(?:task|cluster|worker|container)|connector"
            r"|커넥터",
            re.IGNORECASE,
        ),
    ),
    (
        "dag-timeout",
        re.compile(
            r"tasktimeout|dagrun.{0,10}timeout|execution_timeout|\bsla\b|missed deadline"
            r"|dag.{0,20}timed? ?out",
            re.IGNORECASE,
        ),
    ),
    (
        "pod-crash",
        re.compile(
            r"crash ?loop|crashing pod|backoff|imagepullbackoff|pod .{0,80}(?:crash|evicted|restart)"
            r"|kubepodcrash|파드",
            re.IGNORECASE,
        ),
    ),
    (
        "freshness",
        re.compile(
            r"fresh|stale|not (?:been )?(?:updated|loaded|arrived)|latest partition|last (?:partition"
            r"|record|update|loaded)|partition .{0,40}(?:missing|late|not)|적재.{0,10}(?:지연|누락|안)|최신|미적재"
            r"|데이터 ?지연|partition",
            re.IGNORECASE,
        ),
    ),
    ("dbt-test", re.compile(r"failure in test|dbt[ _-]?test|\bdbt\b.{0,40}\btests?\b", re.IGNORECASE)),
    (
        "dbt-run",
        re.compile(
            r"database error in model|compilation error in model|dbt[ _-]?(?:run|build|model)|\bdbt\b", re.IGNORECASE
        ),
    ),
    (
        "data-quality",
        re.compile(
            r"data ?quality|row ?count|null(?:s| rate| ratio)|duplicat|anomal|expectation|validation"
            r"|uniqueness|volume|정합성|건수|중복|품질|결측|불일치",
            re.IGNORECASE,
        ),
    ),
    (
        "streaming-job-failed",
        re.compile(
            r"flink|spark streaming|streaming|checkpoint|kinesis|kafka ?streams|스트리밍|beam|dataflow", re.IGNORECASE
        ),
    ),
    (
        "batch-job-failed",
        re.compile(r"\bemr\b|dataproc|spark|hive|\bglue\b|batch|배치|sqoop|step status", re.IGNORECASE),
    ),
    (
        "deploy-failed",
        re.compile(
            r"deploy|rollout|sync operation|helm|argocd|terraform|배포|workflow run|pipeline failed", re.IGNORECASE
        ),
    ),
    (
        "infra-resource",
        re.compile(
            r"disk|\bcpu\b|memory|storage|volume|inode|node.?(?:not)?ready|space|latency|instance"
            r"|replica|connections?|queue|queued|디스크|용량|서버|host|target ?down|remote ?write|up == 0"
            r"|saturat",
            re.IGNORECASE,
        ),
    ),
    ("app-error", re.compile(r"5\d\d\b|api|http|endpoint|request|exception", re.IGNORECASE)),
)
_SPECIFIC = ("oom", "quota", "permission-denied", "schema-change", "dag-timeout")


def cause(text: str) -> str | None:
    """Return the topic of the cause that an error text names plainly (memory, quota, permission, schema, timeout)."""
    text = text[:6000]
    return next((topic for topic, pattern in _CAUSES if topic in _SPECIFIC and pattern.search(text)), None)


def topic_of(text: str, default: str) -> str:
    """Return the first topic whose words are in the text, else the default."""
    text = text[:6000]
    return next((topic for topic, pattern in _CAUSES if pattern.search(text)), default)


def one_of(text: str, allowed: tuple[str, ...], default: str) -> str:
    """As `topic_of`, but only among the topics that fit the source."""
    text = text[:6000]
    return next((topic for topic, pattern in _CAUSES if topic in allowed and pattern.search(text)), default)

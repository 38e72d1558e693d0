"""Home-made watchers of Kafka Connect and Debezium, which have no sender of their own (rule R3: source `script`)."""

import re

from bot.triage import labels
from bot.triage.errors import error_in, short
from bot.triage.model import Alert, Kind, Message, Severity
from bot.triage.severity import stated
from bot.triage.signals import Status, status_of
from bot.triage.source import Source, kind_of, leads_to, severity_for, title_of

_CLUSTER = ("cluster", "kafka cluster", "connect cluster", "connect_cluster", "connect", "worker group", "클러스터")
_CONNECTOR = ("connector", "connector name", "connector_name", "커넥터", "커넥터명", "커넥터 이름")
_Q = r"[*`'\"]{0,2}"
_NAMED = re.compile(
    rf"\b(?:kafka)?(?:connector|커넥터)(?:\s?(?:name|이름))?{_Q}\s{{0,2}}[:=]?\s{{0,2}}{_Q}(?!(?:task|is"
    rf"|has|in|state|status|on|tasks|failed|down|class|worker|the|for|of|with|상태"
    rf"|태스크)\b)(?P<name>[A-Za-z0-9가-힣][\w.\-가-힣]{{1,160}})",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    rf"{_Q}(?P<name>[A-Za-z0-9][\w.\-]{{2,160}}){_Q}\s{{0,2}}(?:connector"
    rf"|커넥터)(?![A-Za-z_\-])",
    re.IGNORECASE,
)
_PATH = re.compile(r"/connectors/([\w.\-]{1,200})")
_JSON_NAME = re.compile(r"\"name\"\s?:\s?\"([^\"\n]{1,200})\"[\s\S]{0,400}?\"(?:connector|tasks)\"\s?:")
_STATE = re.compile(
    r"\b(?:state|status|상태)\W{1,6}(FAILED|RUNNING|PAUSED|UNASSIGNED|STOPPED|RESTARTING"
    r"|DESTROYED)\b|\b(FAILED|UNASSIGNED)\b",
    re.IGNORECASE,
)
_CHANGE = re.compile(
    r"\b(?:FAILED|UNASSIGNED|PAUSED|RUNNING|STOPPED)\s{0,3}(?:->|→|=>|to|에서)\s{0,3}(FAILED"
    r"|UNASSIGNED|PAUSED|RUNNING|STOPPED)\b",
    re.IGNORECASE,
)
_NAMESPACE = re.compile(r"\b(?:namespace|ns)[ =:`*]{1,3}([a-z0-9][a-z0-9\-]{1,62})")  # where Strimzi runs it
_BEFORE_NOW = re.compile(r"\b(?:was|were|previously|had been|been) (?:FAILED|UNASSIGNED|PAUSED)\b", re.IGNORECASE)
_ABOUT = re.compile(
    r"debezium|kafka[ -]?connect|connector|커넥터|io\.confluent\.connect|connect\.errors", re.IGNORECASE
)
_TRACE = re.compile(r"(?:trace|Caused by|exception)[^\n]{0,20}?[:=]\s?[\s\S]{1,3000}", re.IGNORECASE)
_RESTARTS = re.compile(r"\brestart(?:ing|ed|s)\b|재시작(?:합|했|중)", re.IGNORECASE)  # the watcher's own remedy
_OVER = re.compile(r"\brecover|resolved|\bback to running|정상|복구|해소", re.IGNORECASE)


def read(message: Message) -> Alert | None:
    """Read what a watcher of `/connectors?expand=status` says; which task or worker failed is not identity."""
    found = labels.labels(message)
    name = _connector(message, found)
    if not name or not _ABOUT.search(message.text[:6000]):
        return None
    kind = _kind(message)
    cluster = labels.name_of(labels.first(found, *_CLUSTER))
    namespace = _NAMESPACE.search(title_of(message))
    trace = _TRACE.search(message.text[:12_000])
    return Alert(
        kind=kind,
        source="script",
        severity=severity_for(kind, stated(message, found), _default(message)),
        resource={"connector": name}
        | ({"cluster": cluster} if cluster and " " not in cluster else {})
        | ({"namespace": namespace[1]} if namespace else {}),
        aspect=message.sender,
        topic="connector-failed" if kind is Kind.ALERT else None,
        title=title_of(message),
        error=error_in(message.text) or (short(trace[0]) if trace else ""),
        links=leads_to(message, source="://"),
    )


def _connector(message: Message, found: dict[str, str]) -> str:
    named = labels.name_of(labels.first(found, *_CONNECTOR))
    if named and " " not in named:
        return named.rstrip("/").split("/")[0]
    text = message.text[:4000]
    for pattern in (_JSON_NAME, _NAMED, _BEFORE, _PATH):
        if (match := pattern.search(text)) and not re.fullmatch(
            r"(?i)debezium|kafka|connect|sink|source|jdbc", match[1]
        ):
            return match[1].rstrip(".:,/")
    return next((match[1] for url in message.links if (match := _PATH.search(url))), "")


def _kind(message: Message) -> Kind:
    """A change of state counts by where it went; one FAILED task is enough, whatever the connector says."""
    text = _BEFORE_NOW.sub(" ", message.text[:6000])
    if change := _CHANGE.search(text):
        return Kind.RESOLVED if change[1].upper() == "RUNNING" else Kind.ALERT
    states = {(match[1] or match[2]).upper() for match in _STATE.finditer(text)}
    if _RESTARTS.search(title_of(message)) and not states & {"FAILED", "UNASSIGNED"}:
        return Kind.NOISE
    head = status_of(title_of(message))
    if head is Status.OVER and "FAILED" not in states:
        return Kind.RESOLVED
    if states & {"FAILED", "UNASSIGNED"}:
        return Kind.RESOLVED if _OVER.search(title_of(message)) else Kind.ALERT
    if states == {"RUNNING"}:
        return Kind.RESOLVED
    if head is Status.UNKNOWN:
        head = status_of(text[:600])
    return kind_of(head)


def _default(message: Message) -> Severity:
    return Severity.WARNING if re.search(r"\b(?:PAUSED|rebalanc)", message.text[:600]) else Severity.ERROR


SOURCE = Source(
    name="kafka_connect",
    read=read,
    is_home_made=True,
    senders=("kafka connect", "kafka-connect", "debezium", "connect-watch", "connector", "커넥터", "cdc"),
    links=("/connectors/",),
    shape=re.compile(
        r"\b(?:(?:kafka)?connector|debezium|커넥터)\b[\s\S]{0,200}?\b(?:FAILED|UNASSIGNED|state|RUNNING"
        r"|PAUSED|실패|중단|복구|정상)|/connectors/[\w.\-]+/(?:status|tasks|restart)"
        r"|org\.apache\.kafka\.connect",
        re.IGNORECASE,
    ),
)

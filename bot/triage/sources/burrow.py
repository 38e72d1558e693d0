"""Burrow, LinkedIn's watcher of Kafka consumers."""

import re

from bot.triage import labels
from bot.triage.model import Alert, Kind, Message
from bot.triage.severity import stated
from bot.triage.source import Source, severity_for, title_of

_GROUP = ("group", "consumer group", "consumer_group")
_CLUSTER = ("cluster", "kafka cluster", "connect cluster", "connect_cluster", "connect", "worker group", "클러스터")


def read(message: Message) -> Alert | None:
    found = labels.labels(message)
    group, cluster = labels.first(found, *_GROUP), labels.first(found, *_CLUSTER)
    if not group:
        return None
    head = title_of(message)
    is_over = re.search(r"\b(?:ok|no longer|recovered|resolved|caught up)\b", head, re.IGNORECASE) is not None
    kind = Kind.RESOLVED if is_over else Kind.ALERT
    return Alert(
        kind=kind,
        source="burrow",
        severity=severity_for(kind, stated(message, found)),
        resource={"group": group} | ({"cluster": cluster} if cluster else {}),
        topic="consumer-lag" if kind is Kind.ALERT else None,
        title=head,
        error=f"total lag {found['total lag']}" if "total lag" in found else "",
    )


SOURCE = Source(
    name="burrow",
    read=read,
    senders=("burrow",),
    shape=re.compile(r"A kafka consumer is (?:lagging behind|stalled|no longer)"),
)

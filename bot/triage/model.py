"""What triage makes of a Slack message: the message as it came, and what a tool said in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    ALERT = "alert"
    RESOLVED = "resolved"
    REQUEST = "request"
    NOISE = "noise"


class Severity(StrEnum):
    CRITICAL = "critical"
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    def is_worse_than(self, other: "Severity") -> bool:
        order = list(Severity)
        return order.index(self) < order.index(other)


@dataclass(frozen=True, slots=True)
class Own:
    """Baton's own ids in Slack: what it posts must not come back as an alert."""

    bot_id: str = ""
    user: str = ""
    app_id: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """Where the words of a message stood. Labels of `fields` are lower-case; an anchor is a URL with its words."""

    text: str = ""  # the message's own text, without attachments and blocks
    titles: tuple[str, ...] = ()  # header blocks, then titles of attachments
    fields: tuple[tuple[str, str], ...] = ()
    anchors: tuple[tuple[str, str], ...] = ()
    color: str = ""  # six hexadecimal digits, lower-case, without '#'


@dataclass(frozen=True, slots=True)
class Message:
    """A Slack message event, redacted.

    `ts` is the message's own (for an edit: the edited message's), `at` when it was said or edited, `received_at` when
    Baton read it, `revision` tells its edits apart, `text` is everything readable flattened into lines with entities
    unwrapped, `links` the URLs in it, `payload` the redacted event for parsers and for the store.
    """

    team: str
    channel: str
    ts: str
    at: datetime
    received_at: datetime
    text: str
    payload: Mapping[str, Any]
    thread_ts: str | None = None
    user: str | None = None
    bot_id: str | None = None
    app_id: str | None = None
    sender: str = ""
    links: tuple[str, ...] = ()
    is_edit: bool = False
    revision: str = ""
    subtype: str = ""
    parts: Parts = field(default_factory=Parts)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One concrete failure in Airflow. Where the alert does not name the run, `logical_at` finds it; both may lack."""

    dag_id: str
    task_id: str | None = None
    dag_run_id: str | None = None
    logical_at: datetime | None = None
    map_index: int = -1
    try_number: int | None = None


@dataclass(frozen=True, slots=True)
class Alert:
    """What a tool says in one message.

    `resource` names the broken thing and nothing volatile (rule R4); `title` and `error` are for people, short,
    redacted and not yet escaped. `explanation` lists the decisions that led here, for `baton explain`.
    """

    kind: Kind
    source: str
    severity: Severity | None = None
    resource: Mapping[str, str] = field(default_factory=dict)
    aspect: str = ""  # where one resource breaks in ways that end apart: a missed SLA is not a failed run
    topic: str | None = None
    title: str = ""
    error: str = ""
    owner: str = ""
    links: Mapping[str, str] = field(default_factory=dict)  # what it leads to (log, dag, source) -> URL
    occurrences: tuple[Occurrence, ...] = ()
    route: str = ""  # where a team rule sends it instead of its channel's route
    faults: tuple[str, ...] = ()  # the parsers and team rules that failed on it
    explanation: tuple[str, ...] = ()

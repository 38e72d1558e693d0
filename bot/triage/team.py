"""Team rules: what a team's configuration says about messages of its own tools, before the built-in parsers. Pure."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from bot.triage import topics
from bot.triage.errors import short
from bot.triage.generic.tools import source_of
from bot.triage.identity import normal
from bot.triage.labels import plain
from bot.triage.model import Alert, Kind, Message, Occurrence, Severity
from bot.triage.patterns import Pattern, Template
from bot.triage.severity import level
from bot.triage.signals import Status, status_of
from bot.triage.source import kind_of

SAYING = ("severity", "status", "title", "error", "owner")
"""Captures that say what their name says, and name nothing."""
VOLATILE = ("run_id", "map_index", "try_number")
"""Captures that tell one failure in Airflow from the next, and name nothing (rule R4)."""
OTHERWISE = "*"
"""In a map of words: every other word."""

_LONGEST_NAME = 200

T = TypeVar("T", Kind, Severity)
Captures = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Match:
    """Which messages a rule is about: all conditions that are given must fit, of each one alternative.

    `senders` are parts of names in lower case, `bots` ids of bots or apps; of `patterns` each must be found.
    """

    senders: tuple[str, ...] = ()
    bots: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    patterns: tuple[Pattern, ...] = ()

    def look(self, message: Message) -> tuple[Captures | None, str]:
        """Return the captures, or None with the condition that does not fit."""
        if self.channels and message.channel not in self.channels:
            return None, "another channel"
        if self.bots and not self.bots & {message.bot_id, message.app_id}:
            return None, "another bot"
        if self.senders:
            sender = normal(message.sender)
            if not any(part in sender for part in self.senders):
                return None, "another sender"
        found: dict[str, str] = {}
        text = unicodedata.normalize("NFC", message.text) if self.patterns else ""
        for pattern in self.patterns:
            captures = pattern.captures(text)
            if captures is None:
                return None, f"the text has no {pattern.written}"
            found.update(captures)
        return found, ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What one rule says of the messages that it matches. What is empty, it leaves to the built-in reading."""

    name: str
    match: Match
    ignore: bool = False
    source: str = ""
    resource: Mapping[str, Template] | None = None
    says: Mapping[str, Template] = field(default_factory=dict)  # aspect, title, error, owner
    severity: Severity | Mapping[str, Severity] | None = None
    status: Kind | Mapping[str, Kind] | None = None
    topic: str = ""
    route: str = ""

    def over(self, captures: Captures, message: Message, built_in: Alert) -> Alert:
        """Return the built-in reading with all that this rule says put over it."""
        kind = self._kind(captures) or built_in.kind
        is_alert = kind is Kind.ALERT
        source = self.source or built_in.source or source_of(message)
        resource = self._resource(captures) or built_in.resource
        aspect = "" if self.source and self.source != built_in.source else built_in.aspect
        severity = self._severity(captures) or built_in.severity or Severity.ERROR
        topic = self.topic or built_in.topic or topics.topic_of(message.text, "job-failed")
        return replace(
            built_in,
            kind=kind,
            source=source,
            resource=resource,
            severity=severity if is_alert else None,
            topic=topic if is_alert else built_in.topic,
            aspect=self._said("aspect", captures, aspect),
            title=self._said("title", captures, built_in.title),
            error=self._said("error", captures, built_in.error),
            owner=self._said("owner", captures, built_in.owner),
            route=self.route,
            occurrences=built_in.occurrences or _occurrences(source, resource, captures),
        )

    def _kind(self, captures: Captures) -> Kind | None:
        word = captures.get("status", "")
        status = status_of(word)
        return _mapped(self.status, word) or (None if status is Status.UNKNOWN else kind_of(status))

    def _severity(self, captures: Captures) -> Severity | None:
        word = captures.get("severity", "")
        return _mapped(self.severity, word) or level(word)

    def _resource(self, captures: Captures) -> dict[str, str]:
        if self.resource is None:
            named = {key: value for key, value in captures.items() if key not in {*SAYING, *VOLATILE}}
        else:
            named = {key: template.filled(captures) for key, template in self.resource.items()}
        return {key: name for key, value in named.items() if (name := _clean(value))}

    def _said(self, what: str, captures: Captures, otherwise: str) -> str:
        template = self.says.get(what)
        said = template.filled(captures) if template else captures.get(what, "") if what in SAYING else ""
        return short(said) or otherwise


@dataclass(frozen=True, slots=True)
class TeamRules:
    """In the order in which they are tried; the first that matches decides."""

    rules: tuple[Rule, ...] = ()

    def read(self, message: Message, built_in: Callable[[Message], Alert]) -> Alert:
        """Return what the first rule that matches makes of the built-in reading. Never raises.

        A rule that fails is passed over and named in `faults`: the built-in parsers still read the message.
        """
        faults: list[str] = []
        for rule in self.rules:
            try:
                alert = _ruled(rule, message, built_in)
            except Exception as error:  # noqa: BLE001 - a rule's fault must not lose the alert
                faults.append(f"the team rule {rule.name} failed: {type(error).__name__}")
                continue
            if alert is not None:
                return _with_faults(alert, faults)
        return _with_faults(built_in(message), faults)

    def looked(self, message: Message) -> Iterator[tuple[Rule, str]]:
        """Yield each rule up to the one that matches, with the condition that does not fit, or "" for the match."""
        for rule in self.rules:
            try:
                captures, why = rule.match.look(message)
            except Exception as error:  # noqa: BLE001 - as in `read`
                captures, why = None, f"it failed: {type(error).__name__}"
            yield rule, why
            if captures is not None:
                return


NO_RULES = TeamRules()


def _ruled(rule: Rule, message: Message, built_in: Callable[[Message], Alert]) -> Alert | None:
    captures, _ = rule.match.look(message)
    if captures is None:
        return None
    said = ", ".join(f"{name}={_clean(value)}" for name, value in captures.items() if value)
    why = f"the team rule {rule.name} matches" + (f" and captured {said}" if said else "")
    if rule.ignore:
        return Alert(kind=Kind.NOISE, source=source_of(message), explanation=(why, "it is to be ignored"))
    alert = rule.over(captures, message, built_in(message))
    return replace(alert, explanation=(why, *alert.explanation))


def _with_faults(alert: Alert, faults: list[str]) -> Alert:
    if not faults:
        return alert
    return replace(alert, faults=(*faults, *alert.faults), explanation=(*faults, *alert.explanation))


def _mapped(words: T | Mapping[str, T] | None, word: str) -> T | None:
    """Return what a captured word means; a single meaning holds whatever was captured."""
    if not isinstance(words, Mapping):
        return words
    return words.get(normal(word), words.get(OTHERWISE)) if word.strip() else None


def _clean(value: str) -> str:
    """Return a captured name as names are written: without marks around it, one kind of space, NFC, not too long."""
    return " ".join(unicodedata.normalize("NFC", plain(value)).split())[:_LONGEST_NAME]


def _occurrences(source: str, resource: Mapping[str, str], captures: Captures) -> tuple[Occurrence, ...]:
    """Return the failure in Airflow that a rule has named: the team's own form of a callback is followed too."""
    if source != "airflow" or not resource.get("dag_id"):
        return ()
    index, tried = captures.get("map_index", ""), captures.get("try_number", "")
    return (
        Occurrence(
            dag_id=resource["dag_id"],
            task_id=resource.get("task_id"),
            dag_run_id=captures.get("run_id") or None,
            map_index=int(index) if index.isdecimal() else -1,
            try_number=int(tried) if tried.isdecimal() else None,
        ),
    )

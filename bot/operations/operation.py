"""What an operation is: a frozen dataclass whose fields are its form and its arguments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import ClassVar, Protocol

from bot.access.grants import Grants
from bot.actor import BATON, Actor
from bot.config.model import Rerun
from bot.config.policy import Effect
from bot.config.who import Who
from bot.loads import Loads
from bot.operations.facts import Subject
from bot.operations.plan import Applied, Found, Outcome, Plan, Step, Verdict
from bot.ports.airflow import Airflow
from bot.ports.bigquery import BigQuery
from bot.text import Text

__all__ = ["Ask", "Asking", "DagFacts", "Effect", "Operation", "Ports", "Problem", "Problems", "Subject", "Words"]


_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Words(StrEnum):
    """How a field is written in a command: by name (`key=value`), as one word, or as all words that are left."""

    NAMED = "named"
    ONE = "one"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Ask:
    """How a person is asked for a field. `label` and `hint` are message ids; `options` names what suggests values.

    `pattern` must match each whole value, which has at most `longest` characters. `people` are Slack users: chosen
    from Slack's own menu, written as a mention. The labels of a choice are the messages `LABEL.VALUE`.
    """

    label: str
    hint: str | None = None
    options: str | None = None
    words: Words = Words.NAMED
    pattern: str = r".+"
    longest: int = 250
    at_most: int = 50
    people: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field and what to write instead; an empty field means the whole."""

    field: str
    words: Text


Problems = tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class DagFacts:
    """What the configuration says about a DAG."""

    owners: tuple[Who, ...] = ()
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Asking:
    """Which run it is for, who asked for it, and why."""

    run_id: str = ""
    by: Actor = BATON
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ports:
    """What operations may touch. `on_behalf_of` goes into every note that a vendor keeps: who asked, in which run.

    `airflow` by the name of the server, `bigquery` by the id of the project. `now` is business time; where nobody said
    it, it lies so far back that everything is still to come.
    """

    airflow: Mapping[str, Airflow] = field(default_factory=dict)
    rerun: Callable[[str, str], Rerun] = lambda _airflow, _dag_id: Rerun.UNKNOWN
    dag: Callable[[str, str], DagFacts] = lambda _airflow, _dag_id: DagFacts()
    bigquery: Mapping[str, BigQuery] = field(default_factory=dict)
    loads: Loads = field(default_factory=Loads)
    now: datetime = _LONG_AGO
    grants: Grants | None = None
    on_behalf_of: str = "Baton"
    asking: Asking = Asking()


class Operation(Protocol):
    """One thing that Baton can do to the platform.

    Everything else is derived: command, form, preview, card, notes, audit, command line, help. Every method may raise
    `bot.ports.errors.VendorError`; each says less than a minute's worth of calls. The docstring of an operation is
    its help, in English; the message `<name>.help` says the same in every language.
    """

    name: ClassVar[str]
    effect: ClassVar[Effect]
    limit: ClassVar[int]
    runbook: ClassVar[str]
    needs_reason: ClassVar[bool]

    def exact(self, ports: Ports, now: datetime) -> "Operation | Problems":
        """Return the same with nothing left that depends on when it is read: "yesterday" as its date.

        From configuration only: no vendor is asked.
        """
        ...

    def about(self, ports: Ports) -> Subject:
        """Return what the policy is told of this use, the same before and after it is planned.

        From configuration only: no vendor is asked.
        """
        ...

    def plan(self, ports: Ports) -> Plan:
        """Return what would be done. Reads only."""
        ...

    def check(self, step: Step, ports: Ports) -> Mapping[str, Text]:
        """Return the targets of the step that must be left alone by now, with why. Reads only."""
        ...

    def apply(self, step: Step, ports: Ports) -> Outcome:
        """Do exactly this step, by one vendor write. Doing it twice does no harm."""
        ...

    def lookup(self, step: Step, ports: Ports) -> Found:
        """Tell whether the step was done, where its answer never came. Reads only."""
        ...

    def verify(self, done: tuple[Applied, ...], ports: Ports) -> Verdict:
        """Tell what came of the steps. Reads only; called again and again until it has ended."""
        ...

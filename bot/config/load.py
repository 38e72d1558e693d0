"""The configuration of one install, from one directory and the environment."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter, ValidationError

from bot.config.datasets import Datasets
from bot.config.document import Document, read
from bot.config.explain import explain
from bot.config.hours import WorkingHours
from bot.config.loads import Loads, load_problems
from bot.config.model import Baton, Language, Mode, Route
from bot.config.people import PEOPLE, Person
from bot.config.policy import Policy
from bot.config.policy_checks import policy_problems
from bot.config.policy_tests import TESTS, TESTS_FILE
from bot.config.problem import ConfigError, Problem
from bot.config.references import references
from bot.config.rule_checks import rule_problems
from bot.config.schedules import PAGING
from bot.config.secrets import Environment, Secrets, read_secrets
from bot.config.sources import Sources

T = TypeVar("T")

BATON_FILE, PEOPLE_FILE, POLICY_FILE, SOURCES_FILE = "baton.yaml", "people.yaml", "policy.yaml", "sources.yaml"
LOADS_FILE, DATASETS_FILE = "loads.yaml", "datasets.yaml"
ADAPTERS: Mapping[str, TypeAdapter[Any]] = {
    BATON_FILE: TypeAdapter(Baton),
    PEOPLE_FILE: PEOPLE,
    POLICY_FILE: TypeAdapter(Policy),
    SOURCES_FILE: TypeAdapter(Sources),
    LOADS_FILE: TypeAdapter(Loads),
    DATASETS_FILE: TypeAdapter(Datasets),
}
SCHEMAS: Mapping[str, TypeAdapter[Any]] = {**ADAPTERS, TESTS_FILE: TESTS}
"""Of every file that people write."""
OPTIONAL = {SOURCES_FILE: Sources(), LOADS_FILE: Loads(), DATASETS_FILE: Datasets()}
"""What counts where a file is absent, or holds nothing but comments."""
_UNSET = "http://unset.example"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a configuration was read, the names that its policy may speak of, and `policy.yaml` as it was then."""

    directory: Path
    operations: tuple[str, ...] = ()
    policy: bytes | None = None

    def policy_now(self) -> bytes | None:
        """Return what the file holds now, None where it cannot be read."""
        try:
            return (self.directory / POLICY_FILE).read_bytes()
        except OSError:
            return None


@dataclass(frozen=True, slots=True)
class Config:
    """One attribute for each file, and the secrets."""

    baton: Baton
    people: tuple[Person, ...] = ()
    policy: Policy = field(default_factory=Policy)
    sources: Sources = field(default_factory=Sources)
    loads: Loads = field(default_factory=Loads)
    datasets: Datasets = field(default_factory=Datasets)
    secrets: Secrets = field(default_factory=Secrets)
    source: Source | None = None

    @property
    def is_live(self) -> bool:
        return self.baton.mode is Mode.LIVE

    @property
    def database_url(self) -> str:
        secret = self.secrets.database_url
        return secret.get_secret_value() if secret else self.baton.database.url

    def route_name(self, channel: str) -> str | None:
        """Return the name of the route of that channel's alerts, None for a channel that Baton does not watch."""
        watched = self.baton.channels.get(channel)
        return watched.route if watched else None

    def route(self, channel: str) -> Route | None:
        name = self.route_name(channel)
        return self.baton.routes[name] if name else None

    def language(self, channel: str) -> Language:
        watched = self.baton.channels.get(channel)
        return (watched and watched.language) or self.baton.language

    def working_hours(self, route: Route) -> WorkingHours:
        return route.working_hours or self.baton.working_hours

    @property
    def zone(self) -> ZoneInfo:
        return self.baton.zone


@dataclass(frozen=True, slots=True)
class Examined:
    """What a directory holds: the configuration where it is usable, and every problem."""

    config: Config | None
    problems: tuple[Problem, ...]


def load(directory: Path, environ: Mapping[str, str], operations: Collection[str] = ()) -> Config:
    """Return the configuration. Raises ConfigError with all problems at once, missing secrets included."""
    source = Source(directory, tuple(operations))
    source = replace(source, policy=source.policy_now())
    examined = examine(directory, environ, operations)
    if examined.problems or examined.config is None:
        raise ConfigError(examined.problems)
    return replace(examined.config, source=source)


def load_to_read(directory: Path, environ: Mapping[str, str], operations: Collection[str] = ()) -> Config:
    """Return the configuration for what calls nobody: secrets and variables may lack. Raises ConfigError."""
    examined = examine(directory, environ, operations, unset=_UNSET)
    if examined.config is None:
        raise ConfigError([problem for problem in examined.problems if not problem.needs_environment])
    return examined.config


def examine(
    directory: Path, environ: Mapping[str, str], operations: Collection[str] = (), *, unset: str | None = None
) -> Examined:
    """Return what `load` would use and everything that is wrong with it.

    `unset` stands for variables in URLs that are not set; without it each is a problem.
    """
    documents = {name: read(directory / name, may_be_empty=name in OPTIONAL) for name in ADAPTERS}
    context = {"environ": environ, "unset": unset}
    values = {name: _validated(name, documents[name], context) for name in ADAPTERS}
    baton = documents[BATON_FILE]
    environment = Environment(environ)
    secrets = read_secrets(environment, _servers(baton))
    _need(environment, baton)
    problems = [
        *(problem for document in documents.values() for problem in document.problems),
        *references(baton, documents[PEOPLE_FILE]),
        *policy_problems(documents[POLICY_FILE], baton, documents[LOADS_FILE], documents[DATASETS_FILE], operations),
        *rule_problems(documents[SOURCES_FILE], baton),
        *load_problems(documents[LOADS_FILE], baton),
        *environment.problems,
    ]
    config = None
    if values[BATON_FILE] is not None and not any(not problem.needs_environment for problem in problems):
        config = Config(**{name.removesuffix(".yaml"): value for name, value in values.items()}, secrets=secrets)
    return Examined(config, tuple(sorted(problems, key=lambda each: (each.needs_environment, each.file, each.line))))


@dataclass(frozen=True, slots=True)
class PolicyRead:
    """What `policy.yaml` says now: a policy, or everything that is wrong with it."""

    policy: Policy | None
    problems: tuple[Problem, ...] = ()


def read_policy(source: Source) -> PolicyRead:
    """Return the policy as the file is now, checked against the other files."""
    policy, baton, loads, datasets = (
        read(source.directory / name, may_be_empty=name in OPTIONAL)
        for name in (POLICY_FILE, BATON_FILE, LOADS_FILE, DATASETS_FILE)
    )
    value = _validated(POLICY_FILE, policy, {})
    problems = (*policy.problems, *policy_problems(policy, baton, loads, datasets, source.operations))
    return PolicyRead(None if problems else value, problems)


@cache
def schema(file: str = BATON_FILE) -> dict[str, Any]:
    """Return the JSON Schema of one file, for editors. Raises KeyError for a file that Baton does not read."""
    return SCHEMAS[file].json_schema()


def _validated(name: str, document: Document, context: Mapping[str, Any]) -> Any:
    """Return the file's value, or None after its problems were added to the document."""
    if document.data is None:
        return None if document.problems else OPTIONAL[name]
    try:
        return ADAPTERS[name].validate_python(document.data, context=context)
    except ValidationError as error:
        document.problems += explain(error, document, schema(name))
        return None


def _need(environment: Environment, baton: Document) -> None:
    """Ask for the secrets of what is configured, also when the file is wrong elsewhere."""
    is_socket = baton.get("slack", "transport") == "socket"
    environment.need("BATON_SLACK_BOT_TOKEN", "BATON_SLACK_APP_TOKEN" if is_socket else "BATON_SLACK_SIGNING_SECRET")
    schedules = baton.get("schedules")
    names = schedules if isinstance(schedules, Mapping) else {}
    providers = {baton.get("schedules", name, "provider") for name in names}
    for provider, secret in (("opsgenie", "BATON_OPSGENIE_API_KEY"), ("jsm", "BATON_JSM_API_TOKEN")):
        if provider in providers:
            environment.need(secret)
    for provider in sorted(PAGING):
        if baton.get(provider, "webhook"):
            environment.need(f"BATON_{provider.upper()}_WEBHOOK_SECRET")
    for server in _servers(baton):
        if baton.get("airflow", server, "auth") != "google":
            environment.need_login(server)


def _servers(baton: Document) -> list[str]:
    servers = baton.get("airflow")
    return [str(name) for name in servers] if isinstance(servers, Mapping) else []

"""The team's own rules about what its tools post."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from bot.config.load import Config
from bot.config.sources import Rule as RuleConfig
from bot.config.sources import Status
from bot.triage.identity import normal
from bot.triage.model import Kind, Severity
from bot.triage.patterns import pattern, template
from bot.triage.team import Match, Rule, TeamRules

W = TypeVar("W", Severity, Status)
T = TypeVar("T", Severity, Kind)


def team_rules_of(config: Config) -> TeamRules:
    return TeamRules(tuple(_rule(name, rule) for name, rule in config.sources.sources.items()))


def _rule(name: str, rule: RuleConfig) -> Rule:
    says = {"aspect": rule.aspect, "title": rule.title, "error": rule.error, "owner": rule.owner}
    return Rule(
        name=name,
        match=Match(
            senders=tuple(normal(part) for part in rule.match.sender),
            bots=frozenset(rule.match.bot),
            channels=frozenset(rule.match.channel),
            patterns=tuple(pattern(written) for written in rule.match.text),
        ),
        ignore=rule.ignore,
        source=rule.source or "",
        resource={key: template(value) for key, value in rule.resource.items()} if rule.resource else None,
        says={key: template(value) for key, value in says.items() if value},
        severity=_words(rule.severity, lambda level: level),
        status=_words(rule.status, _KINDS.__getitem__),
        topic=rule.topic or "",
        route=rule.route or "",
    )


_KINDS = {Status.FIRING: Kind.ALERT, Status.RESOLVED: Kind.RESOLVED, Status.NOISE: Kind.NOISE}


def _words(written: W | Mapping[str, W] | None, meaning: Callable[[W], T]) -> T | Mapping[str, T] | None:
    """Return what words mean, the words as words are compared."""
    if isinstance(written, Mapping):
        return {normal(word): meaning(each) for word, each in written.items()}
    return None if written is None else meaning(written)

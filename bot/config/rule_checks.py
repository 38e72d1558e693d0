"""What a rule of `sources.yaml` gets wrong beyond its form: captures, routes, channels and topics that do not exist.

It looks at plain data, so that it also finds these in files that are wrong elsewhere.
"""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any

from bot.config.document import Document, Path, dotted
from bot.config.explain import suggestion
from bot.config.problem import Problem
from bot.text import Code, Text, text
from bot.triage.patterns import WrongPattern, pattern, template
from bot.triage.team import VOLATILE
from bot.triage.topics import TOPICS

_TEMPLATES = ("aspect", "title", "error", "owner")
_WORDS = ("severity", "status")
_FIRST = ("sources",)


def rule_problems(sources: Document, baton: Document) -> Iterator[Problem]:
    rules = sources.get(*_FIRST)
    for name, rule in rules.items() if isinstance(rules, Mapping) else ():
        if isinstance(rule, Mapping):
            for path, words in _of_rule(rule, baton):
                here = (*_FIRST, name, *path)
                yield Problem(sources.file, words, sources.line(here), dotted(here))


def _of_rule(rule: Mapping[str, Any], baton: Document) -> Iterator[tuple[Path, Text]]:
    match = rule.get("match")
    if isinstance(match, Mapping) and not any(match.values()):
        yield ("match",), text("config.rule_matches_all")
    captures = _captures(match)
    if captures is not None:
        yield from _unknown_captures(rule, captures)
        yield from _wordless(rule, captures)
        yield from _silent(rule, captures)
    yield from _leads_nowhere(rule, baton)


def _captures(match: Any) -> set[str] | None:
    """Return the names that the rule's patterns capture, None where a pattern is wrong."""
    try:
        return {name for written in _several(match, "text") for name in pattern(written).names}
    except WrongPattern:
        return None


def _several(match: Any, key: str) -> list[str]:
    value = match.get(key) if isinstance(match, Mapping) else None
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def _unknown_captures(rule: Mapping[str, Any], captures: set[str]) -> Iterator[tuple[Path, Text]]:
    resource = rule.get("resource")
    written = {("resource", key): value for key, value in resource.items()} if isinstance(resource, Mapping) else {}
    for path, value in (written | {(key,): rule.get(key) for key in _TEMPLATES}).items():
        for name in _names(value):
            if name not in captures:
                near = suggestion(name, sorted(captures))
                yield path, text("config.unknown_capture", value=Code(name), suggestion=near)


def _names(value: Any) -> tuple[str, ...]:
    try:
        return template(value).names if isinstance(value, str) else ()
    except WrongPattern:
        return ()


def _wordless(rule: Mapping[str, Any], captures: set[str]) -> Iterator[tuple[Path, Text]]:
    """A map of words needs the capture whose words it explains."""
    for key in _WORDS:
        if isinstance(rule.get(key), Mapping) and key not in captures:
            yield (key,), text("config.map_without_capture", name=key)


def _silent(rule: Mapping[str, Any], captures: set[str]) -> Iterator[tuple[Path, Text]]:
    said = sorted(set(rule) - {"match", "ignore"})
    if rule.get("ignore") is True:
        if said:
            yield (said[0],), text("config.ignored_anyway", name=said[0])
    elif not said and not captures - set(VOLATILE):
        yield (), text("config.rule_says_nothing")


def _leads_nowhere(rule: Mapping[str, Any], baton: Document) -> Iterator[tuple[Path, Text]]:
    routes, channels = _named(baton, "routes"), _named(baton, "channels")
    route, topic = rule.get("route"), rule.get("topic")
    if isinstance(route, str) and route not in routes:
        near = suggestion(route, routes)
        yield ("route",), text("config.undefined", value=Code(route), where="routes", suggestion=near)
    for channel in _several(rule.get("match"), "channel"):
        if channel not in channels:
            near = suggestion(channel, channels)
            yield ("match", "channel"), text("config.unwatched", value=Code(channel), suggestion=near)
    if isinstance(topic, str) and topic not in TOPICS and topic not in (own := _own_topics(baton)):
        near = suggestion(topic, sorted({*TOPICS, *own}))
        yield ("topic",), text("config.unknown_topic", value=Code(topic), suggestion=near)


def _named(document: Document, key: str) -> list[str]:
    found = document.get(key)
    return sorted(found) if isinstance(found, Mapping) else []


def _own_topics(baton: Document) -> Collection[str]:
    """Return the topics that the team's own pages explain."""
    from bot.runbooks import Runbooks  # noqa: PLC0415 - only a topic that Baton does not ship needs the pages

    directory = baton.get("runbooks", "directory")
    return Runbooks.load(FilePath(directory if isinstance(directory, str) else "runbooks")).topics

"""What the files say about each other. It looks at plain data, so it also finds these problems in half-wrong files."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.config.document import Document, Path, dotted
from bot.config.explain import suggestion
from bot.config.paging import NEVER
from bot.config.problem import Problem
from bot.config.schedules import PAGING
from bot.text import Code, text


def references(baton: Document, people: Document) -> list[Problem]:
    """Return names that lead nowhere, people named twice, and what shadow mode lacks."""
    return [
        *_undefined(baton, "channels", "route", "routes"),
        *_undefined(baton, "routes", "schedule", "schedules"),
        *_undefined(baton, "routes", "airflow", "airflow"),
        *_page(baton),
        *_groups(baton),
        *_asked(baton),
        *_route_pages(baton),
        *_webhooks(baton),
        *_shadow(baton),
        *_accounts_twice(people),
        *_twice(people, "opsgenie"),
        *_twice(people, "jsm"),
        *_twice(people, "calendar"),
        *_twice(people, "google"),
    ]


def _undefined(document: Document, holders: str, key: str, targets: str) -> Iterator[Problem]:
    known = sorted(document.get(targets) or {}) if isinstance(document.get(targets), Mapping) else []
    for name in _keys(document.get(holders)):
        target = document.get(holders, name, key)
        if isinstance(target, str) and target not in known:
            words = text("config.undefined", value=Code(target), where=targets, suggestion=suggestion(target, known))
            yield _at(document, (holders, name, key), words)


def _page(baton: Document) -> Iterator[Problem]:
    """Yield where the schedule that grants page is not there, or its provider wakes nobody."""
    name = baton.get("access", "page")
    if isinstance(name, str):
        yield from _paged(baton, name, ("access", "page"))


def _route_pages(baton: Document) -> Iterator[Problem]:
    """Yield where a route pages a schedule that is not there, or not at that provider."""
    for route in _keys(baton.get("routes")):
        named, path = baton.get("routes", route, "page"), ("routes", route, "page")
        schedule = baton.get("routes", route, "schedule")
        if named in PAGING:
            provider = baton.get("schedules", schedule, "provider") if isinstance(schedule, str) else None
            if provider and provider != named:
                words = text("config.page_elsewhere", schedule=Code(str(schedule)), page=named, provider=str(provider))
                yield _at(baton, path, words)
        elif isinstance(named, str) and named != NEVER:
            yield from _paged(baton, named, path)


def _webhooks(baton: Document) -> Iterator[Problem]:
    """Yield where alerts from a webhook would open incidents in a channel without a route."""
    watched = sorted(map(str, _keys(baton.get("channels"))))
    for provider in sorted(PAGING):
        channel = baton.get(provider, "webhook", "channel")
        if isinstance(channel, str) and channel not in watched:
            advice = suggestion(channel, watched)
            words = text("config.undefined", value=Code(channel), where="channels", suggestion=advice)
            yield _at(baton, (provider, "webhook", "channel"), words)


def _paged(baton: Document, name: str, path: Path) -> Iterator[Problem]:
    known = sorted(map(str, _keys(baton.get("schedules"))))
    if name not in known:
        words = text("config.undefined", value=Code(name), where="schedules", suggestion=suggestion(name, known))
        yield _at(baton, path, words)
    elif baton.get("schedules", name, "provider") not in PAGING:
        yield _at(baton, path, text("config.page_without_alerts", schedule=Code(name)))


def _groups(baton: Document) -> Iterator[Problem]:
    """Yield schedules of groups that are not there, and those that in a gap would fall back on the group itself."""
    known = sorted(map(str, _keys(baton.get("schedules"))))
    for group in _keys(baton.get("groups")):
        written = baton.get("groups", group, "schedules")
        for index, name in enumerate(written if isinstance(written, list) else []):
            path = ("groups", group, "schedules", index)
            if name not in known:
                advice = suggestion(str(name), known)
                yield _at(baton, path, text("config.undefined", value=Code(name), where="schedules", suggestion=advice))
            elif baton.get("schedules", name, "fallback") == group:
                words = text("config.group_falls_back_on_itself", group=Code(group), schedule=Code(name))
                yield _at(baton, path, words)


def _asked(baton: Document) -> Iterator[Problem]:
    """Yield each schedule that a channel of requests names and that is not there."""
    known = sorted(map(str, _keys(baton.get("schedules"))))
    for channel in _keys(baton.get("requests", "channels")):
        path = ("requests", "channels", channel, "schedule")
        name = baton.get(*path)
        if isinstance(name, str) and name not in known:
            words = text("config.undefined", value=Code(name), where="schedules", suggestion=suggestion(name, known))
            yield _at(baton, path, words)


def _shadow(baton: Document) -> Iterator[Problem]:
    is_shadow = isinstance(baton.data, Mapping) and baton.get("mode") in {None, "shadow"}
    if is_shadow and not baton.get("slack", "review_channel"):
        yield _at(baton, ("mode",), text("config.shadow_needs_channel"))


def _twice(people: Document, key: str) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for index, person in enumerate(people.data if isinstance(people.data, list) else []):
        value = person.get(key) if isinstance(person, Mapping) else None
        if isinstance(value, str) and value in seen:
            words = text("config.person_twice", value=Code(value), line=str(seen[value]))
            yield _at(people, (index, key), words)
        elif isinstance(value, str):
            seen[value] = people.line((index, key))


def _accounts_twice(people: Document) -> Iterator[Problem]:
    """Yield each Slack account or terminal that is written down twice: it would be two people."""
    seen: dict[str, int] = {}
    for index, person in enumerate(people.data if isinstance(people.data, list) else []):
        for path, account in _accounts(person) if isinstance(person, Mapping) else ():
            line = people.line((index, *path))
            if account in seen:
                words = text("config.person_twice", value=Code(account), line=str(seen[account]))
                yield _at(people, (index, *path), words)
            seen.setdefault(account, line)


def _accounts(person: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    for key in ("slack", "also_slack", "cli"):
        written = person.get(key)
        listed = enumerate(written) if isinstance(written, list) else [(None, written)]
        for index, account in listed:
            if isinstance(account, str):
                yield (key,) if index is None else (key, index), account


def _keys(value: Any) -> list[str]:
    return list(value) if isinstance(value, Mapping) else []


def _at(document: Document, path: Path, words: Any) -> Problem:
    return Problem(document.file, words, document.line(path), dotted(path))

"""What `policy.yaml` gets wrong beyond its form: operations, Airflows, loads and tags that do not exist.

It looks at plain data, so that it also finds these in files that are wrong elsewhere. A typo in what is forbidden or
protected would otherwise guard nothing.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from bot.config.document import Document, Path, dotted
from bot.config.explain import suggestion
from bot.config.problem import Problem
from bot.text import Code, Text, text

_LISTS = ("rules", "protected", "forbidden", "freezes")


def policy_problems(
    policy: Document, baton: Document, loads: Document, datasets: Document, operations: Collection[str]
) -> Iterator[Problem]:
    """Yield names that lead nowhere. Operations are checked where the caller knows them; an empty collection is none.

    Datasets are patterns themselves, so that what fits none of them may still be meant.
    """
    known = {
        "dag": _keys(baton.get("airflow")),
        "load": _keys(loads.get("loads")),
        "tag": sorted(_tags(baton, loads, datasets)),
    }
    for path, scope in _scopes(policy):
        for key, name in _words(scope, "operation"):
            if operations and name not in operations:
                near = suggestion(name, sorted(operations))
                yield _at(policy, (*path, *key), text("config.unknown_operation", value=Code(name), suggestion=near))
        for key, target in _words(scope, "target"):
            kind, _, name = target.partition(":")
            pattern = name.partition("/")[0] if kind == "dag" else name
            if kind in known and not any(fnmatchcase(each, pattern) for each in known[kind]):
                yield _at(policy, (*path, *key), _nowhere(target, known[kind]))


def _nowhere(target: str, known: Sequence[str]) -> Text:
    near = suggestion(target.partition(":")[2].partition("/")[0], known)
    return text("config.target_leads_nowhere", value=Code(target), suggestion=near)


def _scopes(policy: Document) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    for name in _LISTS:
        listed = policy.get(name)
        for index, scope in enumerate(listed if isinstance(listed, list) else []):
            if isinstance(scope, Mapping):
                yield (name, index), scope
    glass = policy.get("break_glass")
    if isinstance(glass, Mapping):
        yield ("break_glass",), glass


def _words(scope: Mapping[str, Any], key: str) -> Iterator[tuple[Path, str]]:
    """Yield each word written there with its path: one, or a list of them."""
    written = scope.get(key)
    if isinstance(written, str):
        yield (key,), written
    for index, word in enumerate(written if isinstance(written, list) else []):
        if isinstance(word, str):
            yield (key, index), word


def _tags(baton: Document, loads: Document, datasets: Document) -> Iterator[str]:
    servers = baton.get("airflow")
    for server in servers.values() if isinstance(servers, Mapping) else ():
        yield from _tags_in(server.get("dags") if isinstance(server, Mapping) else None)
    yield from _tags_in(loads.get("loads"))
    yield from _tags_in(datasets.get("datasets"))


def _tags_in(things: Any) -> Iterator[str]:
    for thing in things.values() if isinstance(things, Mapping) else ():
        tags = thing.get("tags") if isinstance(thing, Mapping) else None
        yield from (tag for tag in (tags if isinstance(tags, list) else []) if isinstance(tag, str))


def _keys(value: Any) -> list[str]:
    return sorted(str(key) for key in value) if isinstance(value, Mapping) else []


def _at(document: Document, path: Path, words: Text) -> Problem:
    return Problem(document.file, words, document.line(path), dotted(path))

"""`loads.yaml`: which DAG makes which load, who owns it, and what it waits for."""

from collections.abc import Iterator, Mapping

from bot.config.document import Document, dotted
from bot.config.explain import suggestion
from bot.config.kinds import Slug
from bot.config.model import Strict
from bot.config.problem import Problem
from bot.text import Code, text


class Load(Strict):
    airflow: str
    dag: str
    tasks: tuple[str, ...] = ()
    """The tasks that make this load, where others of the DAG make other loads; all of them if absent."""
    owner: str
    """Named on the cards of its incidents where the alert names nobody."""
    depends_on: tuple[str, ...] = ()
    """The loads that it waits for: its failures while one of those has failed are told with that one."""


class Loads(Strict):
    loads: Mapping[Slug, Load] = {}


def load_problems(loads: Document, baton: Document) -> list[Problem]:
    """Return names that lead nowhere, and loads that wait for themselves. Also finds them in half-wrong files."""
    return [*_undefined(loads, baton), *_circles(loads)]


def _undefined(loads: Document, baton: Document) -> Iterator[Problem]:
    servers, names = sorted(_mapping(baton.get("airflow"))), sorted(_mapping(loads.get("loads")))
    for name in names:
        server = loads.get("loads", name, "airflow")
        if isinstance(server, str) and server not in servers:
            words = text(
                "config.undefined", value=Code(server), where="airflow", suggestion=suggestion(server, servers)
            )
            path = ("loads", name, "airflow")
            yield Problem(loads.file, words, loads.line(path), dotted(path))
        for index, other in enumerate(_depends_on(loads, name)):
            if other not in names:
                near = suggestion(other, names)
                words = text("config.undefined", value=Code(other), where="loads", suggestion=near)
                path_of = ("loads", name, "depends_on", index)
                yield Problem(loads.file, words, loads.line(path_of), dotted(path_of))


def _circles(loads: Document) -> Iterator[Problem]:
    """Yield one problem for each circle, at the load of it that is written first."""
    told: set[str] = set()
    for name in _mapping(loads.get("loads")):
        way = _way_back(loads, name)
        if way and not told & set(way):
            told |= set(way)
            path = ("loads", name, "depends_on")
            words = text("config.load_circle", way=" → ".join([*way, name]))
            yield Problem(loads.file, words, loads.line(path), dotted(path))


def _way_back(loads: Document, start: str) -> list[str]:
    """Return the loads on the way from `start` back to it, itself first; empty where no way leads back."""
    ways, seen = [[start]], {start}
    while ways:
        way = ways.pop(0)
        for other in _depends_on(loads, way[-1]):
            if other == start:
                return way
            if other not in seen:
                seen.add(other)
                ways.append([*way, other])
    return []


def _depends_on(loads: Document, name: str) -> list[str]:
    written = loads.get("loads", name, "depends_on")
    return [each for each in written if isinstance(each, str)] if isinstance(written, list) else []


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}

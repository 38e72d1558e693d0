"""One YAML file as plain data that remembers on which line each key was written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.config.problem import Problem
from bot.text import Code, text

Path = tuple[str | int, ...]
_MOST_DEEP = 20


@dataclass
class Document:
    """A file as it was read. `data` is None where nothing usable is in it; `problems` says why."""

    file: str
    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """Return the line of that key, or of the nearest key above it that is written down."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def get(self, *path: str) -> Any:
        """Return the value there, None where the file does not have it: also of files that are wrong elsewhere."""
        value = self.data
        for key in path:
            value = value.get(key) if isinstance(value, Mapping) else None
        return value


def read(path: FilePath, *, may_be_empty: bool = False) -> Document:
    """Return the file's data with every problem that YAML itself has. What may be empty may also be absent."""
    file = str(path)
    if may_be_empty and not path.exists():
        return Document(file)
    try:
        content = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Document(file, problems=[Problem(file, text("config.missing_file"))])
    except (OSError, UnicodeDecodeError) as error:
        return Document(file, problems=[Problem(file, text("config.unreadable", detail=str(error)))])
    return parse(file, content, may_be_empty=may_be_empty)


def parse(file: str, content: str, *, above: int = 0, may_be_empty: bool = False) -> Document:
    """Return the data of YAML that starts `above` lines below the top of its file."""
    document = Document(file)
    try:
        root = YAML(typ="safe", pure=True).compose(content)
    except YAMLError as error:
        document.problems.append(_syntax(file, error, above))
        return document
    if root is None or (isinstance(root, ScalarNode) and not root.value):
        if not may_be_empty:
            document.problems.append(Problem(file, text("config.empty_file")))
    else:
        document.data = _Reading(document, above + 1).value(root, ())
    return document


def dotted(path: Path) -> str:
    """Return `routes.core.mention` or `rules[2].who`, counting items from 1."""
    shown = ""
    for part in path:
        shown += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if shown else part
    return shown


def _syntax(file: str, error: YAMLError, above: int) -> Problem:
    if not isinstance(error, MarkedYAMLError):
        return Problem(file, text("config.not_yaml", detail=str(error).splitlines()[0]))
    mark = error.problem_mark or error.context_mark
    detail = ", ".join(part for part in (error.context, error.problem) if part)
    return Problem(file, text("config.not_yaml", detail=detail), line=mark.line + 1 + above if mark else 0)


class _Reading:
    """The walk from YAML's nodes to plain data."""

    def __init__(self, document: Document, first_line: int) -> None:
        self.document = document
        self.first_line = first_line
        self.constructor = YAML(typ="safe", pure=True).constructor

    def value(self, node: Node, path: Path) -> Any:
        self.document.lines.setdefault(path, node.start_mark.line + self.first_line)
        if len(path) > _MOST_DEEP:
            self._say("config.too_deep", path)
            return None
        match node:
            case MappingNode():
                return self._mapping(node, path)
            case SequenceNode():
                return [self._item(item, (*path, index)) for index, item in enumerate(node.value)]
            case _:
                return self._scalar(node, path)

    def _item(self, node: Node, path: Path) -> Any:
        self.document.lines[path] = node.start_mark.line + self.first_line
        return self.value(node, path)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value) if isinstance(key_node, ScalarNode) else "?"
            here = (*path, key)
            line = key_node.start_mark.line + self.first_line
            if key in found:
                first = self.document.lines[here]
                words = text("config.duplicate_key", key=Code(key), line=str(first))
                self.document.problems.append(Problem(self.document.file, words, line, dotted(here)))
                continue
            self.document.lines[here] = line
            found[key] = self.value(value_node, here)
        return found

    def _scalar(self, node: Node, path: Path) -> Any:
        try:
            return self.constructor.construct_object(node)
        except (YAMLError, ValueError):
            self._say("config.bad_scalar", path)
            return None

    def _say(self, msgid: str, path: Path) -> None:
        self.document.problems.append(Problem(self.document.file, text(msgid), self.document.line(path), dotted(path)))

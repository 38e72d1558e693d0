"""Every pattern of triage, and texts made from its own parse tree that would keep a backtracking search busy."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from re import _constants as op
from re import _parser

import bot.triage

_CANDIDATES = "a1 _-.:=/\"'`*가A@|,;()[]{}<>!?&#%~+\n\t\x00"
_ENDS = ("\x00", "\n! ")
_CATEGORIES = {op.CATEGORY_WORD: r"\w", op.CATEGORY_DIGIT: r"\d", op.CATEGORY_SPACE: r"\s"}
_CATEGORIES |= {op.CATEGORY_NOT_WORD: r"\W", op.CATEGORY_NOT_DIGIT: r"\D", op.CATEGORY_NOT_SPACE: r"\S"}


def patterns() -> dict[str, re.Pattern[str]]:
    """Return every compiled pattern by a name that tells where it stands: module attributes, and those in functions."""
    found: dict[str, re.Pattern[str]] = {}
    for info in pkgutil.walk_packages(bot.triage.__path__, "bot.triage."):
        module = importlib.import_module(info.name)
        for name, value in vars(module).items():
            for number, pattern in enumerate(_within(value, 0)):
                found[f"{info.name}.{name}.{number}"] = pattern
        tree = ast.parse(Path(module.__file__).read_text("utf-8"))
        found |= {f"{info.name}:{line}": pattern for line, pattern in _written_in_calls(tree)}
    return {name: pattern for pattern, name in {pattern: name for name, pattern in found.items()}.items()}


def _within(value: object, depth: int) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, tuple | list | frozenset) and depth < 3:
        for item in value:
            yield from _within(item, depth + 1)
    elif isinstance(value, dict) and depth < 3:
        yield from _within([*value, *value.values()], depth)
    elif type(value).__module__.startswith("bot.triage") and depth < 3:
        for name in getattr(type(value), "__slots__", None) or vars(value):
            yield from _within(getattr(value, name, None), depth + 1)


def _written_in_calls(tree: ast.AST) -> Iterator[tuple[int, re.Pattern[str]]]:
    """Yield the patterns of `re.search("…", text)` and its like."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Attribute(ast.Name("re"), name), args=[ast.Constant(str(written)), *_]):
                if name != "compile":
                    yield node.lineno, re.compile(written, re.IGNORECASE)


def attacks(pattern: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """Yield before, pumped, after: of each repetition what leads to it, what it repeats, what ends it in vain."""
    tree = _parser.parse(pattern.pattern, pattern.flags)
    for before, body in _repetitions(list(tree), ""):
        for pumped in sorted({body, before + body, before or body, before + body + " "}):
            yield from ((before, pumped, end) for end in _ENDS)


def _repetitions(items: list, before: str) -> Iterator[tuple[str, str]]:
    for code, argument in items:
        match code:
            case op.MAX_REPEAT | op.MIN_REPEAT | op.POSSESSIVE_REPEAT:
                _, most, body = argument
                if most > 8:
                    yield before, _sample(list(body)) or "a"
                yield from _repetitions(list(body), before)
            case op.SUBPATTERN:
                yield from _repetitions(list(argument[3]), before)
            case op.ATOMIC_GROUP:
                yield from _repetitions(list(argument), before)
            case op.BRANCH:
                for branch in argument[1]:
                    yield from _repetitions(list(branch), before)
            case op.ASSERT | op.ASSERT_NOT:
                yield from _repetitions(list(argument[1]), before)
        before += _sample([(code, argument)])


def _sample(items: list) -> str:
    return "".join(_one(code, argument) for code, argument in items)


def _one(code: object, argument: object) -> str:
    match code:
        case op.LITERAL:
            return chr(argument)
        case op.NOT_LITERAL:
            return next(each for each in _CANDIDATES if ord(each) != argument)
        case op.ANY:
            return "x"
        case op.IN:
            return _member(argument)
        case op.MAX_REPEAT | op.MIN_REPEAT | op.POSSESSIVE_REPEAT:
            least, most, body = argument
            return _sample(list(body)) * max(least, min(most, 1))
        case op.SUBPATTERN:
            return _sample(list(argument[3]))
        case op.ATOMIC_GROUP:
            return _sample(list(argument))
        case op.BRANCH:
            return _sample(list(argument[1][0]))
        case _:
            return ""  # an anchor, a look-around, a reference


def _member(members: list) -> str:
    """Return a character of a class; a letter where one is in it."""
    return next((each for each in _CANDIDATES if _is_in(each, members)), chr(_first(members)))


def _is_in(character: str, members: list) -> bool:
    negated = members[0][0] is op.NEGATE
    return negated != any(_matches(character, code, argument) for code, argument in members)


def _matches(character: str, code: object, argument: object) -> bool:
    match code:
        case op.LITERAL:
            return ord(character) == argument
        case op.RANGE:
            return argument[0] <= ord(character) <= argument[1]
        case op.CATEGORY:
            return re.match(_CATEGORIES[argument], character) is not None
        case _:
            return False


def _first(members: list) -> int:
    code, argument = members[0]
    return argument[0] if code is op.RANGE else argument if code is op.LITERAL else ord("a")

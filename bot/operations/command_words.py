"""From a command's words to arguments: in order of the operation's fields, or `key=value`. Pure, in linear time."""

import difflib
import re
from collections.abc import Iterable, Sequence
from typing import Any

from bot.operations.fields import Field, Kind, fields_of
from bot.operations.operation import Operation, Problem, Problems, Words
from bot.operations.why import REASON, TICKET, Asked, Why
from bot.text import Code, text

_STRAIGHT = str.maketrans({"“": '"', "”": '"', "‘": "'", "’": "'", "\u00a0": " ", "`": " "})  # what phones type
_NAMED = re.compile(r"([a-z][a-z_-]*)=(.*)", re.DOTALL)
_WORD = re.compile(r"""(?:[^\s"'\\]+|"[^"]*"|'[^']*'|\\.)+""", re.DOTALL)
_PIECE = re.compile(r""""([^"]*)"|'([^']*)'|\\(.)|([^\s"'\\]+)""", re.DOTALL)
_QUOTES = frozenset("\"'")
_SPACE = re.compile(r"\s*")
_IN_SLACK = re.compile(r"<(?:@|!subteam\^|mailto:)([^|>]*)(?:\|[^>]*)?>|<(https?://[^|>]*)(?:\|([^>]*))?>")
_WHY = (REASON, TICKET)


def read_words(operation: type[Operation], written: str) -> Asked | Problems:
    """Return what a command's words say, or what is wrong with them."""
    words = split(written)
    if words is None:
        return (Problem("", text("arguments.quotes")),)
    known = {field.name: field for field in fields_of(operation)}
    named = {name: value for name, value in map(_named, words) if name}
    wrong = [unknown(name, [*known, *_WHY]) for name in named if name not in known and name not in _WHY]
    if wrong:
        return tuple(wrong)
    why = Why.of(named.pop(REASON, ""), named.pop(TICKET, ""))
    free = [word for word in words if not _named(word)[0]]
    placed, left = _placed([field for field in known.values() if field.name not in named], free)
    if left:
        return (Problem("", text("arguments.left_over", words=Code(" ".join(left)))),)
    return Asked(placed | named, why)


def split(written: str) -> list[str] | None:
    """Return the words, quoted ones as one; None where a quotation mark is not closed.

    A reason without quotation marks goes up to the next `key=`: in a hurry nobody quotes.
    """
    line, words, open_reason = _IN_SLACK.sub(_as_typed, written).translate(_STRAIGHT), list[str](), False
    at = _end_of(_SPACE, line, 0)
    while at < len(line):
        match = _WORD.match(line, at)
        end = match.end() if match else at
        if match is None or (end < len(line) and not line[end].isspace()):
            return None
        word = "".join("".join(pieces) for pieces in _PIECE.findall(match[0]))
        if open_reason and not _named(word)[0]:
            words[-1] += f" {word}"
        else:
            words.append(word)
            open_reason = word.startswith(f"{REASON}=") and not _QUOTES & set(match[0])
        at = _end_of(_SPACE, line, end)
    return words


def _as_typed(match: re.Match[str]) -> str:
    """Return the id of whom Slack made a mention of, or the words of which it made a link."""
    return str(match[1] or match[3] or match[2])


def _end_of(pattern: re.Pattern[str], line: str, at: int) -> int:
    match = pattern.match(line, at)
    return match.end() if match else at


def _named(word: str) -> tuple[str, str]:
    match = _NAMED.fullmatch(word)
    return (match[1].replace("-", "_"), match[2]) if match else ("", word)


def _placed(fields: Sequence[Field], words: Sequence[str]) -> tuple[dict[str, Any], Sequence[str]]:
    values: dict[str, Any] = {}
    for field in fields:
        if not words:
            break
        if field.ask.words is Words.ONE:
            values[field.name], words = words[0], words[1:]
        elif field.ask.words is Words.REST:
            values[field.name], words = list(words) if field.kind is Kind.WORDS else " ".join(words), ()
    return values, words


def unknown(name: str, known: Iterable[str]) -> Problem:
    """Return the problem of an argument that there is not, with the nearest that there is."""
    names = sorted(known)
    nearest = difflib.get_close_matches(name, names, n=1, cutoff=0.5) or names
    return Problem("", text("arguments.unknown", name=Code(name), names=tuple(Code(each) for each in nearest)))

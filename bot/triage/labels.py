r"""Names and values written into text: `Key: value`, `*Key:* value`, `key=value`, `Key\\nvalue` fields; also Korean."""

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import unquote, unquote_plus, urlsplit

from bot.triage.model import Message

_PARAMETERS = 60  # of one URL that are read
_READ = 6_000  # characters that are searched: labels stand at the top, what follows is trace
_TAG = r"(?:\W{0,4}\[[^\]\n:=]{1,40}\]\s{0,3}(?=[^\s:=]))?"  # `[배치 실패] 배치명: …`
_BULLET = r"[\s>•◦▪·*\-–—_※►▶]{0,20}(?::[a-z0-9_+\-]{1,30}:\s{0,3})?[*`_\[]{0,3}"
_LINE = re.compile(
    rf"{_TAG}{_BULLET}(?P<key>[A-Za-z가-힣][\w가-힣 ./()\-]{{0,40}}+)[*`_\]]{{0,3}}\s{{0,3}}"
    r"(?P<sign>[:：]|=(?!=))(?!//)[*_]{0,2}[ \t]{0,8}(?P<value>\S.*)?$"
)
_YEK = re.compile(r"([\w.\-가-힣]{0,40}[A-Za-z_가-힣])(?![\w.\-/?&가-힣])")  # a key, read backwards from its `=`
_KEY_LENGTH = 42
_VALUE = re.compile(r"\"[^\"\n]{0,400}\"|'[^'\n]{0,400}'|`[^`\n]{0,400}`|[^\s,;|)\]]{1,400}")
_JSON = re.compile(r'"([A-Za-z_가-힣][\w .\-가-힣]{0,40})"\s?:\s?(?:"((?:[^"\\\n]|\\.){0,400})"|([\w.+\-]{1,60}))')
_PIPED = re.compile(r"\s[|│·/]\s|\s{4,}|\s+(?=[A-Z][A-Z_ ]{1,20}:\s)|,\s(?=[\w가-힣 ]{1,30}[:=])")
_SEVERAL = re.compile(r"[|│·/:=\t\n\r\f\v\xa0]| {4}")  # without any of these a value is one
_REMARK = re.compile(r"\s{1,40}\(|\s{2,}|\s->\s")
_NEXT_PAIR = re.compile(r"\s{1,40}[\w가-힣.\-]{1,40}=")
_MARKS = "*`_'\" \t~"


def plain(text: str) -> str:
    """Return the text without the marks of bold, code and quotes around it."""
    return text.strip(_MARKS)


def labels(message: Message) -> dict[str, str]:
    """Return label → value of the whole message, labels in lower case; the first mention of a label wins.

    Explicit fields come first, then lines of their own, then JSON, then `key=value` inside lines.
    """
    found: dict[str, str] = {}
    for key, value in message.parts.fields:
        found.setdefault(key, plain(value))
    text = message.text[:_READ]
    _read_lines(text.split("\n"), found)
    if '":' in text or '" :' in text:
        for named in _JSON.finditer(text):
            found.setdefault(named[1].lower(), plain(named[2] or named[3] or ""))
    _read_pairs(text, found)
    return found


def _read_lines(lines: Sequence[str], found: dict[str, str]) -> None:
    for number, line in enumerate(lines):
        if not (":" in line or "=" in line or "：" in line):
            continue
        if match := _LINE.match(line):
            _read_line(match, lines[number + 1] if number + 1 < len(lines) else "", found)
        elif " | " in line:  # `Task failed | dag: x | task: y`
            _read_parts(line.split(" | ", 12)[1:], found)


def _read_line(match: re.Match[str], below: str, found: dict[str, str]) -> None:
    """One line may hold several: `*Test:* unique | *Env:* prod`. A label that stands alone names the line below it."""
    key, sign, value = match.group("key", "sign", "value")
    key = key.strip(" _").lower()
    if value and sign == "=":
        value = _NEXT_PAIR.split(value, maxsplit=1)[0]
    if not value:
        value = "" if _LINE.match(below) else below.strip()
    others: list[str] = []
    if _SEVERAL.search(value):
        value, *others = _PIPED.split(value, maxsplit=12)
    found.setdefault(key, plain(value))
    _read_parts(others, found)


def _read_parts(parts: Iterable[str], found: dict[str, str]) -> None:
    for part in parts:
        inner = _LINE.match(part)
        if inner and inner["value"]:
            found.setdefault(inner["key"].strip(" _").lower(), plain(inner["value"]))


def _read_pairs(text: str, found: dict[str, str]) -> None:
    at = text.find("=")
    while at >= 0:
        key = _YEK.match(text[max(0, at - _KEY_LENGTH) : at][::-1])
        if key and (value := _VALUE.match(text, at + 1)):
            found.setdefault(key[1][::-1].lower(), plain(value[0]))
        at = text.find("=", at + 1)


def first(found: Mapping[str, str], *keys: str) -> str:
    """Return the value of the first of the labels that has one."""
    for key in keys:  # a plain loop: this runs a dozen times for every message
        if value := found.get(key):
            return value
    return ""


def name_of(value: str) -> str:
    """Return the name in a labelled value: what stands before a remark in brackets, a comma or another label."""
    value = plain(value)
    return value if _is_one_word(value) else plain(_REMARK.split(value, maxsplit=1)[0])


def _is_one_word(value: str) -> bool:
    return " " not in value and value.isprintable()  # no other white space is printable


def query_of(url: str) -> dict[str, str]:
    """Return the parameters of a URL, also of one whose query stands behind a `#`; the first of a name wins."""
    before, _, fragment = url.partition("#")
    query = before.partition("?")[2] or fragment.partition("?")[2]
    found: dict[str, str] = {}
    for part in query.split("&", _PARAMETERS)[:_PARAMETERS]:
        name, _, value = part.partition("=")
        if value:
            found.setdefault(unquote_plus(name), unquote_plus(value))
    return found


def path_of(url: str) -> list[str]:
    """Return the parts of the URL's path, decoded."""
    before = url.partition("#")[0].partition("?")[0]
    _, has_host, rest = before.partition("://")
    path = rest.partition("/")[2] if has_host else before.partition(":")[2]
    return [unquote(part) for part in path.split("/") if part]


def host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""

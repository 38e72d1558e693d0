r"""Names and values written into text: `Key: value`, `*Key:* value`, `key=value`, `Key\\nvalue` fields; also Korean."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qs, unquote, urlsplit

from bot.triage.model import Message

_READ = 12_000  # characters that are searched: labels stand at the top, what follows is trace
_LINE = re.compile(
    r"^[\s>•◦▪·*\-–—_※►▶]{0,20}(?::[a-z0-9_+\-]{1,30}:\s{0,3})?[*`_\[]{0,3}(?P<key>[A-Za-z가-힣][\w가-힣 "
    r"./()\-]{0,40}?)[*`_\]]{0,3}\s{0,3}"
    r"(?:[:：]|=(?!=))(?!//)[*_]{0,2}[ \t]{0,8}(?P<value>\S.*)?$",
    re.MULTILINE,
)
_INLINE = re.compile(
    r"(?<![\w.\-/?&])(?P<key>[A-Za-z_가-힣][\w.\-가-힣]{0,40})=(?P<value>\"[^\"\n]{0,400}\""
    r"|'[^'\n]{0,400}'|`[^`\n]{0,400}`|[^\s,;|)\]]{1,400})"
)
_PIPED = re.compile(r"\s[|│·]\s|\s{4,}")
_MARKS = "*`_'\" \t~"


def plain(text: str) -> str:
    """Return the text without the marks of bold, code and quotes around it."""
    return text.strip(_MARKS)


def labels(message: Message) -> dict[str, str]:
    """Return label → value of the whole message, labels in lower case; the first mention of a label wins.

    Explicit fields come first, then lines, then `key=value` inside lines.
    """
    found: dict[str, str] = {}
    for key, value in message.parts.fields:
        found.setdefault(key, plain(value))
    for key, value in pairs(message.text[:_READ]):
        found.setdefault(key, value)
    return found


def pairs(text: str) -> Iterator[tuple[str, str]]:
    for match in _LINE.finditer(text):
        yield from _line_pairs(match)
    if "=" in text:
        for match in _INLINE.finditer(text):
            yield match["key"].lower(), plain(match["value"])


def _line_pairs(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    """One line may hold several: `*Test:* unique | *Env:* prod`."""
    key, value = match["key"].strip().lower(), match["value"] or ""
    if not value:
        value = _next_line(match)
    first, *others = _PIPED.split(value, maxsplit=12)
    yield key, plain(first)
    for other in others:
        inner = _LINE.match(other)
        if inner and inner["value"]:
            yield inner["key"].strip().lower(), plain(inner["value"])


def _next_line(match: re.Match[str]) -> str:
    """Return the line below a label that stands alone."""
    text, begin = match.string, match.end() + 1
    end = text.find("\n", begin)
    line = text[begin : end if end >= 0 else begin + 400].strip()
    return "" if _LINE.match(line) else line


def first(found: Mapping[str, str], *keys: str) -> str:
    """Return the value of the first of the labels that has one."""
    return next((found[key] for key in keys if found.get(key)), "")


def name_of(value: str) -> str:
    """Return the name in a labelled value: what stands before a remark in brackets, a comma or another label."""
    value = plain(value)
    match = re.match(r"`([^`]{1,200})`", value)
    return match[1].strip() if match else plain(re.split(r"\s+\(|\s{2,}|\s->\s", value, maxsplit=1)[0])


def query_of(url: str) -> dict[str, str]:
    """Return the parameters of a URL, also of one whose query stands behind a `#`; the first of a name wins."""
    try:
        parts = urlsplit(url)
        query = parse_qs(parts.query or parts.fragment.partition("?")[2], max_num_fields=60)
    except ValueError:
        return {}
    return {key: values[0] for key, values in query.items()}


def path_of(url: str) -> list[str]:
    """Return the parts of the URL's path, decoded."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return []
    return [unquote(part) for part in path.split("/") if part]


def host_of(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").lower()
    except ValueError:
        return ""

"""Secrets that stand beside their name: `password=…`, `"apiKey": "…"`, `*Token:* …`, `--password …`, `비밀번호는 …`."""

import re
from collections.abc import Iterator

from bot.triage.lexicon import words
from bot.triage.marker import CLOSE, OPEN, mark
from bot.triage.secret_names import CORE, HINTS, KOREAN, KOREAN_HINTS, is_harmless_suffix, is_whole_name, kind_of

_LONGEST = 4096
_NAME = re.compile(CORE)  # in lower case
_NAME_REST = re.compile(r"[\w.\-]{0,24}")
_BETWEEN = re.compile(
    r"""(?:\\{0,3}["'`*_”’]|&quot;|\]){0,4}"""
    r"""(?:\s{0,3}(?:=>|:=|==?|[:：])\s{0,3}|\s{1,3}(?=\\{0,3}["'`])|[ \t]{2,40}|\*?\n\s{0,4}|\s(?:is|was)\s)"""
    r"""(?:\*{1,2}\s{0,3})?(?P<open>(?:\\{0,3}["'`*_“‘]|&quot;){0,4})"""
)
# A separator ends a bare value only where white space, a closing sign or another `name=` follows it.
_STOP = r"\s\"'`<>;,&|)}\]"
_BARE = re.compile(
    rf"(?:[^{_STOP}]|[;,&|)}}\]](?![{_STOP}]|[\w.\-]{{1,40}}\s?[=:]|$)|[\"'`](?![{_STOP}]|$)){{1,{_LONGEST}}}"
)
_LINKED = re.compile(r"<(?:https?://|mailto:|tel:)[^<>\n]{1,4000}>")  # Slack makes a link of what looks like one
_PUBLIC = frozenset(
    words(
        """
        failed, fail, error, invalid, expired, expires, missing, required, none, null, nil, true, false, not, is,
        was, has, denied, rejected, unknown, empty, ok, valid, wrong, incorrect, mismatch, changed, rotated,
        revoked, undefined, unauthorized, bearer, basic, the, a, an, must, should, could, cannot, for, and, or, to,
        in, of, authentication, yes, no, n/a
        """
    )
)
_PLACEHOLDER = re.compile(r"\*{3,}|x{4,}|\.{3}|•{3,}|\{\{.*|\$\{.*|<.*")

_KOREAN = re.compile(
    rf"({KOREAN})(?:는|은|이|가|를|을)?(?:[*`\"']{{0,3}}\s{{0,3}}[:=：]?\s{{0,3}}[*`\"']{{0,3}})([!-~]{{4,256}})",
    re.IGNORECASE,
)
_FLAG = re.compile(
    r"(--[\w\-]{0,30}?(?:password|passwd|pwd|token|secret|api-?key|access-?key"
    r"|credentials?)[\w\-]{0,20}(?:=|[ ]{1,3})[\"']?)(?![-\s])([^\s\"'‹]{1,1024})"
)
_USER_FLAG = re.compile(r"(-(?:u|-user)[ =]?[\"']?[^\s:\"'/]{1,64}:)([^\s\"'‹]{1,256})")
_SHORT_FLAG = re.compile(r"((?<!\S)-p[\"']?)([^\s\"'‹]{3,256})")


def lowered(text: str) -> str:
    """Return the text in lower case, with each character at its old place."""
    return text.replace("\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}", "I").lower()


def has_name(low: str) -> bool:
    """Tell whether a secret's name stands anywhere in the lower-case text."""
    for hint in HINTS:  # a plain loop: this runs for every message
        if hint in low:
            return _NAME.search(low) is not None or _has_korean_name(low)
    return _has_korean_name(low)


def _has_korean_name(low: str) -> bool:
    return not low.isascii() and any(name in low for name in KOREAN_HINTS)


def clean_named(text: str) -> str:
    """Replace each value that stands behind a secret's name; the name stays."""
    kept: list[str] = []
    at = 0
    for begin, end, kind in _named(text):
        kept += [text[at:begin], mark(kind)]
        at = end
    return "".join(kept) + text[at:] if kept else text


def holds_named(text: str) -> bool:
    return next(_named(text), None) is not None


def _named(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield begin, end and kind of each value."""
    at = 0
    for name in _NAME.finditer(lowered(text)):
        if text.startswith(CLOSE, name.end()):
            continue  # it stands in a marker
        if name.start() >= at and is_whole_name(name) and (span := _value_after(text, name)):
            yield *span, kind_of(name[0])
            at = span[1]


def clean_named_korean(text: str) -> str:
    return _KOREAN.sub(lambda m: m[0] if OPEN in m[0] else m[0][: m.start(2) - m.start()] + mark(kind_of(m[1])), text)


def clean_flags(text: str) -> str:
    """Replace what command lines carry: `--password x`, `curl -u name:x`, `mysql -px`."""
    text = _FLAG.sub(lambda m: m[1] + mark(kind_of(m[1])), text)
    text = _USER_FLAG.sub(lambda m: m[1] + mark("password") if _starts_word(m) else m[0], text)
    if "mysql" in text or "sshpass" in text or "mariadb" in text:
        text = _SHORT_FLAG.sub(lambda m: m[1] + mark("password"), text)
    return text


def _starts_word(match: re.Match[str]) -> bool:
    return match.start() == 0 or match.string[match.start() - 1].isspace()


def _value_after(text: str, name: re.Match[str]) -> tuple[int, int] | None:
    rest = _NAME_REST.match(text, name.end())
    assert rest is not None
    if is_harmless_suffix(rest[0]):
        return None
    is_plural = rest[0] == "s"
    between = _BETWEEN.match(text, rest.end())
    if between is None:
        return None
    begin = between.end()
    end = _end_of_value(text, begin, between["open"])
    value = text[begin:end]
    if is_plural and value.rstrip(".,").isdecimal():
        return None  # a count: "tokens: 4021"
    if not value or value.startswith(OPEN) or not _is_secret(value, text[rest.end() : begin], kind_of(name[0])):
        return None
    return begin, end


def _end_of_value(text: str, begin: int, opened: str) -> int:
    """A quoted value ends with its quote, or with the line if that was cut off; a bare one at white space."""
    if link := _LINKED.match(text, begin):
        return link.end()
    quote = opened.lstrip("*_")
    if quote:
        closing = _closing(text, begin, quote)
        if closing >= 0:
            return closing
    bare = _BARE.match(text, begin)
    return bare.end() if bare else begin


def _closing(text: str, begin: int, quote: str) -> int:
    closer = {"“": "”", "‘": "’"}.get(quote[-1], quote)
    limit = min(len(text), begin + _LONGEST)
    line_end = text.find("\n", begin, limit)
    limit = limit if line_end < 0 else line_end
    at = text.find(closer, begin, limit)
    while closer in {'"', "'"} and at > begin and text[at - 1] == "\\":
        at = text.find(closer, at + 1, limit)
    return at


def _is_secret(value: str, between: str, kind: str) -> bool:
    """Tell a value from the prose after a colon: "token: expired" hides nothing."""
    word = value.rstrip(".,;:!?").lower()
    if word in _PUBLIC or (_PLACEHOLDER.fullmatch(value) and not _LINKED.match(value)):
        return False
    if "=" in between or any(quote in between for quote in "\"'`*&"):
        return True
    if " is " in between or " was " in between or "\n" in between or ":" not in between:
        return any(not char.isalpha() for char in word)
    return kind == "password" or not word.isalpha()

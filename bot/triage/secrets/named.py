"""Secrets that stand beside their name: `password=…`, `"apiKey": "…"`, `*Token:* …`, `<pwd>…</pwd>`, `비밀번호는 …`."""

import re
from collections.abc import Iterator

import re2

from bot.triage.lexicon import words
from bot.triage.prefilter import utf8
from bot.triage.secrets.detector import SPACE, Detector
from bot.triage.secrets.marker import CLOSE, OPEN, mark
from bot.triage.secrets.names import ENGLISH, IN_RE2, KOREAN, Name, is_harmless_suffix, kind_of

_LONGEST = 4096
_NAME = re2.compile(f"(?i){ENGLISH}")
_NAME_REST = re.compile(r"[A-Za-z0-9_.\-]{0,24}[가-힣]{0,3}")
_BETWEEN = re.compile(
    r"""(?:\\{0,3}["'`*_”’]|&quot;|\]){0,4}"""  # what ends the name
    r"""(?:\s{0,3}(?:=>|:=|==?|[:：])\s{0,3}(?:[|>][+\-]?\n\s{0,20})?"""  # `name=`, `name: |` and a line of YAML
    r"""|\s{1,3}(?=\\{0,3}["'`])"""  # `PASSWORD 'x'`
    r"""|[ ]{2,40}|\t[ \t]{0,40}"""  # columns
    r"""|\s{0,3},?\s{0,20}\\{0,3}["']?value\\{0,3}["']?\s{0,3}[:=]\s{0,3}"""  # Kubernetes: `name: X`, `value: x`
    r"""|\*?\n\s{0,4}|\s(?:is|was)\s)"""
    r"""(?:\*{1,2}\s{0,3})?(?P<open>(?:\\{0,3}["'`*_“‘]|&quot;){0,4})"""
)
_AFTER_PARTICLE = re.compile(r"\s{1,3}(?P<open>[\"'`]{0,2})")  # `password는 x`
_PARTICLES = ("는", "은")
# A separator ends a bare value only where white space, a closing sign or another `name=` follows it.
_STOP = r"\s\"'`<>;,&|)}\]"
_BARE = re.compile(
    rf"(?:[^{_STOP}]|[;,&|)}}\]](?![{_STOP}]|[\w.\-]{{1,40}}\s?[=:]|$)|[\"'`](?![{_STOP}]|$)){{1,{_LONGEST}}}"
)
_LINKED = re.compile(r"<(?:https?://|mailto:|tel:)[^<>\n]{1,4000}>")  # Slack makes a link of what looks like one
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9\-]{2,20}[ ](?=[^\s‹])")  # `Authorization: Token x`
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
_PLACEHOLDER = re.compile(
    r"\*{3,}|x{4,}|\.{3}|•{3,}|\{\{.*|\$\{.*|<.*|0x[0-9a-f]{4,16}\)?"
)  # the last: where it is in memory
_FIGURE = re.compile(r"[\d.,%/]+")
_OBJECT_NAME = re.compile(r"[a-z0-9]+(?:[.\-][a-z0-9]+)+")  # Kubernetes: `secret "orders-db" not found`

_KOREAN = re.compile(
    rf"({KOREAN})(?P<particle>는|은|이|가|를|을)?(?P<between>[*`\"']{{0,3}}\s{{0,3}}[:=：]?\s{{0,3}}[*`\"']{{0,3}})"
    rf"(?P<value>[!-~]{{4,256}}|(?<=[:=：])\S{{4,256}}|(?<=[:=：]\s)\S{{4,256}})",
    re.IGNORECASE,
)
_XML = re.compile(
    rf"((?:<|&lt;)[\w:.\-]{{0,40}}?(?:{ENGLISH})([\w.\-]{{0,24}})(?:>|&gt;))([^<>&\n‹]{{1,1024}})(?=</|&lt;/)",
    re.IGNORECASE,
)


def clean_named(text: str) -> str:
    """Replace each value that stands behind a secret's name; the name stays."""
    kept: list[str] = []
    at = 0
    for begin, end, kind in _named(text):
        kept += [text[at:begin], mark(kind)]
        at = end
    return "".join(kept) + text[at:] if kept else text


def clean_named_korean(text: str) -> str:
    return _KOREAN.sub(_korean, text)


def clean_xml(text: str) -> str:
    return _XML.sub(lambda m: m[0] if is_harmless_suffix(m[2]) else m[1] + mark(kind_of(m[1])), text)


def _named(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield begin, end and kind of each value."""
    at = 0
    for found in _NAME.finditer(utf8(text).decode()):
        begin, end = found.span()
        if text.startswith(CLOSE, end):
            continue  # it stands in a marker
        name = Name(found[0].lower(), text[begin - 1 : begin], text[end : end + 1])
        span = _value_after(text, end, name) if name.is_whole else None
        if span and span[0] >= at:  # what was taken for a value may be the name of the next
            yield *span, kind_of(name.word)
            at = span[1]


def _value_after(text: str, at: int, name: Name) -> tuple[int, int] | None:
    rest = _NAME_REST.match(text, at)
    assert rest is not None
    if is_harmless_suffix(rest[0]):
        return None
    between = _BETWEEN.match(text, rest.end())
    if between is None and rest[0].endswith(_PARTICLES):
        between = _AFTER_PARTICLE.match(text, rest.end())
    if between is None:
        return None
    begin = between.end()
    if name.word == "authorization" and (scheme := _SCHEME.match(text, begin)):
        begin = scheme.end()
    end = _end_of_value(text, begin, between["open"])
    value = text[begin:end]
    if rest[0] == "s" and value.rstrip(".,").isdecimal():
        return None  # a count: "tokens: 4021"
    if not value or value.startswith(OPEN[0]) or not _is_secret(value, text[rest.end() : begin], name):
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


def _is_secret(value: str, between: str, name: Name) -> bool:
    """Tell a value from the prose after a colon: "token: expired" hides nothing."""
    word = value.rstrip(".,;:!?").lower()
    if _says_nothing(value, word) or _is_harmless(value, between, name):
        return False
    if "=" in between:
        return True
    kind = kind_of(name.word)
    if ":" in between or "：" in between:
        return kind == "password" or not word.isalpha() or any(quote in between for quote in "\"'`*&")
    if any(quote in between for quote in "\"'`&"):
        return kind == "password" or _looks_random(word)
    return any(not char.isalpha() for char in word)


def _says_nothing(value: str, word: str) -> bool:
    return word in _PUBLIC or (_PLACEHOLDER.fullmatch(value) is not None and not _LINKED.match(value))


def _is_harmless(value: str, between: str, name: Name) -> bool:
    """A working directory in `PWD=/opt/airflow`; counts and verdicts of tests in `PASS=12`, `Pass: orders_not_null`."""
    if name.word == "pwd":
        return value.startswith("/")
    is_bare = name.word == "pass" and name.before not in {"_", "-", "."}
    return is_bare and ("=" not in between or _FIGURE.fullmatch(value) is not None)


def _looks_random(word: str) -> bool:
    """Tell a token in quotes from a word or an object's name: `unexpected token "FROM"`, `secret "orders-db"`."""
    has_digit = any(char.isdecimal() for char in word)
    return has_digit and len(word) >= 8 and not _OBJECT_NAME.fullmatch(word)


def _korean(match: re.Match[str]) -> str:
    value, between = match["value"], match["between"]
    word = value.rstrip(".,;:!?").lower()
    has_sign = any(sign in between for sign in ":=：")
    if OPEN in match[0] or _says_nothing(value, word) or not any(char.isascii() and char.isalnum() for char in word):
        return match[0]
    if not has_sign and word.replace("_", "").isalpha() and match["particle"] not in _PARTICLES:
        return match[0]
    return match[0][: match.start("value") - match.start()] + mark(kind_of(match[1]))


_QUOTES = r"(?:[\\\"'`*_”’“‘\]]|&quot;)*"
DETECTORS = (
    Detector(rf"(?i)(?:<|&lt;)[\pL\pN_:.\-]*(?:{ENGLISH})[\pL\pN_.\-]*(?:>|&gt;)[^<>&\n‹]+(?:<|&lt;)/", clean_xml),
    Detector(rf"(?i)(?:{KOREAN})[는은이가를을]?{_QUOTES}{SPACE}*[:=：]?{SPACE}*{_QUOTES}[^‹]", clean_named_korean),
    Detector(
        rf"(?i){IN_RE2}[가-힣]*{_QUOTES}"
        rf"(?:{SPACE}*,?{SPACE}*{_QUOTES}(?:value{_QUOTES}{SPACE}*)?[=:：]{SPACE}*(?:[>|]|{_QUOTES})*"
        rf"|{SPACE}+[\\\"'`&]|{SPACE}{SPACE}|\t|\n|\\[nrt]|[는은]{SPACE}|{SPACE}(?:is|was){SPACE})"
        rf"{SPACE}*{_QUOTES}[^‹]",
        clean_named,
    ),
)

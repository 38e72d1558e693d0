"""Names under which secrets are written, in English and Korean: `password=…`, `*API key:* …`, `비밀번호: …`."""

import re

from bot.triage.lexicon import words

_KEYS = words(
    """
    api, access, account, private, encryption, signing, shared, master, storage, license, auth
    """
)
# Alternatives start with plain letters: the search then skips quickly to where one can begin.
CORE = "|".join(
    (
        *("pass[_-]?(?:word|wd|phrase|code|wort)", "pwd", "secret", "token", "credential", "signature", "cookie"),
        *(f"{word}[ _-]?(?:access)?[ _-]?key" for word in _KEYS),
        *("authorization", "auth", "pw", "sasl_plain"),
    )
)
_SHORT = frozenset({"auth", "pw"})  # names only where they are whole words
KOREAN = "비밀번호|비번|암호|패스워드|토큰|시크릿|인증키|액세스키|접근키|비밀키|api 키|api키"
HINTS = ("pass", "pwd", "secret", "token", "credential", "signature", "cookie", "key", "pw", "auth", "sasl_plain")
KOREAN_HINTS = ("비밀", "비번", "암호", "패스워드", "토큰", "시크릿", "인증키", "액세스키", "접근키", "api키", "api 키")
_ANY_HINT = HINTS + KOREAN_HINTS

_LONGEST_LABEL = 80
_LABEL = re.compile(
    rf"[\s*_`>•\-\"']*(?:[\w.\- ]{{0,40}}?)(?:{CORE}|{KOREAN})s?[\s*_`\"']*(?:[:=：][\s*_`\"']*)?", re.IGNORECASE
)
_HARMLESS = re.compile(
    r"s?[_.-]?(?:count|type|name|file|path|ur[il]|expir|policy|limit|length|len|ttl|arn|version|status|age|usage|"
    r"rotation|manager|provider|auth|changed|updated|required|bytes|used)",
    re.IGNORECASE,
)
_KIND = (
    ("pass", "password"),
    ("pwd", "password"),
    ("pw", "password"),
    ("비밀번호", "password"),
    ("비번", "password"),
    ("암호", "password"),
    ("패스워드", "password"),
    ("token", "token"),
    ("토큰", "token"),
    ("cookie", "token"),
    ("auth", "token"),
    ("key", "key"),
    ("키", "key"),
)


def is_whole_name(match: re.Match[str]) -> bool:
    """Tell whether a short name is a word of its own: `pw=`, but not `gpw=` or `author=`."""
    if match[0] not in _SHORT:
        return True
    before = match.string[match.start() - 1 : match.start()]
    after = match.string[match.end() : match.end() + 1]
    return not (before.isalnum() or after.isalnum())


def is_secret_label(text: str) -> bool:
    """Tell whether the whole text is a secret's name, for instance `*DB password:*`."""
    if len(text) > _LONGEST_LABEL:
        return False
    low = text.lower()
    for hint in _ANY_HINT:  # a plain loop: this runs for every message
        if hint in low:
            return _LABEL.fullmatch(low) is not None
    return False


def is_harmless_suffix(rest: str) -> bool:
    """Tell whether the name goes on to mean something public: `token_count`, `password_policy`."""
    return _HARMLESS.match(rest) is not None


def kind_of(name: str) -> str:
    low = name.lower()
    for part, kind in _KIND:
        if part in low:
            return kind
    return "secret"

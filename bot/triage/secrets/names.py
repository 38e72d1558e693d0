"""Names under which secrets are written, in English and Korean: `password=…`, `*API key:* …`, `비밀번호: …`."""

import re
from dataclasses import dataclass

from bot.triage.lexicon import words
from bot.triage.prefilter import Finder

_KEYS = words(
    """
    api, access, account, private, encryption, signing, shared, master, storage, license, auth, fernet, service,
    subscription, client, deploy, webhook, hmac, rest api
    """
)
_PLAIN = (
    *("pass[_-]?(?:word|wd|phrase|code|wort)", "pwd", "secret", "token", "credential", "signature", "cookie"),
    *(f"{word}[ _-]?(?:access|app)?[ _-]?key" for word in _KEYS),
    *("app(?:lication)?[_-]key", "authorization", "sasl_plain", "crkycn"),  # crkyCn: the key of Korea Customs, in URLs
)
_SHORT = ("auth", "pw", "pass")
ENGLISH = "|".join((*_PLAIN, *_SHORT))
IN_RE2 = rf"(?:(?:{'|'.join(_PLAIN)})[A-Za-z0-9_.\-]*|(?:^|[^A-Za-z0-9])(?:{'|'.join(_SHORT)})(?:\.[A-Za-z0-9_.\-]*)?)"
"""The RE2 pattern of a name to its end."""


_KOREAN_KEYS = "api|app|앱|서비스|인증|액세스|접근|접속|비밀|암호화|시크릿|개인|서명"
KOREAN = rf"비밀 ?번호|비번|암호|패스워드|토큰|시크릿|(?:{_KOREAN_KEYS}) ?키|주민(?:등록)? ?번호|외국인 ?등록 ?번호"

_LONGEST_LABEL = 80
_LABEL = Finder(rf"[\w.\- ]{{0,40}}?(?:{'|'.join(_PLAIN)}|auth|pw|{KOREAN})s?", re.IGNORECASE)
_AROUND = " \t\n*_`>•-\"':=："
LABEL_IN_JSON = rf"(?i)(?:{'|'.join(_PLAIN)}|auth|pw|{KOREAN})s?[\s\\*_`\"'：:=]*\""
"""The RE2 pattern of a JSON string that ends with a secret's name."""

_HARMLESS = re.compile(
    r"s?[_.-]?(?:count|type|name|file|path|ur[il]|expir|policy|limit|length|len|ttl|arn|version|status|age|usage|"
    r"rotation|manager|provider|auth|changed|updated|required|bytes|used|mode|algorithm|endpoint|scope|issuer|bucket"
    r"|i[sz]|less|ary|rate)",
    re.IGNORECASE,
)
_KIND = (
    ("주민", "resident-number"),
    ("외국인", "resident-number"),
    ("key", "key"),
    ("키", "key"),
    ("crky", "key"),
    ("pass", "password"),
    ("pwd", "password"),
    ("pw", "password"),
    ("비밀", "password"),
    ("비번", "password"),
    ("암호", "password"),
    ("패스워드", "password"),
    ("token", "token"),
    ("토큰", "token"),
    ("cookie", "token"),
    ("auth", "token"),
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text, in lower case, and the characters beside it."""

    word: str
    before: str
    after: str

    @property
    def is_whole(self) -> bool:
        """Whether a short name is a word of its own: `pw=`, `db_pass=`, but not `gpw=`, `author=`, `pass_rate=`."""
        return self.word not in _SHORT or not (
            self.before.isalnum() or self.after.isalnum() or self.after in {"_", "-"}
        )


def is_secret_label(text: str) -> bool:
    """Tell whether the whole text is a secret's name, for instance `*DB password:*`."""
    return len(text) <= _LONGEST_LABEL and _LABEL.fullmatch(text.strip(_AROUND)) is not None


def is_harmless_suffix(rest: str) -> bool:
    """Tell whether the name goes on to mean something public: `token_count`, `password_policy`."""
    return _HARMLESS.match(rest) is not None


def kind_of(name: str) -> str:
    low = name.lower()
    return next((kind for part, kind in _KIND if part in low), "secret")

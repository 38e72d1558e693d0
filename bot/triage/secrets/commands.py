"""Secrets in what people type: command lines (`--password x`, `curl -u name:x`, `mysql -px`) and SQL."""

import re

from bot.triage.secrets.detector import SPACE, Detector
from bot.triage.secrets.marker import mark
from bot.triage.secrets.names import is_harmless_suffix, kind_of

_WORDS = "password|passwd|pwd|pass|token|secret|api-?key|access-?key|private-?key|credentials?"
_VALUE = r"""(?:"[^"\n‹]{1,1024}"|'[^'\n‹]{1,1024}'|[^\s"'‹]{1,1024})"""
_FLAG = re.compile(rf"(--[\w\-]{{0,30}}?(?:{_WORDS})([\w\-]{{0,20}})(?:=|[ ]{{1,3}}))(?![-\s]){_VALUE}")
_USER_FLAG = re.compile(r"((?<!\S)-(?:u|-user)[ =]?[\"']?([^\s:\"'/]{1,64}):)([^\s\"'‹]{1,256})")
_SHORT_FLAG = re.compile(
    r"((?:mysql|mariadb|sshpass)[^\n|;]{0,200}?\s-p ?)"
    r"(?:\"[^\"\n‹]{1,256}\"|'[^'\n‹]{1,256}'|[^\s\"'‹\-][^\s\"'‹]{2,255})"
)
_SQL_VALUE = r"(?:'[^'\n‹]{1,256}'?|\"[^\"\n‹]{1,256}\"?)"
_IDENTIFIED = re.compile(
    r"(identified\s{1,4}(?:with\s{1,4}[\w'\"`]{1,64}\s{1,4})?(?:by|as)\s{1,4}(?:(?:password|values)\s{1,4})?)"
    rf"(?:{_SQL_VALUE}|[^\s'\";‹]{{1,256}})",
    re.IGNORECASE,
)
_SET_PASSWORD = re.compile(rf"(set\s{{1,4}}password\s{{1,4}}for\s[^=\n]{{1,160}}=\s{{0,4}}){_SQL_VALUE}", re.IGNORECASE)


def clean_flags(text: str) -> str:
    text = _FLAG.sub(lambda m: m[0] if is_harmless_suffix(m[2]) else m[1] + mark(kind_of(m[1])), text)
    return _USER_FLAG.sub(_user_flag, text)


def clean_short_flags(text: str) -> str:
    return _SHORT_FLAG.sub(lambda m: m[1] + mark("password"), text)


def clean_sql(text: str) -> str:
    text = _IDENTIFIED.sub(lambda m: m[1] + mark("password"), text)
    return _SET_PASSWORD.sub(lambda m: m[1] + mark("password"), text)


def _user_flag(match: re.Match[str]) -> str:
    given, user, password = match.groups()
    return match[0] if user.isdecimal() and password.isdecimal() else given + mark("password")  # `-u 1000:1000`


DETECTORS = (
    Detector(
        rf"--[\pL\pN_\-]*(?:{_WORDS})[\pL\pN_\-]*[= ]|-(?:u|-user)[ =]?\\*[\"']?[^\s:\"'/]+:[^\s\"'‹]", clean_flags
    ),
    Detector(rf"(?:mysql|mariadb|sshpass)[^\n|;]*{SPACE}-p ?\\*[^\s‹]", clean_short_flags),
    Detector(rf"(?i)identified{SPACE}+(?:by|with)|set{SPACE}+password", clean_sql),
)

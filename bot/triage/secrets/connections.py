"""Passwords in URLs, in connection strings and in links that are secret as a whole."""

import re

from bot.triage.secrets.detector import Detector
from bot.triage.secrets.marker import mark

_URL = re.compile(
    r"(://)([^\s:/@\"'<>|‹]{0,256}):(?!//|\d{1,5}(?:[/?#|>\s]|$))(<mailto:)?"
    r"((?:(?!://)[^\s\"'<>|]){1,1024})@(?=[\w.\-\[<{$%])"
)
_MAIL_LABEL = re.compile(r"(‹redacted:password›@[^\s|>]{1,256}\|)[^\s|>]{1,1024}@")
_URL_TOKEN = re.compile(r"(://)[A-Za-z0-9_\-.%]{16,512}(?=@[\w\[])")
_ENCODED_URL = re.compile(r"(%3A%2F%2F[^\s%&]{0,256}%3A)[^\s&\"'<>‹]{1,1024}?(?=%40)", re.IGNORECASE)
# `user:password@host` without a scheme: Go's DSNs, and what a log line leaves of a URL.
_LOGIN = re.compile(
    r"(?<![\w/.:\-@])([\w.\-]{1,64}:)(?!//)([^\s:@/\"'<>|,;()‹›]{3,256})"
    r"(?=@(?:(?:tcp|unix)\(|(?!sha256:)[\w.\-]{1,253}:\d{2,5}(?!\w)))"
)
_ORACLE = re.compile(
    r"((?:jdbc:oracle:\w{1,10}:|(?:sqlplus|sqlldr|expdp|impdp)\s(?:-\w{1,10}\s){0,4})[^\s/:@]{1,128}/)(?!/)[^\s@]{1,256}(?=@)",
    re.IGNORECASE,
)
_WEBHOOK = (
    r"hooks\.slack\.com/(?:services|workflows|triggers)/|discord(?:app)?\.com/api/webhooks/"
    r"|webhook\.office\.com/webhookb2/|chat\.googleapis\.com/v1/spaces/|wh\.jandi\.com/connect-api/webhook/"
    r"|hook\.dooray\.com/services/|events\.pagerduty\.com/integration/"
)
_WEBHOOK_URL = re.compile(rf"({_WEBHOOK})(?!‹)[^\s<>|\"'`)]{{8,1024}}", re.IGNORECASE)
_SHARED = re.compile(r"([?&;]sig=)[\w%+/=\-.]{16,512}", re.IGNORECASE)  # Azure's shared access signatures


def clean_urls(text: str) -> str:
    text = _URL.sub(lambda m: f"{m[1]}{m[2]}:{m[3] or ''}{mark('password')}@", text)
    text = _MAIL_LABEL.sub(lambda m: f"{m[1]}{mark('password')}@", text)
    return _URL_TOKEN.sub(lambda m: m[1] + mark("token"), text)


def clean_encoded_urls(text: str) -> str:
    return _ENCODED_URL.sub(lambda m: m[1] + mark("password"), text)


def clean_logins(text: str) -> str:
    return _LOGIN.sub(lambda m: m[1] + mark("password"), text)


def clean_oracle(text: str) -> str:
    return _ORACLE.sub(lambda m: m[1] + mark("password"), text)


def clean_webhooks(text: str) -> str:
    return _WEBHOOK_URL.sub(lambda m: m[1] + mark("webhook"), text)


def clean_shared_links(text: str) -> str:
    return _SHARED.sub(lambda m: m[1] + mark("signature"), text)


DETECTORS = (
    Detector(
        r"://[^\s:/@\"'<>|‹]*:(?:<mailto:)?[^\s\"'<>|]+@|://[A-Za-z0-9_\-.%]{16,}@|‹redacted:password›@[^\s|>]+\|",
        clean_urls,
    ),
    Detector(r"(?i)%3A%2F%2F[^\s&\"'<>]*%3A[^\s&\"'<>]*%40", clean_encoded_urls),
    Detector(
        r"(?:^|[^\pL\pN_/.:\-@])[\pL\pN_.\-]+:[^\s:@/\"'<>|,;()‹]{3,}@(?:tcp\(|unix\(|[\pL\pN_.\-]+:\pN\pN)",
        clean_logins,
    ),
    Detector(r"(?i)jdbc:oracle:|sqlplus|sqlldr|expdp|impdp", clean_oracle),
    Detector(rf"(?i)(?:{_WEBHOOK})[^‹]", clean_webhooks),
    Detector(r"(?i)[?&;]sig=[\pL\pN%+/=\-._]{16}", clean_shared_links),
)

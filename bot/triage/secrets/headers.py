"""What stands behind the word for a way to authenticate, as in HTTP headers: `Bearer …`, `Basic …`, `KakaoAK …`."""

import re

from bot.triage.secrets.detector import SPACE, Detector
from bot.triage.secrets.marker import mark

_SCHEMES = "bearer|basic|negotiate|apikey|kakaoak|geniekey|sso-key"
_HEADER = re.compile(rf"\b({_SCHEMES})(\s{{1,4}}|%20)([^\s\"'`,;<>|)\]}}‹]{{8,8192}})", re.IGNORECASE)


def clean_headers(text: str) -> str:
    return _HEADER.sub(_cleaned, text)


def _cleaned(match: re.Match[str]) -> str:
    word, space, value = match.groups()
    if value.isalpha() and (value.islower() or value.istitle()):
        return match[0]  # "basic authentication failed", "Bearer Authentication"
    return f"{word}{space}{mark('token')}"


DETECTORS = (Detector(rf"(?i)(?:{_SCHEMES})(?:{SPACE}{{1,4}}|%20)[^\s\"'`,;<>|)\]}}‹]{{8}}", clean_headers),)

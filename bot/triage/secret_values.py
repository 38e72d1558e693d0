"""What secrets look like. Each detector has hints (lower-case; one must be in the text) and a pure clean function."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.triage.lexicon import words
from bot.triage.marker import mark
from bot.triage.named_secrets import clean_flags, clean_named, clean_named_korean, holds_named
from bot.triage.numbers import clean_cards, clean_resident_numbers
from bot.triage.secret_names import HINTS, KOREAN_HINTS

_URL = re.compile(
    r"(://)([^\s:/@\"'<>|‹]{0,256}):(?!//|\d{1,5}(?:[/?#|>\s]|$))(<mailto:)?((?:(?!://)[^\s\"'<>"
    r"|]){1,1024})@(?=[\w.\-\[<{$%])"
)
_MAIL_LABEL = re.compile(r"(‹redacted:password›@[^\s|>]{1,256}\|)[^\s|>]{1,1024}@")
_URL_TOKEN = re.compile(r"(://)[A-Za-z0-9_\-.%]{16,512}(?=@[\w\[])")
_ORACLE = re.compile(r"(jdbc:oracle:\w{1,10}:[^\s/:@]{1,128}/)[^\s@]{1,256}(?=@)", re.IGNORECASE)
_BEARER = re.compile(r"\b(bearer|basic|negotiate|apikey)(\s{1,4}|%20)([^\s\"'`,;<>|)\]}]{8,8192})", re.IGNORECASE)
_PRIVATE = re.compile(r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_PRIVATE_END = re.compile(r"-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----")
_JWT = re.compile(r"\beyJ[\w\-]{8,4096}(?:\.[\w\-]{1,8192}){1,4}")
_SQL = re.compile(
    r"(identified\s{1,4}by\s{1,4}(?:values\s{1,4})?)(?:'[^'\n]{1,256}'?|\"[^\"\n]{1,256}\"?|(?!‹)[^\s'\";]{1,256})",
    re.IGNORECASE,
)
_WEBHOOK = re.compile(
    r"(hooks\.slack\.com/(?:services|workflows|triggers)/|discord(?:app)?\.com/api/webhooks/|"
    r"webhook\.office\.com/webhookb2/|chat\.googleapis\.com/v1/spaces/)[^\s<>|\"'`)]{8,1024}",
    re.IGNORECASE,
)
_AWS_SECRET = re.compile(
    r"(?<![A-Za-z0-9/+=_\-.])(?=[a-z0-9/+]{0,39}[A-Z])(?=[A-Z0-9/+]{0,39}[a-z])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=_\-.])"
)

# Prefixes that vendors chose so that their tokens can be found; the second is the least rest.
_PREFIXED: tuple[tuple[str, str], ...] = (
    (r"(?:AKIA|ASIA|AROA|AIDA|ABIA)", r"[A-Z0-9]{12,128}"),
    (r"gh[pousr]_", r"[A-Za-z0-9]{16,255}"),
    (r"github_pat_", r"\w{20,255}"),
    (r"gl(?:pat|dt|rt|cbt|ptt|soat|ft)-", r"[\w\-.]{16,255}"),
    (r"xox[a-z]-", r"[\w\-.%]{8,512}"),
    (r"xoxe\.xox[a-z]-", r"[\w\-]{8,512}"),
    (r"xapp-", r"[\w\-]{8,512}"),
    (r"(?:sk|rk|pk)_(?:live|test)_", r"[A-Za-z0-9]{8,255}"),
    (r"whsec_", r"[\w+/=]{16,255}"),
    (r"sk-", r"[\w\-]{16,255}"),
    (r"AIza", r"[\w\-]{30,64}"),
    (r"ya29\.", r"[\w\-.]{16,2048}"),
    (r"1//0", r"[\w\-]{24,512}"),
    (r"GOCSPX-", r"[\w\-]{16,64}"),
    (r"dapi", r"[0-9a-f]{30,40}(?:-\d)?"),
    (r"dkea", r"[0-9a-f]{30,40}(?:-\d)?"),
    (r"dbt[cu]_", r"[\w\-=]{16,255}"),
    (r"do[opr]_v1_", r"[0-9a-f]{32,128}"),
    (r"SG\.", r"[\w\-]{16,64}\.[\w\-]{16,64}"),
    (r"npm_", r"[A-Za-z0-9]{30,64}"),
    (r"pypi-", r"[\w\-]{32,512}"),
    (r"hv[sbr]\.", r"[\w\-]{16,512}"),
    (r"shp(?:at|ca|pa|ss)_", r"[0-9a-fA-F]{24,64}"),
    (r"gl(?:sa|c)_", r"[\w=+/\-]{16,512}"),
    (r"sntry[a-z]_", r"[\w=+/\-]{16,512}"),
    (r"AT(?:ATT|CTT|BB)", r"[\w\-=.]{16,512}"),
    (r"hf_", r"[A-Za-z0-9]{24,64}"),
    (r"nvapi-", r"[\w\-]{24,128}"),
    (r"NR(?:AK|JS|AA|RA)-", r"[\w\-]{16,64}"),
    (r"lin_api_", r"[A-Za-z0-9]{24,64}"),
    (r"ntn_", r"[A-Za-z0-9]{24,64}"),
    (r"PMAK-", r"[\w\-]{24,128}"),
    (r"pul-", r"[0-9a-f]{32,64}"),
    (r"AGE-SECRET-KEY-", r"[A-Z0-9]{24,128}"),
    (r"LTAI", r"[A-Za-z0-9]{12,30}"),
    (r"AVNS_", r"[\w\-]{12,64}"),
    (r"EAAC", r"[A-Za-z0-9]{30,512}"),
    (r"abe_", r"[\w\-]{24,512}"),
    (r"key-", r"[0-9a-f]{32}"),
    (r"[A-Za-z0-9]{14}\.atlasv1\.", r"[\w\-=]{32,128}"),
    (r"\d{8,10}:AA", r"[\w\-]{30,40}"),
)
_TOKEN = re.compile("|".join(f"{head}{rest}" for head, rest in _PREFIXED))
_FIRST_TOKEN = re.compile(rf"(?<![A-Za-z0-9])(?:{_TOKEN.pattern})")
_LONG = re.compile(r"[a-z0-9_\-.+/=:%]{14,}")
_TOKEN_HINTS = words(
    """
    akia, asia, aroa, aida, abia, ghp_, gho_, ghu_, ghs_, ghr_, github_pat_, glpat-, gldt-, glrt-, glcbt-, glptt-,
    glsoat-, glft-, xox, xapp-, _live_, _test_, whsec_, sk-, aiza, ya29., 1//0, gocspx-, dapi, dkea, dbtc_, dbtu_,
    _v1_, sg., npm_, pypi-, hvs., hvb., hvr., shp, glsa_, glc_, sntry, atatt, atctt, atbb, hf_, nvapi-, nrak-,
    nrjs-, nraa-, nrra-, lin_api_, ntn_, pmak-, pul-, age-secret-key-, ltai, avns_, eaac, abe_, key-, .atlasv1., :aa
    """
)


@dataclass(frozen=True, slots=True)
class Detector:
    hints: tuple[str, ...]  # none: the detector is cheap enough to run always
    clean: Callable[[str], str]
    finds: Callable[[str], bool] | None = None  # tells sooner than `clean` whether there is one
    in_long_words: bool = False  # it looks for nothing shorter than `_LONG`
    also: str = ""  # where a hint is too common, this must be in the text too

    def may_be_in(self, low: str) -> bool:
        if self.also not in low:
            return False
        if self.in_long_words:
            low = " ".join(_LONG.findall(low))
        for hint in self.hints:  # a plain loop: this runs for every message
            if hint in low:
                return True
        return not self.hints

    def holds(self, text: str) -> bool:
        return self.finds(text) if self.finds else self.clean(text) != text


def _clean_private_keys(text: str) -> str:
    """Remove whole blocks; one that was cut off has no end and goes to the end of the text."""
    kept, at = [], 0
    while begin := _PRIVATE.search(text, at):
        end = _PRIVATE_END.search(text, begin.end())
        kept += [text[at : begin.start()], mark("private-key")]
        at = end.end() if end else len(text)
    return "".join(kept) + text[at:]


def _clean_urls(text: str) -> str:
    text = _URL.sub(lambda m: f"{m[1]}{m[2]}:{m[3] or ''}{mark('password')}@", text)
    text = _MAIL_LABEL.sub(lambda m: f"{m[1]}{mark('password')}@", text)
    return _URL_TOKEN.sub(lambda m: m[1] + mark("token"), text)


def _clean_oracle(text: str) -> str:
    return _ORACLE.sub(lambda m: m[1] + mark("password"), text)


def _clean_headers(text: str) -> str:
    return _BEARER.sub(_header, text)


def _header(match: re.Match[str]) -> str:
    word, space, value = match.groups()
    if value.isalpha() and (value.islower() or value.istitle()):
        return match[0]  # "basic authentication failed", "Bearer Authentication"
    return f"{word}{space}{mark('token')}"


def _clean_tokens(text: str) -> str:
    has_aws = "AKIA" in text or "ASIA" in text
    kept, at = [], 0
    while match := _FIRST_TOKEN.search(text, at):
        kept += [text[at : match.start()], mark("token")]
        at = match.end()
        while follower := _TOKEN.match(text, at):  # one right behind the other
            kept.append(mark("token"))
            at = follower.end()
    text = "".join(kept) + text[at:]
    return _AWS_SECRET.sub(mark("key"), text) if has_aws else text


DETECTORS: tuple[Detector, ...] = (
    Detector(("private key",), _clean_private_keys, also="-----begin "),
    Detector(("@",), _clean_urls, also="://"),
    Detector(("jdbc:oracle:",), _clean_oracle),
    Detector(("bearer", "basic", "negotiate", "apikey"), _clean_headers),
    Detector(
        ("hooks.slack.com/", "/api/webhooks/", "webhookb2/", "chat.googleapis.com/v1/"),
        lambda t: _WEBHOOK.sub(lambda m: m[1] + mark("webhook"), t),
    ),
    Detector((), clean_resident_numbers),
    Detector((), clean_cards),
    Detector(("eyj",), lambda t: _JWT.sub(mark("token"), t)),
    Detector(_TOKEN_HINTS, _clean_tokens, in_long_words=True),
    Detector(("identified",), lambda t: _SQL.sub(lambda m: m[1] + mark("password"), t)),
    Detector(HINTS, clean_named, holds_named),
    Detector(KOREAN_HINTS, clean_named_korean),
    Detector(("--", "-u ", "-u=", " -p"), clean_flags),
)

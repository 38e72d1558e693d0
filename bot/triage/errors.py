"""Find the words in a message that say what went wrong, and make them short."""

import re

from bot.triage.escape import shorten
from bot.triage.prefilter import Finder

LIMIT = 900  # characters of an error that a card shows
_LABEL = Finder(
    r"^[ \t>•*\-_`]{0,40}(?:error(?: message)?|exception|reason|failure reason|fail reason"
    r"|message|cause|detail(?:s)?|description|summary|trace|"
    r"result message|errormessage|error_message|stack ?trace|오류(?: ?메시지| ?내용)?|에러(?: ?메시지"
    r"| ?내용)?|예외|원인|사유|내용|메시지|상세)[*_`]{0,3}\s{0,3}[:=：][*_`]{0,3}[ \t]{0,3}",
    re.IGNORECASE | re.MULTILINE,
)
_NEXT = Finder(
    r"^[ \t>•*\-_]{0,40}(?:log[ _]?url|log|run[ _]?id|dag|task|owner|host|url|link|silence"
    r"|source|dashboard|panel|로그|담당|시각)[*_`]{0,3}\s{0,3}[:=：]",
    re.IGNORECASE | re.MULTILINE,
)
# What data-quality tools call the rows that failed, which may hold personal data; a number behind it is only a count.
_SAMPLE = Finder(
    r"^[ \t>•*\-_`]{0,20}(?:(?:\w{1,20} ){0,3}samples?(?: (?:of )?\w{1,20}){0,2}"
    r"|(?:failed|failing|bad|invalid|unexpected|offending)[ _](?:rows?|records?|values?)(?:[ _]list)?"
    r"|partial_unexpected_list|(?:실패|오류|이상|위반)? ?(?:샘플|표본)(?: ?(?:행|로우|데이터|값))?"
    r"|(?:실패|오류|위반) ?(?:행|로우) ?(?:예시|목록))"
    r"(?:[*_`]{1,3}[ \t]{0,3}[:：=]?|[ \t]{0,3}[:：=][*_`]{0,3})[ \t]{0,3}(?=\n|```|\[|\{|\()",
    re.IGNORECASE | re.MULTILINE,
)
_FENCE = re.compile(r"\s{0,4}```[^`]{0,6000}(?:```|$)")
_CODE = re.compile(r"```\s*([^`]{1,6000})(?:```|$)")


def error_in(text: str) -> str:
    """Return the labelled error (to the next label), else the code block, else nothing; shortened."""
    text = _without_samples(text)
    if match := _LABEL.search(text):
        rest = text[match.end() : match.end() + 6000]
        end = _NEXT.search(rest)
        if found := rest[: end.start() if end else len(rest)].strip("\n `"):
            return _short(found)
    code = _CODE.search(text)
    return _short(code[1]) if code else ""


def short(error: str) -> str:
    """Return a trace's verdict and its beginning, or the text itself, without sample rows, in `LIMIT` characters."""
    return _short(_without_samples(error))


def _short(error: str) -> str:
    error = error.replace("```", "").strip()
    if "Traceback (most recent call last)" in error:
        lines = [line for line in error.split("\n") if line.strip()]
        verdict = next((line for line in reversed(lines) if not line[:1].isspace()), "")
        if verdict and not verdict.startswith("Traceback"):
            before = error[: error.find("Traceback")].strip()
            error = f"{before}\n{verdict}".strip()
    return shorten(error, LIMIT)


def _without_samples(text: str) -> str:
    kept = []
    while sample := _SAMPLE.search(text):
        kept.append(text[: sample.start()].rstrip())
        text = _behind_rows(text[sample.end() :])
    return "\n".join((*kept, text)) if kept else text


def _behind_rows(text: str) -> str:
    """Return what stands behind a block of code, or else from the next label on."""
    fence = _FENCE.match(text)
    label = None if fence else _NEXT.search(text) or _LABEL.search(text)
    end = fence.end() if fence else label.start() if label else len(text)
    return text[end:].lstrip("\n")

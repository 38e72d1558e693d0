"""Reads what a request form of Workflow Builder posts: labels in Korean or English, each with its answer. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.requests.kind import Kind

_LABELS: Final[Mapping[str, tuple[str, ...]]] = {
    "requester": ("requester", "requested by", "submitted by", "from", "요청자", "신청자", "작성자"),
    "kind": ("kind", "type", "request type", "category", "종류", "유형", "요청 유형", "요청 종류", "구분"),
    "what": (
        "what",
        "request",
        "details",
        "description",
        "요청",
        "내용",
        "요청 내용",
        "요청 사항",
        "상세",
        "상세 내용",
    ),
    "load": ("load", "적재", "로드"),
    "dag_id": ("dag", "dag id", "dag_id"),
    "dataset": ("dataset", "data set", "데이터셋", "데이터 세트"),
    "tables": ("table", "tables", "테이블"),
    "dates": ("date", "dates", "business date", "날짜", "일자", "기준일", "대상 일자", "대상일"),
    "role": ("role", "permission", "권한", "역할"),
    "needed_by": ("by when", "needed by", "deadline", "due", "due date", "기한", "희망일", "완료 희망일", "마감"),
    "why": ("why", "reason", "purpose", "사유", "이유", "목적", "요청 사유"),
}
_KINDS: Final[Mapping[Kind, tuple[str, ...]]] = {
    Kind.RERUN: ("rerun", "re-run", "reload", "backfill", "재실행", "재적재", "재처리", "적재"),
    Kind.ACCESS: ("access", "permission", "권한", "접근", "조회"),
    Kind.INCIDENT: ("incident", "problem", "bug", "failure", "장애", "오류", "이상"),
    Kind.QUESTION: ("question", "help", "문의", "질문"),
}
_BY_LABEL: Final = {label: name for name, labels in _LABELS.items() for label in labels}
_DECORATION = re.compile(r"^[\s>•*_~`:\-–·\d.)]*|[\s*_~`:?？：]*$")
_LINE = re.compile(
    r"\s*[>•\-–·]*\s*(?:\d+[.)]\s*)?[*_]{0,2}([^:：\n*_]{1,40}?)[*_]{0,2}\s*(?:[:：]\s*[*_]{0,2}\s*(.*))?"
)
_PERSON = re.compile(r"<@([UW][A-Z0-9]{2,20})(?:\|[^>]*)?>")
_CHOSEN: Final = frozenset({"requester", "kind"})
"""What the form itself fills in. After any other answer anybody may have written a name, in words of their own."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a form says; `fields` are named as those of the fitting operation, `user` is who sent it, if it says."""

    what: str
    kind: Kind
    user: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    needed_by: str = ""
    why: str = ""


def read_form(written: str) -> Form | None:
    """Return the form, None for a message that is none: it has at least two known labels, and says what is asked."""
    said = _said(written)
    fields = {name: said[name] for name in ("load", "dag_id", "dataset", "tables", "dates", "role") if said.get(name)}
    what = said.get("what", "")
    if len(said) < 2 or not (what or fields):
        return None
    person = _PERSON.search(said.get("requester", ""))
    return Form(
        what=what or ", ".join(fields.values()),
        kind=_kind(said.get("kind", ""), fields),
        user=person[1] if person else "",
        fields=fields,
        needed_by=said.get("needed_by", ""),
        why=said.get("why", ""),
    )


def _said(written: str) -> dict[str, str]:
    """Return the first answer to each label. Who asks counts only where nothing freely written stands before it."""
    said: dict[str, str] = {}
    for name, answer in _answers(written):
        is_forged = name == "requester" and not said.keys() <= _CHOSEN
        if not is_forged and not said.get(name):
            said[name] = answer
    return said


def _answers(written: str) -> Iterator[tuple[str, str]]:
    """Yield each known label with its answer: on the same line, or on the lines below up to the next label."""
    name, lines = "", list[str]()
    for line in written.splitlines():
        found = _LINE.fullmatch(line)
        label = _BY_LABEL.get(_plain(found[1])) if found else None
        if found is None or label is None:
            lines.append(line.strip().removeprefix(">").strip())
            continue
        if name:
            yield name, _joined(lines)
        name, lines = label, [found[2] or ""]
    if name:
        yield name, _joined(lines)


def _plain(label: str) -> str:
    return " ".join(_DECORATION.sub("", label).casefold().split())


def _joined(lines: list[str]) -> str:
    return "\n".join(line for line in lines if line).strip()


def _kind(written: str, fields: Mapping[str, str]) -> Kind:
    """Return the kind that is named, else what the filled-in fields mean."""
    said = written.casefold()
    for kind, words in _KINDS.items():
        if any(word in said for word in words):
            return kind
    if "role" in fields or ("dataset" in fields and "dates" not in fields):
        return Kind.ACCESS
    return Kind.RERUN if fields.get("load") or fields.get("dag_id") else Kind.OTHER

"""The nouns beside which a name stands, English and Korean: what they mean, and where they are in a text."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

# Resource key → nouns.
_NOUNS: Mapping[str, str] = {
    "table": "table|tbl|테이블",
    "connector": "connector|커넥터",
    "topic": "topic|토픽",
    "group": "consumer group|컨슈머 ?그룹",
    "dag_id": "dag",
    "pipeline": "pipeline|파이프라인",
    "dataset": "dataset|데이터 ?셋",
    "model": "model|모델",
    "job": "job|batch|cron|task|script|scheduled query|notebook|작업|잡|배치|크론|스크립트|스케줄러|태스크",
    "workflow": "workflow|flow|워크플로우|워크플로",
    "connection": "connection|커넥션",
    "service": "service|서비스",
    "app": "application|app|애플리케이션",
    "queue": "queue|큐",
    "stream": "stream|스트림",
    "pod": "pod|파드",
    "workload": "deployment|statefulset|daemonset",
    "kustomization": "kustomization|helmrelease",
    "view": "view|뷰",
    "site": "site|website|endpoint|사이트|엔드포인트",
    "workbook": "workbook",
    "dashboard": "dashboard|대시보드",
    "report": "report|delivery|리포트|보고서",
    "integration": "integration|연동",
    "interface": "interface|인터페이스",
    "stack": "stack",
    "workspace": "workspace",
    "pool": "pool",
    "reservation": "reservation",
    "certificate": "certificate|인증서",
    "trigger": "trigger|트리거",
    "function": "function|lambda|함수",
    "bucket": "bucket|버킷",
    "warehouse": "warehouse",
    "database": "database|데이터베이스",
    "slot": "replication slot",
    "monitor": "monitor|모니터",
    "check": "check|체크",
    "sensor": "sensor|센서",
    "environment": "environment",
    "index": "index|인덱스",
    "file": "file|파일",
    "node": "node|노드",
    "host": "host|server|broker|replica|instance|machine|호스트|서버|브로커|인스턴스",
    "cluster": "cluster|클러스터",
    "project": "project|프로젝트",
}
_KEYS = {noun: key for key, nouns in _NOUNS.items() for noun in nouns.split("|")}
_PAIRS = {noun.split()[0]: noun for noun in _KEYS if noun.isascii() and " " in noun}
_KOREAN = re.compile("|".join(sorted((noun for noun in _KEYS if not noun.isascii()), key=len, reverse=True)))
_KOREAN_KEYS = {noun.replace(" ?", ""): key for noun, key in _KEYS.items() if not noun.isascii()}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_HANGUL = re.compile("[가-힣]")


@dataclass(frozen=True, slots=True)
class Noun:
    """What the noun means, and where it stands."""

    key: str
    start: int
    end: int
    is_korean: bool = False


def nouns_in(text: str) -> list[Noun]:
    """Return the nouns of the text in their order. One within a name is none: `job_runs`, `etl-task`."""
    found = []
    for match in _WORD.finditer(text):
        word = match[0].lower()
        if word in _PAIRS and text[match.start() :][: len(_PAIRS[word])].lower() == _PAIRS[word]:
            found.append(Noun(_KEYS[_PAIRS[word]], match.start(), match.start() + len(_PAIRS[word])))
        elif (key := _KEYS.get(word)) and _stands_alone(text, match):
            found.append(Noun(key, match.start(), match.end()))
    if _HANGUL.search(text):
        found += [
            Noun(_KOREAN_KEYS[match[0].replace(" ", "")], match.start(), match.end(), is_korean=True)
            for match in _KOREAN.finditer(text)
        ]
        found.sort(key=lambda noun: noun.start)
    return found


def _stands_alone(text: str, word: re.Match[str]) -> bool:
    """`KafkaConnector `x`` and `CronJob x`, the kinds of Kubernetes, end in a noun of their own."""
    before, after = text[word.start() - 1 : word.start()], text[word.end() : word.end() + 1]
    if (after.isascii() and after.isalnum()) or after in {"_", "-"}:
        return False
    ends_camel = before.islower() and word[0][0].isupper()
    return ends_camel or not (before.isalnum() or before in {"_", "-", "."})

"""Airflow 2 and 3: failure and success callbacks, SLA misses, deadline alerts; English and Korean.

There is no standard form: callbacks are users' code. What they share are the names `dag_id` and `task_id`, as labels,
in a link to the log, or in a sentence.
"""

import re
from datetime import UTC, datetime

from bot.triage import labels, topics
from bot.triage.errors import error_in, short
from bot.triage.lexicon import words
from bot.triage.model import Alert, Kind, Message, Occurrence, Severity
from bot.triage.prefilter import Finder
from bot.triage.severity import stated
from bot.triage.signals import Status, status_of
from bot.triage.source import Source, kind_of, severity_for, title_of

_DAG = words(
    """
    dag_id, dag id, dag, dagid, dag name, dag_name, dag 이름, dag명, dag 명, 워크플로우, 워크플로
    """
)
_TASK = words(
    """
    task_id, task id, task, taskid, task name, task_name, failed task, failed task(s), task(s), task 이름, 태스크,
    태스크명, 작업
    """
)
_TASKS = ("tasks", "task_ids", "task_list", "tasks list", "missed tasks", "태스크 목록")
_RUN = ("run_id", "run id", "dag_run_id", "dag run id", "dag run", "dag_run", "dagrun", "run")
_DATE = words(
    """
    execution_date, execution date, execution time, logical_date, logical date, logical time, exec date,
    data_interval_start, 실행일, 실행일시, 실행 시각, 실행시각, 실행 시간, 실행시간, 기준일시
    """
)
_TRY = ("try_number", "try number", "try", "attempt", "retry", "시도", "시도 횟수")
_OWNER = ("owner", "owners", "담당자", "담당", "소유자")

_ID = r"[\w.\-]{1,250}"
_Q = r"[*`'\"_]{0,2}"
_FORMS = tuple(
    Finder(pattern, re.IGNORECASE)
    for pattern in (
        rf"<?TaskInstance:?\s+(?P<dag>[\w\-]{{1,250}})\.(?P<task>{_ID})\s+(?P<run>\S{{1,250}})",
        (
            rf"\[[^\]\n]{{0,20}}(?:dag|airflow|task|태스크"
            rf"|작업)[^\]\n]{{0,20}}\]\s{{0,3}}{_Q}(?P<dag>{_ID}){_Q}\s{{0,3}}(?:/|>|→|»"
            rf"|::)\s{{0,3}}{_Q}(?P<task>{_ID})"
        ),
        (
            rf"\[[^\]\n]{{0,20}}(?:dag|airflow|task|태스크"
            rf"|작업)[^\]\n]{{0,20}}\]\s{{0,3}}{_Q}(?P<dag>[\w\-]{{1,250}})\.(?P<task>[\w.\-]{{1,250}})"
        ),
        (
            rf"task\s{{1,3}}{_Q}(?P<task>{_ID}){_Q}\s{{1,3}}(?:has\s{{1,3}})?(?:failed|succeeded"
            rf"|timed out)?\s{{0,3}}(?:in|of|on|from)\s{{1,3}}(?:the\s)?dag\s{{1,3}}{_Q}(?P<dag>{_ID})"
        ),
        (
            rf"dag\s{{1,3}}{_Q}(?P<dag>{_ID}){_Q}\s{{0,3}}[,/:|\-]?\s{{0,3}}(?:\(?task"
            rf"|태스크)\s{{1,3}}{_Q}(?P<task>{_ID})"
        ),
        rf"{_Q}(?P<dag>{_ID}){_Q}\s{{0,3}}dag\s?의\s{{1,3}}{_Q}(?P<task>{_ID}){_Q}\s{{0,3}}(?:태스크|task|작업)",
        (
            rf"task\s{{1,3}}(?:has\s{{1,3}})?(?:failed|failure|succeeded|success|실패"
            rf"|성공)\s{{0,3}}[:\-–—]\s{{0,3}}{_Q}(?P<dag>[\w\-]{{1,250}})\.(?P<task>{_ID})"
        ),
        (
            rf"{_Q}(?P<dag>[\w\-]{{2,250}})\.(?P<task>[\w.\-]{{2,250}}){_Q}\s{{0,3}}(?:task\s{{1,3}}"
            rf"|태스크\s?)?(?:failed|has failed|실패|succeeded|성공)"
        ),
        rf"<?DagRun\s+(?P<dag>{_ID})\s+@\s+[^:]{{4,20}}:[^,]{{0,30}}?:\s(?P<run>[\w:+.\-]{{4,250}})",
        (
            rf"dag\s{{1,3}}{_Q}(?P<dag>{_ID}){_Q}\s{{1,3}}(?:has\s|was\s|is\s)?(?:missed|failed|timed"
            rf"|succeeded|실패|late|over)"
        ),
        (
            rf"dag\s?(?:실패|성공|오류|지연|failed|failure|succeeded"
            rf"|success)?{_Q}\]?\s{{0,3}}:?\s{{0,3}}[*]{{0,2}}\s{{0,3}}`(?P<dag>{_ID})`"
        ),
        rf"\[[^\]\n]{{0,20}}dag[^\]\n]{{0,20}}\]\s{{0,3}}{_Q}(?P<dag>{_ID})",
        rf"dag\s?(?:failed|failure|실패|succeeded|성공)\s{{0,3}}[:\-–—]\s{{0,3}}{_Q}(?P<dag>{_ID})",
    )
)
_DAG_RUN = re.compile(
    r"DagRun\s+[\w.\-]{1,250}\s+@\s+[^,\n]{4,60}?:\s(?P<run>(?:scheduled|manual|backfill"
    r"|asset_triggered)__[\w:+.\-]{4,100})"
)
_RUN_IN_TEXT = re.compile(r"\b(?:scheduled|manual|backfill|dataset_triggered|asset_triggered)__[\w:+.\-]{4,120}")
_SLA = re.compile(r"\bsla\b|missed deadline|deadline (?:missed|exceeded)|데드라인|마감 ?(?:초과|지연)")
_RETRY = re.compile(r"up[ _]for[ _]retry|\bretry(?:ing)?\b[^\n]{0,40}$|재시도", re.IGNORECASE)
_MOMENT = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(?:Z|[+ -]\d{2}:?\d{2})?",
)
_LOST_PLUS = re.compile(r" (\d{2}:?\d{2})$")  # a link's `+` that was read as a space
_INT = re.compile(r"-?\d{1,6}")
_MAPPED = re.compile(r"\[\d{1,6}\]$")  # `load_file[12]`: the index of a mapped task
_ONLY_IDS = re.compile(_ID)


def read(message: Message) -> Alert | None:
    found = labels.labels(message)
    linked = _from_links(message)
    is_late = _is_late(message.text[:600].lower())
    dag_id, task_id, run_id = _names(message, found, linked)
    if not dag_id:
        return None
    if is_late and not labels.first(found, *_TASK):
        task_id = ""  # the list of late tasks changes from message to message
    head = title_of(message)
    kind = _kind(message, found, head)
    resource = {"dag_id": dag_id} | ({"task_id": task_id} if task_id else {})
    default = Severity.WARNING if is_late or _RETRY.search(head) else Severity.ERROR
    return Alert(
        kind=kind,
        source="airflow",
        severity=severity_for(kind, stated(message, found), default),
        resource=resource,
        aspect="sla" if is_late else "",
        topic=_topic(message.text, is_late=is_late) if kind is Kind.ALERT else None,
        title=" · ".join(part for part in (head.strip("* "), ".".join(resource.values())) if part),
        error=error_in(message.text) or short(_after_title(message.text)),
        owner=labels.first(found, *_OWNER),
        links={key: linked[key] for key in ("log", "dag") if key in linked},
        occurrences=() if is_late and not task_id else (_occurrence(dag_id, task_id, run_id, found, linked),),
    )


def _is_late(low: str) -> bool:
    return any(hint in low for hint in ("sla", "deadline", "데드라인", "마감")) and _SLA.search(low) is not None


def _names(message: Message, found: dict[str, str], linked: dict[str, str]) -> tuple[str, str, str]:
    """Return dag, task and run: labels, then the log's link, then the sentence."""
    dag_id = _id(labels.first(found, *_DAG)) or linked.get("dag_id", "")
    task_id = _id(labels.first(found, *_TASK)) or linked.get("task_id", "")
    run_id = linked.get("run_id", "") or labels.first(found, *_RUN)
    if dag_id and "." in dag_id and not task_id and not linked and "task" in message.text.lower():
        dag_id, task_id = dag_id.split(".", 1)
    if not dag_id:
        dag_id, task_id, run_id = _from_forms(message.text[:4000], task_id, run_id)
    if labels.first(found, *_TASKS) and not labels.first(found, "task_id", "task"):
        task_id = ""
    return dag_id, task_id, run_id or _run_in(message.text)


def _id(value: str) -> str:
    """Return the value if it can be an id: a list of tasks or a sentence is none."""
    value = _MAPPED.sub("", labels.name_of(value))
    return value if _ONLY_IDS.fullmatch(value) else ""


def _from_forms(text: str, task_id: str, run_id: str) -> tuple[str, str, str]:
    for form in _FORMS:
        if match := form.search(text):
            groups = match.groupdict()
            return groups["dag"], task_id or groups.get("task") or "", run_id or groups.get("run") or ""
    return "", task_id, run_id


def _run_in(text: str) -> str:
    if "__" not in text:
        return ""  # no run's id is without it
    match = _DAG_RUN.search(text) or _RUN_IN_TEXT.search(text[:6000])
    return (match.groupdict().get("run") or match[0]).rstrip(",.)") if match else ""


def _from_links(message: Message) -> dict[str, str]:
    """Read ids from the link to the log: `/log?dag_id=…` of Airflow 2, `/dags/D/runs/R/tasks/T` of Airflow 3."""
    for url in message.links:
        query, path = labels.query_of(url), labels.path_of(url)
        if "dags" in path[:-1]:
            return _from_path(url, path[path.index("dags") :], query)
        if "dag_id" in query:
            ids = {key: query[key] for key in ("dag_id", "task_id", "execution_date", "map_index") if key in query}
            run = query.get("dag_run_id") or query.get("run_id")
            tried = query.get("try_number") or query.get("try")
            return ids | ({"run_id": run} if run else {}) | ({"try": tried} if tried else {}) | {"log": url}
    return {}


def _from_path(url: str, path: list[str], query: dict[str, str]) -> dict[str, str]:
    named = dict(zip(path[::2], path[1::2], strict=False))
    ids = {"dag_id": named["dags"], "dag": url.split("/dags/", 1)[0] + "/dags/" + path[1]}
    for key, name in (("runs", "run_id"), ("tasks", "task_id"), ("mapped", "map_index")):
        if named.get(key):
            ids[name] = named[key]
    for name, key in (
        ("task_id", "task_id"),
        ("run_id", "dag_run_id"),
        ("map_index", "map_index"),
        ("try", "try_number"),
        ("execution_date", "execution_date"),
    ):
        if query.get(key):
            ids.setdefault(name, query[key])
    return ids | ({"log": url} if "task_id" in ids else {})


def _kind(message: Message, found: dict[str, str], head: str) -> Kind:
    """The title says it; else a `state` label; else the first lines."""
    for said in (head, labels.first(found, "state", "status", "상태"), message.text[:400]):
        status = status_of(said) if said else Status.UNKNOWN
        if status is not Status.UNKNOWN:
            return kind_of(status)
    return Kind.ALERT if _RETRY.search(head) else Kind.NOISE


def _topic(text: str, *, is_late: bool) -> str:
    if is_late:
        return "dag-timeout"
    default = "airflow-task-failure"
    return topics.cause(text) or topics.one_of(text, ("dbt-test",), "") or default


def _occurrence(dag_id: str, task_id: str, run_id: str, found: dict[str, str], linked: dict[str, str]) -> Occurrence:
    index = _int(linked.get("map_index") or labels.first(found, "map_index", "map index", "mapped index"))
    return Occurrence(
        dag_id=dag_id,
        task_id=task_id or None,
        dag_run_id=labels.name_of(run_id) or None,
        logical_at=_moment(linked.get("execution_date", "")) or _moment(labels.first(found, *_DATE)),
        map_index=-1 if index is None else index,
        try_number=_int(linked.get("try") or labels.first(found, *_TRY)),
    )


def _moment(text: str) -> datetime | None:
    """Read an ISO date and time; one without a zone is UTC, as Airflow writes it."""
    match = _MOMENT.match(text.strip())
    if not match:
        return None
    said = match[0]
    try:
        moment = datetime.fromisoformat(_LOST_PLUS.sub(r"+\1", said) if said.count(":") > 2 else said)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _int(text: str | None) -> int | None:
    match = _INT.match(text.strip()) if text else None
    return int(match[0]) if match else None


def _after_title(text: str) -> str:
    """Return what follows ` - ` in a one-line form such as `[DAG 실패] dag.task (시각) - 예외`."""
    line = next((line for line in text.split("\n") if line.strip()), "")
    _, dash, rest = line.partition(" - ")
    return rest if dash else ""


SOURCE = Source(
    name="airflow",
    read=read,
    senders=("airflow", "에어플로우", "cosmos", "composer", "mwaa", "astronomer"),
    links=("/dags/", "dag_id=", "/log?execution_date"),
    shape=re.compile(
        r"\bdag[_ ]id\b|\*Dag\*|\bDAG\b[^\n]{0,40}(?:실패|failed|missed|SLA)|\[(?:DAG|Airflow)"
        r"|Airflow task|<?DagRun |<TaskInstance|\bSLA (?:miss|was missed)",
        re.IGNORECASE,
    ),
)

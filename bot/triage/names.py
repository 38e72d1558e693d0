"""Find the name of the broken thing in labels, English and Korean."""

import re
from collections.abc import Mapping

from bot.triage import labels
from bot.triage.identity import workload
from bot.triage.lexicon import words
from bot.triage.naming import is_no_name, steady

# What a label means, in the order in which names are looked for; the first family found is the resource.
_LABELS: Mapping[str, tuple[str, ...]] = {
    "dag_id": words("dag_id, dag, dag id, dag name, dag명"),
    "task_id": words("task_id, task id"),
    "table": words(
        "table, table name, table_name, tablename, target table, target_table, dest_table, "
        "destination table, dst_table, tbl, 테이블, 테이블명, 대상 테이블, 대상테이블, 적재 테이블, 타겟 테이블"
    ),
    "connector": words("connector, connector name, connector_name, 커넥터, 커넥터명"),
    "group": words(
        "consumer group, consumer_group, consumergroup, consumer-group, group, group_id, group "
        "id, 컨슈머 그룹, 컨슈머그룹, 그룹"
    ),
    "topic": words("topic, 토픽, 토픽명"),
    "job": words(
        "job, job name, job_id, batch, batch name, cron, cronjob, script, process, program, step, scheduled query, "
        "display name, query name, transfer, 작업, 작업명, 작업 이름, 잡, 잡명, 배치, 배치명, 배치 이름, "
        "프로세스, 프로그램, 스크립트, 스케줄, 배치 작업, 스케줄명, 프로그램명, 작업ID"
    ),
    "task": words("task, task name, 태스크, 태스크명"),
    "pipeline": words("pipeline, pipeline name, pipeline_name, 파이프라인, 파이프라인명"),
    "connection": words("connection, connection name, 연결, 커넥션"),
    "workflow": words("workflow, workflow name, workflow type, 워크플로, 워크플로우"),
    "flow": words("flow, flow name"),
    "model": words("model, 모델, 모델명"),
    "dataset": words("dataset, data set, 데이터셋, 데이터 세트"),
    "monitor": words("monitor, monitor name, 모니터"),
    "check": words("check, check name, rule, rule name, test, test name, 점검, 점검항목, 규칙, 검증"),
    "namespace": words("namespace, ns, 네임스페이스"),
    "workload": words("workload, deployment, statefulset, daemonset, pod, pod name, 파드"),
    "stream": words("stream, stream name, delivery stream, 스트림"),
    "app": words("app, application, app name, application name, app_name, 앱, 애플리케이션"),
    "service": words("service, service name, service_name, component, 서비스, 서비스명, 시스템, 시스템명"),
    "queue": words("queue, 큐"),
    "index": words("index, 인덱스"),
    "alert": words("alert, alertname, alert name, alarm, alarm name, 알람, 알림명"),
    "site": words("site, website, 사이트"),
    "workspace": words("workspace"),
    "stack": words("stack, stack name, 스택"),
    "interface": words("interface, interface name, interface id, 인터페이스, 인터페이스명, 인터페이스ID, IF명, IFID"),
    "integration": words("integration, integration name, 연동, 연동명"),
    "function": words("function, function name, lambda, 함수"),
    "dashboard": words("dashboard, dashboard name, 대시보드"),
    "report": words("report, report name, 리포트, 리포트명, 보고서, 보고서명"),
    "file": words("file, file name, 파일, 파일명"),
    "entity": words(
        "entity, impacted entity, affected entity, resource, resource name, object, target, "
        "감시 대상, 대상, 대상명, 리소스"
    ),
    "host": words(
        "host, hostname, host name, instance, instance name, server, server name, node, node name, machine, 호스트, "
        "호스트명, 서버, 서버명, 노드, 장비, 장비명, 대상 서버"
    ),
    "database": words("database, db, db name, database name, DB명, 데이터베이스"),
}
_FAMILIES = (
    ("dag_id", "task_id"),
    ("connector",),
    ("table",),
    ("group", "topic"),
    ("workload",),
    ("job",),
    ("task",),
    ("pipeline",),
    ("connection",),
    ("workflow",),
    ("flow",),
    ("model",),
    ("dataset",),
    ("topic",),
    ("stream",),
    ("app",),
    ("service",),
    ("queue",),
    ("index",),
    ("monitor",),
    ("check",),
    ("alert",),
    *((key,) for key in ("site", "workspace", "stack", "interface", "integration", "function", "dashboard", "report")),
    ("file",),
    ("entity",),
    ("host",),
    ("database",),
    ("namespace",),
)
# Where a thing is: it names the thing only where nothing else does.
WHERE = frozenset({"host", "workspace", "database", "namespace", "entity", "cluster", "region", "env"})
_IN_NAMESPACE = frozenset({"workload", "workflow", "flow", "connector", "app", "service"})
# They tell two things of one name apart and are added to it.
_QUALIFIERS: Mapping[str, tuple[str, ...]] = {
    "cluster": ("cluster", "kafka_cluster", "kafka cluster", "connect_cluster", "클러스터"),
    "region": ("region", "리전"),
    "env": ("env", "environment", "stage", "환경"),
}
_ENVIRONMENTS = re.compile(
    r"prod|prd|live|real|stg|stag|dev|test|qa|sandbox|alpha|beta|canary|dr\b|운영|상용|개발|검증|테스트", re.IGNORECASE
)
_JOINS = str.maketrans("", "", " _-.")  # `job_name`, `Job Name` and `jobName` are one label
_MEANING = {
    label.lower().translate(_JOINS): (key, rank)
    for meanings in (_LABELS, _QUALIFIERS)
    for key, listed in meanings.items()
    for rank, label in enumerate(listed)
}
_LONGEST = 200


def from_labels(found: Mapping[str, str]) -> dict[str, str]:
    """Return the first family of names that is labelled, with cluster, region and environment if labelled."""
    named = _labelled(found)
    for family in _FAMILIES:
        if family[0] in named:
            inside = ("namespace",) if family[0] in _IN_NAMESPACE else ()
            chosen = (*family, *inside, *(key for key in _QUALIFIERS if key not in family))
            return {key: named[key] for key in chosen if key in named}
    return {}


def qualifiers(found: Mapping[str, str]) -> dict[str, str]:
    """Return the labelled namespace, region and environment, which tell two things of one name apart."""
    named = _labelled(found)
    return {key: named[key] for key in ("namespace", "region", "env") if key in named}


def _labelled(found: Mapping[str, str]) -> dict[str, str]:
    """Return what is labelled by its meaning; of two labels for one thing the more exact word wins."""
    ranked: dict[str, tuple[int, str]] = {}
    for label, said in found.items():
        key, rank = _MEANING.get(label.translate(_JOINS), ("", 0))
        if not key or not (value := labels.name_of(said).rstrip(":.,")):
            continue
        if len(value) > _LONGEST or "://" in value or (is_no_name(value) and key != "region"):
            continue
        if key == "env" and not _ENVIRONMENTS.match(value):
            continue
        if key not in ranked or rank < ranked[key][0]:
            ranked[key] = rank, workload(value) if key == "workload" else steady(value.strip("<>"))
    return {key: name for key, (_, name) in ranked.items()}

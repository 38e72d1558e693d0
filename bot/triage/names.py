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
        "job, job name, job_name, jobname, job_id, job id, batch, batch name, batch_name, cron, "
        "cronjob, script, process, program, step, scheduled query, display name, displayname, "
        "query name, transfer, 작업, 작업명, 작업 이름, 잡, 잡명, 배치, 배치명, 배치 이름, "
        "프로세스, 프로그램, 스크립트, 스케줄"
    ),
    "pipeline": words("pipeline, pipeline name, pipeline_name, 파이프라인, 파이프라인명"),
    "connection": words("connection, connection name, 연결, 커넥션"),
    "workflow": words("workflow, workflow name, flow, flow name, flow_name, 워크플로, 워크플로우"),
    "model": words("model, 모델, 모델명"),
    "dataset": words("dataset, data set, 데이터셋, 데이터 세트"),
    "check": words(
        "check, check name, check_name, rule, rule name, rule_name, monitor, monitor name, test, "
        "점검, 점검항목, 규칙, 검증"
    ),
    "namespace": words("namespace, 네임스페이스"),
    "workload": words("workload, deployment, statefulset, daemonset, pod, pod name, 파드"),
    "stream": words("stream, stream name, delivery stream, 스트림"),
    "app": words("app, application, app name, application name, app_name, 앱, 애플리케이션"),
    "service": words("service, service name, service_name, component, 서비스, 서비스명, 시스템, 시스템명"),
    "queue": words("queue, 큐"),
    "index": words("index, 인덱스"),
    "alert": words("alert, alertname, alert name, alarm, alarm name, 알람, 알림명"),
    "host": words("host, hostname, instance, server, node, 호스트, 호스트명, 서버, 서버명, 노드"),
}
_FAMILIES = (
    ("dag_id", "task_id"),
    ("connector",),
    ("table",),
    ("group", "topic"),
    ("namespace", "workload"),
    ("workload",),
    ("job",),
    ("pipeline",),
    ("connection",),
    ("workflow",),
    ("model",),
    ("dataset",),
    ("topic",),
    ("stream",),
    ("app",),
    ("service",),
    ("queue",),
    ("index",),
    ("check",),
    ("alert",),
    ("host",),
    ("namespace",),
)
# They tell two things of one name apart and are added to it.
_QUALIFIERS: Mapping[str, tuple[str, ...]] = {
    "cluster": ("cluster", "kafka_cluster", "kafka cluster", "connect_cluster", "클러스터"),
    "region": ("region", "리전"),
    "env": ("env", "environment", "stage", "환경"),
}
_ENVIRONMENTS = re.compile(
    r"prod|prd|live|real|stg|stag|dev|test|qa|sandbox|alpha|beta|canary|dr\b|운영|상용|개발|검증|테스트", re.IGNORECASE
)
_MEANING = {
    label: (key, rank)
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
            chosen = (*family, *(key for key in _QUALIFIERS if key not in family))
            return {key: named[key] for key in chosen if key in named}
    return {}


def _labelled(found: Mapping[str, str]) -> dict[str, str]:
    """Return what is labelled by its meaning; of two labels for one thing the more exact word wins."""
    ranked: dict[str, tuple[int, str]] = {}
    for label in found.keys() & _MEANING.keys():
        key, rank = _MEANING[label]
        value = labels.name_of(found[label])
        if not value or len(value) > _LONGEST or is_no_name(value) or (key == "env" and not _ENVIRONMENTS.match(value)):
            continue
        if key not in ranked or rank < ranked[key][0]:
            ranked[key] = rank, workload(value) if key == "workload" else steady(value.strip("<>"))
    return {key: name for key, (_, name) in ranked.items()}

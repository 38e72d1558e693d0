"""The runbook topic of an unknown tool's alert: the cause that it names, what the tool does, or what it is about."""

import re
from collections.abc import Mapping

from bot.triage import topics
from bot.triage.lexicon import words
from bot.triage.topics import one_of, topic_of

_READ = 3_000  # characters in which a cause is looked for


def _each(topic: str, listed: str) -> dict[str, str]:
    return dict.fromkeys(words(listed), topic)


# What a tool does says what its alerts are about.
_OF_TOOL: Mapping[str, str] = {
    **_each(
        "deploy-failed",
        """
        atlantis, bamboo, bitbucket, bitrise, buildkite, circleci, cloud_build, codefresh, concourse, drone, flux,
        gitlab,
        gocd, harness, keptn, octopus_deploy, pulumi, semaphore, spacelift, spinnaker, teamcity, terraform,
        terraform_cloud, travis_ci, woodpecker
        """,
    ),
    **_each(
        "infra-resource",
        """
        checkmk, cruise_control, icinga, kt_cloud, librenms, nagios, naver_cloud, netdata, nhn_cloud, prtg,
        zabbix, zenoss
        """,
    ),
    **_each(
        "app-error",
        "better_stack, checkly, gatus, pingdom, rollbar, site24x7, statuscake, updown, uptime_kuma, uptime_robot",
    ),
    **_each("connector-failed", "census, fivetran, hevo, hightouch, meltano, polytomic, portable, rivery, stitch"),
    **_each("data-quality", "anomalo, bigeye, datafold, lightup, metaplane, redash, superset"),
}
# What is broken says it where the text names no cause.
_OF_THING: Mapping[str, str] = {
    **_each("infra-resource", "host, node, cluster, certificate, environment, database, pool, entity"),
    **_each("connector-failed", "connector, connection, integration, interface"),
    **_each("deploy-failed", "kustomization, stack, workspace, trigger, project"),
    **_each("consumer-lag", "group"),
    **_each("streaming-job-failed", "topic, stream"),
    **_each("app-error", "service, app, site, monitor, alert, alertname, function, queue, problem, incident"),
    **_each("quota", "reservation"),
}
_OF_TABLE = ("freshness", "schema-change", "dbt-test", "data-quality")
_OF_JOB = (
    "dag-timeout",
    "consumer-lag",
    "connector-failed",
    "streaming-job-failed",
    "dbt-test",
    "dbt-run",
    "freshness",
    "data-quality",
    "batch-job-failed",
    "deploy-failed",
)
_WORK = frozenset({"job", "task", "workflow", "flow", "pipeline", "dag_id", "workbook", "report", "dashboard"})
_LOADS = words("load, refresh, build, job, insert, copy, export, import, file, retry, 적재, 배치, 수집, 갱신, 재시도")
_LATE = re.compile(r"\b(?:late|delayed|overdue|not ready|behind schedule)\b|\d ?(?:h|hours|min) old\b|지연|미도착|늦")
_FAILED = ("fail", "error", "실패", "오류", "exception")


def topic_in(head: str, text: str, source: str, resource: Mapping[str, str]) -> str:
    """Return the topic that fits best; `job-failed` where nothing tells."""
    said = text[:_READ]
    if "certificate" in resource:
        return "infra-resource"
    if cause := topics.cause(said):
        return cause
    if usual := _OF_TOOL.get(source):
        where = f"{head}\n{said}" if usual == "data-quality" else head
        return one_of(where, ("freshness", "schema-change", "consumer-lag"), usual)
    if resource.keys() & {"table", "dataset", "model", "column"}:
        low = head.lower()
        if _LATE.search(low):
            return "freshness"
        is_failed_load = any(map(low.__contains__, _FAILED)) and any(map(low.__contains__, _LOADS))
        return one_of(f"{head}\n{said}", _OF_TABLE, "job-failed" if is_failed_load else "data-quality")
    if resource.keys() & _WORK:
        return one_of(head, _OF_JOB, "") or one_of(said, _OF_JOB, "job-failed")
    thing = next((_OF_THING[key] for key in reversed(list(resource)) if key in _OF_THING), "")
    return topic_of(head, "") or (thing or topic_of(said, "job-failed"))

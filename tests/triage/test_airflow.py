"""Airflow's forms: ten public callbacks, nine Korean ones, the notifiers, SLA misses and deadline alerts."""

import pytest

from tests.triage.slack import attached, button, case, check, header, person, says, section, webhook

LOG2 = "<https://af.corp/log?execution_date=2026-11-19T15%3A00%3A00%2B00%3A00&amp;task_id={task}&amp;dag_id={dag}&amp;map_index=-1>"
LOG3 = "https://af.corp/dags/{dag}/runs/scheduled__2026-11-19T15%3A00%3A00%2B00%3A00/tasks/{task}?try_number=2"
DEADLINE = (
    "🚨 Dag {dag} missed deadline at 2026-11-19 16:00:00+00:00. DagRun: &lt;DagRun {dag} @ "
    "2026-11-19 15:00:00+00:00: "
    "scheduled__2026-11-19T15:00:00+00:00, state:running, queued_at: 2026-11-19 "
    "15:00:01+00:00. run_type: scheduled&gt;"
)


def callback(dag: str, task: str, head: str = ":red_circle: Task Failed.", **more: str) -> str:
    lines = [head, f"*Task*: {task}", f"*Dag*: {dag}", "*Execution Time*: 2026-11-19 15:00:00+00:00"]
    lines += [f"*{key}*: {value}" for key, value in more.items()]
    return "\n" + "\n".join(f"            {line} " for line in lines)


def korean(dag: str, task: str, head: str = "[DAG 실패]", **more: str) -> str:
    named = {"dag_id": dag, "task_id": task, "run_id": "manual__2026-11-19T15:31:12.55+00:00", "try_number": "2"} | more
    return "\n".join([head, *(f"{key}={value}" for key, value in named.items())])


TABLE = [
    case(
        "community callback",
        webhook("airflow", callback("sales_daily", "load_fact")),
        "alert",
        "error",
        dag_id="sales_daily",
        task_id="load_fact",
    ),
    case(
        "its success twin",
        webhook("airflow", callback("sales_daily", "load_fact", ":heavy_check_mark: Task Succeeded.")),
        "resolved",
        None,
        dag_id="sales_daily",
        task_id="load_fact",
    ),
    case(
        "emoji as a character",
        webhook("Airflow", callback("d_1", "t_1", "🔴 Task Failed!")),
        "alert",
        "error",
        dag_id="d_1",
        task_id="t_1",
    ),
    case(
        "without a name of the sender",
        webhook("", callback("d_1", "g1.extract")),
        "alert",
        "error",
        dag_id="d_1",
        task_id="g1.extract",
    ),
    case(
        "ids only in the link of Airflow 2",
        webhook("data-bot", ":x: A task failed, see " + LOG2.format(dag="erp_sync", task="pull_gl")),
        "alert",
        "error",
        dag_id="erp_sync",
        task_id="pull_gl",
    ),
    case(
        "ids only in the button of Airflow 3",
        webhook(
            "airflow",
            "",
            blocks=[
                header("Airflow failure"),
                section("Something broke"),
                button(LOG3.format(dag="erp_sync", task="pull_gl")),
            ],
        ),
        "alert",
        "error",
        dag_id="erp_sync",
        task_id="pull_gl",
    ),
    case(
        "DAG level",
        webhook("airflow", ":fire: *DAG Failed*: `ml_features` (run: `scheduled__2026-11-19T00:00:00+00:00`)"),
        "alert",
        "error",
        dag_id="ml_features",
    ),
    case(
        "DAG level succeeded",
        webhook("airflow", ":white_check_mark: *DAG Succeeded*: `ml_features` (run: `manual__x`)"),
        "resolved",
        None,
        dag_id="ml_features",
    ),
    case(
        "attachment with fields",
        webhook(
            "airflow",
            "",
            attachments=attached(
                "Airflow alert: task failed",
                color="danger",
                fields=[
                    {"title": "DAG", "value": "crm.export", "short": True},
                    {"title": "Task", "value": "push_s3", "short": True},
                    {"title": "Run", "value": "backfill__2026-11-01T00:00:00+00:00"},
                ],
            ),
        ),
        "alert",
        "error",
        dag_id="crm.export",
        task_id="push_s3",
    ),
    case(
        "blocks with fields",
        webhook(
            "Airflow", "", blocks=[header("❌ Task failure"), section("", "*DAG:*\n`crm_export`", "*Task:*\n`push_s3`")]
        ),
        "alert",
        "error",
        dag_id="crm_export",
        task_id="push_s3",
    ),
    case(
        "task in dag, a sentence",
        webhook("airflow", "Task `push_s3` in DAG `crm_export` has failed after 3 tries"),
        "alert",
        "error",
        dag_id="crm_export",
        task_id="push_s3",
    ),
    case(
        "the repr of a task instance",
        webhook(
            "airflow",
            ("Failed: &lt;TaskInstance: crm_export.push_s3 scheduled__2026-11-19T00:00:00+00:00 [failed]&gt;"),
        ),
        "alert",
        "error",
        dag_id="crm_export",
        task_id="push_s3",
    ),
    case(
        "SLA miss by list",
        webhook("airflow", ":warning: *SLA Miss*\n• DAG: `kpi_mart`\n• Tasks: `a_1, b_2`"),
        "alert",
        "warning",
        dag_id="kpi_mart",
    ),
    case(
        "SLA miss by name",
        webhook("", "SLA was missed on dag_id=kpi_mart, task_id=publish"),
        "alert",
        "warning",
        dag_id="kpi_mart",
        task_id="publish",
    ),
    case(
        "deadline alert of Airflow 3.1",
        webhook("Airflow", DEADLINE.format(dag="kpi_mart")),
        "alert",
        "warning",
        dag_id="kpi_mart",
    ),
    case(
        "stated level wins",
        webhook("airflow", callback("pay", "settle", "[CRITICAL] Task Failed")),
        "alert",
        "critical",
        dag_id="pay",
        task_id="settle",
    ),
    case(
        "a level as a label",
        webhook("airflow", callback("pay", "settle", Severity="P3")),
        "alert",
        "warning",
        dag_id="pay",
        task_id="settle",
    ),
    case(
        "retry",
        webhook("airflow", callback("pay", "settle", ":warning: Task up for retry")),
        "alert",
        "warning",
        dag_id="pay",
        task_id="settle",
    ),
    case("start notice", webhook("airflow", callback("pay", "settle", ":arrow_forward: Task Started.")), "noise"),
    case(
        "Korean key=value lines",
        webhook("Airflow 알림", korean("주문_적재", "load_주문")),
        "alert",
        "error",
        dag_id="주문_적재",
        task_id="load_주문",
    ),
    case(
        "Korean slash",
        webhook("airflow", "[Airflow 실패] pos_ingest / parse_xml"),
        "alert",
        "error",
        dag_id="pos_ingest",
        task_id="parse_xml",
    ),
    case(
        "Korean one line",
        webhook("alim", "[DAG 실패] pos_ingest.parse_xml (2026-11-20 09:12:01) - ValueError: 잘못된 값"),
        "alert",
        "error",
        dag_id="pos_ingest",
        task_id="parse_xml",
    ),
    case(
        "Korean success",
        webhook("Airflow 알림", korean("pos_ingest", "parse_xml", "[DAG 성공]")),
        "resolved",
        None,
        dag_id="pos_ingest",
        task_id="parse_xml",
    ),
    case(
        "Korean labels",
        webhook("에어플로우", "🔴 태스크 실패\nDAG: pos_ingest\n태스크: parse_xml\n실행일: 2026-11-19"),
        "alert",
        "error",
        dag_id="pos_ingest",
        task_id="parse_xml",
    ),
    case(
        "Korean sentence",
        webhook("airflow", "`pos_ingest` DAG의 `parse_xml` 태스크가 실패했습니다."),
        "alert",
        "error",
        dag_id="pos_ingest",
        task_id="parse_xml",
    ),
    case("a person pastes it", person(callback("sales_daily", "load_fact")), "noise"),
    case(
        "cut in the middle of a trace",
        webhook("airflow", callback("d", "t", Exception='Traceback (most recent call last):\n  File "/x')),
        "alert",
        "error",
        dag_id="d",
        task_id="t",
    ),
    case(
        "an error that says success",
        webhook("airflow", callback("d", "t", Exception="Expected status SUCCESS but got 3")),
        "alert",
        "error",
        dag_id="d",
        task_id="t",
    ),
]


@pytest.mark.parametrize(("event", "kind", "severity", "resource"), TABLE)
def test_airflow_is_read(event, kind, severity, resource):
    check(event, kind, severity, resource)


@pytest.mark.parametrize(
    ("error", "topic"),
    [
        ("MemoryError", "oom"),
        ("google.api_core.exceptions.Forbidden: 403 Quota exceeded", "quota"),
        ("psycopg2.OperationalError: permission denied for table x", "permission-denied"),
        ("AirflowTaskTimeout: Timeout, PID: 1", "dag-timeout"),
        ("Failure in test unique_orders_id (models/x.yml)", "dbt-test"),
        ("ValueError: x", "airflow-task-failure"),
    ],
)
def test_the_cause_chooses_the_runbook(error, topic):
    assert says(webhook("airflow", callback("d", "t", Exception=error))).topic == topic


def test_a_missed_sla_and_a_failure_of_one_dag_end_apart():
    failed = says(webhook("airflow", ":fire: *DAG Failed*: `kpi_mart` (run: `manual__1`)"))
    late = says(webhook("airflow", ":warning: *SLA Miss*\n• DAG: `kpi_mart`\n• Tasks: `a`"))

    assert failed.resource == late.resource
    assert failed.aspect != late.aspect

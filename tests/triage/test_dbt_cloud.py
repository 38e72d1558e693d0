"""dbt Cloud: the native app and the webhook form of the Zapier guide."""

import pytest

from tests.triage.slack import app, attached, case, check, says, webhook

RUN = "https://cloud.getdbt.com/deploy/1/projects/2/runs/700"


def native(what, job="Nightly build", run="70042"):
    line = f'Run #{run} {what} on Job "{job}"'
    return app(
        "dbt Cloud",
        f"*<{RUN}|{line}>*",
        attachments=attached("", "", fallback=line, fields=[{"title": "Environment", "value": "Production"}]),
    )


def guide(what, job="Nightly build", steps="❌ dbt build (Error in 3m)"):
    return webhook(
        "dbt alerts",
        (
            f'*<{RUN}|{what} for Run #70042 on Job "{job}">*\n*Environment:* prod '
            f"| *Trigger:* Scheduled | *Duration:* 3m\n{steps}"
        ),
    )


TABLE = [
    case("failed", native("failed"), "alert", "error", job="Nightly build"),
    case("errored", native("errored"), "alert", "error", job="Nightly build"),
    case("another run of the job", native("failed", run="1"), "alert", "error", job="Nightly build"),
    case("another job", native("failed", job="Nightly build (eu)"), "alert", "error", job="Nightly build (eu)"),
    case("a Korean job", native("failed", job="야간 마트 빌드"), "alert", "error", job="야간 마트 빌드"),
    case("succeeded", native("succeeded"), "resolved", None, job="Nightly build"),
    case("completed", native("completed successfully"), "resolved", None, job="Nightly build"),
    case("canceled by a person", native("canceled"), "noise"),
    case("warned", native("completed with warnings"), "alert", "warning", job="Nightly build"),
    case("the guide's form", guide("Errored"), "alert", "error", job="Nightly build"),
    case(
        "the guide's success",
        guide("Success", steps="✅ dbt build (Success in 3m)"),
        "resolved",
        None,
        job="Nightly build",
    ),
    case("the guide's cancel", guide("Cancelled"), "noise"),
    case(
        "typographic quotes", webhook("dbt", f"<{RUN}|Run #5 failed on Job “Hourly”>"), "alert", "error", job="Hourly"
    ),
    case(
        "known by its link alone", webhook("", f'<{RUN}|Run #5 failed on Job "Hourly">'), "alert", "error", job="Hourly"
    ),
    case("started", native("started"), "noise"),
]


@pytest.mark.parametrize(("event", "kind", "severity", "resource"), TABLE)
def test_dbt_cloud_is_read(event, kind, severity, resource):
    check(event, kind, severity, resource)


@pytest.mark.parametrize(
    ("step", "topic"), [("dbt test", "dbt-test"), ("dbt run", "dbt-run"), ("dbt source freshness", "freshness")]
)
def test_the_failed_step_chooses_the_runbook(step, topic):
    assert says(guide("Errored", steps=f"✅ dbt deps (Success in 1s)\n❌ {step} (Error in 9s)")).topic == topic


def test_the_detail_in_the_thread_names_nothing_itself():
    detail = webhook("dbt alerts", "Database Error in model fct_orders\n  column x does not exist", thread_ts="1.2")

    alert = says(detail)

    assert (alert.kind, dict(alert.resource)) == ("alert", {})
    assert "fct_orders" in alert.error

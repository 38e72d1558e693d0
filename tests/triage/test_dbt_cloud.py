"""dbt Cloud: the native app and the webhook form of the Zapier guide."""

import pytest

from tests.triage.slack import says, webhook

RUN = "https://cloud.getdbt.com/deploy/1/projects/2/runs/700"


def guide(what, job="Nightly build", steps="❌ dbt build (Error in 3m)"):
    return webhook(
        "dbt alerts",
        (
            f'*<{RUN}|{what} for Run #70042 on Job "{job}">*\n*Environment:* prod '
            f"| *Trigger:* Scheduled | *Duration:* 3m\n{steps}"
        ),
    )


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

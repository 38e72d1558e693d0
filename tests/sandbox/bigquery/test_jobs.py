"""Questions and jobs."""

from datetime import UTC, date, datetime, timedelta

import pytest
from google.api_core import exceptions
from google.cloud import bigquery

from tests.sandbox.bigquery.conftest import API, PROJECT, reason

TABLE = f"{PROJECT}.orders.orders_daily"
COUNT = f"SELECT COUNT(*) AS n, MAX(loaded_at) AS newest FROM `{TABLE}` WHERE order_date >= @a AND order_date < @b"
ONCE = {"retry": None, "job_retry": None}


def ask(bq, sql, *parameters, **config):
    given = [bigquery.ScalarQueryParameter(*each) for each in parameters]
    settings = bigquery.QueryJobConfig(query_parameters=given, **config)
    return list(bq.client.query_and_wait(sql, job_config=settings, api_timeout=5, wait_timeout=5, **ONCE))


def test_rows_of_a_stretch_of_days_are_counted(bq):
    for day, rows in (("20261110", 5), ("20261111", 6), ("20261112", 7)):
        bq.control("load", table=TABLE, key=day, rows=rows)

    (row,) = ask(bq, COUNT, ("a", "DATE", date(2026, 11, 10)), ("b", "DATE", date(2026, 11, 12)))
    assert row["n"] == 11
    assert row["newest"].date() == date(2026, 11, 18)


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        pytest.param("DELETE FROM x", "invalidQuery", id="another statement"),
        pytest.param(f"SELECT COUNT(*) AS n FROM `{PROJECT}.orders.none`", "notFound", id="no such table"),
        pytest.param(COUNT.replace("loaded_at", "seen_at"), "invalidQuery", id="no such column"),
        pytest.param(COUNT, "invalidQuery", id="no parameters"),
    ],
)
def test_a_question_that_fails_says_why_and_stays_in_the_list(bq, sql, why):
    with pytest.raises(exceptions.GoogleAPICallError) as refused:
        ask(bq, sql)
    (job,) = bq.http.get(f"{API}/jobs", params={"projection": "full"}).json()["jobs"]

    assert refused.value.errors[0]["reason"] == why
    assert job["status"]["errorResult"].keys() == {"reason", "location", "message"}
    assert job["status"]["errorResult"]["reason"] == why


def test_a_job_id_is_used_once(bq):
    bq.client.query("SELECT 1", job_id="once", timeout=5, **ONCE).result()

    again = {
        "jobReference": {"jobId": "once"},
        "configuration": {"query": {"query": "SELECT 1", "useLegacySql": False}},
    }
    answer = bq.http.post(f"{API}/jobs", json=again)
    assert (answer.status_code, reason(answer)) == (409, "duplicate")
    assert bq.client.get_job("once", retry=None, timeout=5).state == "DONE"


def test_the_same_request_id_is_answered_by_the_same_job(bq):
    body = {"query": "SELECT 1", "useLegacySql": False, "requestId": "r"}
    jobs = {bq.http.post(f"{API}/queries", json=body).json()["jobReference"]["jobId"] for _ in range(2)}

    assert len(jobs) == 1
    assert bq.http.post(f"{API}/queries", json=body | {"requestId": "s"}).json()["jobReference"]["jobId"] not in jobs


def test_jobs_of_others_are_listed_with_who_and_why(bq):
    details = {
        "reason": "invalidQuery",
        "message": "Unrecognized name",
        "user": "airflow@haneul-prod.iam.gserviceaccount.com",
    }
    bq.control("failed_job", project=PROJECT, job_id="night", labels={"dag": "orders"}, **details)

    assert list(bq.client.list_jobs(retry=None, timeout=5)) == []
    (job,) = bq.client.list_jobs(all_users=True, state_filter="done", retry=None, timeout=5)
    assert (job.job_id, job.user_email, job.labels) == ("night", details["user"], {"dag": "orders"})
    assert job.error_result["reason"] == "invalidQuery"
    later = datetime(2027, 1, 1, tzinfo=UTC)
    assert list(bq.client.list_jobs(all_users=True, min_creation_time=later, retry=None, timeout=5)) == []


def test_a_dry_run_tells_the_bytes_and_leaves_no_job(bq):
    bq.control("settings", dry_run_bytes=123456789)
    config = bigquery.QueryJobConfig(dry_run=True)
    job = bq.client.query("SELECT 1", job_config=config, timeout=5, **ONCE)

    assert job.total_bytes_processed == 123456789
    assert list(bq.client.list_jobs(retry=None, timeout=5)) == []


def test_more_bytes_than_may_be_billed_are_not_read(bq):
    days = (("a", "DATE", date(2026, 11, 10)), ("b", "DATE", date(2026, 11, 12)))
    with pytest.raises(exceptions.BadRequest) as refused:
        ask(bq, COUNT, *days, maximum_bytes_billed=1000)

    assert refused.value.errors[0]["reason"] == "bytesBilledLimitExceeded"
    assert ask(bq, COUNT, *days, maximum_bytes_billed=10**9)


def test_a_limit_that_is_no_number_is_refused(bq):
    body = {"query": "SELECT 1", "useLegacySql": False, "maximumBytesBilled": "None"}

    assert reason(bq.http.post(f"{API}/queries", json=body)) == "invalid"


def test_a_slow_question_is_answered_later_and_can_be_cancelled(bq):
    bq.control("settings", query_seconds=60)
    body = {"query": "SELECT 1", "useLegacySql": False}
    first, second = (bq.http.post(f"{API}/queries", json=body).json() for _ in range(2))
    assert (first["jobComplete"], "rows" in first) == (False, False)

    bq.client.cancel_job(second["jobReference"]["jobId"], retry=None, timeout=5)
    stopped = bq.client.get_job(second["jobReference"]["jobId"], retry=None, timeout=5)
    assert (stopped.state, stopped.error_result["reason"]) == ("DONE", "stopped")
    bq.clock.advance(timedelta(seconds=61))
    answer = bq.http.get(f"{API}/queries/{first['jobReference']['jobId']}").json()
    assert (answer["jobComplete"], answer["rows"]) == (True, [{"f": [{"v": "1"}]}])

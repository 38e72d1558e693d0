"""Tables, what they say of themselves, and who may read just one of them."""

from datetime import UTC, datetime, timedelta

import pytest
from google.api_core import exceptions
from google.api_core.iam import Policy
from google.cloud import bigquery

from tests.sandbox.bigquery.conftest import API, NOW, PROJECT, SORA, VIEWER, reason

TABLE = f"{PROJECT}.orders.orders_daily"
PATH = f"{API}/datasets/orders/tables/orders_daily"


def test_numbers_and_times_are_strings_on_the_wire(bq):
    table = bq.http.get(PATH).json()

    assert all(table[key].isdigit() for key in ("numRows", "numBytes", "lastModifiedTime", "creationTime"))


def test_a_load_changes_its_partition_and_the_time_of_the_table(bq):
    bq.clock.advance(timedelta(hours=2))
    bq.control("load", table=TABLE, key="20261115", rows=7)
    table = bq.client.get_table(TABLE, retry=None, timeout=5)

    assert table.modified.replace(second=0, microsecond=0) == NOW + timedelta(hours=2)
    assert rows(bq, "20261115") == (7, NOW + timedelta(hours=2))
    assert rows(bq, "20261114")[1] < NOW


def rows(bq, key):
    sql = f"""SELECT total_rows, last_modified_time FROM `{PROJECT}.orders.INFORMATION_SCHEMA.PARTITIONS`
              WHERE table_name = 'orders_daily' AND partition_id = '{key}'"""
    (row,) = bq.client.query_and_wait(sql, retry=None, job_retry=None, api_timeout=5, wait_timeout=5)
    return row["total_rows"], row["last_modified_time"].replace(second=0, microsecond=0)


def test_a_table_says_what_it_is_told_to_say(bq):
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    bq.control("table", table=TABLE, modified_at=long_ago.isoformat(), streaming_rows=12)
    table = bq.client.get_table(TABLE, retry=None, timeout=5)

    assert table.modified == long_ago
    assert table.streaming_buffer.estimated_rows == 12


def test_policy_tags_stand_in_the_schema(bq):
    schema = {field.name: field for field in bq.client.get_table(f"{PROJECT}.users.users_snapshot").schema}

    assert schema["email"].policy_tags.names[0].endswith("policyTags/12")
    assert schema["user_id"].policy_tags is None


def test_tables_are_made_listed_and_described(bq):
    made = bigquery.Table(f"{PROJECT}.partners.fresh", schema=[bigquery.SchemaField("n", "INTEGER")])
    made.time_partitioning = bigquery.TimePartitioning(type_="DAY", field="n")
    bq.client.create_table(made, retry=None, timeout=5)
    fresh = bq.client.get_table(f"{PROJECT}.partners.fresh", retry=None, timeout=5)
    fresh.labels = {"load": "fresh"}
    bq.client.update_table(fresh, ["labels"], retry=None, timeout=5)

    listed = bq.client.list_tables(f"{PROJECT}.partners", retry=None, timeout=5)
    assert [(table.table_id, table.labels) for table in listed] == [("feed", {}), ("fresh", {"load": "fresh"})]
    with pytest.raises(exceptions.PreconditionFailed):
        bq.client.update_table(fresh, ["labels"], retry=None, timeout=5)


def test_a_wildcard_is_no_table(bq):
    with pytest.raises(exceptions.BadRequest, match="wildcards"):
        bq.client.get_table(f"{PROJECT}.orders.orders_*", retry=None, timeout=5)


def test_a_table_is_given_to_one_person(bq):
    policy = bq.client.get_iam_policy(TABLE, retry=None, timeout=5)
    policy.bindings = [{"role": VIEWER, "members": {f"user:{SORA}"}}]
    bq.client.set_iam_policy(TABLE, policy, retry=None, timeout=5)

    assert bq.may_read(SORA, table="orders_daily")
    assert not bq.may_read(SORA)


@pytest.mark.parametrize(("status", "error"), [(409, exceptions.Aborted), (412, exceptions.PreconditionFailed)])
def test_a_policy_of_yesterday_is_refused(bq, status, error):
    bq.control("settings", stale_policy_status=status)
    mine, theirs = (bq.client.get_iam_policy(TABLE, retry=None, timeout=5) for _ in range(2))
    theirs.bindings = [{"role": VIEWER, "members": {f"user:{SORA}"}}]
    bq.client.set_iam_policy(TABLE, theirs, retry=None, timeout=5)

    with pytest.raises(error if status == 412 else exceptions.Conflict):
        bq.client.set_iam_policy(TABLE, mine, retry=None, timeout=5)
    assert bq.may_read(SORA, table="orders_daily")


def test_a_policy_without_an_etag_is_taken_and_counted(bq):
    bq.client.set_iam_policy(TABLE, Policy(), retry=None, timeout=5)

    assert bq.look("requests")["blind_writes"] == 1


@pytest.mark.parametrize(
    "binding",
    [
        pytest.param({"role": VIEWER, "members": ["user:nobody@haneul.example"]}, id="nobody knows them"),
        pytest.param({"role": VIEWER, "members": [f"deleted:user:{SORA}?uid=1"]}, id="deleted"),
        pytest.param(
            {"role": VIEWER, "members": [f"user:{SORA}"], "condition": {"title": "t", "expression": "true"}},
            id="a condition",
        ),
    ],
)
def test_a_policy_that_a_table_cannot_have_is_refused(bq, binding):
    answer = bq.http.post(f"{PATH}:setIamPolicy", json={"policy": {"bindings": [binding]}})

    assert (answer.status_code, reason(answer)) == (400, "invalid")


def test_version_3_of_a_tables_policy_does_not_exist(bq):
    answer = bq.http.post(f"{PATH}:getIamPolicy", json={"options": {"requestedPolicyVersion": 3}})

    assert reason(answer) == "invalid"


def test_tables_of_a_linked_dataset_have_no_policy(bq):
    answer = bq.http.post(f"{API}/datasets/partner_share/tables/prices:getIamPolicy", json={})

    assert reason(answer) == "invalid"

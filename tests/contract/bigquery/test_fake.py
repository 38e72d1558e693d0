"""The contract against the sandbox's BigQuery, and what only a fake does on demand."""

from datetime import date

import pytest

from bot.ports.bigquery import Between, DatasetName, QuotaExceeded, TooManyBytes, UnknownPrincipal
from bot.ports.errors import Forbidden, PreconditionFailed, RateLimited, Rejected
from tests import loopback
from tests.contract.bigquery import suite
from tests.contract.bigquery.bench import MINJI, SORA
from tests.contract.bigquery.fake import running
from tests.contract.bigquery.suite import REASON, VIEWER

PROJECT = "haneul-prod"
ORDERS = DatasetName(PROJECT, "orders")
ORDERS_DAILY = ORDERS.table("orders_daily")


@pytest.fixture(scope="module")
def bench():
    with running(PROJECT) as fake:
        yield fake


class TestReading(suite.Reading):
    def test_a_partition_says_when_it_was_written_and_how_many_rows_it_holds(self, bench, bigquery, table):
        bench.control("load", table=str(table), key="20261110", rows=5)
        partition = bigquery.partition(table, "20261110")

        assert (partition.key, partition.rows) == ("20261110", 5)
        assert abs((partition.modified_at - bench.clock.now()).total_seconds()) < 60
        assert bigquery.partition(table, "20261111") is None

    def test_the_newest_load_of_a_stretch_of_days_is_known(self, bench, bigquery):
        bench.control("load", table=str(ORDERS_DAILY), key="20261110", rows=5)
        day = bigquery.partition(ORDERS_DAILY, "20261110")
        between = Between("order_date", date(2026, 11, 10), date(2026, 11, 11), loaded_at="loaded_at")

        assert bigquery.rows(ORDERS_DAILY, between, most_bytes=10**9).loaded_at == day.modified_at

    def test_too_many_bytes_are_not_read(self, bench, bigquery):
        bench.control("load", table=str(ORDERS_DAILY), key="20261110", rows=1000)

        with pytest.raises(TooManyBytes):
            bigquery.rows(ORDERS_DAILY, Between("order_date", date(2026, 11, 10), date(2026, 11, 11)), most_bytes=10)

    def test_columns_show_their_policy_tags(self, bigquery):
        columns = {
            column.name: column
            for column in bigquery.table(DatasetName(PROJECT, "users").table("users_snapshot")).columns
        }

        assert columns["address.street"].policy_tags == columns["email"].policy_tags != ()
        assert columns["user_id"].policy_tags == ()

    def test_a_view_does_not_say_when_it_was_modified(self, bigquery):
        view = bigquery.table(DatasetName(PROJECT, "orders_mart").table("orders_without_people"))

        assert (view.kind, view.modified_at, view.rows) == ("VIEW", None, None)

    def test_rows_on_their_way_are_told(self, bench, bigquery):
        bench.control("table", table=str(ORDERS_DAILY), streaming_rows=3)
        assert bigquery.table(ORDERS_DAILY).is_streaming

        bench.control("table", table=str(ORDERS_DAILY), streaming_rows=0)
        assert not bigquery.table(ORDERS_DAILY).is_streaming

    def test_a_linked_dataset_says_so(self, bigquery):
        assert bigquery.dataset(DatasetName(PROJECT, "partner_share")).kind == "LINKED"


class TestAccess(suite.Access):
    def test_a_write_carries_etag_version_mode_and_reason(self, bench, bigquery, dataset):
        acl = bigquery.acl(dataset)
        bigquery.set_acl(dataset, acl.entries, etag=acl.etag, reason="민지: 월말 결산\n(run 1)")
        (sent,) = [each for each in bench.requests() if each["method"] == "PATCH" and dataset.dataset in each["path"]]

        assert sent["query"] | {"accessPolicyVersion": "3", "updateMode": "UPDATE_ACL"} == sent["query"]
        assert sent["headers"]["if-match"] == acl.etag
        assert sent["headers"]["x-goog-request-reason"].endswith("(run 1)")
        assert sent["headers"]["x-goog-request-reason"].isascii()

    def test_nothing_is_written_blindly(self, bench, bigquery, table):
        policy = bigquery.table_policy(table)
        bigquery.set_table_policy(table, policy.bindings, etag=policy.etag, reason=REASON)

        assert loopback.get(f"{bench.url}/_control/requests").json()["blind_writes"] == 0

    def test_whom_bigquery_does_not_know_is_named(self, bigquery, dataset):
        acl = bigquery.acl(dataset)
        entry = {"role": VIEWER, "userByEmail": "nobody@haneul.example"}

        with pytest.raises(UnknownPrincipal) as refused:
            bigquery.set_acl(dataset, [*acl.entries, entry], etag=acl.etag, reason=REASON)
        assert refused.value.principal == "nobody@haneul.example"
        assert refused.value.words.msgid == "vendor.unknown_principal"

    def test_a_deleted_account_is_named_as_it_stands_in_the_list(self, bigquery):
        acl = bigquery.acl(ORDERS)
        dead = next(each["iamMember"] for each in acl.entries if each.get("iamMember", "").startswith("deleted:"))

        with pytest.raises(UnknownPrincipal) as refused:
            bigquery.set_acl(ORDERS, acl.entries, etag=acl.etag, reason=REASON)
        assert refused.value.principal == dead

    def test_an_unknown_member_of_a_tables_policy_is_named(self, bigquery, table):
        policy = bigquery.table_policy(table)
        binding = {"role": VIEWER, "members": ["user:nobody@haneul.example"]}

        with pytest.raises(UnknownPrincipal) as refused:
            bigquery.set_table_policy(table, [binding], etag=policy.etag, reason=REASON)
        assert refused.value.principal == "nobody@haneul.example"

    @pytest.mark.parametrize("status", [400, 409, 412])
    def test_however_a_stale_policy_is_refused_it_is_a_failed_precondition(self, bench, bigquery, table, status):
        bench.control("settings", stale_policy_status=status)

        with pytest.raises(PreconditionFailed):
            bigquery.set_table_policy(table, [], etag="of yesterday", reason=REASON)

    def test_a_condition_is_seen_and_ends_by_the_clock(self, bench, bigquery, dataset):
        acl = bigquery.acl(dataset)
        expression = f'request.time < timestamp("{bench.clock.now().isoformat()}")'
        entry = {"role": VIEWER, "userByEmail": SORA, "condition": {"title": "baton/2", "expression": expression}}
        after = bigquery.set_acl(dataset, [*acl.entries, entry], etag=acl.etag, reason=REASON)

        assert after.entries[-1] == entry | {"role": "READER"}
        readers = loopback.get(f"{bench.url}/_control/readers", params={"dataset": str(dataset)}).json()["readers"]
        assert SORA not in readers

    def test_an_account_without_the_permission_may_not(self, bench, bigquery, dataset):
        where = f"{PROJECT}:{dataset.dataset}"
        bench.control("deny", permission="bigquery.datasets.setIamPolicy", where=where)
        assert not bigquery.may_set_acl(dataset)

        bench.control("deny", permission="bigquery.datasets.getIamPolicy", where=where)
        with pytest.raises(Forbidden, match=r"bigquery\.datasets\.getIamPolicy"):
            bigquery.acl(dataset)

    @pytest.mark.parametrize(
        ("fault", "error"),
        [
            pytest.param({"status": 403, "reason": "rateLimitExceeded"}, RateLimited, id="403 too quick"),
            pytest.param({"status": 429, "headers": {"Retry-After": "7"}}, RateLimited, id="429"),
            pytest.param({"status": 403, "reason": "quotaExceeded"}, QuotaExceeded, id="quota"),
            pytest.param({"status": 403, "reason": "accessDenied"}, Forbidden, id="denied"),
            pytest.param({"status": 400, "reason": "invalid"}, Rejected, id="wrong"),
        ],
    )
    def test_a_refused_write_was_no_write(self, bench, bigquery, dataset, fault, error):
        acl = bigquery.acl(dataset)
        entry = {"role": "READER", "userByEmail": MINJI}
        bench.fault(path=f"*/datasets/{dataset.dataset}", method="PATCH", **fault)

        with pytest.raises(error) as refused:
            bigquery.set_acl(dataset, [*acl.entries, entry], etag=acl.etag, reason=REASON)
        assert type(refused.value) is error
        assert bigquery.acl(dataset) == acl
        if isinstance(refused.value, RateLimited):
            assert refused.value.retry_after == (7 if fault["status"] == 429 else 2)

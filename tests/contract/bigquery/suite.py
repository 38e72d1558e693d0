"""The contract: what `bot.ports.bigquery` promises, asked of any server through the adapter.

Subclass each part beside a fixture `bench`.
"""

from datetime import date

import pytest

from bot.ports.bigquery import Between, DatasetName, Grain, Partitioning
from bot.ports.errors import NotFound, PreconditionFailed
from tests.contract.bigquery.bench import MINJI, SORA

VIEWER = "roles/bigquery.dataViewer"
REASON = "asked by minji, run 1"


class Contract:
    @pytest.fixture
    def bigquery(self, bench):
        return bench.bigquery

    @pytest.fixture
    def dataset(self, bench):
        return bench.make_dataset()

    @pytest.fixture
    def table(self, bench, dataset):
        return bench.make_table(dataset)


class Reading(Contract):
    def test_every_dataset_is_listed(self, bench, bigquery):
        made = {bench.make_dataset() for _ in range(3)}

        assert made <= set(bigquery.datasets())

    def test_a_dataset_says_what_it_is(self, bench, bigquery):
        name = bench.make_dataset(description="Orders of the shop", labels={"data_class": "personal"})
        dataset = bigquery.dataset(name)

        assert (dataset.name, dataset.location, dataset.kind) == (name, "US", "DEFAULT")
        assert (dataset.description, dict(dataset.labels)) == ("Orders of the shop", {"data_class": "personal"})

    def test_tables_are_listed_and_describe_themselves(self, bigquery, dataset, table):
        found = bigquery.table(table)

        assert list(bigquery.tables(dataset)) == [table]
        assert (found.name, found.kind) == (table, "TABLE")
        assert found.partitioning == Partitioning(Grain.DAY, "day")
        assert [column.name for column in found.columns] == ["day", "note", "place", "place.street"]

    def test_what_is_not_there_is_not_found(self, bench, bigquery, dataset):
        nowhere = DatasetName(bench.project, "nowhere")
        for ask in (
            lambda: bigquery.acl(nowhere),
            lambda: bigquery.dataset(nowhere),
            lambda: bigquery.table(dataset.table("nothing")),
        ):
            with pytest.raises(NotFound):
                ask()

    def test_rows_of_a_stretch_of_days_are_counted(self, bench, bigquery, table):
        bench.load(table, {date(2026, 11, day): day for day in (9, 10, 11, 12)})
        between = Between("day", date(2026, 11, 10), date(2026, 11, 12))

        assert bigquery.rows(table, between, most_bytes=10**9).rows == 21
        assert bigquery.rows(table, Between("day", date(2027, 1, 1), date(2027, 1, 2)), most_bytes=10**9).rows == 0


class Access(Contract):
    def test_what_is_written_back_as_it_was_read_changes_nothing(self, bigquery, dataset):
        before = bigquery.acl(dataset)
        after = bigquery.set_acl(dataset, before.entries, etag=before.etag, reason=REASON)

        assert after.entries == before.entries == bigquery.acl(dataset).entries
        assert after.etag == bigquery.acl(dataset).etag

    def test_an_entry_is_added_and_removed(self, bigquery, dataset):
        before = bigquery.acl(dataset)
        entry = {"role": "READER", "userByEmail": SORA}
        given = bigquery.set_acl(dataset, [*before.entries, entry], etag=before.etag, reason=REASON)
        assert entry in given.entries

        after = bigquery.set_acl(dataset, before.entries, etag=given.etag, reason=REASON)
        assert after.entries == before.entries

    def test_a_stale_etag_changes_nothing(self, bigquery, dataset):
        seen = bigquery.acl(dataset)
        theirs = [*seen.entries, {"role": "READER", "userByEmail": SORA}]
        bigquery.set_acl(dataset, theirs, etag=seen.etag, reason=REASON)

        with pytest.raises(PreconditionFailed):
            bigquery.set_acl(dataset, [], etag=seen.etag, reason=REASON)
        assert {"role": "READER", "userByEmail": SORA} in bigquery.acl(dataset).entries

    def test_views_and_conditions_survive_the_way(self, bench, bigquery, dataset, table):
        view = {"view": {"projectId": bench.project, "datasetId": dataset.dataset, "tableId": table.table}}
        expression = 'request.time < timestamp("2026-12-01T18:00:00Z")'
        entry = {"role": VIEWER, "userByEmail": MINJI, "condition": {"title": "baton/1", "expression": expression}}
        acl = bigquery.acl(dataset)
        acl = bigquery.set_acl(dataset, [*acl.entries, view, entry], etag=acl.etag, reason=REASON)
        again = bigquery.set_acl(dataset, acl.entries, etag=acl.etag, reason=REASON)

        assert view in again.entries
        assert [each["condition"] for each in again.entries if "condition" in each] == [entry["condition"]]

    def test_whether_the_account_may_change_access_is_asked_without_changing_any(self, bigquery, dataset):
        before = bigquery.acl(dataset)

        assert bigquery.may_set_acl(dataset)
        assert bigquery.acl(dataset) == before

    def test_a_table_is_given_to_one_person(self, bigquery, table):
        before = bigquery.table_policy(table)
        binding = {"role": VIEWER, "members": [f"user:{SORA}"]}
        given = bigquery.set_table_policy(table, [*before.bindings, binding], etag=before.etag, reason=REASON)

        assert list(bigquery.table_policy(table).bindings) == [*before.bindings, binding]
        assert given.etag != before.etag

    def test_a_table_policy_of_yesterday_is_not_written(self, bigquery, table):
        seen = bigquery.table_policy(table)
        binding = {"role": VIEWER, "members": [f"user:{SORA}"]}
        bigquery.set_table_policy(table, [binding], etag=seen.etag, reason=REASON)

        with pytest.raises(PreconditionFailed):
            bigquery.set_table_policy(table, [], etag=seen.etag, reason=REASON)
        assert list(bigquery.table_policy(table).bindings) == [binding]

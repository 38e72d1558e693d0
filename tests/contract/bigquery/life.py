"""The whole life of a grant, from its row to a server and back. `bench` must be of the project haneul-lab."""

from datetime import timedelta

import pytest

from tests.access.bench import DAY
from tests.access.bench import Bench as Grantor

SORA = "sora@haneul.example"


class Grants:
    @pytest.fixture
    def grantor(self, bench, store, clock):
        return Grantor(store, clock, bench.bigquery)

    @pytest.mark.parametrize("self_expiring", [False, True])
    def test_a_grant_is_given_extended_and_ends(self, bench, grantor, self_expiring):
        dataset = bench.make_dataset()
        before = bench.bigquery.acl(dataset).entries

        grant = grantor.begin(SORA, on=dataset, self_expiring=self_expiring)
        grantor.work()
        assert grantor.state(grant) == "active"
        (added,) = [entry for entry in bench.bigquery.acl(dataset).entries if entry not in before]
        assert (added["userByEmail"], "condition" in added) == (SORA, self_expiring)

        self.pass_time(grantor, 6 * DAY)
        grantor.extend(grant, 14 * DAY)
        grantor.work()
        self.pass_time(grantor, 7 * DAY)  # without the extension it would be over
        assert grantor.state(grant) == "active"
        assert len(bench.bigquery.acl(dataset).entries) == len(before) + 1

        self.pass_time(grantor, 7 * DAY + timedelta(minutes=1))
        assert grantor.state(grant) == "ended"
        assert bench.bigquery.acl(dataset).entries == before

    def test_access_that_somebody_had_before_stays(self, bench, grantor):
        dataset = bench.make_dataset()
        acl = bench.bigquery.acl(dataset)
        standing = {"role": "READER", "userByEmail": SORA}
        before = bench.bigquery.set_acl(dataset, [*acl.entries, standing], etag=acl.etag, reason="long ago").entries
        grantor.begin(SORA, on=dataset)
        grantor.work()
        self.pass_time(grantor, 8 * DAY)

        assert bench.bigquery.acl(dataset).entries == before

    def pass_time(self, grantor, by):
        grantor.clock.advance(by)
        grantor.let_time_pass()
        grantor.work()

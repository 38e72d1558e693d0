"""A grant's life with the real client over real HTTP, against a strict BigQuery that loses answers and refuses."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.access.model import Ending
from bot.adapters.bigquery import Account, connect
from bot.ports.bigquery import DatasetName
from sandbox import world
from sandbox.bigquery.app import app
from sandbox.clock import Clock
from sandbox.faults import Fault, FaultMiddleware, Faults
from tests import loopback
from tests.access.bench import Bench
from tests.sandbox.serving import served

PROJECT = "haneul-prod"
MART = DatasetName(PROJECT, "orders_mart")
PEOPLE = ("minji", "junho", "alex", "dana", "sora")


class OverTheWire(Bench):
    """A bench whose BigQuery is at the other end of a socket."""

    url: str
    faults: Faults

    def entries(self, on=MART):
        path = f"/bigquery/v2/projects/{PROJECT}/datasets/{on.dataset}"
        return loopback.get(self.url + path, params={"accessPolicyVersion": 3}).raise_for_status().json()["access"]

    def blind_writes(self):
        """Return the writes of lists that named no etag."""
        asked = loopback.get(f"{self.url}/_control/requests").raise_for_status().json()["requests"]
        return [each for each in asked if each["method"] == "PATCH" and "if-match" not in str(each).lower()]

    def fault(self, **fault):
        self.faults.add(Fault(vendor="bigquery", method="PATCH", **fault))


@pytest.fixture
def wire(any_store, clock) -> Iterator[OverTheWire]:
    faults = Faults()
    with served(FaultMiddleware(app(world.load(), Clock(), limits=False), "bigquery", faults)) as url:
        google = connect(PROJECT, Account(endpoint=url, is_anonymous=True))
        bench = OverTheWire(any_store, clock, google)
        bench.url, bench.faults = url, faults
        yield bench
        google.close()


def test_a_grant_is_given_made_longer_and_taken_away(wire):
    before = wire.entries()
    grant = wire.begin("sora@haneul.example", on=MART)
    wire.work()
    given = wire.entries()
    wire.extend(grant, timedelta(days=30))
    wire.clock.advance(timedelta(days=8))
    wire.let_time_pass()
    wire.work(within=timedelta(seconds=30))
    still = wire.state(grant)
    wire.clock.advance(timedelta(days=30))
    wire.let_time_pass()
    wire.work(within=timedelta(seconds=30))

    assert given == [*before, {"role": "READER", "userByEmail": "sora@haneul.example"}]
    assert still == "active"
    assert (wire.entries(), wire.grant(grant).ending) == (before, Ending.EXPIRED)


def test_many_at_once_while_answers_are_lost_and_refused(wire):
    before = wire.entries()
    wire.fault(status=503, after_effect=True)
    wire.fault(status=429)
    wire.fault(drop="after")
    wire.fault(drop="before")
    wire.fault(status=412)
    with ThreadPoolExecutor(5) as pool:
        grants = list(pool.map(lambda who: wire.begin(f"{who}@haneul.example", on=MART, role="writer"), PEOPLE))
        wire.work(most=100)
    given = wire.entries()
    for grant in grants:
        wire.end(grant)
    wire.work(most=100)

    assert [wire.state(grant) for grant in grants] == ["ended"] * len(PEOPLE)
    assert sorted(each["userByEmail"] for each in given if each not in before) == sorted(
        f"{who}@haneul.example" for who in PEOPLE
    )
    assert wire.entries() == before


def test_an_address_that_google_does_not_know_fails_alone(wire):
    wrong = wire.begin("nobody@haneul.example", on=MART)
    right = wire.begin("sora@haneul.example", on=MART)
    wire.work()

    assert (wire.grant(wrong).ending, wire.state(right)) == (Ending.NOT_GIVEN, "active")


def test_a_self_expiring_grant_is_gone_again_with_its_condition(wire):
    before = wire.entries()
    grant = wire.begin("sora@haneul.example", on=MART, self_expiring=True)
    wire.work()
    titles = [each["condition"]["title"] for each in wire.entries() if "condition" in each]
    wire.end(grant)
    wire.work()

    assert titles == [f"baton/{grant}"]
    assert wire.entries() == before


def test_a_table_is_given_by_its_own_policy(wire):
    table = MART.table("revenue_daily")
    before = wire.google.table_policy(table).bindings
    grant = wire.begin("sora@haneul.example", on=table)
    wire.work()
    given = wire.google.table_policy(table).bindings
    wire.end(grant)
    wire.work()

    assert "user:sora@haneul.example" in str(given)
    assert wire.google.table_policy(table).bindings == before


def test_no_list_is_ever_written_without_its_etag(wire):
    grant = wire.begin("sora@haneul.example", on=MART)
    wire.work()
    wire.end(grant)
    wire.work()

    assert wire.blind_writes() == []

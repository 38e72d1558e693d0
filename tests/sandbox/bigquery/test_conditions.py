"""Entries that end by themselves: version 3 of the policy, and the sandbox's clock."""

from datetime import timedelta

import pytest

from tests.sandbox.bigquery.conftest import SORA, conditional, living, reason

UNTIL = "2026-11-19T03:00:00Z"


def test_a_condition_ends_by_the_sandboxs_clock(bq):
    bq.add(conditional(SORA, UNTIL))
    assert bq.may_read(SORA)

    bq.clock.advance(timedelta(hours=23))
    assert bq.may_read(SORA)
    bq.clock.advance(timedelta(hours=1))
    assert not bq.may_read(SORA)
    assert bq.acl()["access"][-1]["userByEmail"] == SORA  # it stands in the list, without effect


def test_below_version_3_a_condition_is_hidden_and_its_role_mangled(bq):
    bq.add(conditional(SORA, UNTIL))
    entry = bq.acl(accessPolicyVersion=1)["access"][-1]

    assert entry.keys() == {"role", "userByEmail"}
    assert entry["role"].startswith("roles/bigquery.dataViewer_withcond_")


@pytest.mark.parametrize("version", [1, 2])
def test_below_version_3_nobody_writes_a_dataset_with_a_condition(bq, version):
    bq.add(conditional(SORA, UNTIL))
    before = bq.acl()
    refused = bq.set_acl(living(before["access"])[:1], accessPolicyVersion=version)

    assert (refused.status_code, reason(refused)) == (400, "invalid")
    assert bq.acl() == before


def test_below_version_3_nobody_adds_a_condition(bq):
    assert reason(bq.set_acl([conditional(SORA, UNTIL)], accessPolicyVersion=1)) == "invalid"


def test_without_conditions_the_version_does_not_matter(bq):
    entries = living(bq.acl()["access"])

    assert bq.set_acl(entries, accessPolicyVersion=1).status_code == 200


@pytest.mark.parametrize(
    "condition",
    [
        pytest.param({"expression": f'request.time < timestamp("{UNTIL}")'}, id="no title"),
        pytest.param({"title": "t", "expression": "resource.name == 'x'"}, id="about something else"),
        pytest.param({"title": "t", "expression": 'request.time < timestamp("soon")'}, id="no moment"),
        pytest.param({"title": "t", "expression": 'request.time < timestamp("2026-11-19T03:00:00")'}, id="no zone"),
    ],
)
def test_a_condition_that_cannot_be_told_is_refused(bq, condition):
    entry = {"role": "READER", "userByEmail": SORA, "condition": condition}

    assert reason(bq.set_acl([entry])) == "invalid"


def test_a_stretch_of_time_begins_and_ends(bq):
    entry = conditional(SORA, UNTIL)
    entry["condition"]["expression"] += ' && request.time >= timestamp("2026-11-18T12:00:00+09:00")'
    bq.add(entry)

    assert bq.may_read(SORA, at="2026-11-18T03:00:00+00:00")
    assert not bq.may_read(SORA, at="2026-11-18T02:59:59+00:00")

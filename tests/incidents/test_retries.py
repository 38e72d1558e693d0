"""What Airflow does by itself about a failure, from what its task instances say. Pure."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.incidents.retries import Retry, Seen, may_be_retry, retry_of
from bot.ports.airflow import Task, TaskInstance, TaskKey

FAILED_AT = datetime(2026, 11, 24, 18, 10, tzinfo=UTC)
THREE = Task("fetch", retries=3, retry_delay=timedelta(minutes=5))
AT = FAILED_AT + timedelta(minutes=5)


def tried(try_number, state, max_tries=3, ended_at=FAILED_AT):
    return TaskInstance(TaskKey("feed", "run", "fetch"), state, try_number, max_tries, ended_at=ended_at)


@pytest.mark.parametrize(
    ("instance", "retry"),
    [
        pytest.param(tried(1, "up_for_retry"), Retry(1, 3, is_waiting=True, at=AT), id="the first failed"),
        pytest.param(tried(3, "up_for_retry"), Retry(3, 3, is_waiting=True, at=AT), id="the last one waits"),
        pytest.param(tried(2, "running", ended_at=None), Retry(1, 3, is_waiting=False), id="the first retry runs"),
        pytest.param(
            tried(4, "queued", ended_at=None), Retry(3, 3, is_waiting=False), id="the last waits for a worker"
        ),
        pytest.param(tried(1, "running"), None, id="the first try is no retry"),
        pytest.param(tried(4, "failed"), None, id="all have failed"),
        pytest.param(tried(5, "running", max_tries=7), None, id="somebody cleared it: the first try of the new ones"),
        pytest.param(
            tried(5, "up_for_retry", max_tries=7), Retry(1, 3, is_waiting=True, at=AT), id="cleared, then its retries"
        ),
    ],
)
def test_which_retry_it_is(instance, retry):
    assert retry_of([instance], THREE) == retry


@pytest.mark.parametrize(
    "task",
    [
        pytest.param(Task("fetch", retries=3, retry_delay=timedelta(minutes=5), retry_delay_grows=True), id="it grows"),
        pytest.param(Task("fetch", retries=3), id="no pause is known"),
        pytest.param(None, id="the task is gone"),
    ],
)
def test_where_the_pause_is_not_known_no_time_is_made_up(task):
    assert retry_of([tried(1, "up_for_retry")], task) == Retry(1, 3, is_waiting=True)


def test_of_several_indexes_the_one_with_the_fewest_retries_left_counts():
    assert retry_of([tried(1, "up_for_retry"), tried(3, "up_for_retry"), tried(1, "success")], THREE).number == 3


states = st.sampled_from(
    ["up_for_retry", "running", "queued", "scheduled", "success", "failed", "upstream_failed", None]
)


@given(st.integers(0, 5), st.lists(st.tuples(st.integers(0, 9), states, st.integers(0, 9)), max_size=4), st.booleans())
def test_a_retry_is_never_beyond_those_that_there_are(retries, seen, known):
    instances = [tried(number, state, max_tries) for number, state, max_tries in seen if number <= max_tries + 1]
    found = retry_of(instances, Task("fetch", retries=retries) if known else None)

    if found is None:
        return
    assert any(may_be_retry(each) for each in instances)
    assert 1 <= found.number <= found.of


@given(st.none() | st.builds(Retry, st.integers(1, 9), st.integers(1, 9), st.booleans(), st.none() | st.just(AT)))
def test_what_is_stored_reads_back(retry):
    seen = Seen(gave_up=retry is None, retry=retry)

    assert Seen.from_json(seen.to_json()) == seen
    assert seen.is_healing is (retry is not None)

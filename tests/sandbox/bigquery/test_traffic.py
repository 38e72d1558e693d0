"""Limits, faults, what is recorded, and whether many writers at once lose anything."""

import random
import threading
import time

import httpx
import pytest
import requests
from google.api_core import exceptions

from tests import loopback
from tests.sandbox.bigquery.conftest import API, PROJECT, SORA, living, reason

ORDERS = f"{API}/datasets/orders"


def test_the_sixth_update_within_ten_seconds_is_refused(bq):
    bq.control("limits", enforce=True)
    entries = living(bq.acl()["access"])
    answers = [bq.set_acl(entries) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [403]
    assert reason(answers[-1]) == "rateLimitExceeded"
    assert bq.set_acl([], dataset="users").status_code == 200  # each dataset counts for itself
    bq.control("limits", enforce=False)
    assert bq.set_acl(entries).status_code == 200


def test_a_refused_update_does_not_count(bq):
    bq.control("limits", enforce=True)
    for _ in range(9):
        bq.set_acl([], "a stale etag")

    assert bq.set_acl([]).status_code == 200


@pytest.mark.parametrize(
    ("status", "why", "error"),
    [
        (429, "rateLimitExceeded", exceptions.TooManyRequests),
        (403, "rateLimitExceeded", exceptions.Forbidden),
        (403, "quotaExceeded", exceptions.Forbidden),
        (500, "internalError", exceptions.InternalServerError),
        (503, "backendError", exceptions.ServiceUnavailable),
    ],
)
def test_a_fault_speaks_as_bigquery_does(bq, status, why, error):
    bq.fault(ORDERS, status=status, reason=why)

    with pytest.raises(error) as failed:
        bq.client.get_dataset("orders", retry=None, timeout=5)
    assert failed.value.errors[0]["reason"] == why
    assert bq.client.get_dataset("orders", retry=None, timeout=5).dataset_id == "orders"  # it was the only one


def test_faults_of_one_path_come_in_the_order_in_which_they_were_told(bq):
    for status in (429, 503):
        bq.fault(ORDERS, method="PATCH", status=status)

    assert [bq.set_acl([]).status_code for _ in range(3)] == [429, 503, 200]


def test_googles_own_client_rides_through_a_fault(bq):
    bq.fault(ORDERS, status=503)
    bq.fault(ORDERS, status=429)

    assert bq.client.get_dataset("orders").dataset_id == "orders"


def test_a_failure_may_come_after_the_effect(bq):
    bq.fault(ORDERS, method="PATCH", status=503, after_effect=True)
    etag = bq.acl()["etag"]

    assert bq.set_acl([{"role": "READER", "userByEmail": SORA}], etag).status_code == 503
    assert bq.may_read(SORA)
    assert bq.set_acl([], etag).status_code == 412  # as for somebody who tries again


def test_a_connection_may_break_after_the_effect(bq):
    bq.fault(ORDERS, method="PATCH", drop="after")

    with pytest.raises(httpx.RemoteProtocolError):
        bq.set_acl([{"role": "READER", "userByEmail": SORA}])
    assert bq.may_read(SORA)


def test_a_server_may_hang(bq):
    bq.fault(ORDERS, hang=True)

    with pytest.raises(requests.exceptions.ReadTimeout):
        bq.client.get_dataset("orders", retry=None, timeout=0.2)


def test_every_request_is_recorded_with_what_tells_writers_apart(bq):
    headers = {"If-Match": bq.acl()["etag"], "x-goog-request-reason": "minji, run 1"}
    bq.http.patch(ORDERS, params={"updateMode": "UPDATE_ACL"}, headers=headers, json={"access": []})
    seen = bq.look("requests")["requests"][-1]

    assert (seen["method"], seen["path"], seen["status"]) == ("PATCH", ORDERS, 200)
    assert seen["headers"] == {name.lower(): value for name, value in headers.items()}
    assert (seen["query"], seen["body"]) == ({"updateMode": "UPDATE_ACL"}, {"access": []})


def test_answers_do_not_wait_for_each_other_on_one_connection(bq):
    bq.acl()
    started = time.perf_counter()
    for _ in range(30):
        bq.acl()

    assert time.perf_counter() - started < 30 * 0.04  # what a delayed acknowledgement costs each


def test_many_writers_at_once_lose_nothing(bq):
    people = [f"person{number}@haneul.example" for number in range(50)]
    for person in people:
        bq.control("welcome", address=person)

    def grant(mine):
        client = loopback.Client(base_url=bq.http.base_url, timeout=10)
        for person in mine:
            while True:
                acl = client.get(ORDERS, params={"accessPolicyVersion": 3}).json()
                entries = [*living(acl["access"]), {"role": "READER", "userByEmail": person}]
                headers = {"If-Match": acl["etag"]}
                if client.patch(ORDERS, headers=headers, json={"access": entries}).status_code == 200:
                    break
                time.sleep(random.uniform(0, 0.01))
        client.close()

    writers = [threading.Thread(target=grant, args=(people[number::8],)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    granted = [entry["userByEmail"] for entry in bq.acl()["access"] if "userByEmail" in entry]
    assert sorted(granted) == sorted(people)
    assert bq.look("requests")["blind_writes"] == 0


def test_a_reset_forgets_everything(bq):
    bq.set_acl([])
    bq.control("reset")

    assert len(bq.acl()["access"]) > 3
    assert [each["path"] for each in bq.look("requests")["requests"]] == [ORDERS]


def test_another_projects_datasets_are_its_own(bq):
    lab = bq.http.get("/bigquery/v2/projects/haneul-lab/datasets").json()["datasets"]

    assert [each["id"] for each in lab] == ["haneul-lab:experiments"]
    assert bq.http.get("/bigquery/v2/projects/nowhere/datasets").status_code == 404
    assert bq.http.get(f"/bigquery/v2/projects/{PROJECT}/datasets/experiments").status_code == 404

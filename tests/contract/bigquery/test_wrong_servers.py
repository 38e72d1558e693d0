"""What becomes of answers that are no answers: nobody waits for ever, nothing is sent twice, no refusal is lost."""

import socket
import threading
import time
from datetime import date

import pytest
import stamina

from bot.adapters.bigquery import Account, connect
from bot.ports.bigquery import Between, DatasetName
from bot.ports.errors import NotAuthenticated, OutcomeUnknown, Unavailable
from tests.contract.airflow.scripted import LOGIN_PAGE, Drops, Hangs, Says, Scripted

PROJECT = "haneul-prod"
ORDERS = DatasetName(PROJECT, "orders")
PATH = f"/bigquery/v2/projects/{PROJECT}/datasets/orders"
QUERIES = f"/bigquery/v2/projects/{PROJECT}/queries"
ACL = Says(data={"etag": "e1", "access": []})
IMPATIENT = 0.3
SILENT = [
    pytest.param(Drops, id="a dropped connection"),
    pytest.param(Says(raw=b""), id="an empty body"),
    pytest.param(LOGIN_PAGE, id="a login page"),
    pytest.param(Says(data=[1]), id="another shape"),
    pytest.param(Says(data={"access": []}), id="no etag"),
    pytest.param(Says(500, raw=b"Internal Server Error"), id="500 as text"),
    pytest.param(Says(503, {"error": {"message": "later"}}), id="503"),
    pytest.param(Says(504, raw=b"<html>gateway</html>"), id="504 as a page"),
]


@pytest.fixture
def scripted():
    server = Scripted()
    with stamina.set_testing(True, attempts=3, cap=True):
        yield server
    server.close()


@pytest.fixture
def bigquery(scripted):
    adapter = connect(PROJECT, Account(endpoint=scripted.url, is_anonymous=True), read_seconds=20)
    yield adapter
    adapter.close()


@pytest.fixture
def impatient(scripted):
    adapter = connect(PROJECT, Account(endpoint=scripted.url, is_anonymous=True), read_seconds=IMPATIENT)
    yield adapter
    adapter.close()


def write(bigquery):
    return bigquery.set_acl(ORDERS, [], etag="e1", reason="minji, run 1")


@pytest.mark.parametrize("answer", SILENT)
def test_a_read_without_an_answer_is_unavailable(scripted, bigquery, answer):
    scripted.script("GET", PATH, answer)

    with pytest.raises(Unavailable) as failure:
        bigquery.acl(ORDERS)
    assert failure.value.vendor == "BigQuery haneul-prod"
    assert "<" not in failure.value.detail
    assert "http" not in failure.value.detail


@pytest.mark.parametrize("answer", SILENT)
def test_a_write_without_an_answer_is_sent_once_and_its_outcome_unknown(scripted, bigquery, answer):
    scripted.script("PATCH", PATH, answer)

    with pytest.raises(OutcomeUnknown):
        write(bigquery)
    assert scripted.count("PATCH", PATH) == 1


@pytest.mark.parametrize("bad", [Drops, Says(502), Says(503), Says(504)])
def test_a_read_survives_two_interruptions(scripted, bigquery, bad):
    scripted.script("GET", PATH, bad, bad, ACL)

    assert bigquery.acl(ORDERS).etag == "e1"


def test_a_server_that_is_down_did_not_get_the_write(scripted, bigquery):
    scripted.close()

    with pytest.raises(Unavailable, match="no connection"):
        write(bigquery)
    with pytest.raises(Unavailable, match="no connection"):
        bigquery.rows(ORDERS.table("t"), Between("n", date(2026, 11, 10), date(2026, 11, 11)), most_bytes=1)


def test_a_server_that_hangs_is_left_in_time(scripted, impatient):
    for method, path in (("GET", PATH), ("PATCH", PATH), ("POST", QUERIES)):
        scripted.script(method, path, Hangs)
    started = time.monotonic()

    with pytest.raises(Unavailable, match="no answer in time"):
        impatient.acl(ORDERS)
    with pytest.raises(OutcomeUnknown, match="no answer in time"):
        write(impatient)
    with pytest.raises(Unavailable, match="no answer in time"):
        impatient.partition(ORDERS.table("t"), "20261120")
    assert time.monotonic() - started < 10


def test_a_server_that_drips_is_left_in_time():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=drip, args=(listener,), daemon=True).start()
        endpoint = f"http://127.0.0.1:{listener.getsockname()[1]}"
        adapter = connect(PROJECT, Account(endpoint=endpoint, is_anonymous=True), read_seconds=IMPATIENT)

        with pytest.raises(OutcomeUnknown, match="no answer in time"):
            write(adapter)


def drip(listener):
    """Answer a byte now and then, each in time, for ever."""
    connection, _ = listener.accept()
    with connection:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        for _ in range(100):
            time.sleep(IMPATIENT / 3)
            try:
                connection.sendall(b" ")
            except OSError:
                return


def test_a_question_that_is_not_answered_in_time_is_given_up(scripted, impatient):
    reference = {"projectId": PROJECT, "jobId": "j", "location": "US"}
    unfinished = Says(data={"jobReference": reference, "jobComplete": False})
    job = {"jobReference": reference, "status": {"state": "RUNNING"}, "configuration": {"query": {}}}
    scripted.script("POST", QUERIES, unfinished)
    scripted.script("GET", f"{QUERIES}/j", unfinished)
    scripted.script("GET", f"/bigquery/v2/projects/{PROJECT}/jobs/j", Says(data=job))
    scripted.script("POST", f"/bigquery/v2/projects/{PROJECT}/jobs/j/cancel", Says(data={"job": job}))

    with pytest.raises(Unavailable, match="no answer in time"):
        impatient.partition(ORDERS.table("t"), "20261120")


def test_credentials_that_are_not_accepted_are_said_so(scripted, bigquery):
    scripted.script("PATCH", PATH, Says(401, {"error": {"message": "Request had invalid authentication credentials."}}))

    with pytest.raises(NotAuthenticated):
        write(bigquery)
    assert scripted.count("PATCH", PATH) == 1


def test_without_any_credentials_nothing_is_sent(scripted, monkeypatch, tmp_path):
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "missing.json"))
    adapter = connect(PROJECT, Account(endpoint=scripted.url))

    with pytest.raises(NotAuthenticated, match=r"missing\.json"):
        adapter.acl(ORDERS)
    assert scripted.asked == []


def test_a_key_file_that_is_no_key_is_said_so(scripted, tmp_path):
    (tmp_path / "key.json").write_text("{}")
    adapter = connect(PROJECT, Account(key_file=str(tmp_path / "key.json"), endpoint=scripted.url))

    with pytest.raises(NotAuthenticated):
        write(adapter)
    assert scripted.asked == []

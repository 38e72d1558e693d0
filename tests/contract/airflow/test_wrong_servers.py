"""What becomes of answers that are no answers: a read may be repeated, of a write nobody knows whether it happened."""

import pytest

from bot.ports.airflow import Clear, TaskChoice, TaskKey
from bot.ports.errors import (
    Conflict,
    Forbidden,
    NotAuthenticated,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
)
from tests.contract.airflow.scripted import LOGIN_PAGE, Drops, Hangs, Says

DAG, CLEAR = "/api/v2/dags/d", "/api/v2/dags/d/clearTaskInstances"
ORDER = Clear("d", "r", (TaskChoice("t"),))
NOBODY = Says(data={"task_instances": [], "total_entries": 0})
SILENT = [
    pytest.param(Drops, id="a dropped connection"),
    pytest.param(Says(raw=b""), id="an empty body"),
    pytest.param(LOGIN_PAGE, id="a login page"),
    pytest.param(Says(data=[1]), id="another shape"),
    pytest.param(Says(500, raw=b"Internal Server Error"), id="500 as text"),
    pytest.param(Says(503, {"detail": "starting"}), id="503"),
    pytest.param(Says(504, raw=b"<html>gateway</html>"), id="504 as a page"),
]


@pytest.mark.parametrize("answer", SILENT)
def test_a_read_without_an_answer_is_unavailable(scripted, airflow, answer):
    scripted.script("GET", DAG, answer)

    with pytest.raises(Unavailable) as failure:
        airflow.dag("d")
    assert failure.value.vendor == "Airflow prod"
    assert "<" not in failure.value.detail


@pytest.mark.parametrize("answer", SILENT)
def test_a_preview_without_an_answer_is_unavailable(scripted, airflow, answer):
    scripted.script("POST", CLEAR, answer)

    with pytest.raises(Unavailable):
        airflow.preview_clear(ORDER)


@pytest.mark.parametrize("answer", SILENT)
def test_a_write_without_an_answer_is_sent_once_and_its_outcome_unknown(scripted, airflow, answer):
    scripted.script("POST", CLEAR, answer)

    with pytest.raises(OutcomeUnknown):
        airflow.clear(ORDER)
    assert scripted.count("POST", CLEAR) == 1


def test_a_write_to_a_server_that_is_down_was_not_sent(scripted, airflow):
    scripted.script("POST", CLEAR, Says(data=NOBODY.data, headers={"Connection": "close"}))
    airflow.preview_clear(ORDER)
    scripted.close()

    with pytest.raises(Unavailable):
        airflow.clear(ORDER)


def test_a_server_that_is_down_is_unavailable(scripted, airflow):
    scripted.close()

    for ask in (airflow.version, airflow.health, airflow.dags):
        with pytest.raises(Unavailable, match="no connection"):
            ask()


@pytest.mark.parametrize("bad", [Drops, Says(502), Says(503), Says(504)])
def test_a_read_survives_two_interruptions(scripted, airflow, bad):
    scripted.script("GET", DAG, bad, bad, Says(data={"dag_id": "d"}))

    assert airflow.dag("d").dag_id == "d"
    assert scripted.count("GET", DAG) == 3


def test_a_read_gives_up_after_the_third_interruption(scripted, airflow):
    scripted.script("GET", DAG, Says(503))

    with pytest.raises(Unavailable):
        airflow.dag("d")
    assert scripted.count("GET", DAG) == 3


def test_a_read_into_a_black_hole_is_not_repeated(scripted, impatient):
    scripted.script("GET", DAG, Hangs)

    with pytest.raises(Unavailable, match="no answer in time"):
        impatient.dag("d")
    assert scripted.count("GET", DAG) == 1


def test_the_outcome_of_a_write_into_a_black_hole_is_unknown(scripted, impatient):
    scripted.script("POST", CLEAR, NOBODY, Hangs)
    impatient.preview_clear(ORDER)

    with pytest.raises(OutcomeUnknown, match="no answer in time"):
        impatient.clear(ORDER)
    assert scripted.count("POST", CLEAR) == 2


def test_a_server_that_does_not_even_say_its_version_is_unavailable(scripted, impatient):
    scripted.script("GET", "/api/v2/version", Hangs)

    with pytest.raises(Unavailable, match="no answer in time"):
        impatient.clear(ORDER)
    assert scripted.count("POST", CLEAR) == 0


def test_slowing_down_is_passed_on_with_its_time(scripted, airflow):
    scripted.script("GET", DAG, Says(429, {"detail": "slow down"}, headers={"Retry-After": "7"}))

    with pytest.raises(RateLimited) as refusal:
        airflow.dag("d")
    assert (refusal.value.retry_after, scripted.count("GET", DAG)) == (7.0, 1)


@pytest.mark.parametrize("status", [302, 307])
def test_a_redirect_is_not_followed(scripted, airflow, status):
    scripted.script("POST", CLEAR, Says(status, headers={"Location": f"{scripted.url}/elsewhere"}))
    scripted.script("POST", "/elsewhere", NOBODY)

    with pytest.raises(Unavailable, match="redirects"):
        airflow.clear(ORDER)
    assert scripted.count("POST", "/elsewhere") == scripted.count("GET", "/elsewhere") == 0


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        pytest.param(Says(400, {"detail": "bad order_by"}), Rejected, "bad order_by", id="400"),
        pytest.param(Says(403, {"detail": "Forbidden"}), Forbidden, "Forbidden", id="403"),
        pytest.param(Says(404, {"detail": "Dag with dag_id: 'd' not found"}), NotFound, "'d' not found", id="404"),
        pytest.param(Says(404, {"error": "/api/v1 has been removed"}), NotFound, "removed", id="404 in other words"),
        pytest.param(Says(405, {"detail": "Method Not Allowed"}), Rejected, "Method Not Allowed", id="405"),
        pytest.param(
            Says(409, {"detail": {"reason": "Unique constraint violation", "statement": "hidden", "message": "ID x"}}),
            Conflict,
            "Unique constraint violation: ID x",
            id="409 as an object",
        ),
        pytest.param(
            Says(
                422,
                {
                    "detail": [
                        {"type": "extra_forbidden", "loc": ["body", "note"], "msg": "Extra input", "input": "hush"}
                    ]
                },
            ),
            Rejected,
            "note: Extra input",
            id="422 as a list",
        ),
        pytest.param(Says(404, raw=b"<html>nginx</html>"), NotFound, "a web page", id="404 as a page"),
    ],
)
def test_a_refusal_keeps_the_servers_words(scripted, airflow, answer, error, words):
    scripted.script("POST", CLEAR, answer)

    with pytest.raises(error) as refusal:
        airflow.clear(ORDER)
    assert words in refusal.value.detail
    assert "hush" not in refusal.value.detail


def test_words_are_short_and_without_secrets(scripted, airflow):
    secret = "AKIAIOSFODNN7EXAMPLE"
    scripted.script("GET", DAG, Says(400, {"detail": f"password={secret} " + "long " * 500}))

    with pytest.raises(Rejected) as refusal:
        airflow.dag("d")
    assert secret not in refusal.value.detail
    assert len(refusal.value.detail) <= 300


def test_what_is_no_airflow_is_recognised(scripted, airflow):
    scripted.script("GET", "/api/v2/version", Says(404, {"detail": "Not Found"}))

    with pytest.raises(Unavailable, match="is this the address of an Airflow"):
        airflow.preview_clear(ORDER)


def test_a_health_in_another_shape_is_unavailable(scripted, airflow):
    scripted.script("GET", "/api/v2/monitor/health", Says(data=["ok"]))

    with pytest.raises(Unavailable):
        airflow.health()


@pytest.mark.parametrize("version", [{"version": "main"}, {}, [3]])
def test_a_server_that_hides_its_version_gets_no_clear(scripted, airflow, version):
    scripted.script("GET", "/api/v2/version", Says(data=version))

    with pytest.raises(Unavailable):
        airflow.clear(ORDER)
    assert scripted.count("POST", CLEAR) == 0


def test_a_dead_scheduler_is_told_and_a_missing_one_is_unknown(scripted, airflow):
    health = {"scheduler": {"status": "unhealthy", "latest_scheduler_heartbeat": None}, "metadatabase": None}
    scripted.script("GET", "/api/v2/monitor/health", Says(data=health))

    assert (airflow.health().scheduler, airflow.health().database) == ("unhealthy", "unknown")


class TestLoggingIn:
    def test_a_token_that_expired_is_renewed_once(self, scripted, airflow):
        scripted.script("GET", DAG, Says(401, {"detail": "Token Expired"}), Says(data={"dag_id": "d"}))

        assert airflow.dag("d").dag_id == "d"
        assert [asked.token for asked in scripted.asked if asked.path == DAG] == ["token-1", "token-2"]

    def test_a_token_of_another_secret_is_renewed_even_before_a_write(self, scripted, airflow):
        scripted.script("POST", CLEAR, Says(403, {"detail": "Invalid JWT token"}), NOBODY)

        assert airflow.clear(ORDER) == ()
        assert scripted.count("POST", "/auth/token") == 2

    def test_a_server_that_refuses_every_token_is_asked_twice(self, scripted, airflow):
        scripted.script("GET", DAG, Says(401, {"detail": "Not authenticated"}))

        with pytest.raises(NotAuthenticated, match="Not authenticated"):
            airflow.dag("d")
        assert scripted.count("GET", DAG) == scripted.count("POST", "/auth/token") == 2

    def test_a_missing_right_is_no_reason_to_log_in(self, scripted, airflow):
        scripted.script("GET", DAG, Says(403, {"detail": "Forbidden"}))

        with pytest.raises(Forbidden):
            airflow.dag("d")
        assert scripted.count("POST", "/auth/token") == 1

    def test_an_auth_manager_without_passwords_says_so(self, scripted, airflow):
        scripted.script("POST", "/auth/token", Says(404, {"detail": "Not Found"}))

        with pytest.raises(NotAuthenticated, match="configure a token"):
            airflow.dag("d")

    def test_a_login_without_a_token_is_no_login(self, scripted, airflow):
        scripted.script("POST", "/auth/token", Says(201, {}))

        with pytest.raises(Unavailable):
            airflow.task_instance(TaskKey("d", "r", "t"))

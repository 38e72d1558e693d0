"""How Jira Service Management is asked, and what its answers mean where they are not what they should be."""

import base64

import pytest
import stamina

from bot.adapters import jsm
from bot.ports.errors import Conflict, Forbidden, Gone, NotAuthenticated, OutcomeUnknown, RateLimited, Unavailable
from bot.ports.paging import AlertFilter, ById, Cover, NewAlert, Pending
from tests.oncall.made import NOON, at
from tests.oncall.scripted import Answer

SCHEDULE = "7c1f0a52-0000-4000-8000-00000000d001"
TIMES = {"startDate": "2026-11-01T00:00:00Z", "endDate": "2026-12-20T00:00:00Z"}


@pytest.fixture
def account(server):
    return jsm.Account(server.url, "baton@haneul.example", "a-token", url=server.url)


@pytest.fixture
def schedules(account):
    schedules = jsm.connect(account)
    with stamina.set_testing(True, attempts=3):
        yield schedules
    schedules.close()


@pytest.fixture
def alerts(account):
    alerts = jsm.connect_alerts(account)
    yield alerts
    alerts.disconnect()


def says(server, **answers):
    """Let the server answer by the last part of the path; the site says which cloud it is."""
    known = {"tenant_info": {"cloudId": "c1"}, "bulk": {"values": []}, **answers}

    def answer(asked):
        said = known[asked.path.rpartition("/")[2].replace("-", "_")]
        return said if isinstance(said, Answer) else Answer(body=said)

    server.answer = answer


def test_requests_are_spelled_as_documented(server, schedules):
    says(server, on_calls={"onCallParticipants": [{"id": "712020:a", "type": "user"}]}, timeline=TIMES)

    schedules.current(SCHEDULE, NOON)

    tenant, on_calls, *_ = server.asked
    assert tenant.path == "/_edge/tenant_info"
    assert on_calls.path == f"/jsm/ops/api/c1/v1/schedules/{SCHEDULE}/on-calls"
    assert on_calls.query == {"flat": "false", "date": "2026-11-25T12:00:00+00:00"}
    assert base64.b64decode(on_calls.authorization.removeprefix("Basic ")) == b"baton@haneul.example:a-token"


def test_the_cloud_is_asked_once_and_people_once_an_hour(server, schedules):
    user = {"accountId": "712020:a", "displayName": "김민지", "emailAddress": "minji@haneul.example"}
    on_calls = {"onCallParticipants": [{"id": "712020:a", "type": "user"}]}
    says(server, on_calls=on_calls, timeline=TIMES, bulk={"values": [user]}, schedules={"values": [{"id": SCHEDULE}]})

    for _ in range(3):
        current = schedules.current(SCHEDULE, NOON)

    paths = [asked.path.rpartition("/")[2] for asked in server.asked]
    assert (paths.count("tenant_info"), paths.count("bulk")) == (1, 1)
    assert (current.responders[0].email, current.responders[0].display) == ("minji@haneul.example", "김민지")


def test_lists_may_come_under_the_old_name(server, schedules):
    says(
        server, on_calls={"onCallParticipants": []}, timeline=TIMES, schedules={"data": [{"id": SCHEDULE, "name": "s"}]}
    )

    assert schedules.current("s", NOON).since is None


def test_a_participant_of_an_unknown_kind_is_unknown_and_not_nobody(server, schedules):
    says(server, on_calls={"onCallParticipants": [{"id": "t1", "type": "robot"}]})

    assert "names no person" in schedules.current(SCHEDULE, NOON).reason


def test_a_team_that_is_shown_without_its_people_is_asked_for_them(server, schedules):
    says(server, timeline=TIMES, schedules={"values": [{"id": SCHEDULE}]})
    rest = server.answer

    def answer(asked):
        nested = {"onCallParticipants": [{"id": "t1", "type": "team"}]}
        flat = {"onCallUsers": ["712020:a"]}
        if asked.path.endswith("/on-calls"):
            return Answer(body=flat if asked.query["flat"] == "true" else nested)
        return rest(asked)

    server.answer = answer

    assert [each.provider_id for each in schedules.current(SCHEDULE, NOON).responders] == ["712020:a"]


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        pytest.param(Answer(401, {"message": "Unauthorized"}), NotAuthenticated, "service accounts", id="401"),
        pytest.param(Answer(403, {"code": 40301, "message": "no"}), Forbidden, "has no Operations", id="no Operations"),
        pytest.param(Answer(403, {"message": "no"}), Forbidden, "no", id="403"),
        pytest.param(Answer(409, {"message": "no"}), Conflict, "no", id="409"),
        pytest.param(Answer(410, {"message": "closed"}), Gone, "closed", id="410"),
        pytest.param(Answer(429, {"message": "slow"}, {"Retry-After": "9"}), RateLimited, "slow", id="429"),
        pytest.param(Answer(500, {"message": "oh"}), OutcomeUnknown, "500", id="500"),
        pytest.param(Answer(200, b"<html>login</html>"), OutcomeUnknown, "a web page", id="a page that says 200"),
        pytest.param(Answer(202, {"result": "ok"}), OutcomeUnknown, "no request", id="no request id"),
    ],
)
def test_a_write_is_sent_once_and_its_refusal_says_what_is_certain(server, alerts, answer, error, words):
    says(server, alerts=answer)

    with pytest.raises(error) as caught:
        alerts.create(NewAlert("inc-1", "m"))

    assert type(caught.value) is error
    assert words in caught.value.detail
    assert [asked.path.rpartition("/")[2] for asked in server.asked].count("alerts") == 1
    assert "a-token" not in str(caught.value)


@pytest.mark.parametrize("answer", [Answer(500), Answer(200, [1]), Answer(200, {"values": [{"id": 1}]})])
def test_a_read_that_fails_changed_nothing(server, alerts, answer):
    says(server, alerts=answer)

    with pytest.raises(Unavailable):
        alerts.find(AlertFilter())


def test_a_request_that_is_not_found_is_pending(server, alerts):
    says(server, r1=Answer(404, {"message": "Request not found."}))

    assert alerts.outcome("r1") == Pending()


def test_what_was_done_stays_done_when_the_note_about_it_fails(server, alerts):
    says(server, acknowledge=Answer(202, {"requestId": "r1"}), notes=Answer(500))

    assert alerts.acknowledge(ById("a1"), "minji@haneul.example").request_ref == "r1"


def test_a_timeline_without_rotations_of_a_schedule_that_is_seen_is_a_gap(server, schedules):
    says(server, timeline=TIMES, schedules={"values": [{"id": SCHEDULE}]})

    assert schedules.shifts(SCHEDULE, at(0), at(24)) == ()


def test_an_override_that_is_not_listed_may_still_come(server, schedules):
    says(server, overrides={"values": []}, rotations={"values": []})

    with pytest.raises(OutcomeUnknown):
        schedules.create_override(SCHEDULE, Cover("baton-cover-1", "712020:a", at(0), at(4)))

"""How Opsgenie is asked, and what its refusals mean."""

from datetime import UTC

import pytest
import stamina

from bot.adapters import opsgenie
from bot.ports.errors import (
    Forbidden,
    NotAuthenticated,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
)
from bot.ports.paging import Cover
from tests.oncall.answers import participants, period, rotation, says, timeline, user
from tests.oncall.made import NOON, at
from tests.oncall.scripted import Answer, scripted


def test_requests_are_spelled_as_documented(server, schedules):
    says(server, participants(user("minji")))

    schedules.current("data platform/eu", NOON.astimezone(UTC))

    on_calls, times, *_ = server.asked
    assert on_calls.authorization == "GenieKey a-key"
    assert on_calls.query == {"scheduleIdentifierType": "name", "flat": "false", "date": "2026-11-25T12:00:00+00:00"}
    assert "%2B00%3A00" in on_calls.raw_query or "%2B00:00" in on_calls.raw_query
    assert on_calls.path == "/v2/schedules/data%20platform%2Feu/on-calls"
    assert times.query["identifierType"] == "name"


def test_a_schedule_may_be_named_by_its_id(server, schedules):
    says(server, participants(user("minji")))

    schedules.current("7c1f0a52-0000-4000-8000-00000000d001", NOON)

    assert server.asked[0].query["scheduleIdentifierType"] == "id"


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        pytest.param(Answer(401, {"message": "Could not authenticate"}), NotAuthenticated, "authenticate", id="401"),
        pytest.param(
            Answer(422, {"message": "Key format is not valid!"}),
            NotAuthenticated,
            "Key format",
            id="a key that is none",
        ),
        pytest.param(
            Answer(403, {"code": 40301, "message": "You are not authorized"}),
            NotFound,
            "missing or not visible to this key",
            id="a schedule that does not exist",
        ),
        pytest.param(Answer(403, {"message": "Forbidden"}), Forbidden, "Forbidden", id="403"),
        pytest.param(Answer(402, {"message": "Payment required"}), Forbidden, "Payment", id="402"),
        pytest.param(Answer(403, b"<html>proxy</html>"), Forbidden, "a web page", id="a proxy's page"),
        pytest.param(Answer(404, {"message": "No schedule"}), NotFound, "No schedule", id="404"),
        pytest.param(Answer(422, {"message": "bad\n\ndate"}), Rejected, "bad date", id="422"),
        pytest.param(Answer(400, [1, 2]), Rejected, "no reason given", id="a list"),
        pytest.param(Answer(302, b"", {"Location": "/"}), Unavailable, "redirects", id="a redirect"),
        pytest.param(Answer(404, {"message": "x" * 5000}), NotFound, "…", id="a very long message"),
    ],
)
def test_a_refusal_says_what_it_means_and_is_not_repeated_in_vain(server, schedules, answer, error, words):
    server.answer = lambda _: answer

    with pytest.raises(error) as caught:
        schedules.shifts("data-platform", at(0), at(1))

    assert words in caught.value.detail
    assert len(caught.value.detail) <= 360
    assert "a-key" not in str(caught.value)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("answer", "times_asked"),
    [
        pytest.param(Answer(500, {"message": "Internal"}), 1, id="500"),
        pytest.param(Answer(503, b"<html>down</html>"), 3, id="503, which may be over in a moment"),
        pytest.param(Answer(200, b"<html>login</html>"), 1, id="a page that says 200"),
        pytest.param(Answer(200, {"data": {"startDate": "yesterday"}}), 1, id="a shape that is not documented"),
        pytest.param(Answer(200, {"data": {"startDate": "2026-11-25T12:00:00"}}), 1, id="a time without a zone"),
        pytest.param(Answer(200, ["data"]), 1, id="a list"),
    ],
)
def test_a_server_in_trouble_is_unavailable(server, schedules, answer, times_asked):
    server.answer = lambda _: answer

    with pytest.raises(Unavailable):
        schedules.shifts("data-platform", at(0), at(1))

    assert len(server.asked) == times_asked


def test_a_short_trouble_is_not_noticed(server, schedules):
    says(server, times=timeline(rotation(period(user("minji"), 0, 5))))
    healthy = server.answer
    server.answer = lambda asked: Answer(502) if len(server.asked) < 3 else healthy(asked)

    assert len(schedules.shifts("data-platform", at(0), at(1))) == 1


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        pytest.param({"X-RateLimit-State": "THROTTLED", "X-RateLimit-Period-In-Sec": "60"}, 60.0, id="Opsgenie's"),
        pytest.param({"Retry-After": "30"}, 30.0, id="a gateway's"),
        pytest.param({"X-RateLimit-Period-In-Sec": "0"}, 1.0, id="no pause at all"),
        pytest.param({"Retry-After": "soon"}, 1.0, id="nonsense"),
    ],
)
def test_the_pause_that_is_asked_for_is_the_callers_to_keep(server, schedules, headers, pause):
    server.answer = lambda _: Answer(429, {"message": "You are making too many requests!"}, headers)

    with pytest.raises(RateLimited) as caught:
        schedules.shifts("data-platform", at(0), at(1))

    assert caught.value.retry_after == pause
    assert len(server.asked) == 1


def test_a_server_that_is_not_there_is_unavailable():
    with scripted() as gone:
        url = gone.url
    schedules = opsgenie.connect("a-key", url)

    with stamina.set_testing(True, attempts=1), pytest.raises(Unavailable):
        schedules.current("data-platform", NOON)
    schedules.close()


def test_an_override_that_cannot_be_read_back_may_well_be_there(server, schedules):
    cover = Cover("baton-cover-1", "minji@haneul.example", at(0), at(4))
    listed = Answer(body={"data": []})
    server.answer = lambda asked: Answer(503) if asked.path.endswith(cover.key) else listed

    with pytest.raises(OutcomeUnknown):
        schedules.create_override("data-platform", cover)

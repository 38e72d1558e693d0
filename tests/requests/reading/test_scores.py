"""What is promised of recognising, on all labelled messages."""

import pytest

from tests.requests.reading.scores import Share, cases, scores

ALL = (*cases("seen"), *cases("unseen"), *cases("second"))
GROUPS = {
    "all": ALL,
    "korean": [case for case in ALL if case.row["lang"] == "ko"],
    "english": [case for case in ALL if case.row["lang"] == "en"],
}


@pytest.mark.parametrize("group", GROUPS)
def test_almost_nothing_is_opened_unasked_that_is_no_request(group):
    assert scores(GROUPS[group])["precision_without_asking"].value >= 0.97


@pytest.mark.parametrize("group", GROUPS)
def test_almost_every_request_is_noticed(group):
    assert scores(GROUPS[group])["recall_with_asking"].value >= 0.9


@pytest.mark.parametrize("group", GROUPS)
def test_people_who_only_talk_are_seldom_asked(group):
    assert scores(GROUPS[group])["talk_asked_about"].value <= 0.1


@pytest.mark.parametrize("group", GROUPS)
def test_most_requests_are_opened_without_asking_and_as_what_they_are(group):
    found = scores(GROUPS[group])
    met_before = scores([case for case in GROUPS[group] if not case.row["id"].startswith("s")])

    assert found["recall_without_asking"].value >= 0.6
    assert met_before["recall_without_asking"].value >= 0.65
    assert min(found["kind_right"].value, met_before["kind_right"].value) >= 0.9


@pytest.mark.parametrize("case", [case for case in ALL if case.row.get("fields")], ids=lambda case: case.row["id"])
def test_a_message_fills_the_form_of_the_operation(case):
    assert dict(case.found.fields) == case.row["fields"]


def test_there_are_enough_messages_in_both_languages_half_of_them_written_without_knowing_the_recogniser():
    assert len(ALL) >= 800
    assert min(len(GROUPS["korean"]), len(GROUPS["english"])) >= 200
    assert sum(case.row["id"].startswith(("r", "s")) for case in ALL) >= 400


def test_wilsons_interval_is_that_of_the_textbook():
    # Newcombe, Statistics in Medicine 17 (1998): 81 of 263, and 15 of 148.
    assert Share(81, 263).interval == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert Share(15, 148).interval == pytest.approx((0.0624, 0.1605), abs=1e-4)

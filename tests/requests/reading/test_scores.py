"""What is promised of recognising, on all labelled messages."""

import hashlib
import json
from importlib.resources import files

import pytest

from bot.requests import reading
from tests.requests.reading.scores import FOLDER, Share, cases, scores

ALL = tuple(case for name in ("seen", "unseen", "second", "third", "fourth", "fifth") for case in cases(name))
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
    met_before = scores([case for case in GROUPS[group] if not case.row["id"].startswith(("s", "t", "f", "h"))])

    assert found["recall_without_asking"].value >= 0.5
    assert met_before["recall_without_asking"].value >= 0.65
    assert found["kind_right"].value >= 0.9
    assert met_before["kind_right"].value >= 0.95


@pytest.mark.parametrize("case", [case for case in ALL if case.row.get("fields")], ids=lambda case: case.row["id"])
def test_a_message_fills_the_form_of_the_operation(case):
    assert dict(case.found.fields) == case.row["fields"]


def test_what_was_learned_was_learned_from_these_messages():
    model = json.loads(files(reading).joinpath("likeness.json").read_text("utf-8"))

    assert model["trained_on"] == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in FOLDER.glob("*.jsonl")
    }, "make it anew: python -m benchmarks.likeness"


def test_there_are_enough_messages_in_both_languages_half_of_them_written_without_knowing_the_recogniser():
    assert len(ALL) >= 800
    assert min(len(GROUPS["korean"]), len(GROUPS["english"])) >= 200
    assert sum(case.row["id"].startswith(("r", "s")) for case in ALL) >= 400


def test_wilsons_interval_is_that_of_the_textbook():
    # Newcombe, Statistics in Medicine 17 (1998): 81 of 263, and 15 of 148.
    assert Share(81, 263).interval == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert Share(15, 148).interval == pytest.approx((0.0624, 0.1605), abs=1e-4)

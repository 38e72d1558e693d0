"""The `bigquery` section of baton.yaml."""

import pytest
from pydantic import TypeAdapter, ValidationError

from bot.config.model import Baton, BigQueryProject

BATON = {"channels": {}, "routes": {}, "schedules": {}}


def read(section):
    return TypeAdapter(Baton).validate_python(BATON | {"bigquery": section}, context={"environ": {}, "unset": None})


def test_a_project_needs_nothing_but_its_id():
    assert read({"haneul-prod": {}}).bigquery == {"haneul-prod": BigQueryProject()}


def test_a_project_may_have_its_own_key_or_an_address_without_credentials():
    projects = read(
        {
            "example.com:lab-data": {"key_file": "/run/secrets/lab.json"},
            "p12345": {"endpoint": "http://localhost:9050", "anonymous": True},
        }
    ).bigquery

    assert projects["example.com:lab-data"].key_file == "/run/secrets/lab.json"
    assert projects["p12345"].anonymous


@pytest.mark.parametrize(
    ("section", "problem"),
    [
        pytest.param({"Haneul_Prod": {}}, "config.bad_project", id="no id of a project"),
        pytest.param({"haneul-prod": {"anonymous": True}}, "config.anonymous", id="nobody at Google itself"),
        pytest.param(
            {"haneul-prod": {"anonymous": True, "endpoint": "http://localhost:1", "key_file": "k"}},
            "config.anonymous",
            id="nobody with a key",
        ),
    ],
)
def test_what_is_wrong_is_told(section, problem):
    with pytest.raises(ValidationError) as told:
        read(section)

    assert [error["type"] for error in told.value.errors()] == [problem]

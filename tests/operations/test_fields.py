"""Every kind of field that an operation may have: written in a command, filled in a form, kept in the store."""

import time
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, ClassVar

import pytest

from bot.operations.arguments import build, parameters
from bot.operations.command_words import read_words, split
from bot.operations.operation import Ask, Effect, Words
from bot.operations.spans import read_span
from bot.operations.why import Asked, Why
from bot.views.forms import form, read_form
from tests.operations.test_views import READERS
from tests.views.checker import assert_valid_view


class Depth(StrEnum):
    KNEE = "knee"
    NECK = "neck"


@dataclass(frozen=True, slots=True)
class Dive:
    """Made up; its labels are borrowed from texts that exist."""

    who: Annotated[tuple[str, ...], Ask("run.ticket", words=Words.ONE, people=True)]
    span: Annotated[timedelta, Ask("run.ticket", words=Words.ONE)]
    depth: Annotated[Depth, Ask("dive.depth")] = Depth.KNEE
    guide: Annotated[str, Ask("run.ticket", people=True)] = ""
    words: Annotated[str, Ask("run.ticket", words=Words.REST)] = ""

    name: ClassVar[str] = "clear-tasks"
    effect: ClassVar[Effect] = Effect.REPEATS_WORK
    limit: ClassVar[int] = 1
    runbook: ClassVar[str] = "airflow-task-failure"
    needs_reason: ClassVar[bool] = True


def problems(data):
    return [(problem.field, problem.words.msgid) for problem in build(Dive, data)]


def test_a_command_with_every_kind_is_read():
    asked = read_words(Dive, "<@U0MINA|mina>,U0JUN 2h depth=NECK last 3 days reason='for <fun>' ticket=<https://x.y/1>")

    assert asked.why == Why("for <fun>", "https://x.y/1")
    assert build(Dive, asked.arguments) == Dive(
        ("U0MINA", "U0JUN"), timedelta(hours=2), Depth.NECK, words="last 3 days"
    )


def test_a_reason_without_quotation_marks_goes_up_to_the_next_key():
    open_ended = read_words(Dive, "U0MINA 2h reason=월말 결산 때문에 depth=neck")
    quoted = read_words(Dive, "U0MINA reason='월말 결산' 2h")

    assert open_ended.why.reason == "월말 결산 때문에"
    assert open_ended.arguments["depth"] == "neck"
    assert quoted.why.reason == "월말 결산"
    assert quoted.arguments["span"] == "2h"


def test_what_slack_made_a_link_or_a_mention_of_is_read_as_it_was_typed():
    assert split("<http://orders.daily|orders.daily> <mailto:a@b.example|a@b.example> <!subteam^S0ENG|@eng>") == [
        *("orders.daily", "a@b.example", "S0ENG")
    ]


def test_arguments_of_every_kind_survive_the_store():
    dive = Dive(("U0MINA",), timedelta(days=3, minutes=5), Depth.NECK, "U0JUN", "deep")

    assert parameters(dive)["span"] == "3d5m"
    assert build(Dive, parameters(dive)) == dive


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param({"who": "mina"}, [("who", "arguments.not_a_person")], id="a name is no person"),
        pytest.param({"span": "soon"}, [("span", "arguments.not_a_span")], id="no length of time"),
        pytest.param({"depth": "ankle"}, [("depth", "arguments.not_a_choice")], id="not one of the choices"),
    ],
)
def test_what_is_wrong_with_a_field_is_said(changed, expected):
    assert problems({"who": "U0MINA", "span": "1h"} | changed) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("3d", timedelta(days=3), id="days"),
        pytest.param("1h30m", timedelta(minutes=90), id="two units"),
        pytest.param("2 weeks", timedelta(weeks=2), id="a word"),
        pytest.param("3일", timedelta(days=3), id="Korean days"),
        pytest.param("2시간 30분 동안", timedelta(minutes=150), id="Korean hours and minutes"),
        pytest.param("1주일", timedelta(weeks=1), id="a Korean week"),
        pytest.param("0d", None, id="nothing"),
        pytest.param("9999w", None, id="for ever"),
        pytest.param("-1d", None, id="backwards"),
        pytest.param("3", None, id="no unit"),
        pytest.param("", None, id="empty"),
    ],
)
def test_a_length_of_time_is_read(written, expected):
    assert read_span(written) == expected


@pytest.mark.parametrize("values", [None, {"who": ["U0MINA"], "guide": "U0JUN", "depth": "neck"}])
def test_the_form_asks_for_every_kind_in_its_own_way(values, recwarn):
    shown = {reader.locale: form(Dive, reader, private_metadata="x", values=values) for reader in READERS}
    recwarn.clear()  # the words of the made-up choices are in no catalog
    kinds = [block["element"]["type"] for block in shown["en"]["blocks"] if block["type"] == "input"]

    assert kinds == [
        "multi_users_select",
        *("plain_text_input", "static_select", "users_select"),
        *(3 * ["plain_text_input"]),
    ]
    assert_valid_view(shown["en"])
    assert_valid_view(shown["ko"])


def test_a_form_with_every_kind_is_read():
    state = {
        "who": {"field.who": {"type": "multi_users_select", "selected_users": ["U0MINA"]}},
        "span": {"field.span": {"type": "plain_text_input", "value": "3일"}},
        "depth": {"field.depth": {"type": "static_select", "selected_option": {"value": "neck"}}},
        "guide": {"field.guide": {"type": "users_select", "selected_user": None}},
    }

    assert read_form(Dive, state) == Asked({"who": ["U0MINA"], "span": "3일", "depth": "neck"})


@pytest.mark.parametrize("written", ["a=b " * 25_000, "'" + "x" * 100_000, '"x" ' * 25_000, "\\" * 100_001])
def test_a_very_long_command_is_read_in_linear_time(written):
    started_at = time.perf_counter()
    read_words(Dive, written)

    assert time.perf_counter() - started_at < 2


@pytest.mark.parametrize(
    ("why", "expected"),
    [
        pytest.param(Why("", ""), ["arguments.missing"], id="no reason"),
        pytest.param(Why("x" * 1001, "y" * 201), ["arguments.too_long", "arguments.too_long"], id="a novel"),
        pytest.param(Why.of("<!channel>\n\u202eboo", None), [], id="markup is only words"),
    ],
)
def test_the_reason_is_judged_too(why, expected):
    assert [problem.words.msgid for problem in why.problems(needs_reason=True)] == expected

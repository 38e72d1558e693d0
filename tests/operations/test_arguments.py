import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.operations.arguments import build, parameters
from bot.operations.clear_tasks import ClearTasks
from bot.operations.command_words import read_words
from bot.operations.fields import Kind, fields_of

RUN = "scheduled__2026-11-21T18:00:00+00:00"


def built(written):
    words = read_words(ClearTasks, written)
    return words if isinstance(words, tuple) else build(ClearTasks, words.arguments)


def problems(found):
    assert isinstance(found, tuple), found
    return [(problem.field, problem.words.msgid) for problem in found]


def test_the_fields_are_read_off_the_dataclass():
    kinds = {field.name: (field.kind, field.required) for field in fields_of(ClearTasks)}

    assert kinds["dag_id"] == (Kind.WORD, True)
    assert kinds["runs"] == (Kind.WORDS, True)
    assert kinds["tasks"] == (Kind.WORDS, False)
    assert kinds["downstream"] == (Kind.FLAG, False)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(f"orders {RUN}", ClearTasks("orders", (RUN,)), id="in order"),
        pytest.param(f"orders {RUN} load notify", ClearTasks("orders", (RUN,), ("load", "notify")), id="with tasks"),
        pytest.param(f"orders {RUN},r2 load[3]", ClearTasks("orders", (RUN, "r2"), ("load[3]",)), id="two runs"),
        pytest.param(f"runs={RUN} dag_id=orders", ClearTasks("orders", (RUN,)), id="by name"),
        pytest.param(
            f"orders {RUN} downstream=no failed-only=아니오",
            ClearTasks("orders", (RUN,), downstream=False, failed_only=False),
            id="flags in two languages",
        ),
        pytest.param(f"`orders` “{RUN}”", ClearTasks("orders", (RUN,)), id="as pasted from Slack or a phone"),
        pytest.param(f"orders {RUN} load,load load", ClearTasks("orders", (RUN,), ("load",)), id="said twice"),
    ],
)
def test_a_command_is_read(written, expected):
    assert built(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("", [("dag_id", "arguments.missing"), ("runs", "arguments.missing")], id="nothing"),
        pytest.param("orders", [("runs", "arguments.missing")], id="no run: never every run"),
        pytest.param("orders runs=", [("runs", "arguments.missing")], id="an empty run"),
        pytest.param("orders r1 'load", [("", "arguments.quotes")], id="an open quotation mark"),
        pytest.param("orders r1 dagid=x", [("", "arguments.unknown")], id="a misspelt name"),
        pytest.param("orders r1 downstream=maybe", [("downstream", "arguments.not_a_flag")], id="neither yes nor no"),
        pytest.param("ord/ers r1", [("dag_id", "arguments.not_like")], id="no name of a DAG"),
        pytest.param("orders r1 load[x]", [("tasks", "arguments.not_like")], id="no map index"),
        pytest.param(
            "or~ders r1 load[x] downstream=2",
            [("dag_id", "arguments.not_like"), ("tasks", "arguments.not_like"), ("downstream", "arguments.not_a_flag")],
            id="all at once",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_field(written, expected):
    assert problems(built(written)) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param({"dag_id": "x" * 251, "runs": ["r"]}, [("dag_id", "arguments.too_long")], id="a long name"),
        pytest.param(
            {"dag_id": "d", "runs": [f"r{n}" for n in range(51)]}, [("runs", "arguments.too_many")], id="many runs"
        ),
        pytest.param({"dag_id": ["a", "b"], "runs": ["r"]}, [("dag_id", "arguments.too_many")], id="two DAGs"),
        pytest.param({"dag_id": "d", "runs": [" "]}, [("runs", "arguments.missing")], id="a blank run"),
        pytest.param({"dag_id": "d", "runs": {"a": 1}}, [], id="another kind of JSON is read as its text"),
        pytest.param({"dag_id": "d\u202e", "runs": ["r"]}, [("dag_id", "arguments.not_like")], id="hidden characters"),
    ],
)
def test_json_is_judged_like_words(data, expected):
    found = build(ClearTasks, data)

    assert (problems(found) if isinstance(found, tuple) else []) == expected


def test_arguments_survive_the_store():
    operation = ClearTasks("orders", (RUN,), ("load[1]",), include_running=True)

    assert build(ClearTasks, parameters(operation)) == operation


@given(st.text(max_size=60))
def test_no_text_whatsoever_breaks_the_reader(written):
    found = built(written)

    assert isinstance(found, tuple | ClearTasks)
    if isinstance(found, ClearTasks):
        assert found.runs

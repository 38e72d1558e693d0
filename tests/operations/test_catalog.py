"""What every operation must have. A failure names what to write."""

import inspect
from pathlib import Path

import pytest
from sqlalchemy import insert

from bot.access.catalog import Access
from bot.access.front import Front
from bot.actor import Actor
from bot.cli.demo import WORLD_SECRETS
from bot.clock import Clocks
from bot.config.load import load_to_read
from bot.directory.suggestions import Typing
from bot.operations.arguments import build
from bot.operations.catalog import CATALOG
from bot.operations.fields import fields_of, usage
from bot.operations.operation import Words
from bot.runbooks import Runbooks
from bot.store.tables import bigquery_names, dags, failed_tasks
from bot.views.catalogs import entries
from bot.views.operations_page import operations_page
from bot.views.reader import default_reader
from bot.wiring.loads import providers_of
from tests.conftest import NOW
from tests.product.workplace import DEMO

ROOT = Path(__file__).parents[2]
TYPING = Typing(Actor.person("T1", "U0MINA"))


def a_failed_task(tx):
    known = {"airflow": "prod", "dag_id": "orders", "fetched_at": NOW}
    tx.execute(insert(dags).values(is_paused=False, owners=[], tags=[], schedule="", **known))
    tx.execute(
        insert(failed_tasks).values(
            dag_run_id="r1", task_id="load", map_index=-1, state="failed", try_number=1, started_at=NOW, **known
        )
    )


def a_table(tx):
    tx.execute(insert(bigquery_names).values(name="haneul-prod.events.clicks", project="haneul-prod", fetched_at=NOW))


OPERATIONS = pytest.mark.parametrize("operation", CATALOG.values(), ids=CATALOG.keys())


@OPERATIONS
@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_text_of_an_operation_is_in_both_languages(operation, language):
    asks = [field.ask for field in fields_of(operation)]
    wanted = [f"operation.{operation.name}", f"{operation.name}.help", f"run.effect.{operation.effect}"]
    wanted += [msgid for ask in asks for msgid in (ask.label, ask.hint) if msgid]

    assert [msgid for msgid in wanted if msgid not in entries(language)] == [], "write them in operations.po"


@OPERATIONS
def test_the_help_in_english_is_the_docstring(operation):
    lines = inspect.getdoc(operation).split("\n\n")

    assert entries("en")[f"{operation.name}.help"].forms[0] == "\n".join(" ".join(part.split()) for part in lines)


@OPERATIONS
def test_every_field_with_a_menu_has_something_that_fills_it(operation, store):
    store.write(a_failed_task)
    store.write(a_table)
    demo = load_to_read(DEMO, WORLD_SECRETS)
    suggested = {**providers_of(demo), **Front(Access(demo.datasets), lambda *_: None, Clocks()).providers}
    providers = {field.ask.options for field in fields_of(operation)} - {None}

    assert {each for each in providers if not store.read(lambda tx, each=each: suggested[each](tx, TYPING))} == set()


@OPERATIONS
def test_at_most_one_field_takes_the_rest_of_a_command(operation):
    assert sum(field.ask.words is Words.REST for field in fields_of(operation)) <= 1


@OPERATIONS
def test_every_operation_has_a_limit_and_needs_an_argument(operation):
    assert 0 < operation.limit <= 1000
    assert isinstance(build(operation, {}), tuple)


@OPERATIONS
@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_operation_has_a_runbook_page_that_names_it(operation, language):
    page = Runbooks.load(ROOT / "runbooks").page(operation.runbook, language)

    assert page is not None, f"write runbooks/{operation.runbook}.md"
    assert page.language == language, f"write runbooks/{operation.runbook}.{language}.md"
    assert operation.name in page.front.operations, f"add {operation.name} to `operations` of {page.path.name}"


def test_no_operation_has_an_argument_that_every_run_has():
    named = {field.name for operation in CATALOG.values() for field in fields_of(operation)}

    assert not named & {"reason", "ticket"}


@OPERATIONS
def test_every_choice_has_its_words(operation):
    wanted = [f"{field.ask.label}.{value}" for field in fields_of(operation) for value in field.choices]

    assert [msgid for msgid in wanted if msgid not in entries("ko")] == []


def test_the_page_of_operations_says_what_the_code_does():
    page = operations_page(CATALOG, default_reader(NOW))

    assert (ROOT / "docs/operations.md").read_text("utf-8") == f"{page}\n", (
        "python -m bot operations > docs/operations.md"
    )


def test_a_command_says_how_its_arguments_are_written():
    assert usage(CATALOG["clear-tasks"]).startswith("dag_id runs [tasks…] [downstream=…]")

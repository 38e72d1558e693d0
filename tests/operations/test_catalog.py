"""What every operation must have. A failure names what to write."""

import inspect

import pytest

from bot.operations.arguments import build, fields_of
from bot.operations.catalog import CATALOG
from bot.operations.operation import Words
from bot.operations.options import PROVIDERS
from bot.views.catalogs import entries

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
def test_every_field_can_be_suggested_and_said_in_a_command(operation):
    asks = [field.ask for field in fields_of(operation)]

    assert {ask.options for ask in asks if ask.options} <= PROVIDERS
    assert sum(ask.words is Words.REST for ask in asks) <= 1


@OPERATIONS
def test_every_operation_has_a_limit_and_needs_an_argument(operation):
    assert 0 < operation.limit <= 1000
    assert isinstance(build(operation, {}), tuple)

"""RE2 says quickly that nothing is there, and never says so wrongly."""

import importlib
import pkgutil
import re

import pytest

import bot.triage
from bot.triage.prefilter import Finder, Prefilter, loosened
from tests.triage.corpus import events
from tests.triage.planted import BY_LOOK, BY_NAME, KEPT
from tests.triage.slack import read


def test_a_prefilter_tells_what_may_be_in_a_text():
    prefilter = Prefilter([("first", "a"), ("second", "b|c"), ("third", "c")])

    assert prefilter.may_be_in(b"xx") == ()
    assert prefilter.may_be_in(b"xcx") == ("second", "third")


def test_a_prefilter_that_gives_up_rules_nothing_out():
    class Exhausted:
        """RE2's answer when the automaton has outgrown its memory."""

        def Match(self, text):  # noqa: N802 - RE2's name
            return None

    prefilter = Prefilter([("first", "a"), ("second", "b")])
    prefilter._set = Exhausted()

    assert prefilter.may_be_in(b"xx") == ("first", "second")


@pytest.mark.parametrize(
    ("pattern", "loose"),
    [
        (r"a{2,5}b{,9}c{3}", "a{2,}b{0,}c{3}"),
        (r"^\bx\b$", "x"),
        (r"(?<![\w(])a(?=\)b(c))d", "ad"),
        (r"a(?!x(y)z)(?:b|c)", "a(?:b|c)"),
        (r"[^\W\d]\d", r".[\p{Nd}]"),
        (r"[\w.\]]\S", r"[\pL\pN_.\]]\S"),
    ],
)
def test_a_loosened_pattern_keeps_what_must_be_there(pattern, loose):
    assert loosened(pattern) == f"(?s){loose}"


def _finders():
    for module in pkgutil.walk_packages(bot.triage.__path__, "bot.triage."):
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, Finder):
                yield pytest.param(value, id=f"{module.name}.{name}")


@pytest.mark.parametrize("finder", list(_finders()))
def test_a_finder_finds_all_that_its_pattern_finds(finder):
    messages = [read(event) for event in events()]
    texts = [*(m.text for m in messages), *(m.sender for m in messages), *KEPT, *BY_NAME, *BY_LOOK.values()]

    for text in {line for whole in texts for line in (whole, *whole.split("\n"))}:
        found, exact = finder.search(text), finder.exact.search(text)

        assert (found and found.span()) == (exact and exact.span())


def test_a_finder_searches_only_where_something_may_be():
    finder = Finder(r"\b(?:late|slow)\b", re.IGNORECASE)

    assert finder.search("all is well") is None
    assert finder.search("TOO LATE")[0] == "LATE"
    assert finder.sub("-", "late, later") == "-, later"
    assert [match[0] for match in finder.finditer("late slow slower")] == ["late", "slow"]

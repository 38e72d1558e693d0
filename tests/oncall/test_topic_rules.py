"""Baton's part of a topic, and what people wrote around it."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.oncall.topic_rules import MOST, with_part


@pytest.mark.parametrize(
    ("topic", "whole"),
    [
        pytest.param("", "⟦Minji⟧", id="nothing there"),
        pytest.param("Ask here", "⟦Minji⟧ Ask here", id="before what people wrote"),
        pytest.param("⟦Junho⟧ Ask here", "⟦Minji⟧ Ask here", id="in its place"),
        pytest.param("Ask here · ⟦Junho⟧ · wiki", "Ask here · ⟦Minji⟧ · wiki", id="where somebody put it"),
        pytest.param("⟦Minji⟧ Ask here", "⟦Minji⟧ Ask here", id="nothing changed"),
        pytest.param("⟦Junho⟧ x ⟦Junho⟧", "⟦Minji⟧ x ", id="copied"),
        pytest.param("⟦Junho Ask here", "⟦Minji⟧ ⟦Junho Ask here", id="its end taken away"),
    ],
)
def test_only_the_marked_part_is_changed(topic, whole):
    assert with_part(topic, ["Minji"]) == whole


def test_where_there_is_little_room_less_is_said_and_nothing_is_cut():
    topic = "x" * (MOST - 10)

    assert with_part(topic, ["Minji until Monday", "Minji"]) == f"⟦Minji⟧ {topic}"
    assert with_part("x" * MOST, ["Minji"]) is None


WRITTEN = st.text(st.characters(exclude_characters="⟦⟧", exclude_categories=["Cs"]), max_size=80)


@given(before=WRITTEN, after=WRITTEN, old=WRITTEN, new=st.text(max_size=40))
def test_what_people_wrote_stays_to_the_letter(before, after, old, new):
    whole = with_part(f"{before}⟦{old}⟧{after}", [new])
    assume(whole is not None)

    assert whole.startswith(f"{before}⟦")
    assert whole.endswith(f"⟧{after}")
    assert with_part(whole, [new]) == whole

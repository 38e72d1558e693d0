import pytest

from bot.operations.lifecycle import ARROWS, ENDED, OPEN_TO_CHANGE, UNDER_WAY, WAITS_FOR_YES, State
from bot.views.catalogs import entries


def reachable(start):
    seen, todo = set(), [start]
    while todo:
        state = todo.pop()
        if state not in seen:
            seen.add(state)
            todo += ARROWS[state]
    return seen


def test_every_state_has_its_arrows_and_each_arrow_its_sentence():
    assert set(ARROWS) == set(State)
    assert all(sentence.endswith(".") for arrows in ARROWS.values() for sentence in arrows.values())


def test_every_state_can_be_reached_from_a_draft():
    assert reachable(State.DRAFT) == set(State)


@pytest.mark.parametrize("state", list(State))
def test_from_every_state_an_end_can_be_reached(state):
    assert reachable(state) & ENDED


@pytest.mark.parametrize("state", sorted(WAITS_FOR_YES | {State.DRAFT, State.AWAITING_APPROVAL}))
def test_nothing_is_executed_without_a_yes(state):
    assert State.EXECUTING not in ARROWS[state]
    assert State.VERIFYING not in ARROWS[state]


def test_what_was_sent_cannot_be_changed_and_is_never_expired():
    for state in UNDER_WAY:
        assert State.DRAFT not in ARROWS[state]
        assert State.EXPIRED not in ARROWS[state]
    assert not OPEN_TO_CHANGE & UNDER_WAY


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("kind", ["state", "moment"])
def test_every_state_has_its_words(state, kind):
    assert f"run.{kind}.{state}" in entries("en")

"""Who shall be in a user group, whatever the schedules say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.oncall.group_rules import Member, Part, Why, part, wanted, why

USERS = st.sampled_from(["U1", "U2", "U3", "U4"])
MEMBERS = st.lists(st.builds(Member, USERS, st.booleans()), max_size=3)
PARTS = st.dictionaries(
    st.sampled_from(["data", "infra", "ml"]),
    st.builds(Part, st.none() | st.lists(USERS, max_size=3).map(tuple)),
    min_size=1,
)
STORED = st.dictionaries(st.sampled_from(["data", "infra", "ml"]), st.lists(USERS, min_size=1, max_size=2))


def test_several_schedules_and_those_who_stay_make_one_group():
    parts = {"data": Part(("U1", "U2")), "infra": Part(("U2",))}

    assert wanted(parts, {}, (Member("U9"), Member("U0GUEST", may_join=False))).members == ("U1", "U2", "U9")


@pytest.mark.parametrize(
    ("on_call", "fallback", "users"),
    [
        pytest.param((Member("U1"),), (Member("U9"),), ("U1",), id="who is on call"),
        pytest.param((), (Member("U8"), Member("U9")), ("U8", "U9"), id="in a gap the fallback"),
        pytest.param((Member("U1", may_join=False),), (Member("U9"),), ("U9",), id="a guest cannot be in it"),
        pytest.param((), (Member("U9", may_join=False),), (), id="nobody at all"),
        pytest.param((), None, None, id="in a gap while the fallback is not known"),
    ],
)
def test_a_schedule_puts_its_people_or_its_fallback_in(on_call, fallback, users):
    assert part(on_call, fallback).users == users


def test_a_schedule_that_is_unknown_keeps_who_was_in_it_for_that():
    found = wanted({"data": Part(None), "infra": Part(("U2",))}, {"data": ["U1"]}, ())

    assert (found.members, found.is_known) == (("U1", "U2"), True)


def test_before_a_schedule_was_ever_known_nothing_is_known_of_the_group():
    assert not wanted({"data": Part(None), "infra": Part(("U2",))}, {}, ()).is_known


@given(parts=PARTS, stored=STORED, permanent=MEMBERS)
def test_nobody_who_is_known_to_belong_is_left_out_and_nobody_comes_from_nowhere(parts, stored, permanent):
    found = wanted(parts, stored, permanent)
    on_call = {user for each in parts.values() for user in each.users or ()}
    before = {user for name, each in parts.items() if each.users is None for user in stored.get(name, ())}
    stay = {member.user for member in permanent if member.may_join}

    assert set(found.members) in ({*on_call, *before, *stay}, set())
    assert bool(found.members) == bool(on_call or before)


@given(members=st.sets(USERS, min_size=1), written=st.sets(USERS), current=st.sets(USERS))
def test_a_group_is_written_only_where_it_differs(members, written, current):
    found = why(sorted(members), sorted(written), sorted(current))

    assert (found is None) == (members == current)
    assert (found is Why.BY_HAND) == (members != current and written == members)

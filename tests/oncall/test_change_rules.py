"""Which answers of the provider are a change, of which kind, and what is said of it."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.oncall import change_words
from bot.oncall.change_rules import Kind, Standing, changed, is_certain, unconfirmed
from bot.oncall.model import Covered, Doubt, Duty, Engineer, Gap, Snapshot
from bot.oncall.rules import believed
from bot.ports.paging import Nobody, Shift, Somebody
from bot.views.reader import Reader
from bot.views.words import say
from tests.oncall.made import ALEX, JUNHO, MINJI, NOON, at, shift

MINJIS = ("minji@haneul.example",)
TOLD = Standing(MINJIS, at(-50))
COVERED = Standing(("junho@haneul.example",), at(-1), cover_of=MINJIS)
READER = Reader("en", ZoneInfo("UTC"), NOON, {"U0MINJI": "Minji", "U0JUNHO": "Junho", "U0ALEX": "Alex", "S0ENG": "eng"})
MINJI_, JUNHO_, ALEX_ = (Engineer(name, f"U0{name.upper()}") for name in ("minji", "junho", "alex"))


def override(who, start, end):
    return Shift((who,), at(start), at(end), is_override=True)


@pytest.mark.parametrize(
    ("told", "answer", "shifts", "kind"),
    [
        pytest.param(TOLD, Somebody((MINJI,)), (), None, id="the same people"),
        pytest.param(TOLD, Somebody((JUNHO,), at(0)), (shift(JUNHO, 0, 168),), Kind.SHIFT, id="the next shift"),
        pytest.param(TOLD, Nobody(at(0)), (), Kind.SHIFT, id="a gap"),
        pytest.param(TOLD, Somebody((JUNHO, MINJI)), (), Kind.SHIFT, id="another order"),
        pytest.param(TOLD, Somebody((JUNHO,), at(0), at(4)), (override(JUNHO, 0, 4),), Kind.COVER, id="a short cover"),
        pytest.param(TOLD, Somebody((JUNHO,), at(0), at(24)), (override(JUNHO, 0, 24),), Kind.SHIFT, id="a whole day"),
        pytest.param(TOLD, Somebody((JUNHO,), at(0), at(8)), (shift(JUNHO, 0, 8),), Kind.SHIFT, id="short by rotation"),
        pytest.param(COVERED, Somebody((MINJI,), at(0)), (shift(MINJI, 0, 99),), Kind.RETURN, id="the cover is over"),
        pytest.param(COVERED, Somebody((ALEX,), at(0)), (shift(ALEX, 0, 168),), Kind.SHIFT, id="over with the shift"),
        pytest.param(COVERED, Somebody((ALEX,), at(0), at(2)), (override(ALEX, 0, 2),), Kind.COVER, id="a next cover"),
    ],
)
def test_what_kind_of_change_it_is(told, answer, shifts, kind):
    found = changed(told, answer, shifts, NOON)

    assert (found.kind if found else None) == kind


def test_a_chain_of_short_covers_ends_where_it_began():
    answer = Somebody((ALEX,), at(0), at(2))
    second = changed(COVERED, answer, (override(ALEX, 0, 2),), NOON)

    assert second.now.cover_of == MINJIS
    assert changed(second.now, Somebody((MINJI,)), (), at(2)).kind is Kind.RETURN


ANSWERS = st.sampled_from([Somebody((MINJI,)), Somebody((JUNHO,)), Somebody((MINJI, ALEX)), Nobody()])


@given(answers=st.lists(ANSWERS, max_size=20))
def test_what_was_told_is_told_again_only_after_something_else(answers):
    told, notices = TOLD, []
    for answer in answers:
        if change := changed(told, answer, (), NOON):
            told = change.now
            notices.append(told.keys)
        assert changed(told, answer, (), NOON) is None

    assert all(one != other for one, other in zip([TOLD.keys, *notices], notices, strict=False))


def snapshot(answer, shifts, fetched=0.0):
    return Snapshot(answer, at(fetched), shifts, known_until=at(1000))


def test_between_two_looks_only_people_whom_slack_knows_take_over():
    team = Engineer("the data team", doubt=Doubt.NOT_FOUND)
    seen = snapshot(Somebody((MINJI,), at(-9), at(0.01)), (shift(MINJI, -9, 0.01), shift(JUNHO, 0.01, 90)))
    planned = believed(seen, at(0.02))

    assert is_certain(seen, planned, (JUNHO_,))
    assert not is_certain(seen, planned, (team,))
    assert is_certain(seen, seen.on_call, (team,))


@pytest.mark.parametrize(
    ("now", "told", "found"),
    [
        pytest.param(0.1, TOLD, None, id="still believed"),
        pytest.param(0.9, TOLD, None, id="not known, and no change planned yet"),
        pytest.param(1.1, TOLD, at(1), id="the planned change came"),
        pytest.param(1.1, COVERED, None, id="somebody else was told"),
    ],
)
def test_a_planned_change_in_an_outage_is_not_confirmed(now, told, found):
    seen = snapshot(Somebody((MINJI,), at(-9), at(1)), (shift(MINJI, -9, 1), shift(JUNHO, 1, 90)))

    assert unconfirmed(seen, told, at(now)) == found


def said(duty, kind=Kind.SHIFT, left=(), since=NOON):
    return say(change_words.told(duty, kind, left, since, NOON), READER).splitlines()


def test_a_cover_names_those_who_change_and_not_those_who_stay():
    begins = Duty("data", "S0ENG", Covered((JUNHO_, ALEX_), at(-1), at(3)))
    ends = Duty("data", "S0ENG", Covered((MINJI_, ALEX_), at(3)))

    assert said(begins, Kind.COVER, (MINJI_, ALEX_)) == ["*data*: @Junho covers for @Minji until today 15:00."]
    assert said(ends, Kind.RETURN, (JUNHO_, ALEX_)) == ["*data*: the cover is over, @Minji is on call again."]


def test_a_gap_says_whom_to_call_and_who_comes_then():
    duty = Duty("data", "S0ENG", Gap(NOON, at(3)), Covered((MINJI_,), at(3)))

    assert said(duty, left=(JUNHO_,)) == [
        "*data*: change of shift",
        "Nobody is on call until today 15:00. Call @eng if something breaks.",
        "Off call: @Junho. Thank you.",
        "Next: @Minji, from today 15:00",
    ]
    assert change_words.called(duty, (JUNHO_,)) == ()


def test_primary_and_secondary_are_named_in_the_order_in_which_they_are_called():
    duty = Duty("data", "S0ENG", Covered((JUNHO_, MINJI_), NOON, at(9)), Gap(at(9)))

    assert said(duty, left=(MINJI_, ALEX_)) == [
        "*data*: change of shift",
        "On call now: @Junho, then @Minji, until today 21:00",
        "Off call: @Alex. Thank you.",
        "From today 21:00 on nobody is planned.",
    ]
    assert [each.id for each in change_words.called(duty, (MINJI_, ALEX_))] == ["U0JUNHO"]


def test_where_slack_does_not_know_the_first_of_them_it_says_who_is_called():
    stranger = Engineer("kim@example.com", doubt=Doubt.NOT_FOUND)

    assert said(Duty("data", "S0ENG", Covered((stranger,)))) == [
        "*data*: change of shift",
        "On call now: kim@example.com (no certain Slack user)",
        "Slack has no certain account of the first of them. Baton calls @eng instead.",
    ]


def test_a_change_that_is_learned_late_says_when_it_was():
    duty = Duty("data", "S0ENG", Covered((JUNHO_,), at(-1)))

    assert said(duty, since=at(-1))[-1] == "The change was at today 11:00. Baton learned of it only now."
    assert len(said(duty, since=NOON - timedelta(minutes=4))) == 2

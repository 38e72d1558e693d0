"""A handoff for every shift: asked for, signed or not, posted once, accepted once, whatever happens in between."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from bot.actor import Actor
from bot.handoff import rows, service
from bot.handoff.life import Effort, Rules, Said, State
from bot.handoff.service import Conflict, Done, Refused, ToDo, Written
from bot.store import Store
from bot.store.tables import handoffs, notes
from tests.handoff.walk import DAY, HOUR, KIM, LEE, MONDAY, PARK, TEAM, WEEK, Weeks, rotation

MINUTE = timedelta(minutes=1)
NOTHING = ToDo("")
ORDERS = Said("Look at orders")


@pytest.fixture
def weeks(store):
    found = Weeks(store)
    found.look()
    return found


def as_(user):
    return Actor.person(TEAM, user)


def do(weeks, deed, user, handoff, *more):
    return weeks.store.write(lambda tx: deed(as_(user), tx, handoff.id, *more, weeks.now, weeks.front))


def write(weeks, user, handoff, said=ORDERS, *, sign=True, revision=None, to_do=NOTHING):
    seen = handoff.revision if revision is None else revision
    return do(weeks, service.write, user, handoff, Written(said, seen, sign, to_do))


def test_the_outgoing_person_is_asked_an_hour_before_their_shift_ends(weeks):
    weeks.go(MONDAY + WEEK - HOUR - MINUTE)
    before = weeks.all[0].state
    weeks.go(MONDAY + WEEK - HOUR)

    assert before is State.PLANNED
    (handoff,) = weeks.all
    assert handoff.state is State.DRAFTED
    assert weeks.cards() == {f"handoff-draft:{handoff.id}": KIM}


def test_signed_it_is_posted_when_the_shift_ends(weeks):
    weeks.go(MONDAY + WEEK - HOUR)
    assert write(weeks, KIM, weeks.all[0]) == Done()
    assert weeks.out == []
    weeks.go(MONDAY + WEEK)

    (handoff,) = weeks.out
    assert handoff.posted_at == MONDAY + WEEK
    assert (handoff.signed_by, handoff.posted_signed, handoff.said.first) == (KIM, True, "Look at orders")
    assert not handoff.is_late(weeks.rules.grace)
    assert weeks.cards()[f"handoff:{handoff.id}"] == "C0ONCALL"


def test_unsigned_it_is_posted_after_the_grace_time_and_may_be_signed_later(weeks):
    weeks.go(MONDAY + WEEK + 2 * HOUR - MINUTE)
    assert weeks.out == []
    weeks.go(MONDAY + WEEK + 2 * HOUR)
    (posted,) = weeks.out
    assert (posted.signed_at, posted.is_late(weeks.rules.grace)) == (None, False)

    weeks.go(weeks.now + HOUR)
    assert do(weeks, service.sign, KIM, posted) == Done()

    (signed,) = weeks.out
    assert signed.signed_at == weeks.now
    assert not signed.posted_signed


def test_signed_within_the_grace_time_it_is_posted_at_once(weeks):
    weeks.go(MONDAY + WEEK + HOUR)
    do(weeks, service.sign, KIM, weeks.all[0])

    (posted,) = weeks.out
    assert posted.posted_at == weeks.now


def test_who_takes_over_accepts_it_and_others_are_told_who_may(weeks):
    weeks.go(MONDAY + WEEK + 2 * HOUR)
    (posted,) = weeks.out

    assert isinstance(do(weeks, service.accept, PARK, posted), Refused)
    assert isinstance(do(weeks, service.accept, KIM, posted), Refused)
    assert do(weeks, service.accept, LEE, posted) == Done()
    assert do(weeks, service.accept, LEE, posted) == Done(), "a second press changes nothing"
    (accepted,) = weeks.out
    assert (accepted.state, accepted.accepted_by) == (State.ACCEPTED, LEE)
    weeks.go(weeks.now + DAY)
    assert weeks.notes() == []


def test_an_unaccepted_handoff_is_reminded_of_once(weeks):
    weeks.go(MONDAY + WEEK + 3 * DAY)

    assert weeks.notes() == ["handoff.note.unaccepted"]


def test_only_the_outgoing_person_writes_it(weeks):
    weeks.go(MONDAY + WEEK - HOUR)

    assert isinstance(write(weeks, LEE, weeks.all[0]), Refused)
    assert isinstance(do(weeks, service.sign, PARK, weeks.all[0]), Refused)
    assert weeks.all[0].said == Said()


def test_what_is_signed_and_posted_changes_no_more(weeks):
    weeks.go(MONDAY + WEEK - HOUR)
    write(weeks, KIM, weeks.all[0])
    weeks.go(MONDAY + WEEK)

    assert isinstance(write(weeks, KIM, weeks.all[0], Said("Another story")), Refused)
    assert weeks.all[0].said.first == "Look at orders"


def test_a_saved_draft_stays_and_is_not_signed(weeks):
    weeks.go(MONDAY + WEEK - HOUR)
    said = Said("First", "Note", Effort.BUSY, {"incident:1": "ask the vendor"})
    write(weeks, KIM, weeks.all[0], said, sign=False)

    (handoff,) = weeks.all
    assert (handoff.said, handoff.signed_at, handoff.edited_by) == (said, None, KIM)


def test_a_next_step_that_the_form_did_not_ask_for_stays(weeks):
    weeks.go(MONDAY + WEEK - HOUR)
    write(weeks, KIM, weeks.all[0], Said(steps={"incident:1": "ask the vendor", "incident:2": "wait"}), sign=False)
    write(weeks, KIM, weeks.all[0], Said(steps={"incident:2": "", "incident:3": "look"}), sign=False)

    assert weeks.all[0].said.steps == {"incident:1": "ask the vendor", "incident:3": "look"}


def test_whoever_changes_what_is_signed_has_signed_it(weeks):
    weeks.go(MONDAY + WEEK - HOUR)
    do(weeks, service.sign, KIM, weeks.all[0])
    both = [{"name": each, "user": each, "doubt": None} for each in (KIM, PARK)]
    weeks.store.write(lambda tx: tx.execute(update(handoffs).values(outgoing=both)))
    write(weeks, PARK, weeks.all[0], Said("Another first"))

    assert weeks.all[0].signed_by == PARK


def test_nobody_overwrites_what_they_have_not_seen(weeks):
    weeks.go(MONDAY + WEEK - HOUR)
    seen = weeks.all[0]
    write(weeks, KIM, seen, Said(note="From my phone"), sign=False)

    answer = write(weeks, KIM, seen, Said(note="From my laptop"), sign=False)

    assert isinstance(answer, Conflict)
    assert answer.newer.said.note == "From my phone"
    assert weeks.all[0].said.note == "From my phone"
    assert write(weeks, KIM, seen, Said(note="Both"), revision=answer.newer.revision) == Done()


def test_follow_ups_are_carried_on_until_they_are_ticked_off(weeks):
    weeks.go(MONDAY + WEEK - HOUR)
    write(weeks, KIM, weeks.all[0], to_do=ToDo("Raise the quota", LEE, date(2026, 11, 12)))
    weeks.go(MONDAY + 2 * WEEK + 3 * HOUR)
    first, second = weeks.out
    (carried,) = weeks.store.read(lambda tx: rows.carried(tx, second))
    assert (carried.words, carried.owner, carried.done_at) == ("Raise the quota", LEE, None)

    do(weeks, service.follow_up, LEE, second, (carried.id,), ToDo("Tell finance"))
    weeks.go(MONDAY + 3 * WEEK + 3 * HOUR)

    third = weeks.out[2]
    left = {each.words: each.done_by for each in weeks.store.read(lambda tx: rows.carried(tx, third))}
    assert left == {"Raise the quota": LEE, "Tell finance": None}, "what was ticked off in this shift is shown so"
    assert len(weeks.store.read(lambda tx: rows.carried(tx, first))) == 1, "an old handoff shows what it carried"


def test_where_no_account_is_certain_whoever_stands_in_is_asked(store):
    weeks = Weeks(store, accounts=(LEE, PARK))
    weeks.go(MONDAY + WEEK - HOUR)

    assert weeks.notes() == ["handoff.note.nobody_to_ask"]
    assert weeks.cards() == {}
    assert write(weeks, "S0ENG", weeks.all[0]) == Done()


def test_an_override_that_moves_the_boundary_moves_the_handoff(weeks):
    weeks.go(MONDAY + WEEK - HOUR)
    weeks.override(MONDAY + WEEK, MONDAY + WEEK + 2 * DAY, KIM)
    weeks.go(MONDAY + WEEK + DAY)
    assert weeks.out == []
    weeks.go(MONDAY + WEEK + 2 * DAY + 2 * HOUR)

    assert weeks.told() == [(KIM, LEE)]
    assert weeks.out[0].boundary_at == MONDAY + WEEK + 2 * DAY


def test_what_was_signed_for_an_end_that_moves_is_asked_for_and_signed_again(weeks):
    weeks.go(MONDAY + WEEK - HOUR)
    write(weeks, KIM, weeks.all[0])
    weeks.override(MONDAY + WEEK, MONDAY + 2 * WEEK, KIM)
    weeks.go(weeks.now + 30 * MINUTE)

    (handoff,) = weeks.all
    assert (handoff.state, handoff.drafted_at, handoff.signed_at, handoff.signed_by) == (
        State.PLANNED,
        None,
        None,
        None,
    )
    assert handoff.said == ORDERS, "the words stay in the draft"
    weeks.go(MONDAY + 2 * WEEK - HOUR)
    assert weeks.all[0].state is State.DRAFTED
    weeks.go(MONDAY + 2 * WEEK)
    assert weeks.out == [], "nobody has signed this week"


def test_who_was_asked_for_an_end_that_moves_is_told_once_when_it_is_due_again(weeks):
    weeks.go(MONDAY + WEEK - HOUR)
    weeks.override(MONDAY + WEEK, MONDAY + WEEK + 2 * DAY, KIM)
    weeks.go(MONDAY + WEEK + 2 * DAY - 2 * HOUR)
    assert weeks.notes() == []
    for _ in range(3):
        weeks.go(weeks.now + 30 * MINUTE, step=10 * MINUTE)

    assert weeks.notes() == ["handoff.note.end_moved"]
    (note,) = weeks.store.read(lambda tx: tx.execute(select(notes)).all())
    assert note.channel == KIM
    assert [each["action_id"] for each in note.body["buttons"]] == ["handoff.write", "handoff.sign"]


def test_a_signature_outlives_another_successor(weeks):
    weeks.go(MONDAY + WEEK - HOUR)
    write(weeks, KIM, weeks.all[0])
    weeks.override(MONDAY + WEEK, MONDAY + 2 * WEEK, PARK)
    weeks.go(MONDAY + WEEK)

    assert weeks.told() == [(KIM, PARK)]
    assert weeks.out[0].posted_signed


def test_a_turn_that_turns_out_to_be_somebody_elses_has_nobodys_signature(weeks):
    write(weeks, KIM, weeks.all[0])
    weeks.override(MONDAY, MONDAY + WEEK, PARK)
    weeks.go(weeks.now + HOUR)

    (handoff,) = weeks.all
    assert [each.user for each in handoff.outgoing] == [PARK]
    assert (handoff.state, handoff.signed_at, handoff.signed_by) == (State.PLANNED, None, None)


def test_the_handoff_of_a_removed_schedule_waits_for_nobody(weeks):
    weeks.go(MONDAY + WEEK + HOUR)
    (handoff,) = weeks.all[:1]
    weeks.desks = {}

    assert isinstance(do(weeks, service.sign, KIM, handoff), Refused)
    assert isinstance(write(weeks, KIM, handoff), Refused)
    assert weeks.store.read(lambda tx: rows.concerning(tx, KIM, weeks.desks, weeks.now)) == ()


def test_an_override_that_removes_the_boundary_removes_the_handoff(weeks):
    weeks.override(MONDAY + WEEK, MONDAY + 2 * WEEK, KIM)
    weeks.go(MONDAY + 2 * WEEK + 3 * HOUR)

    assert weeks.told() == [(KIM, PARK)]
    assert (weeks.out[0].since, weeks.out[0].boundary_at) == (MONDAY, MONDAY + 2 * WEEK)


def test_an_override_from_now_on_ends_the_shift_now(weeks):
    weeks.go(MONDAY + 2 * DAY)
    weeks.override(weeks.now, MONDAY + WEEK, PARK)
    weeks.go(weeks.now + 3 * HOUR)

    assert weeks.told() == [(KIM, PARK)]
    assert weeks.out[0].boundary_at == MONDAY + 2 * DAY


def test_a_cover_gets_no_handoff(weeks):
    weeks.override(MONDAY + DAY, MONDAY + DAY + 8 * HOUR, PARK)
    weeks.override(MONDAY + WEEK - 5 * HOUR, MONDAY + WEEK, PARK)
    weeks.go(MONDAY + WEEK + 3 * HOUR)

    assert weeks.told() == [(KIM, LEE)]
    assert weeks.out[0].boundary_at == MONDAY + WEEK - 5 * HOUR, "covered to the end, they hand over when they leave"


def test_a_downtime_over_the_boundary_posts_it_late_and_says_so(weeks):
    weeks.go(MONDAY + 6 * DAY)
    weeks.is_up = False
    weeks.go(MONDAY + WEEK + DAY)
    weeks.is_up = True
    weeks.go(weeks.now + HOUR)

    (posted,) = weeks.out
    assert weeks.told() == [(KIM, LEE)]
    assert posted.boundary_at == MONDAY + WEEK
    assert posted.is_late(weeks.rules.grace)
    assert not posted.by_plan, "the provider says afterwards who was on call"


def test_after_a_downtime_of_weeks_no_shift_is_without_its_handoff(weeks):
    weeks.go(MONDAY + DAY)
    weeks.is_up = False
    weeks.go(MONDAY + 3 * WEEK + DAY)
    weeks.is_up = True
    weeks.go(weeks.now + HOUR)

    assert weeks.told() == [(KIM, LEE), (LEE, PARK), (PARK, KIM)]
    assert [each.boundary_at for each in weeks.out] == [MONDAY + n * WEEK for n in (1, 2, 3)]


def test_an_outage_of_the_provider_over_the_boundary_waits_for_it_and_then_goes_by_the_plan(weeks):
    weeks.go(MONDAY + WEEK - 3 * HOUR)
    weeks.is_answering = False
    weeks.go(MONDAY + WEEK + 2 * HOUR - MINUTE)
    assert weeks.out == []
    weeks.go(MONDAY + WEEK + 4 * HOUR)
    assert weeks.told() == [(KIM, LEE)]
    assert weeks.out[0].by_plan
    weeks.is_answering = True
    weeks.go(MONDAY + 2 * WEEK + 3 * HOUR)

    assert weeks.told() == [(KIM, LEE), (LEE, PARK)]
    assert [each.by_plan for each in weeks.out] == [True, False]


def test_an_outage_that_hid_an_extension_of_the_shift_does_not_lose_its_end(weeks):
    weeks.go(MONDAY + WEEK - 3 * HOUR)
    weeks.is_answering = False
    weeks.override(MONDAY + WEEK, MONDAY + WEEK + DAY, KIM)
    weeks.go(MONDAY + WEEK + 4 * HOUR)
    weeks.is_answering = True
    weeks.go(MONDAY + 2 * WEEK + 3 * HOUR)

    assert weeks.told() == [(KIM, LEE), (KIM, LEE), (LEE, PARK)]
    assert [each.boundary_at for each in weeks.out[1:]] == [MONDAY + WEEK + DAY, MONDAY + 2 * WEEK]


def test_an_outage_before_the_first_answer_begins_nothing(store):
    weeks = Weeks(store, is_answering=False)
    weeks.go(MONDAY + 2 * WEEK)

    assert weeks.all == []


def test_two_replicas_on_either_database_post_once(database_url):
    store = Store(database_url)
    weeks = Weeks(store, replicas=2)
    weeks.go(MONDAY + 2 * WEEK + 3 * HOUR)

    assert weeks.told() == [(KIM, LEE), (LEE, PARK)]
    assert sorted(ref.partition(":")[0] for ref in weeks.cards()) == ["handoff"] * 2 + ["handoff-draft"] * 2
    store.close()


def test_eight_weeks_with_everything_in_them_have_one_handoff_for_each_shift(store):
    berlin = ZoneInfo("Europe/Berlin")  # the clocks go back on October 25th
    monday = datetime(2026, 10, 5, 10, tzinfo=berlin)
    weeks = Weeks(store, now=monday, rotation=rotation(berlin, date(2026, 10, 5)), replicas=2)
    weeks.override(monday + WEEK + DAY, monday + WEEK + DAY + 3 * HOUR, PARK)
    weeks.override(monday + 3 * WEEK + 2 * DAY, monday + 3 * WEEK + 4 * DAY, PARK)
    for week in range(1, 9):
        weeks.is_answering = week != 5
        weeks.go(monday + week * WEEK + 4 * HOUR)
        weeks.is_answering = True
    weeks.go(monday + 8 * WEEK + 5 * HOUR)

    ends = [each.boundary_at.astimezone(berlin) for each in weeks.out]
    planned = [datetime(2026, 10, 5, 10, tzinfo=berlin) + n * WEEK for n in range(1, 9)]
    covered = [monday + 3 * WEEK + 2 * DAY, monday + 3 * WEEK + 4 * DAY]
    assert ends == sorted([*planned, *covered])
    assert [each.since for each in weeks.out[1:]] == [each.boundary_at for each in weeks.out[:-1]], "no hole"


def test_times_are_what_the_team_says(store):
    weeks = Weeks(store, rules=Rules(draft_before=DAY, grace=timedelta(0), remind_after=HOUR))
    weeks.go(MONDAY + WEEK - DAY)
    assert weeks.all[0].state is State.DRAFTED
    weeks.go(MONDAY + WEEK)

    assert weeks.told() == [(KIM, LEE)]


def test_somebody_whose_account_is_found_later_is_the_same_person(store):
    weeks = Weeks(store, accounts=())
    weeks.look()
    assert weeks.all[0].outgoing[0].user is None
    weeks.hire(KIM, LEE, PARK)
    weeks.go(MONDAY + WEEK + 3 * HOUR)

    assert weeks.told() == [(KIM, LEE)]

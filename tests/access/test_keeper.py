"""What is granted comes to stand at Google and goes away again, whatever Google answers and whoever else writes."""

from datetime import timedelta
from itertools import pairwise

import pytest

from bot.access.keeper import LATE_ARRIVAL, LOOK_EVERY, PACE
from bot.access.model import Ending, GrantState
from bot.ports.bigquery import TableName
from bot.ports.errors import Forbidden, NotAuthenticated, NotFound, Unavailable
from tests.access.bench import DAY, LEASE, ORDERS
from tests.access.google import Fault

DANA = {"userByEmail": "dana@haneul.example", "role": "READER"}
VIEW = {"view": {"projectId": "haneul-lab", "datasetId": "marts", "tableId": "v"}}
GONE = {"iamMember": "deleted:user:hana@haneul.example?uid=1", "role": "READER"}


def test_a_grant_is_given_and_taken_away_and_nothing_else_is_touched(any_bench):
    any_bench.google.lists[str(ORDERS)] = before = [VIEW, GONE, {"specialGroup": "projectOwners", "role": "OWNER"}]
    grant = any_bench.begin()
    any_bench.work()
    given, state = any_bench.entries(), any_bench.state(grant)
    any_bench.end(grant)
    any_bench.work()

    assert (given, state) == ([*before, DANA], "active")
    assert (any_bench.entries(), any_bench.state(grant)) == (before, "ended")


def test_what_waits_for_one_dataset_is_written_at_once(bench):
    grants = [bench.begin(f"person{n}@haneul.example") for n in range(20)]
    bench.work()

    assert [bench.state(grant) for grant in grants] == ["active"] * 20
    assert len(bench.google.writes) == 1


def test_writes_of_one_list_keep_their_distance(bench):
    times = []
    bench.google.before_write = lambda: times.append(bench.now)
    for n in range(4):
        bench.begin(f"person{n}@haneul.example")
        bench.work(within=timedelta(milliseconds=1))
    bench.work()

    assert len(times) > 1
    assert all(later - earlier >= timedelta(seconds=2) for earlier, later in pairwise(times))


def test_standing_access_is_neither_given_nor_taken_away(bench):
    bench.google.lists[str(ORDERS)] = [{"userByEmail": "Dana@Haneul.Example", "role": "WRITER"}]
    grant = bench.begin()
    bench.work()

    assert bench.grant(grant).ending is Ending.STANDING
    assert bench.google.writes == []


@pytest.mark.parametrize(
    "fault", [Fault.CONFLICT, Fault.LOST_ANSWER, Fault.HANG, Fault.LATE, Fault.LIMITED, Fault.DOWN]
)
def test_whatever_google_answers_it_is_given_once_and_taken_away(bench, fault):
    bench.google.lists[str(ORDERS)] = before = [VIEW]
    bench.google.faults = [fault, fault]
    grant = bench.begin()
    bench.work()
    given = bench.entries()
    bench.google.faults = [fault, fault]
    bench.end(grant)
    bench.work()

    assert given == [*before, DANA]
    assert (bench.entries(), bench.state(grant)) == (before, "ended")


def test_a_write_that_arrives_after_the_grant_was_ended_is_removed(bench):
    bench.google.faults = [Fault.LATE]
    grant = bench.begin()
    bench.once()
    bench.end(grant)
    bench.once()
    waits = bench.state(grant)
    bench.google.arrive()
    bench.work()

    assert waits == "revoking", "absence proves nothing while the write may be under way"
    assert (bench.entries(), bench.state(grant)) == ([], "ended")


def test_a_write_that_never_arrives_does_not_keep_a_grant_for_ever(bench):
    bench.google.faults = [Fault.HANG]
    grant = bench.begin()
    bench.once()
    bench.end(grant)
    bench.work(within=LATE_ARRIVAL * 2)

    assert bench.state(grant) == "ended"


def test_somebody_elses_equal_entry_of_the_same_moment_is_theirs(bench):
    def first():
        bench.google.before_write = lambda: None
        bench.google.somebody_else(str(ORDERS), [DANA])

    bench.google.before_write = first
    grant = bench.begin()
    bench.work()

    assert bench.grant(grant).ending is Ending.STANDING
    assert bench.entries() == [DANA]


def test_overlapping_grants_share_one_entry_and_the_last_one_takes_it_away(bench):
    first = bench.begin()
    bench.work()
    second = bench.begin(lasts=14 * DAY)
    bench.work()
    shared = bench.entries()
    bench.end(first)
    bench.work()
    kept = bench.entries()
    bench.end(second)
    bench.work()

    assert shared == kept == [DANA]
    assert (bench.entries(), bench.state(first), bench.state(second)) == ([], "ended", "ended")


def test_both_overlapping_grants_end_at_once(bench):
    grants = [bench.begin(), bench.begin()]
    bench.work()
    for grant in grants:
        bench.end(grant)
    bench.work()

    assert (bench.entries(), [bench.state(grant) for grant in grants]) == ([], ["ended", "ended"])


def test_one_grant_ends_while_another_of_the_same_begins(bench):
    first = bench.begin()
    bench.work()
    bench.end(first)
    second = bench.begin()
    bench.work()

    assert (bench.state(first), bench.state(second), bench.entries()) == ("ended", "active", [DANA])


def test_an_unknown_address_fails_alone(bench):
    bench.google.unknown = {"nobody@haneul.example"}
    wrong, right = bench.begin("nobody@haneul.example"), bench.begin()
    bench.work()

    assert bench.grant(wrong).ending is Ending.NOT_GIVEN
    assert bench.grant(wrong).problem is not None
    assert (bench.state(right), bench.entries()) == ("active", [DANA])


def test_members_that_google_no_longer_takes_are_left_out_of_that_write(bench):
    bench.google.lists[str(ORDERS)] = [GONE, VIEW]
    bench.google.takes_deleted = False
    grant = bench.begin()
    bench.work()

    assert (bench.state(grant), bench.entries()) == ("active", [VIEW, DANA])


@pytest.mark.parametrize("error", [Forbidden("BigQuery", "setIamPolicy"), NotFound("BigQuery", "no such dataset")])
def test_what_cannot_be_given_says_why(bench, error):
    bench.google.reads = [error]
    grant = bench.begin()
    bench.work()

    assert bench.grant(grant).ending is Ending.NOT_GIVEN
    assert bench.grant(grant).problem == error.words


def test_what_cannot_be_taken_away_is_told_to_the_owner_once_and_tried_until_it_works(bench):
    grant = bench.begin()
    bench.work()
    bench.end(grant, Ending.EXPIRED)
    bench.google.faults = [Fault.FORBIDDEN] * 4
    bench.work(within=timedelta(seconds=3))
    failed, called = bench.state(grant), bench.called()[-1]
    bench.work(within=timedelta(minutes=9))

    assert (failed, called) == ("revoke_failed", "U0MINJI")
    assert bench.notes().count("grant.note.revoke_failed") == 1
    assert (bench.entries(), bench.state(grant)) == ([], "ended")


@pytest.mark.parametrize("error", [Unavailable("BigQuery", "503"), NotAuthenticated("BigQuery", "401")])
def test_a_google_that_is_away_for_a_while_takes_nothing_from_anybody(bench, error):
    bench.google.reads = [error] * 3
    grant = bench.begin()
    bench.work()

    assert bench.state(grant) == "active"


def test_what_somebody_removes_in_google_is_told_and_not_put_back(bench):
    grant = bench.begin()
    bench.work()
    bench.google.somebody_else(str(ORDERS), [VIEW])
    bench.work(within=LOOK_EVERY * 2)

    assert bench.grant(grant).state is GrantState.DRIFTED
    assert (bench.grant(grant).ending, bench.entries()) == (Ending.REMOVED_ELSEWHERE, [VIEW])
    assert bench.notes()[-1] == "grant.note.removed_elsewhere"
    assert "U0MINJI" in bench.called()


def test_what_somebody_widens_in_google_is_theirs_from_then_on(bench):
    grant = bench.begin()
    bench.work()
    wider = [{"userByEmail": "dana@haneul.example", "role": "WRITER"}]
    bench.google.somebody_else(str(ORDERS), wider)
    bench.work(within=LOOK_EVERY * 2)

    assert (bench.grant(grant).ending, bench.entries()) == (Ending.WIDENED, wider)


def test_a_wider_grant_of_our_own_widens_nothing(bench):
    narrow, wide = bench.begin(), bench.begin(role="writer")
    bench.work()
    wider = [entry for entry in bench.entries() if entry["role"] == "WRITER"]
    bench.google.somebody_else(str(ORDERS), wider)
    bench.work(within=LOOK_EVERY * 2)

    assert (bench.grant(narrow).ending, bench.state(wide)) == (Ending.REMOVED_ELSEWHERE, "active")


def test_what_is_left_through_somebody_else_is_said_at_the_end(bench):
    grant = bench.begin()
    bench.work()
    bench.google.somebody_else(str(ORDERS), [DANA, {"userByEmail": "dana@haneul.example", "role": "WRITER"}])
    bench.end(grant, Ending.EXPIRED)
    bench.work()

    assert bench.entries() == [{"userByEmail": "dana@haneul.example", "role": "WRITER"}]
    assert bench.notes()[-1] == "grant.note.and_left"


def test_a_table_is_given_by_its_own_policy(bench):
    table = TableName("haneul-lab", "orders", "daily")
    bench.google.lists[str(table)] = before = [{"role": "roles/bigquery.dataViewer", "members": ["group:a@b.example"]}]
    grant = bench.begin(on=table)
    bench.work()
    given = bench.entries(table)
    bench.end(grant)
    bench.work()

    assert given[0]["members"] == ["group:a@b.example", "user:dana@haneul.example"]
    assert bench.entries(table) == before


def test_a_self_expiring_grant_carries_its_end_and_its_name(bench):
    grant = bench.begin(self_expiring=True)
    bench.work()
    [given] = bench.entries()
    bench.extend(grant, 30 * DAY)
    bench.work()
    [longer] = bench.entries()
    bench.end(grant)
    bench.work()

    assert given["condition"]["title"] == f"baton/{grant}"
    assert '"2026-11-29T03:00:' in given["condition"]["expression"]
    assert '"2026-12-22T03:00:' in longer["condition"]["expression"]
    assert bench.entries() == []


def test_what_our_own_ended_grant_left_goes_and_another_batons_stays(bench):
    old = bench.begin(self_expiring=True)
    bench.work()
    left = bench.entries()[0]
    bench.end(old)
    bench.work()
    strange = {**DANA, "condition": {"title": "baton/of-another-install", "expression": "true"}}
    bench.google.somebody_else(str(ORDERS), [left, strange])
    bench.begin("sora@haneul.example")
    bench.work()

    assert bench.entries() == [strange, {"userByEmail": "sora@haneul.example", "role": "READER"}]


def test_a_worker_that_lost_its_lease_writes_nothing(bench):
    from bot.store.claim import claim
    from bot.store.tables import access_lists

    grant = bench.begin()

    def take(owner):
        return bench.store.write(lambda tx: claim(tx, access_lists, 1, owner=owner, now=bench.now, lease=LEASE))[0]

    slow = take("slow")
    bench.clock.advance(LEASE * 2)
    quick = take("quick")
    bench.keeper.step(slow)
    nothing = list(bench.google.writes)
    bench.keeper.step(quick)
    bench.work()

    assert nothing == []
    assert (bench.state(grant), bench.entries()) == ("active", [DANA])


def test_what_google_shows_again_after_it_was_revoked_is_removed_again(bench):
    grant = bench.begin()
    bench.work()
    given = bench.entries()
    bench.end(grant)
    while bench.entries():
        if not bench.once():
            bench.clock.advance(PACE)
    bench.google.somebody_else(str(ORDERS), given)
    bench.work()

    assert (bench.state(grant), bench.entries()) == ("ended", [])


def test_what_comes_back_after_every_removal_is_told_to_the_owner_and_watched(bench):
    grant = bench.begin()
    bench.work()
    given, put = bench.entries(), bench.google._put
    bench.google._put = lambda name, wanted: put(name, given)
    bench.end(grant)
    bench.work()

    assert (bench.state(grant), bench.notes()[-1]) == ("revoke_failed", "grant.note.revoke_failed")
    bench.google._put = put
    bench.work(within=LOOK_EVERY * 2)
    assert (bench.state(grant), bench.entries()) == ("ended", [])


def test_the_entry_of_an_account_that_google_has_deleted_is_still_ours(bench):
    grant = bench.begin()
    bench.work()
    bench.google.somebody_else(str(ORDERS), [VIEW, {**GONE, "iamMember": "deleted:user:dana@haneul.example?uid=2"}])
    bench.work(within=LOOK_EVERY * 2)
    before = bench.state(grant)
    bench.end(grant)
    bench.work()

    assert (before, bench.state(grant), bench.entries()) == ("active", "ended", [VIEW])


def test_the_deleted_account_of_a_table_goes_too(bench):
    table = TableName("haneul-lab", "orders", "daily")
    grant = bench.begin(on=table)
    bench.work()
    gone = {"role": "roles/bigquery.dataViewer", "members": ["deleted:user:Dana@haneul.example?uid=2", "group:a@b.c"]}
    bench.google.somebody_else(str(table), [gone])
    bench.end(grant)
    bench.work()

    assert (bench.state(grant), bench.entries(table)) == ("ended", [{**gone, "members": ["group:a@b.c"]}])


def test_an_entry_with_its_own_end_that_somebody_widens_stays_as_people_were_told(bench):
    grant = bench.begin(self_expiring=True)
    bench.work()
    wider = [{**bench.entries()[0], "role": "WRITER"}]
    bench.google.somebody_else(str(ORDERS), wider)
    bench.work(within=LOOK_EVERY * 2)
    bench.begin("sora@haneul.example")
    bench.work()

    assert (bench.grant(grant).ending, bench.entries()[:1]) == (Ending.WIDENED, wider)


def test_access_that_is_over_ends_soon_after_google_is_back(bench):
    grant = bench.begin()
    bench.work()
    bench.end(grant)
    bench.google.reads = [Unavailable("BigQuery", "503")] * 10
    while bench.google.reads:
        if not bench.once():
            bench.clock.advance(PACE)
    bench.work(within=timedelta(minutes=1))

    assert (bench.state(grant), bench.entries()) == ("ended", [])


def test_grants_end_with_their_dataset_and_nobody_is_called_again_and_again(bench):
    over, lasting = bench.begin(), bench.begin("sora@haneul.example")
    bench.work()
    bench.end(over)
    bench.google.reads = [NotFound("BigQuery", "no such dataset")] * 200
    bench.work()

    assert (bench.state(over), bench.state(lasting)) == ("ended", "drifted")
    assert bench.notes().count("grant.note.vanished") == 2
    assert "grant.note.revoke_failed" not in bench.notes()


def test_a_dataset_that_is_not_found_once_ends_nothing(bench):
    grant = bench.begin()
    bench.work()
    bench.end(grant)
    bench.google.reads = [NotFound("BigQuery", "no such dataset")]
    bench.work()

    assert (bench.state(grant), bench.entries()) == ("ended", [])


def test_a_project_that_is_no_longer_configured_proves_nothing(bench):
    grant = bench.begin()
    bench.work()
    bench.end(grant)
    bench.keeper.bigquery.clear()
    for _ in range(10):
        bench.once()
        bench.clock.advance(timedelta(minutes=1))

    assert bench.state(grant) == "revoke_failed"


def test_a_worker_that_slept_over_its_lease_believes_nothing_of_what_it_saw(bench):
    grant = bench.begin()
    look = bench.google.acl

    def stall(dataset):
        seen, bench.google.acl = look(dataset), look
        bench.clock.advance(LEASE * 2)
        bench.work(within=timedelta(minutes=1))
        return seen

    bench.google.acl = stall
    bench.once()

    assert (bench.state(grant), bench.entries()) == ("active", [DANA])
    bench.end(grant)
    bench.work()
    assert (bench.state(grant), bench.entries()) == ("ended", [])


def test_googles_log_is_told_which_run_and_who(bench):
    grant = bench.begin()
    bench.work()

    assert bench.google.writes == [(str(ORDERS), f"Baton runs {bench.grant(grant).run_id} of U0SORA")]

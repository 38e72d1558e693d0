from dataclasses import replace
from datetime import timedelta

import pytest

from bot.actor import Actor
from bot.config.people import Person
from bot.config.policy import Policy
from bot.config.who import parse_who
from bot.operations.authority import Authority
from bot.operations.facts import Answer, Standing, Subject
from bot.operations.policy import Request
from bot.store.tables import people, user_groups
from bot.store.upsert import upsert
from bot.wiring.people import identities_of
from tests.conftest import NOW
from tests.operations.bench import MINA, person

ELSEWHERE = Actor.person("T2", MINA.id)


@pytest.fixture
def authority():
    return Authority(Policy, lambda _tx, user, _now: Answer.YES if user == MINA.id else Answer.NO)


def known(store, **changes):
    row = person(MINA, NOW) | changes
    store.write(lambda tx: upsert(tx, people, [row], key=["team", "user"]))


def group(store, members, fetched_at=NOW, team="T1"):
    row = {"team": team, "group_id": "S0ENG", "handle": "eng", "members": members, "fetched_at": fetched_at}
    store.write(lambda tx: upsert(tx, user_groups, [row], key=["team", "group_id"]))


def facts(store, authority, actor=MINA):
    return store.read(lambda tx: authority.facts(tx, actor, NOW))


@pytest.mark.parametrize(
    ("changes", "standing"),
    [
        pytest.param({}, Standing.MEMBER, id="member"),
        pytest.param({"is_guest": True}, Standing.GUEST, id="guest"),
        pytest.param({"is_bot": True}, Standing.BOT, id="bot"),
        pytest.param({"is_deleted": True, "is_guest": True}, Standing.DELETED, id="deleted"),
        pytest.param({"fetched_at": NOW - timedelta(hours=24, seconds=1)}, Standing.UNKNOWN, id="too old"),
        pytest.param({"fetched_at": NOW - timedelta(hours=24)}, Standing.MEMBER, id="just fresh enough"),
    ],
)
def test_the_directory_tells_the_standing(store, authority, changes, standing):
    known(store, **changes)

    assert facts(store, authority).standing is standing


def test_the_same_user_id_of_another_workspace_is_somebody_else(store, authority):
    known(store)
    group(store, [MINA.id])
    other = facts(store, authority, ELSEWHERE)

    assert other.standing is Standing.UNKNOWN
    assert other.in_group("S0ENG") is Answer.UNKNOWN


@pytest.mark.parametrize(
    ("members", "fetched_at", "answer"),
    [
        pytest.param([MINA.id, "U1"], NOW, Answer.YES, id="in it"),
        pytest.param(["U1"], NOW, Answer.NO, id="not in it"),
        pytest.param([MINA.id], NOW - timedelta(days=2), Answer.UNKNOWN, id="too old to say"),
    ],
)
def test_groups_have_three_answers(store, authority, members, fetched_at, answer):
    known(store)
    group(store, members, fetched_at)

    assert facts(store, authority).in_group("S0ENG") is answer
    assert facts(store, authority).in_group("S0OTHER") is Answer.UNKNOWN


def test_why_not_says_the_reason_and_nothing_where_it_is_allowed(store):
    policy = Policy.model_validate(
        {
            "rules": [
                {"operation": "incident.resolve", "who": ["member"]},
                {"operation": "incident.acknowledge", "who": ["member"], "needs": "approval"},
            ]
        }
    )
    authority = Authority(lambda: policy, lambda *_: Answer.NO)
    known(store)

    def why_not(operation):
        return store.read(lambda tx: authority.why_not(tx, MINA, Request(operation), NOW))

    assert why_not("incident.resolve") is None
    assert [reason.msgid for reason in why_not("incident.acknowledge").params["reasons"].items] == [
        "policy.needs_approval"
    ]
    assert [reason.msgid for reason in why_not("incident.close").params["reasons"].items] == ["policy.no_rule"]


# Approval, with facts from the tables

JUN, SORA = Actor.person("T1", "U0JUN"), Actor.person("T1", "U0SORA")
ORDERS = Subject(("dag:prod/orders",), owners=(parse_who("user:U0SORA"),))


def approving(by, *, on_call=(), identities=None):
    rule = {"operation": "clear-tasks", "who": "member", "needs": {"approval": {"count": 1, "by": by}}}
    return Authority(
        lambda: Policy.model_validate({"rules": [rule]}),
        lambda _tx, user, _now: Answer.YES if user in on_call else Answer.NO,
        on_call_now=lambda _tx, _now: tuple(on_call),
        identities=identities or {},
    )


def staff(store, *people_, **changes):
    rows = [person(each, NOW) | changes for each in people_]
    store.write(lambda tx: upsert(tx, people, rows, key=["team", "user"]))


def wish(*asked_by):
    return Request("clear-tasks", "repeats_work", 1, ORDERS, asked_by or (MINA,))


def could(store, authority, request=None):
    return store.read(lambda tx: authority.who_could_approve(tx, request or wish(), NOW))


def test_who_could_approve_is_found_by_name_group_duty_and_ownership(store):
    staff(store, MINA, JUN, SORA)
    group(store, [JUN.id, MINA.id])

    assert could(store, approving(["owners"])).users == (SORA.id,)
    assert could(store, approving(["group:S0ENG"])).users == (JUN.id,)
    assert could(store, approving(["on-call", "owners"], on_call=[JUN.id])).users == (JUN.id, SORA.id)


def test_that_nobody_could_approve_is_certain_or_it_is_said_what_is_not_known(store):
    staff(store, MINA)
    alone = could(store, approving(["user:U0MINA"]))
    unknown = could(store, approving(["group:S0GONE"]))

    assert alone.nobody
    assert not unknown.nobody
    assert [each.msgid for each in unknown.unchecked] == ["policy.group.unknown"]
    assert could(store, approving(["member"])).any_member


def test_where_two_are_needed_one_is_nobody(store):
    staff(store, MINA, JUN, SORA)
    group(store, [MINA.id, JUN.id])
    rule = {"operation": "clear-tasks", "who": "member", "needs": {"approval": {"count": 2, "by": "group:S0ENG"}}}
    authority = Authority(lambda: Policy.model_validate({"rules": [rule]}), lambda *_: Answer.NO)

    assert could(store, authority).nobody
    group(store, [SORA.id, JUN.id])
    assert not could(store, authority).nobody


def test_an_account_with_the_same_mail_is_the_same_person_whatever_its_case_and_tag(store):
    staff(store, MINA, SORA)
    staff(store, JUN, email="U0Mina+second@Example.com")
    authority = approving(["member"])

    def may(actor):
        return store.read(lambda tx: authority.may_approve(tx, actor, wish(), NOW))

    assert may(SORA).allowed
    assert [reason.msgid for reason in may(JUN).reasons] == ["run.not_your_own"]


def test_who_gains_by_it_does_not_approve_it_nor_does_another_account_of_theirs(store):
    staff(store, MINA, SORA)
    staff(store, JUN, email="u0sora+second@example.com")
    for_sora = replace(wish(), subject=replace(ORDERS, for_whom=(SORA.id,)))
    authority = approving(["member"])

    def may(actor, request):
        return store.read(lambda tx: authority.may_approve(tx, actor, request, NOW)).allowed

    assert (may(SORA, wish()), may(JUN, wish())) == (True, True)
    assert (may(SORA, for_sora), may(JUN, for_sora)) == (False, False)


def test_people_yaml_says_which_accounts_and_terminals_are_one_person(store):
    staff(store, MINA, JUN, SORA)
    two = (
        Person(slack="U0MINA", name="Mina", also_slack=("U0JUN",), cli=("mina@laptop",)),
        Person(slack="U0SORA", name="S"),
    )
    authority = approving(["member"], identities=identities_of(two))

    def may(actor, asked):
        return store.read(lambda tx: authority.may_approve(tx, actor, wish(asked), NOW)).allowed

    assert not may(JUN, MINA)
    assert may(SORA, MINA)


@pytest.mark.parametrize(("approver", "allowed"), [(JUN, False), (SORA, True)])
def test_what_was_asked_for_at_a_terminal_is_not_approved_by_its_owner(store, approver, allowed):
    staff(store, MINA, JUN, SORA)
    terminal = Actor.cli("jun@laptop")
    rule = {"operation": "clear-tasks", "who": "cli:jun@laptop", "needs": {"approval": {"by": "member"}}}
    known = (Person(slack="U0JUN", name="Jun", cli=("jun@laptop",)),)
    authority = Authority(
        lambda: Policy.model_validate({"rules": [rule]}), lambda *_: Answer.NO, identities=identities_of(known)
    )

    decision = store.read(lambda tx: authority.may_approve(tx, approver, wish(terminal), NOW))

    assert decision.allowed is allowed


def test_a_yes_counts_only_while_its_giver_still_may(store):
    staff(store, MINA, JUN)
    group(store, [JUN.id])
    authority = approving(["group:S0ENG"])

    def missing():
        return store.read(lambda tx: authority.outstanding(tx, wish(), [JUN], NOW))

    assert missing() == ()
    group(store, [])
    assert [each.count for each in missing()] == [1]
    group(store, [JUN.id], fetched_at=NOW - timedelta(days=2))
    assert [each.count for each in missing()] == [1]

"""Targets, approvals, protection, prohibition, freezes and broken glass, each in the smallest policy that has it."""

from datetime import timedelta

import pytest

from bot.actor import Actor
from bot.config.policy import Needs, Policy
from bot.config.who import Who, WhoKind, parse_who
from bot.operations.approving import may_approve, outstanding
from bot.operations.facts import Answer, Facts, Standing, Subject
from bot.operations.policy import Approvals, Request, decide
from bot.text import Code
from tests.conftest import NOW


def member(name, on_call=Answer.NO, groups=(), identity=None):
    mine = frozenset({f"mail:{name}@example.com"}) if identity is None else frozenset(identity)
    known = frozenset({"S0ENG", "S0PAY"})
    return Facts(Actor.person("T1", f"U0{name.upper()}"), Standing.MEMBER, on_call, frozenset(groups), known, mine)


MINA, JUN, SORA = member("mina"), member("jun"), member("sora")
ON_CALL = member("alex", Answer.YES)
ORDERS = Subject(("dag:prod/orders_daily",), owners=(parse_who("user:U0JUN"),), tags=frozenset({"core"}))
SALARIES = Subject(("table:hr.pay.salaries",), approvers=(parse_who("group:S0PAY"),), duration=timedelta(days=7))


def policy(*rules, **more):
    return Policy.model_validate({"rules": list(rules), **more})


def rule(who="member", **more):
    return {"operation": "clear-tasks", "who": who, **more}


def request(subject=ORDERS, *, effect="repeats_work", **more):
    return Request("clear-tasks", effect, size=3, subject=subject, **more)


def ids(decision):
    return [reason.msgid for reason in decision.reasons]


# Targets


@pytest.mark.parametrize(
    ("targets", "subject", "allowed"),
    [
        pytest.param("dag:prod/orders_*", ORDERS, True, id="by a pattern"),
        pytest.param("dag:prod/billing_*", ORDERS, False, id="of something else"),
        pytest.param("dag:dev/*", ORDERS, False, id="on another Airflow"),
        pytest.param("tag:core", ORDERS, True, id="by a tag"),
        pytest.param("dataset:hr.*", SALARIES, True, id="a table by its dataset"),
        pytest.param(
            "table:hr.pay.salaries",
            Subject(("table:hr.pay.salaries", "table:hr.pay.bonuses")),
            False,
            id="not where only some of what is touched is meant",
        ),
        pytest.param(
            "load:orders", Subject(("load:orders", "dag:prod/orders_daily")), True, id="under one of its names"
        ),
        pytest.param("dag:*/*", Subject(), False, id="not where nothing is named"),
    ],
)
def test_a_rule_allows_what_it_speaks_of_wholly(targets, subject, allowed):
    decision = decide(request(subject), policy(rule(target=targets)), MINA, NOW)

    assert decision.allowed is allowed
    assert ids(decision) == ([] if allowed else ["policy.other_target"])


def test_a_rule_may_speak_of_an_effect_so_that_operations_to_come_are_meant_too():
    by_effect = policy({"effect": "repeats_work", "who": "member"})

    assert decide(Request("rerun-load", "repeats_work"), by_effect, MINA, NOW).allowed
    assert ids(decide(Request("grant-access", "grants_access"), by_effect, MINA, NOW)) == ["policy.no_rule"]


@pytest.mark.parametrize(("days", "allowed"), [(7, True), (8, False)])
def test_a_rule_has_a_longest_duration(days, allowed):
    subject = Subject(("dataset:hr.pay",), duration=timedelta(days=days))
    decision = decide(request(subject), policy(rule(longest="7d")), MINA, NOW)

    assert decision.allowed is allowed
    assert ids(decision) == ([] if allowed else ["policy.too_long"])


def test_owners_are_those_whom_the_configuration_names_for_the_thing():
    owners_only = policy(rule("owners"))

    assert decide(request(), owners_only, JUN, NOW).allowed
    assert ids(decide(request(), owners_only, MINA, NOW)) == ["policy.user.not"]
    assert ids(decide(request(SALARIES), owners_only, JUN, NOW)) == ["policy.owners.none"]


# What is needed


def test_it_says_what_has_to_be_told_and_what_of_it_was_not():
    wanted = policy(rule(needs=["reason", "ticket"]))
    decision = decide(request(reason="rows were missing", ticket="  "), wanted, MINA, NOW)

    assert decision.allowed
    assert decision.needs == {Needs.REASON, Needs.TICKET}
    assert decision.lacks == {Needs.TICKET}


@pytest.mark.parametrize("facts", [member("mina", Answer.UNKNOWN), MINA], ids=["unknown", "not on call"])
def test_who_is_sent_to_approval_is_told_why_the_easier_rule_does_not_let_them(facts):
    both = policy(rule("on-call"), rule(needs={"approval": {"by": ["on-call", "owners"]}}))
    decision = decide(request(), both, facts, NOW)

    assert decision.approvals == (Approvals(1, (Who(WhoKind.ON_CALL), Who(WhoKind.OWNERS))),)
    assert ids(decision) == [f"policy.on_call.{'unknown' if facts.on_call is Answer.UNKNOWN else 'not'}"]


def test_approval_without_by_is_by_those_whom_the_rule_lets_ask():
    assert decide(request(), policy(rule("group:S0ENG", needs="approval")), member("a", groups=["S0ENG"]), NOW) == (
        decide(
            request(),
            policy(rule("group:S0ENG", needs={"approval": {"count": 1, "by": ["group:S0ENG"]}})),
            member("a", groups=["S0ENG"]),
            NOW,
        )
    )


def test_what_is_protected_needs_approval_whatever_the_rule_says():
    guarded = policy(rule("on-call"), protected=[{"target": "tag:core", "why": "Finance reads it."}])
    decision = decide(request(), guarded, ON_CALL, NOW)

    assert decision.approvals == (Approvals(1, (Who(WhoKind.OWNERS), Who(WhoKind.APPROVERS))),)
    assert decision.reasons[0].params["said"].params["what"] == Code("tag:core")
    assert decide(request(SALARIES), guarded, ON_CALL, NOW).needs_nobody


def test_every_protection_and_the_rule_must_each_be_met():
    guarded = policy(
        rule(needs={"approval": {"by": "on-call"}}),
        protected=[
            {"target": "table:hr.*", "approval": {"by": "group:S0PAY"}},
            {"target": "dataset:hr.pay", "approval": {"count": 2, "by": "group:S0ENG"}},
        ],
    )
    wanted = decide(request(SALARIES), guarded, MINA, NOW).approvals
    both, pay = member("jun", Answer.YES, ["S0ENG", "S0PAY"]), member("sora", groups=["S0PAY"])

    assert [each.count for each in wanted] == [1, 1, 2]
    assert outstanding(request(SALARIES), wanted, [both, pay]) == (Approvals(1, (Who(WhoKind.GROUP, "S0ENG"),)),)


# Who may approve

BY_MEMBERS = (Approvals(1, (Who(WhoKind.MEMBER),)),)
NOBODY_KNOWS = frozenset()


@pytest.mark.parametrize(
    ("approver", "asked", "reason"),
    [
        pytest.param(MINA, [MINA], "run.not_your_own", id="who asked"),
        pytest.param(JUN, [JUN, MINA], "run.not_your_own", id="who asked first and let another confirm"),
        pytest.param(
            member("mina2", identity={"mail:mina@example.com"}), [MINA], "run.not_your_own", id="their second account"
        ),
        pytest.param(
            member("jun", identity={"entry:3"}),
            [Facts(Actor.cli("jun@laptop"), identity=frozenset({"entry:3"}))],
            "run.not_your_own",
            id="who asked at their terminal",
        ),
        pytest.param(
            member("ghost", identity=()), [MINA], "policy.same_person.unknown", id="an account that nobody knows"
        ),
        pytest.param(
            JUN, [Facts(Actor.cli("ci@host"))], "policy.same_person.unknown", id="whose terminal it is, nobody knows"
        ),
        pytest.param(Facts(JUN.actor, Standing.GUEST), [MINA], "policy.standing.guest", id="a guest"),
        pytest.param(Facts(JUN.actor, Standing.UNKNOWN), [MINA], "policy.standing.unknown", id="a stranger"),
        pytest.param(Facts(Actor.cli("jun@laptop")), [MINA], "policy.not_a_person", id="a terminal"),
    ],
)
def test_who_may_not_approve_is_told_why(approver, asked, reason):
    decision = may_approve(request(), BY_MEMBERS, approver, asked)

    assert not decision.allowed
    assert ids(decision) == [reason]


def test_somebody_else_of_those_who_are_named_may_approve():
    by_owner = (Approvals(1, (Who(WhoKind.OWNERS),)),)

    assert may_approve(request(), by_owner, JUN, [MINA]).allowed
    assert ids(may_approve(request(), by_owner, SORA, [MINA])) == ["policy.user.not"]


def test_two_accounts_of_one_person_count_once():
    two = (Approvals(2, (Who(WhoKind.MEMBER),)),)
    again = member("sora2", identity=SORA.identity)

    assert outstanding(request(), two, [SORA, again]) == BY_MEMBERS
    assert outstanding(request(), two, [SORA, JUN]) == ()


# What holds for everybody

NIGHT = {"name": "night", "zone": "UTC", "daily": [{"from": "00:00", "to": "00:00"}]}
GLASS = {"operation": "clear-tasks", "channel": "C0OPS"}


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        pytest.param({"forbidden": [{"target": "dag:prod/orders_*"}]}, "policy.forbidden", id="forbidden"),
        pytest.param({"forbidden": [{"operation": "clear-tasks"}]}, "policy.forbidden", id="an operation"),
        pytest.param({"freezes": [NIGHT]}, "policy.frozen", id="frozen"),
        pytest.param({"freezes": [NIGHT | {"target": "tag:core"}]}, "policy.frozen", id="frozen by its tag"),
    ],
)
def test_what_is_forbidden_or_frozen_is_so_for_everybody(more, reason):
    decision = decide(request(), policy(rule(), **more), ON_CALL, NOW)

    assert not decision.allowed
    assert ids(decision) == [reason]
    assert not decision.break_glass


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"forbidden": [{"target": "dag:prod/billing_*"}]}, id="another target"),
        pytest.param({"freezes": [NIGHT | {"effect": "grants_access"}]}, id="another effect"),
        pytest.param({"freezes": [NIGHT | {"operation": ["rerun-load"]}]}, id="another operation"),
    ],
)
def test_what_speaks_of_something_else_does_not_hold(more):
    assert decide(request(), policy(rule(), **more), MINA, NOW).needs_nobody


def test_a_freeze_of_everything_leaves_the_work_with_incidents_alone():
    frozen = policy({"operation": "incident.resolve", "who": "member"}, freezes=[NIGHT])

    assert decide(Request("incident.resolve", "keeps_records"), frozen, MINA, NOW).allowed


# Break-glass


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({"freezes": [NIGHT]}, id="a freeze"),
        pytest.param({"forbidden": [{"target": "tag:core", "break_glass": True}]}, id="what says that it may be"),
        pytest.param({"protected": [{"target": "tag:core"}]}, id="a protection"),
        pytest.param({"rules": [rule("user:U0JUN")]}, id="rules for others"),
        pytest.param({"rules": [rule(needs="approval")]}, id="approval"),
    ],
)
def test_who_is_on_call_may_break_the_glass_with_a_reason(more):
    listed = Policy.model_validate({"rules": [rule("on-call")], "break_glass": GLASS} | more)
    offered = decide(request(), listed, ON_CALL, NOW)
    broken = decide(request(break_glass=True, reason="orders must be there by 9"), listed, ON_CALL, NOW)

    assert not offered.needs_nobody
    assert offered.break_glass == "C0OPS"
    assert broken.needs_nobody
    assert broken.needs == {Needs.REASON}
    assert not broken.lacks
    assert decide(request(break_glass=True), listed, ON_CALL, NOW).lacks == {Needs.REASON}


def test_the_glass_is_not_offered_where_nothing_stands_in_the_way():
    assert decide(request(), policy(rule(), break_glass=GLASS), ON_CALL, NOW).break_glass == ""


@pytest.mark.parametrize(
    ("more", "facts", "reason"),
    [
        pytest.param({"break_glass": GLASS}, MINA, "policy.on_call.not", id="not on call"),
        pytest.param({"break_glass": GLASS}, member("a", Answer.UNKNOWN), "policy.on_call.unknown", id="not known"),
        pytest.param({}, ON_CALL, "policy.break_glass.nobody", id="there is none"),
        pytest.param(
            {"break_glass": GLASS | {"operation": "rerun-load"}},
            ON_CALL,
            "policy.break_glass.not_for_this",
            id="it is for another operation",
        ),
        pytest.param(
            {"break_glass": GLASS | {"target": "load:*"}}, ON_CALL, "policy.break_glass.not_for_this", id="target"
        ),
        pytest.param({"break_glass": GLASS | {"size_at_most": 2}}, ON_CALL, "policy.too_much", id="too much"),
        pytest.param(
            {"break_glass": GLASS, "forbidden": [{"target": "tag:core"}]}, ON_CALL, "policy.forbidden", id="forbidden"
        ),
        pytest.param(
            {"break_glass": GLASS, "freezes": [NIGHT | {"break_glass": False}]},
            ON_CALL,
            "policy.frozen",
            id="a freeze that says that it may not be",
        ),
    ],
)
def test_who_may_not_break_the_glass_is_told_why(more, facts, reason):
    decision = decide(request(break_glass=True, reason="now"), policy(rule(), **more), facts, NOW)

    assert not decision.allowed
    assert ids(decision) == [reason]

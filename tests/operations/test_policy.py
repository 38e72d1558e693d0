import pytest

from bot.actor import BATON, Actor
from bot.config.policy import Policy
from bot.config.who import Who, WhoKind
from bot.operations.facts import Answer, Facts, Standing, Subject
from bot.operations.policy import Approvals, Request, decide
from tests.conftest import NOW

MINA = Actor.person("T1", "U0MINA")
MEMBER = Facts(MINA, Standing.MEMBER, Answer.NO)
ON_CALL = Facts(MINA, Standing.MEMBER, Answer.YES)
CLEAR = Request("clear-tasks", size=5)
BY_MEMBER = (Approvals(1, (Who(WhoKind.MEMBER),)),)
DEFAULT = [
    {"operation": "clear-tasks", "who": ["on-call"], "size_at_most": 20},
    {"operation": "clear-tasks", "who": ["member"], "size_at_most": 200, "needs": "approval"},
]


def rules(*listed):
    return Policy.model_validate({"rules": list(listed)})


def one(who, **more):
    return rules({"operation": "clear-tasks", "who": who, **more})


@pytest.mark.parametrize(
    ("facts", "request_", "needs"),
    [
        pytest.param(ON_CALL, CLEAR, (), id="the on-call alone up to twenty"),
        pytest.param(ON_CALL, Request("clear-tasks", size=20), (), id="twenty is still alone"),
        pytest.param(ON_CALL, Request("clear-tasks", size=21), BY_MEMBER, id="more needs a second person"),
        pytest.param(MEMBER, CLEAR, BY_MEMBER, id="so does somebody who is not on call"),
    ],
)
def test_the_shipped_default_allows(facts, request_, needs):
    decision = decide(request_, rules(*DEFAULT), facts, NOW)

    assert decision.allowed
    assert decision.approvals == needs


@pytest.mark.parametrize(
    ("listed", "facts", "reasons"),
    [
        pytest.param(Policy(), ON_CALL, ["policy.no_rule"], id="no rule"),
        pytest.param(one([]), ON_CALL, ["policy.nobody"], id="an empty list is nobody"),
        pytest.param(one(["on-call"]), MEMBER, ["policy.on_call.not"], id="not on call"),
        pytest.param(
            one(["on-call"]), Facts(MINA, Standing.MEMBER), ["policy.on_call.unknown"], id="duty could not be checked"
        ),
        pytest.param(
            one(["on-call"], size_at_most=4), ON_CALL, ["policy.too_much"], id="more than the only rule allows"
        ),
        pytest.param(one(["group:S0ENG"]), MEMBER, ["policy.group.unknown"], id="group could not be checked"),
        pytest.param(
            one(["group:S0ENG"]),
            Facts(MINA, Standing.MEMBER, known_groups=frozenset({"S0ENG"})),
            ["policy.group.not"],
            id="not in the group",
        ),
        pytest.param(one(["user:U0JUN"]), ON_CALL, ["policy.user.not"], id="for another user"),
        pytest.param(one(["cli:kim@laptop"]), ON_CALL, ["policy.cli.not"], id="for a command line"),
        pytest.param(
            one(["user:U0JUN", "group:S0ENG"]),
            MEMBER,
            ["policy.user.not", "policy.group.unknown"],
            id="each reason is said",
        ),
        pytest.param(
            rules(*DEFAULT[:1]), Facts(Actor.cli("root@host")), ["policy.on_call.not"], id="a command line unnamed"
        ),
    ],
)
def test_the_policy_refuses_with_its_reason(listed, facts, reasons):
    decision = decide(CLEAR, listed, facts, NOW)

    assert not decision.allowed
    assert [reason.msgid for reason in decision.reasons] == reasons


@pytest.mark.parametrize("standing", [each for each in Standing if each is not Standing.MEMBER])
def test_who_is_no_full_member_may_do_nothing_whatever_the_rules_say(standing):
    facts = Facts(MINA, standing, Answer.YES, frozenset({"S0ENG"}), frozenset({"S0ENG"}))
    decision = decide(CLEAR, one(["on-call", "member", "group:S0ENG", "user:U0MINA"]), facts, NOW)

    assert not decision.allowed
    assert [reason.msgid for reason in decision.reasons] == [f"policy.standing.{standing}"]


@pytest.mark.parametrize(
    ("who", "facts"),
    [
        pytest.param(["member"], MEMBER, id="member"),
        pytest.param(["user:U0MINA"], MEMBER, id="user"),
        pytest.param(
            ["group:S0ENG"],
            Facts(MINA, Standing.MEMBER, groups=frozenset({"S0ENG"}), known_groups=frozenset({"S0ENG"})),
            id="group",
        ),
        pytest.param(["cli:kim@laptop"], Facts(Actor.cli("kim@laptop")), id="command line"),
        pytest.param(["on-call", "group:S0ENG", "member"], MEMBER, id="any one is enough, unknown ones do no harm"),
    ],
)
def test_the_policy_allows_whom_it_names(who, facts):
    assert decide(CLEAR, one(who), facts, NOW).allowed


def test_of_several_rules_the_one_that_needs_least_decides():
    both = rules(
        {"operation": "clear-tasks", "who": ["member"], "needs": "approval"},
        {"operation": "clear-tasks", "who": ["on-call"]},
    )

    assert decide(CLEAR, both, ON_CALL, NOW).approvals == ()


def test_what_was_only_seen_somewhere_may_not_act():
    assert not decide(CLEAR, one(["member"]), Facts(Actor.seen_in("airflow"), Standing.MEMBER), NOW).allowed


def test_baton_itself_needs_a_rule_too():
    assert not decide(CLEAR, one(["member", "on-call"]), Facts(BATON, on_call=Answer.NO), NOW).allowed


def test_incidents_are_decided_by_the_same_rules():
    listed = rules({"operation": "incident.resolve", "who": ["member"]})

    assert decide(Request("incident.resolve"), listed, MEMBER, NOW).allowed
    assert not decide(Request("incident.acknowledge"), listed, MEMBER, NOW).allowed


@pytest.mark.parametrize(
    ("target", "is_forbidden"),
    [
        pytest.param("table:p.sales.salaries", True, id="a table of it"),
        pytest.param("table:p.sales.*", True, id="all tables of it"),
        pytest.param("table:*.salaries", True, id="a table wherever it is"),
        pytest.param("table:p.*", True, id="a whole project"),
        pytest.param("table:p.[rs]ales.pay_[0-9]", True, id="brackets"),
        pytest.param("table:p.hr.salaries", False, id="a table of another dataset"),
        pytest.param("table:*.hr.salaries", False, id="of another dataset in any project"),
        pytest.param("dataset:p.hr", False, id="another dataset"),
    ],
)
def test_a_forbidden_table_is_not_had_by_its_dataset(target, is_forbidden):
    policy = Policy.model_validate(
        {
            "rules": [{"operation": "grant-access", "who": ["member"]}],
            "forbidden": [{"target": target, "operation": "grant-access"}],
        }
    )
    wanted = Request("grant-access", subject=Subject(("dataset:p.sales",)))

    assert decide(wanted, policy, MEMBER, NOW).allowed is not is_forbidden

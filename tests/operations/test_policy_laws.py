"""What holds for every policy, request and person: less knowledge never allows more, and no order surprises."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.actor import Actor
from bot.config.policy import Policy
from bot.config.who import parse_who
from bot.operations.approving import may_approve, outstanding
from bot.operations.facts import Answer, Facts, Standing, Subject
from bot.operations.policy import Approvals, Request, decide
from tests.conftest import NOW

GROUPS = ("S0ENG", "S0PAY", "S0ALL")
USERS = ("U0MINA", "U0JUN", "U0SORA")
TARGETS = ("dag:prod/a", "dag:prod/b", "load:a", "table:p.d.a", "table:p.d.b", "dataset:p.d")
PATTERNS = ("dag:prod/*", "dag:prod/a", "load:*", "table:p.d.a", "dataset:p.*", "tag:pii")
NAMED = (*map("group:{}".format, GROUPS), *map("user:{}".format, USERS))
WHO = st.sampled_from(["on-call", "member", "owners", "approvers", "cli:a@b", *NAMED])
PEOPLE = st.lists(WHO, max_size=3, unique=True)
SOMEBODY = st.lists(WHO, min_size=1, max_size=3, unique=True)
SCOPES = st.fixed_dictionaries(
    {"operation": st.sampled_from([["clear-tasks"], ["rerun-load"], ["clear-tasks", "rerun-load"]])},
    optional={"target": st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=2, unique=True)},
)
LIMITS = st.fixed_dictionaries(
    {}, optional={"size_at_most": st.integers(1, 10), "longest": st.sampled_from(["1d", "9d"])}
)
APPROVALS = st.fixed_dictionaries({"count": st.integers(1, 3)}, optional={"by": SOMEBODY})
NEEDS = st.fixed_dictionaries({}, optional={"approval": APPROVALS, "reason": st.booleans(), "ticket": st.booleans()})


def merged(*parts):
    return st.tuples(*parts).map(lambda found: {key: value for part in found for key, value in part.items()})


RULES = merged(SCOPES, LIMITS, st.fixed_dictionaries({"who": PEOPLE, "needs": NEEDS}))
PROTECTED = st.fixed_dictionaries(
    {
        "target": st.lists(st.sampled_from(PATTERNS), min_size=1, max_size=2),
        "approval": st.fixed_dictionaries({"count": st.integers(1, 2), "by": SOMEBODY}),
    }
)
FORBIDDEN = merged(SCOPES, st.fixed_dictionaries({"break_glass": st.booleans()}))
ALWAYS = [{"from": "09:00", "to": "09:00"}]
FREEZES = merged(
    SCOPES,
    st.fixed_dictionaries(
        {
            "name": st.just("night"),
            "zone": st.just("Asia/Seoul"),
            "daily": st.sampled_from([ALWAYS, [{"from": "00:00", "to": "12:00"}], [{"from": "12:00", "to": "00:00"}]]),
            "break_glass": st.booleans(),
        }
    ),
)
GLASSES = merged(SCOPES, LIMITS, st.fixed_dictionaries({"who": PEOPLE, "channel": st.just("C0OPS")}))
WRITTEN = st.fixed_dictionaries(
    {"rules": st.lists(RULES, max_size=4)},
    optional={
        "protected": st.lists(PROTECTED, max_size=2),
        "forbidden": st.lists(FORBIDDEN, max_size=1),
        "freezes": st.lists(FREEZES, max_size=1),
        "break_glass": GLASSES,
    },
)
POLICIES = WRITTEN.map(Policy.model_validate)

OF_THING = st.lists(st.sampled_from(NAMED), max_size=2).map(lambda written: tuple(map(parse_who, written)))
SUBJECTS = st.builds(
    Subject,
    targets=st.lists(st.sampled_from(TARGETS), max_size=3, unique=True).map(tuple),
    owners=OF_THING,
    approvers=OF_THING,
    duration=st.none() | st.timedeltas(timedelta(hours=1), timedelta(days=20)),
    tags=st.frozensets(st.just("pii")),
)
REQUESTS = st.builds(
    Request,
    operation=st.sampled_from(["clear-tasks", "rerun-load"]),
    effect=st.just("repeats_work"),
    size=st.integers(0, 12),
    subject=SUBJECTS,
    reason=st.sampled_from(["", "because"]),
    ticket=st.sampled_from(["", "OPS-1"]),
    break_glass=st.booleans(),
)


@st.composite
def facts(draw):
    known = draw(st.frozensets(st.sampled_from(GROUPS)))
    return Facts(
        actor=draw(st.sampled_from([*(Actor.person("T1", user) for user in USERS), Actor.cli("a@b")])),
        standing=draw(st.sampled_from([Standing.MEMBER, Standing.MEMBER, *Standing])),
        on_call=draw(st.sampled_from(Answer)),
        groups=known & draw(st.frozensets(st.sampled_from(GROUPS))),
        known_groups=known,
        identity=draw(st.frozensets(st.sampled_from(["mail:a@x", "mail:b@x", "entry:1"]), max_size=2)),
    )


@st.composite
def less_known(draw):
    """Draw facts, and the same with some of them no longer known."""
    full = draw(facts())
    forgotten = draw(st.frozensets(st.sampled_from(GROUPS)))
    return full, replace(
        full,
        standing=draw(st.sampled_from([full.standing, Standing.UNKNOWN])),
        on_call=draw(st.sampled_from([full.on_call, Answer.UNKNOWN])),
        groups=full.groups - forgotten,
        known_groups=full.known_groups - forgotten,
        identity=draw(st.sampled_from([full.identity, frozenset()])),
    )


@given(policy=POLICIES, request=REQUESTS, both=less_known())
def test_less_knowledge_never_allows_more(policy, request, both):
    full, less = (decide(request, policy, each, NOW) for each in both)

    assert full.allowed or not less.allowed
    assert full.needs_nobody or not less.needs_nobody
    assert full.break_glass or not less.break_glass or full.needs_nobody
    if less.allowed:
        assert sum(each.count for each in less.approvals) >= sum(each.count for each in full.approvals)


@given(request=REQUESTS, approvals=st.lists(APPROVALS, min_size=1, max_size=2), both=less_known(), asked=facts())
def test_less_knowledge_lets_nobody_else_approve(request, approvals, both, asked):
    wanted = [Approvals(each["count"], tuple(map(parse_who, each.get("by", ["member"])))) for each in approvals]
    full, less = (may_approve(request, wanted, each, [asked]) for each in both)
    unknown = replace(asked, identity=frozenset())

    assert full.allowed or not less.allowed
    assert full.allowed or not may_approve(request, wanted, both[0], [unknown]).allowed


@given(policy=POLICIES, request=REQUESTS, facts=facts())
def test_what_no_rule_speaks_of_is_refused(policy, request, facts):
    elsewhere = policy.model_copy(update={"rules": (), "break_glass": None})

    assert not decide(request, elsewhere, facts, NOW).allowed


@given(policy=POLICIES, request=REQUESTS, facts=facts())
def test_what_is_forbidden_outright_is_refused_whatever_else_is_written(policy, request, facts):
    forbidding = Policy.model_validate({"forbidden": [{"operation": request.operation}]}).forbidden
    decision = decide(request, policy.model_copy(update={"forbidden": forbidding}), facts, NOW)

    assert not decision.allowed
    assert not decision.break_glass


@given(policy=POLICIES, request=REQUESTS, facts=facts(), data=st.data())
def test_the_order_of_the_rules_changes_only_who_approves_among_rules_that_want_as_much(policy, request, facts, data):
    shuffled = policy.model_copy(update={"rules": tuple(data.draw(st.permutations(policy.rules)))})
    one, other = (decide(request, each, facts, NOW) for each in (policy, shuffled))

    assert one.allowed is other.allowed
    assert one.needs_nobody is other.needs_nobody
    assert one.break_glass == other.break_glass
    assert len(one.needs) == len(other.needs)
    assert set(map(str, one.reasons)) == set(map(str, other.reasons)) or one.allowed


@given(policy=POLICIES, request=REQUESTS, facts=facts(), rule=RULES)
def test_one_more_rule_never_takes_away_what_was_allowed(policy, request, facts, rule):
    more = Policy.model_validate({"rules": [rule]}).rules
    before = decide(request, policy, facts, NOW)
    after = decide(request, policy.model_copy(update={"rules": (*policy.rules, *more)}), facts, NOW)

    assert after.allowed or not before.allowed
    assert after.needs_nobody or not before.needs_nobody


@given(policy=POLICIES, request=REQUESTS, facts=facts())
def test_a_refusal_always_says_why(policy, request, facts):
    decision = decide(request, policy, facts, NOW)

    assert decision.allowed or decision.reasons


@given(request=REQUESTS, approvals=APPROVALS, yes=st.lists(facts(), max_size=4), more=facts())
def test_one_more_yes_never_leaves_more_to_be_met(request, approvals, yes, more):
    wanted = (Approvals(approvals["count"], tuple(map(parse_who, approvals.get("by", ["member"])))),)
    before, after = outstanding(request, wanted, yes), outstanding(request, wanted, [*yes, more])

    assert sum(each.count for each in after) <= sum(each.count for each in before)

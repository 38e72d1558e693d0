from datetime import timedelta

import pytest

from bot.actor import Actor
from bot.config.policy import Policy
from bot.operations.authority import Authority
from bot.operations.facts import Answer, Standing
from bot.operations.policy import Request
from bot.store.tables import people, user_groups
from bot.store.upsert import upsert
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

"""Who a Slack account is at Google: certain, or nobody."""

from datetime import timedelta

import pytest

from bot.access.book import google_account
from bot.access.members import MemberKind
from bot.access.model import Grantee
from bot.store.tables import people
from bot.store.upsert import upsert
from tests.conftest import NOW

SINCE = NOW - timedelta(hours=6)


def account(user, email=None, **more):
    known = {"team": "T1", "name": user.lower(), "real_name": user, "locale": "en-US", "zone": "UTC"}
    flags = {"is_bot": False, "is_guest": False, "is_deleted": False, "fetched_at": NOW}
    return {**known, "user": user, "email": email, **flags, **more}


def who(store, *accounts, google=None):
    store.write(lambda tx: upsert(tx, people, list(accounts), key=["team", "user"]))
    return store.read(lambda tx: google_account(tx, "T1", "U0DANA", google or {}, SINCE))


def test_the_address_in_slack_is_taken_in_lower_case(store):
    found = who(store, account("U0DANA", "Dana@Haneul.Example"))

    assert isinstance(found, Grantee)
    assert (found.member.kind, found.member.email) == (MemberKind.USER, "dana@haneul.example")


def test_people_yaml_wins_over_slack(store):
    found = who(store, account("U0DANA", "dana@slack.example"), google={"U0DANA": "dana@haneul.example"})

    assert isinstance(found, Grantee)
    assert found.member.email == "dana@haneul.example"


@pytest.mark.parametrize(
    ("accounts", "google", "why"),
    [
        pytest.param([], {}, "unknown_person", id="nobody knows them"),
        pytest.param(
            [account("U0DANA", "d@h.example", fetched_at=NOW - timedelta(hours=7))], {}, "unknown_person", id="old"
        ),
        pytest.param([account("U0DANA", "d@h.example", is_guest=True)], {}, "no_colleague", id="a guest"),
        pytest.param([account("U0DANA", "d@h.example", is_bot=True)], {}, "no_colleague", id="a bot"),
        pytest.param([account("U0DANA", "d@h.example", is_deleted=True)], {}, "no_colleague", id="gone"),
        pytest.param([account("U0DANA")], {}, "no_google", id="no address"),
        pytest.param(
            [account("U0DANA", "d@h.example"), account("U0TWO", "D@h.example")], {}, "two_people", id="two accounts"
        ),
        pytest.param(
            [account("U0DANA", "d@h.example"), account("U0TWO", "two@h.example")],
            {"U0TWO": "d@h.example"},
            "two_people",
            id="somebody else's in people.yaml",
        ),
    ],
)
def test_doubt_means_nobody(store, accounts, google, why):
    found = who(store, *accounts, google=google)

    assert not isinstance(found, Grantee)
    assert found.msgid == f"grant-access.{why}"


def test_an_account_of_the_same_address_that_people_yaml_gives_another_one_is_no_doubt(store):
    two = account("U0TWO", "d@h.example")
    found = who(store, account("U0DANA", "d@h.example"), two, google={"U0TWO": "two@h.example"})

    assert isinstance(found, Grantee)

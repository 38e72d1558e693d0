import pytest

from bot.oncall.model import Identity
from bot.oncall.people_check import Problem, check
from bot.ports.paging import Responder
from bot.text import text
from bot.views.reader import LANGUAGES, default_reader
from bot.views.words import say
from tests.oncall.made import ALEX, DIRECTORY, JUNHO, MINJI, NOON, account, at, shift

ROTA = {"data-platform": (shift((MINJI, JUNHO), 0, 5), shift((JUNHO, ALEX), 5, 9), shift(MINJI, 9, 12))}


def problems(identities=(), directory=DIRECTORY, rota=ROTA):
    return check(rota, identities, directory)


def one(msgid, first_at=None, **params):
    return Problem(text(msgid, **params), "data-platform" if first_at is not None else None, first_at)


def test_a_rota_of_people_whom_slack_knows_has_no_problem():
    assert problems([Identity("U0MINJI", ("somebody-else",))]) == []


def test_somebody_without_an_account_is_named_once_with_their_first_shift():
    found = problems(directory=DIRECTORY[:2])

    assert found == [one("people.not_found", at(5), who="alex@haneul.example", users=())]


@pytest.mark.parametrize(
    ("flag", "msgid"),
    [("is_deleted", "people.deactivated"), ("is_guest", "people.guest"), ("is_bot", "people.bot")],
)
def test_an_account_that_is_of_no_use_is_named(flag, msgid):
    alex = account("U0ALEX", "Alex", "alex@haneul.example", **{flag: True})

    assert problems(directory=(*DIRECTORY[:2], alex)) == [
        one(msgid, at(5), who="alex@haneul.example", users=("U0ALEX",))
    ]


def test_two_accounts_with_one_address_are_named():
    twin = account("U0TWIN", "Alex", "ALEX@haneul.example")

    assert problems(directory=(*DIRECTORY, twin)) == [
        one("people.ambiguous", at(5), who="alex@haneul.example", users=("U0ALEX", "U0TWIN"))
    ]


def test_two_entries_for_one_responder_are_named():
    identities = [Identity("U0ALEX", ("id-alex",)), Identity("U0JUNHO", ("alex@haneul.example",))]

    assert [problem.words.msgid for problem in problems(identities)] == ["people.ambiguous"]


def test_a_guest_who_is_meant_to_be_on_call_is_still_a_guest():
    alex = account("U0ALEX", "Alex", "alex@haneul.example", is_guest=True)

    assert problems([Identity("U0ALEX", ("id-alex",))], (*DIRECTORY[:2], alex)) == [
        one("people.guest_on_call", at(5), who="alex@haneul.example", users=("U0ALEX",))
    ]


def test_an_entry_for_a_user_whom_slack_lacks_is_named_first():
    found = problems([Identity("U0GONE", ("id-alex",)), Identity("U0GONE", ("x",))])

    assert found[0] == one("people.no_such_user", user="U0GONE")
    assert found[1] == one("people.not_found", at(5), who="alex@haneul.example", users=("U0GONE",))


def test_a_team_in_place_of_a_person_is_named_by_its_name():
    rota = {"data-platform": (shift(Responder("id-core", None, "core"), 0, 5),)}

    assert problems(rota=rota) == [one("people.not_found", NOON, who="core", users=())]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "doubt", ["not_found", "ambiguous", "deactivated", "bot", "guest", "guest_on_call", "no_such_user"]
)
def test_every_problem_has_words_in_both_languages(language, doubt):
    words = text(f"people.{doubt}", who="alex@haneul.example", users=("U0ALEX",), user="U0GONE")

    said = say(words, default_reader(NOON, language))

    assert "people.yaml" in said or "Slack" in said

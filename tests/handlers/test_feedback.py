"""What people think of an incident: one verdict each, changed or taken back by a press, counted for the handoff."""

from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.incidents.feedback import tallies
from bot.incidents.opinion import Opinions, Tally, Verdict
from bot.store.tables import feedback, timeline
from bot.text import to_json
from bot.views import blocks
from bot.views import feedback as view
from bot.views.reader import LANGUAGES, Reader
from bot.views.words import say
from tests.conftest import NOW
from tests.handlers.colleagues import REFUSED, incident, staff, told
from tests.handlers.conftest import Served, serving
from tests.views.checker import assert_valid_message, assert_valid_view


@pytest.fixture
def place(database_url) -> Iterator[Served]:
    """Baton with its people and one open incident, on SQLite and on PostgreSQL."""
    with serving(database_url) as found:
        yield staff(found)


def opinions(served):
    return served.app.store.read(lambda tx: served.app.desk.card_of(tx, incident(served).id)).opinions


def press(served, verdict, user="U0SORA", **more):
    return served.press(f"incident.{verdict}", incident(served).id, user=user, **more)


def name(served, owner, user="U0SORA"):
    chosen = {"type": "users_select", "selected_user": owner}
    return served.submit("feedback.owner", incident(served).id, {"owner": chosen}, user=user)


def moments(served):
    said = [row.body["$text"] for row in served.rows(timeline)]
    return [each for each in said if each.startswith("feedback.")]


def test_each_person_has_one_verdict_which_the_card_counts(place):
    press(place, "noise")
    press(place, "useful")
    press(place, "useful", user="U0MINJI")

    assert opinions(place) == Opinions(useful=2)


def test_the_same_press_again_takes_it_back(place):
    press(place, "noise")
    press(place, "noise")

    assert opinions(place) == Opinions()
    press(place, "noise")
    assert opinions(place) == Opinions(noise=1)


def test_one_press_that_arrives_twice_or_late_counts_once(place):
    press(place, "noise", at="1795000900.000200")
    press(place, "noise", at="1795000900.000200")
    press(place, "useful", at="1795000900.000100")

    assert opinions(place) == Opinions(noise=1)


def test_the_menu_of_an_open_incident_says_the_same_as_the_buttons(place):
    chosen = f"noise:{incident(place).id}"
    place.press("incident.feedback", "", user="U0SORA", chosen=chosen)

    assert opinions(place) == Opinions(noise=1)
    press(place, "noise")
    assert opinions(place) == Opinions()


@pytest.mark.parametrize("chosen", ["", "noise", "loved:x", ":", "useful:nonsense"])
def test_a_forged_choice_keeps_nothing(staffed, chosen):
    assert staffed.press("incident.feedback", "", user="U0SORA", chosen=chosen).status_code == 200
    assert staffed.rows(feedback) == []


def test_a_wrong_owner_stands_on_the_timeline_with_the_right_one(place):
    press(place, "wrong_owner")
    for _ in range(2):
        assert name(place, "U0MINJI").text == ""

    assert opinions(place) == Opinions(wrong_owner=1, right_owners=("U0MINJI",))
    assert moments(place) == ["feedback.moment.wrong_owner", "feedback.moment.right_owner"]


def test_taking_it_back_forgets_whom_one_named(place):
    press(place, "wrong_owner")
    name(place, "U0MINJI")
    press(place, "wrong_owner")

    assert opinions(place) == Opinions()
    assert moments(place)[-1] == "feedback.moment.wrong_owner_taken_back"


def test_who_has_taken_it_back_meanwhile_is_told_so_at_the_field(place):
    press(place, "wrong_owner")
    press(place, "wrong_owner")

    answer = name(place, "U0MINJI").json()

    assert "taken “wrong owner” back" in answer["errors"]["owner"]
    assert opinions(place) == Opinions()


@pytest.mark.parametrize("owner", ["U0ROBOT", "U0GONE", "U0GUEST", "U0NEVERSEEN", "<!channel>"])
def test_nobody_but_a_colleague_is_named(staffed, owner):
    press(staffed, "wrong_owner")

    answer = name(staffed, owner).json()

    assert "no such person" in answer["errors"]["owner"]
    assert opinions(staffed) == Opinions(wrong_owner=1)


def test_naming_nobody_is_fine(staffed):
    press(staffed, "wrong_owner")

    assert staffed.submit("feedback.owner", incident(staffed).id, {}, user="U0SORA").status_code == 200
    assert opinions(staffed) == Opinions(wrong_owner=1)


def test_the_verdict_is_kept_though_slack_cannot_open_the_form(staffed):
    """Slack shows its own sign that the button failed, since the form did."""
    assert press(staffed, "wrong_owner").status_code == 500
    assert opinions(staffed) == Opinions(wrong_owner=1)


@pytest.mark.parametrize(("who", "why"), REFUSED)
def test_who_may_not_is_told_why_and_nothing_is_kept(staffed, who, why):
    press(staffed, "noise", **who)

    assert staffed.rows(feedback) == []
    assert why in told(staffed)[0]


@pytest.mark.parametrize(("who", "why"), REFUSED)
def test_the_form_is_checked_again_when_it_comes_back(staffed, who, why):
    chosen = {"type": "users_select", "selected_user": "U0MINJI"}
    answer = staffed.submit("feedback.owner", incident(staffed).id, {"owner": chosen}, **who)

    assert answer.status_code == 200
    assert staffed.rows(feedback) == []


@pytest.mark.parametrize("value", ["", "nonsense", "' OR 1=1 --", "x" * 2000])
def test_an_incident_that_is_not_there_is_said_to_be_gone(staffed, value):
    staffed.press("incident.noise", value, user="U0SORA")

    assert "not in the store any more" in told(staffed)[0]


def test_verdicts_are_counted_by_route_and_source_over_a_time(place):
    hour = timedelta(hours=1)
    press(place, "noise")
    press(place, "useful", user="U0MINJI")
    place.app.clocks.business.advance(hour)
    press(place, "noise", user="U0MINJI")
    press(place, "wrong_owner")
    press(place, "wrong_owner")

    def counted(since, until):
        return place.app.store.read(lambda tx: tallies(tx, since, until))

    assert counted(NOW, NOW + hour) == (), "what was changed later counts where it was changed"
    assert counted(NOW + hour, NOW + 2 * hour) == (Tally("core", "airflow", Verdict.NOISE, 1),)


@pytest.mark.parametrize("language", LANGUAGES)
def test_slack_takes_the_buttons_the_counts_and_the_form(language):
    reader = Reader(language, ZoneInfo("Asia/Seoul"), NOW, {"U0MINJI": "<김민지>"})
    [line] = view.counted(Opinions(2, 1, 12, ("U0MINJI", "U0X")))

    assert_valid_message([view.buttons("i1", reader), blocks.actions([view.menu("i1", reader)])])
    assert_valid_view(view.owner_form("i1", reader))
    assert "&lt;김민지&gt;" in say(line, reader)
    assert list(view.counted(Opinions())) == []
    assert to_json(line)["$text"] == "feedback.counts"


def test_the_counts_read_as_a_sentence():
    reader = Reader("en", ZoneInfo("UTC"), NOW, {"U0MINJI": "김민지"})
    [line] = view.counted(Opinions(useful=2, wrong_owner=1, right_owners=("U0MINJI",)))

    assert say(line, reader) == "Feedback: 2 useful, 1 wrong owner (rather @김민지)"

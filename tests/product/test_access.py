"""Access from asking to its end, in the whole product: Slack, the policy, a strict BigQuery, clocks that are moved."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from bot import logs
from bot.store.claim import NEW
from bot.store.tables import people, ticks, user_groups
from sandbox.person import elements_in, text_of
from tests import loopback
from tests.product.workplace import Workplace

pytestmark = [pytest.mark.xdist_group("access"), pytest.mark.timeout(240)]

SEOUL = ZoneInfo("Asia/Seoul")
START = datetime(2026, 11, 23, 10, tzinfo=SEOUL)  # a Monday
HERE = "C0HELP"
ORDERS = "haneul-prod.orders"
SORA = "sora@haneul.example"
PATIENCE_S = 60


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workplace]:
    logs.set_up()
    folder: Path = tmp_path_factory.mktemp("access")
    with Workplace(f"sqlite:///{folder / 'baton.sqlite3'}", at=START) as found:
        found.sandbox.limits(enforce=False)
        yield found


class Story:
    """One request for access, told by what people see."""

    def __init__(self, place: Workplace, who: str = "sora") -> None:
        self.place, self.name, self.who = place, who, place.people[who]
        self.seen = len(self.posted())

    def posted(self):
        messages = self.who.messages(HERE)
        return [each for each in messages if each.get("bot_id") == "B0BATON" and not each.get("ephemeral")]

    def ask(self, command):
        answer = self.who.command(command, HERE)
        assert answer["ok"], answer
        self.ts = self.place.until(lambda: self.posted()[self.seen :], PATIENCE_S)[-1]["ts"]
        return self

    def card(self):
        return next(each for each in self.posted() if each["ts"] == self.ts)

    def until(self, words):
        return self.place.until(lambda: words in text_of(self.card()) and text_of(self.card()), PATIENCE_S)

    def thread(self, words=""):
        mine = [each for each in self.who.thread(self.card()) if each.get("bot_id") == "B0BATON"]
        return [each for each in mine if words in text_of(each)]

    def until_said(self, words, times=1):
        """Return the newest message of the thread that says this, once so many do."""
        return self.place.until(lambda: len(self.thread(words)) >= times and self.thread(words)[-1], PATIENCE_S)

    def press(self, person, action_id, about=None):
        """Press a button as soon as it is offered: by the run's card, or by a message of its thread about something."""

        def offered():
            shown = [self.card()] if about is None else self.thread(about)
            found = [(each, el) for each in shown for _, el in elements_in(each)]
            return next((pair for pair in reversed(found) if pair[1]["action_id"].startswith(action_id)), None)

        message, element = self.place.until(offered, PATIENCE_S)
        return self.place.people[person].click(message, element["action_id"])

    def granted(self, *, approver="minji"):
        """Go the whole way: the requester says yes to the plan, the owner approves."""
        self.press(self.name, "run.confirm")
        self.press(approver, "run.approve")
        self.until("usable within minutes")
        self.until_said("has `reader`")
        return self


def travel(place, to):
    """Move the clocks, and have the directory read anew, as in the time that has passed."""
    place.let_it_be(to)
    place.baton.app.store.write(lambda tx: tx.execute(update(ticks).values(due_at=NEW)))
    now = place.baton.app.clocks.business.now()
    fresh = select(people.c.user).where(people.c.fetched_at > now - timedelta(hours=1))
    grouped = select(user_groups.c.group_id).where(user_groups.c.fetched_at > now - timedelta(hours=1))
    read = place.baton.app.store.read
    place.until(
        lambda: read(lambda tx: tx.execute(fresh).first()) and read(lambda tx: tx.execute(grouped).first()), PATIENCE_S
    )


def readers(place, dataset=ORDERS):
    """Return who BigQuery lists by name on that dataset, with their role."""
    project, name = dataset.split(".")
    url = f"{place.sandbox.bigquery_url}/bigquery/v2/projects/{project}/datasets/{name}"
    listed = loopback.get(url, params={"accessPolicyVersion": 3}, timeout=5).raise_for_status().json()["access"]
    return {each["userByEmail"]: each.get("role") for each in listed if "userByEmail" in each}


def whispered(place, person, words):
    """Return the newest of what only this person sees, once it says this."""
    seen = place.people[person].ephemerals
    return place.until(lambda: next((each for each in reversed(seen()) if words in text_of(each)), None), PATIENCE_S)


def test_an_analyst_asks_the_owner_approves_it_is_extended_and_it_ends(place):
    before = readers(place)
    story = Story(place).ask(f'/grant-access {ORDERS} 3d reason="look at refunds"')
    asked = story.until(SORA)
    story.granted()
    given = readers(place)

    travel(place, START + timedelta(days=2, hours=8))
    reminder = story.until_said("Ask for more time")
    assert place.people["sora"].click(reminder, "grant.extend")["ok"]
    submitted = place.people["sora"].submit(lasts="5d")
    assert submitted == {"ok": True}
    story.press("sora", "run.confirm", "for 5 d")
    story.press("minji", "run.approve", "for 5 d")
    story.until_said("has `reader` on `haneul-prod.orders` until Nov 30")
    travel(place, START + timedelta(days=4))
    still = readers(place)
    travel(place, START + timedelta(days=7, hours=9))
    story.until_said("is over")
    place.until(lambda: SORA not in readers(place), PATIENCE_S)

    assert "Only Baton ends this" in asked
    assert "does not see whether they have it" in asked
    assert SORA not in before
    assert (given[SORA], still[SORA]) == ("READER", "READER")
    assert readers(place) == before


def test_the_grantee_gives_it_back_twice_and_a_stranger_may_neither_extend_nor_end_it(place):
    story = Story(place).ask(f'/grant-access {ORDERS} 2d reason="check one order"').granted()
    story.press("alex", "grant.extend", "has `reader`")
    no_longer = whispered(place, "alex", "whoever asked for it, and the dataset's owner")
    story.press("alex", "grant.end", "has `reader`")
    kept = readers(place)
    assert place.people["sora"].command("/my-access", HERE)["ok"]
    listed = whispered(place, "sora", "check one order")
    place.people["sora"].click(listed, "grant.end")
    story.until_said("given back")
    place.until(lambda: SORA not in readers(place), PATIENCE_S)
    place.people["sora"].click(listed, "grant.end")

    assert text_of(no_longer)
    assert kept[SORA] == "READER"
    assert whispered(place, "sora", "님의 권한은")  # is over since then, by whom


def test_the_owner_sees_who_has_what_and_revokes_it_while_an_extension_waits(place):
    story = Story(place).ask(f'/grant-access {ORDERS} 2d reason="a question of finance"').granted()
    story.press("sora", "grant.extend", "has `reader`")
    assert place.people["sora"].submit(lasts="4d") == {"ok": True}
    story.press("sora", "run.confirm", "for 4 d")
    assert place.people["minji"].command("/my-access", HERE)["ok"]
    listed = whispered(place, "minji", "내 데이터셋의 접근 권한")
    revoke = next(el for _, el in elements_in(listed) if el["action_id"].startswith("grant.end"))
    place.people["minji"].click(listed, revoke["action_id"])
    story.until_said("was revoked")
    story.press("minji", "run.approve", "for 4 d")
    place.until(lambda: SORA not in readers(place), PATIENCE_S)
    changed = story.until_said("plan", times=1)

    assert "a question of finance" in text_of(listed)
    assert changed
    assert SORA not in readers(place)


def test_what_somebody_has_anyway_is_no_change_and_stays(place):
    story = Story(place, "minji").ask('/grant-access haneul-lab.experiments 1d reason="try"')
    story.until("minji@haneul.example")
    before = readers(place, "haneul-lab.experiments")

    assert "Google itself ends this" in text_of(story.card())
    assert before == readers(place, "haneul-lab.experiments")


@pytest.mark.parametrize(
    ("who", "command", "answer"),
    [
        pytest.param("alex", "haneul-prod.secret 1d reason=x", "not in datasets.yaml", id="not listed"),
        pytest.param("alex", "haneul-prod.events 1d reason=x", "too wide", id="a wide dataset as a whole"),
        pytest.param("alex", f"{ORDERS} 60d reason=x", "At most 14 d", id="too long"),
        pytest.param("alex", f"{ORDERS} 2d role=owner reason=x", "owner", id="a role above"),
        pytest.param("alex", f"{ORDERS} 2d", "missing", id="no reason"),
        pytest.param("guest", f"{ORDERS} 2d reason=x", "Guests", id="a guest"),
    ],
)
def test_what_cannot_be_given_is_said_at_once(place, who, command, answer):
    before = len(place.people[who].ephemerals())
    assert place.people[who].command(f"/grant-access {command}", HERE)["ok"]
    said = place.until(lambda: place.people[who].ephemerals()[before:], PATIENCE_S)[-1]

    assert answer in text_of(said)


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        pytest.param("haneul-prod.users 1d reason=x", "marked as sensitive", id="personal data"),
        pytest.param(f"{ORDERS} 1d groups=everybody@haneul.example reason=x", "not listed", id="any group"),
        pytest.param(f"{ORDERS} 1d groups=x@elsewhere.example reason=x", "another organisation", id="a foreign domain"),
        pytest.param(f"{ORDERS} 1d <@U0GUEST> reason=x", "no full member", id="for a guest"),
    ],
)
def test_what_the_plan_finds_out_ends_without_a_change(place, command, answer):
    story = Story(place, "alex").ask(f"/grant-access {command}")

    assert story.until(answer)
    assert "alex@haneul.example" not in readers(place)


def test_the_menu_offers_only_what_this_person_may_ask_for(place):
    assert place.people["sora"].command("/grant-access", HERE)["ok"]
    form = place.people["sora"].view()
    offered = [each["value"] for each in place.people["sora"].options(form, "options.datasets", "orders")]
    place.people["sora"].close()

    assert offered == ["haneul-prod.orders", "haneul-prod.orders_mart"]


def test_whoever_has_nothing_is_told_how_to_ask(place):
    assert place.people["junho"].command("/my-access", HERE)["ok"]

    assert whispered(place, "junho", "/grant-access")

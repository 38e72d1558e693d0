"""A load is rerun for business dates in the whole product: dates echoed, one after another, proven by its table."""

import re
from datetime import UTC, datetime

import pytest

from sandbox.person import elements_in, text_of
from tests import loopback
from tests.product.workplace import Workplace

pytestmark = [pytest.mark.xdist_group("rerun-load"), pytest.mark.timeout(240)]

HERE = "C0HELP"
NOON = datetime(2026, 11, 20, 3, tzinfo=UTC)  # a Friday, 12:00 in Seoul; the run of the 19th was due at 03:00
PATIENCE_S = 30


@pytest.fixture(scope="module")
def workplace(tmp_path_factory):
    database = tmp_path_factory.mktemp("rerun") / "baton.sqlite3"
    with Workplace(f"sqlite:///{database}", airflow_speed=30, at=NOON) as place:
        place.sandbox.limits(enforce=False)
        yield place


@pytest.fixture
def minji(workplace):
    """The person on call."""
    return workplace.people["minji"]


def posted(person):
    return [each for each in person.messages(HERE) if each.get("bot_id") == "B0BATON" and not each.get("ephemeral")]


def answered(person, workplace, command):
    before = len(person.ephemerals())
    assert person.command(command, HERE)["ok"]
    return text_of(workplace.until(lambda: person.ephemerals()[before:], PATIENCE_S)[-1])


class Card:
    """The card of one run, as it is now."""

    def __init__(self, person, workplace, command):
        self.person, self.workplace = person, workplace
        before = len(posted(person))
        assert person.command(command, HERE)["ok"]
        self.ts = workplace.until(lambda: posted(person)[before:], PATIENCE_S)[-1]["ts"]

    def now(self):
        return next(each for each in posted(self.person) if each["ts"] == self.ts)

    def says(self, *words, seconds=PATIENCE_S):
        try:
            self.workplace.until(lambda: all(each in text_of(self.now()) for each in words), seconds)
        except AssertionError:
            raise AssertionError(f"never said {words}; last: {text_of(self.now())}") from None
        return text_of(self.now())

    def press(self, action_id):
        self.workplace.until(
            lambda: action_id in [each["action_id"] for _, each in elements_in(self.now())], PATIENCE_S
        )
        self.person.click(self.now(), action_id)


def test_exact_dates_are_shown_before_anything_happens_and_each_is_proven_by_its_table(workplace, minji):
    card = Card(minji, workplace, "/rerun-load orders 최근 4일")

    planned = card.says("`2026-11-16..2026-11-19` (Asia/Seoul)", "Nothing is changed yet")
    assert re.search(r"`2026-11-16` · no run, [\d,]+ rows → a run `baton__orders__2026-11-16` is started", planned)
    assert re.search(r"`2026-11-19` · `scheduled__\S+` `success`, [\d,]+ rows → 4 tasks are cleared", planned)
    assert runs_of(workplace, "baton__orders__2026-11-16") == []

    card.press("run.confirm")
    card.says("4 dates: their tasks ran again and their data changed", seconds=90)
    assert [run["state"] for run in runs_of(workplace, "baton__orders__2026-11-16")] == ["success"]


def runs_of(workplace, run_id, dag_id="orders_daily"):
    return [run for run in airflow(workplace, dag_id) if run["dag_run_id"] == run_id]


def airflow(workplace, dag_id):
    url = workplace.sandbox.airflow_url
    login = {"username": "baton", "password": "baton"}
    token = loopback.post(f"{url}/auth/token", json=login, timeout=5).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    found = loopback.get(f"{url}/api/v2/dags/{dag_id}/dagRuns?limit=100", headers=headers, timeout=5).json()
    return found["dag_runs"]


def test_a_failed_load_is_rerun_from_its_incident_with_its_date_filled_in(workplace, minji):
    run = workplace.fail_run("users_snapshot", "load_users")
    ts = workplace.airflow_alert(run, "users_snapshot", "load_users")

    def replies():
        return minji.messages("C0ALERTS", ts)[1:]

    card = workplace.until(lambda: [each for each in replies() if "incident.rerun" in actions(each)], PATIENCE_S)[0]
    workplace.fix("users_snapshot")
    minji.click(card, "incident.rerun")
    form = workplace.until(minji.view, PATIENCE_S)
    filled = {block["block_id"]: block["element"] for block in form["blocks"] if block.get("element")}
    assert filled["load"]["initial_option"]["value"] == "users"
    assert filled["dates"]["initial_value"] == "2026-11-19"  # its run was due on the 20th, and loads the day before

    minji.submit()
    planned = workplace.until(lambda: [each for each in replies() if "run.confirm" in actions(each)], PATIENCE_S)[0]
    assert "may be loaded twice" in text_of(planned)
    minji.click(planned, "run.confirm")
    workplace.until(
        lambda: any("their data changed" in text_of(each) or "its data changed" in text_of(each) for each in replies()),
        90,
    )
    workplace.until(lambda: any("Resolved" in text_of(each) for each in replies()), 60)


def actions(message):
    return [each["action_id"] for _, each in elements_in(message)]


def test_what_is_wrong_with_the_dates_is_said_in_the_language_of_who_asks(workplace, minji):
    assert "여러 날짜로 읽힐 수 있습니다" in answered(minji, workplace, "/rerun-load orders 지난 월요일")
    assert "can mean more than one day" in answered(
        workplace.people["alex"], workplace, "/rerun-load orders last monday"
    )
    assert "두 번 적재하면 안 됩니다" not in answered(minji, workplace, "/rerun-load order 어제")


def test_a_load_that_must_not_run_twice_says_whom_to_ask(workplace, minji):
    card = Card(minji, workplace, "/rerun-load partner_prices yesterday")

    card.says("must not be loaded twice", "Ask @data-engineers")


def test_the_loads_are_listed_with_whose_they_are(workplace, minji):
    said = answered(minji, workplace, "/baton loads")

    assert "orders · orders_daily, 0 3 * * * (Asia/Seoul)" in said.replace("`", "")
    assert "data-core" in said


def test_a_person_pauses_between_two_dates_and_lets_it_go_on(workplace, minji):
    card = Card(minji, workplace, "/rerun-load orders_mart 2026-11-11..2026-11-14")
    card.press("run.confirm")
    card.press("run.pause")
    card.says("paused")
    made = len(made_by_baton(workplace))
    assert made < 4

    card.press("run.resume")
    card.says("4 dates: their tasks ran again and their data changed", seconds=120)
    assert len(made_by_baton(workplace)) == 4


def made_by_baton(workplace):
    return [run for run in airflow(workplace, "orders_daily") if run["dag_run_id"].startswith("baton__orders_mart__")]


def test_after_a_failure_what_is_left_is_gone_on_with(workplace, minji):
    broken = {"dag_id": "orders_daily", "task_id": "load_orders"}
    cause = "RuntimeError: no space left"
    url = workplace.sandbox.airflow_url
    loopback.post(f"{url}/_control/break", json=broken | {"message": cause, "partition": "2026-11-05"}, timeout=5)
    card = Card(minji, workplace, "/rerun-load orders 2026-11-04..2026-11-06")
    card.press("run.confirm")
    said = card.says("no space left", "untouched", seconds=120)
    assert "2026-11-04" in said

    loopback.post(f"{url}/_control/fix", json=broken, timeout=5)
    card.press("run.go_on")

    def now():
        """Return the card of the rest, which stands in the thread of the first one."""
        return next(each for each in minji.messages(HERE, card.ts)[::-1] if "asked for by" in text_of(each))

    workplace.until(lambda: any("run.confirm" in actions(each) for each in minji.messages(HERE, card.ts)), PATIENCE_S)
    assert "2026-11-06" in text_of(now())
    minji.click(now(), "run.confirm")
    workplace.until(lambda: "their data changed" in text_of(now()), 120)

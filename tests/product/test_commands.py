"""What people type, right and wrong, and what a broken vendor does to it: always an answer that says what next."""

import pytest

from sandbox.person import elements_in, text_of

pytestmark = [pytest.mark.xdist_group("commands"), pytest.mark.timeout(180)]

HERE = "C0HELP"
PATIENCE_S = 30
DAG = "events_shards"


def answered(person, workplace, command):
    """Return what only this person sees after the command."""
    before = len(person.ephemerals())
    assert person.command(command, HERE)["ok"]
    return text_of(workplace.until(lambda: person.ephemerals()[before:], PATIENCE_S)[-1])


def card_after(person, workplace, command):
    """Return how to see the card of the run that the command asks for."""
    before = len(posted(person))
    assert person.command(command, HERE)["ok"]
    ts = workplace.until(lambda: posted(person)[before:], PATIENCE_S)[-1]["ts"]
    return lambda: text_of(next(each for each in posted(person) if each["ts"] == ts))


def posted(person):
    """Return what Baton has posted for everybody."""
    return [each for each in person.messages(HERE) if each.get("bot_id") == "B0BATON" and not each.get("ephemeral")]


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        pytest.param('/clear-tasks "orders', "quotation mark is not closed", id="an open quotation mark"),
        pytest.param("/clear-tasks orders_daily", "Runs is missing", id="no run"),
        pytest.param("/clear-tasks orders_daily r1 flavour=sweet", "no argument `flavour`", id="an unknown argument"),
        pytest.param("/clear-tasks orders_daily r1 downstream=perhaps", "neither yes nor no", id="no yes and no no"),
        pytest.param("/clear-tasks bad/name r1", "cannot be a name", id="no name"),
        pytest.param("/clear-tasks " + "x" * 300 + " r1", "250 characters at most", id="a long name"),
        pytest.param("/baton nonsense", "clear-tasks", id="an unknown operation"),
        pytest.param("/baton", "clear-tasks", id="nothing"),
    ],
)
def test_a_wrong_command_is_answered_with_what_is_wrong(workplace, command, answer):
    assert answer in answered(workplace.people["alex"], workplace, command)


def test_the_same_answer_comes_in_korean_to_who_reads_korean(workplace):
    said = answered(workplace.people["minji"], workplace, "/clear-tasks orders_daily r1 flavour=sweet")

    assert "flavour" in said
    assert any("가" <= c <= "힣" for c in said)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        pytest.param("order_daily some_run", "Nearest: `orders_daily`", id="a misspelt DAG"),
        pytest.param("orders_daily some_run", "has no run `some_run`", id="an unknown run"),
    ],
)
def test_a_name_that_is_not_there_is_answered_on_the_card_with_the_nearest(workplace, words, answer):
    card = card_after(workplace.people["minji"], workplace, f"/clear-tasks {words}")

    workplace.until(lambda: answer in card(), PATIENCE_S)


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        pytest.param({"status": 401}, "does not accept Baton's credentials", id="401"),
        pytest.param({"status": 403}, "Baton's account may not do this", id="403"),
        pytest.param({"status": 500}, "does not answer properly", id="500"),
        pytest.param({"drop": "before"}, "does not answer properly", id="no answer"),
    ],
)
def test_a_vendor_that_fails_is_named_on_the_card_and_nothing_is_lost(workplace, fault, answer):
    """It is planned as soon as the vendor answers again and somebody presses the button, or by itself."""
    minji = workplace.people["minji"]
    workplace.sandbox.faults.add("airflow", "/api/v2/dags/orders_daily*", times=None, **fault)
    try:
        card = card_after(minji, workplace, "/clear-tasks orders_daily some_run")
        workplace.until(lambda: answer in card(), PATIENCE_S)
    finally:
        workplace.sandbox.faults.clear()
    stuck = posted(minji)[-1]

    assert {"run.replan", "run.cancel"} <= {element["action_id"] for _, element in elements_in(stuck)}
    minji.click(stuck, "run.replan")
    workplace.until(lambda: "has no run `some_run`" in card(), PATIENCE_S)


def test_a_form_offers_the_dags_and_says_what_is_missing_at_its_field(workplace):
    minji = workplace.people["minji"]
    minji.command("/clear-tasks", HERE)
    form = minji.view()

    offered = [option["value"] for option in minji.options(form, "options.dags", "event")]
    refused = minji.submit()

    assert DAG in offered
    assert refused["ok"] is False
    assert {"dag_id", "runs"} <= set(refused["errors"])
    minji.close()


def test_who_is_on_call_is_answered_at_once_to_everybody(workplace):
    english = answered(workplace.people["alex"], workplace, "/oncall")
    korean = answered(workplace.people["minji"], workplace, "/oncall")

    assert "김민지" in english
    assert "당직" in korean


def test_a_schedule_is_chosen_by_its_name(workplace):
    alex = workplace.people["alex"]

    assert "김민지" in answered(alex, workplace, "/oncall data-platform")
    assert "No schedule is called `kafka`" in answered(alex, workplace, "/oncall who kafka")
    assert "`kafka` is no word that `/oncall` knows, and no schedule" in answered(alex, workplace, "/oncall kafka")


def test_incidents_are_found_and_their_pages_turned_in_place(workplace):
    alex = workplace.people["alex"]
    for number in range(10):
        workplace.sandbox.post_alert("B0SCRIPT", "C0ALERTS", {"text": f"ERROR: job nightly_export_{number} failed"})
    assert "nightly_export_9" in answered(alex, workplace, "/incidents nightly_exp state:open since 1d")
    before = len(alex.ephemerals())

    alex.click(alex.ephemerals()[-1], "incidents.turn:older")
    second = workplace.until(lambda: "Newer" in text_of(alex.ephemerals()[-1]) and text_of(alex.ephemerals()[-1]))
    alex.click(alex.ephemerals()[-1], "incidents.turn:newer")
    first = workplace.until(lambda: "Older" in text_of(alex.ephemerals()[-1]) and text_of(alex.ephemerals()[-1]))

    assert [f"nightly_export_{n}" in second for n in range(10)] == [True, True] + [False] * 8
    assert [f"nightly_export_{n}" in first for n in range(10)] == [False, False] + [True] * 8
    assert "/archives/C0ALERTS/p" in first, "each leads to its thread"
    assert len(alex.ephemerals()) == before


def test_a_search_without_a_hit_says_what_to_try(workplace):
    assert "another word" in answered(workplace.people["alex"], workplace, "/incidents zebra")
    assert "다른 단어" in answered(workplace.people["minji"], workplace, "/incidents 얼룩말")

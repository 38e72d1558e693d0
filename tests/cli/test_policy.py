"""`baton policy test` and `baton policy explain`, as people run them."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.store import Store
from bot.store.tables import people
from bot.store.upsert import upsert
from tests.config.test_config import BATON, ENVIRON, PEOPLE
from tests.operations.bench import MINA, SORA, person

ROOT = Path(__file__).parents[2]
POLICY = """\
rules:
  - {operation: clear-tasks, who: on-call, size_at_most: 20}
  - {operation: clear-tasks, who: member, needs: {approval: {by: owners}, ticket: true}}
freezes:
  - {name: Year end, zone: Asia/Seoul, dates: [{from: 2026-12-31 18:00, to: 2027-01-02}]}
break_glass: {operation: clear-tasks, who: on-call, channel: C0OPS}
"""
OWNED = BATON.replace("{rerun: unsafe}", "{rerun: unsafe, tags: [money], owners: [user:U0SORA]}")


@pytest.fixture
def directory(tmp_path):
    for name, content in (("baton", OWNED), ("people", PEOPLE), ("policy", POLICY)):
        (tmp_path / f"{name}.yaml").write_text(content, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(monkeypatch, directory, sqlite_url):
    for name, value in (ENVIRON | {"BATON_DATABASE_URL": sqlite_url, "LANG": "en", "TZ": "Asia/Seoul"}).items():
        monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(app, ["policy", *words, "--config", str(directory)])


@pytest.fixture
def colleagues(sqlite_url):
    """Mina and Sora were just looked up in Slack, who is on call was not."""
    from bot.clock import SystemClock

    store = Store(sqlite_url)
    rows = [person(each, SystemClock().now()) for each in (MINA, SORA)]
    store.write(lambda tx: upsert(tx, people, rows, key=["team", "user"]))
    store.close()


@pytest.mark.parametrize("shipped", ["config", "config/demo"])
def test_the_examples_of_each_shipped_folder_hold(shipped):
    result = CliRunner().invoke(app, ["policy", "test", "--config", str(ROOT / shipped)], env={"LANG": "en"})

    assert result.exit_code == 0, result.output
    assert "examples, 0 not as expected" in result.stdout


EXAMPLE = """\
people: {mina: {on_call: true}, jun: {}, sora: {}}
tests:
  - {name: alone, who: mina, does: clear-tasks, expect: EXPECTED}
  - name: by the owner
    who: jun
    does: clear-tasks
    owners: user:U0SORA
    tells: ticket
    approved_by: sora
    expect: approval
  - {name: at the end of the year, who: mina, does: clear-tasks, at: 2027-01-01, expect: refused, because: frozen}
  - {name: in an emergency, who: mina, does: clear-tasks, at: 2027-01-01, break_glass: true, expect: alone}
"""


def test_examples_of_ones_own_are_run(run, directory):
    (directory / "policy_tests.yaml").write_text(EXAMPLE.replace("EXPECTED", "alone"), encoding="utf-8")
    result = run("test")

    assert result.exit_code == 0, result.output
    assert "4 examples, 0 not as expected" in result.stdout


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        pytest.param("EXPECTED", "refused", "3: “alone”: expected refused, got alone", id="another outcome"),
        pytest.param(
            "approved_by: sora", "approved_by: jun", "4: “by the owner”: those who are named", id="not enough"
        ),
        pytest.param(
            "because: frozen", "because: forbidden", "11: “at the end of the year”: it is refused, for", id="reason"
        ),
        pytest.param("approved_by: sora", "not_by: sora", "4: “by the owner”: those who are", id="too much"),
        pytest.param("who: jun", "who: jon", "5: tests[2].who: jon is not", id="nobody"),
        pytest.param("does: clear-tasks\n", "does: clear-task\n", "6: tests[2].does: clear-task is not", id="verb"),
        pytest.param("because: frozen", "because: cold", '11: tests[3].because: "cold" is no reason', id="no reason"),
        pytest.param("does: clear-tasks\n", "deos: clear-tasks\n", "6: tests[2].deos: unknown key", id="a key"),
    ],
)
def test_what_does_not_hold_is_told_with_its_line(run, directory, right, wrong, said):
    written = EXAMPLE.replace(right, wrong, 1).replace("EXPECTED", "alone")
    (directory / "policy_tests.yaml").write_text(written, encoding="utf-8")
    result = run("test")

    assert result.exit_code == 1
    assert f"policy_tests.yaml:{said}" in result.stderr.replace(f"{directory}/", "")


@pytest.mark.usefixtures("colleagues")
def test_explain_says_what_each_part_says_and_what_comes_of_it(run, directory):
    result = run("explain", "--as", MINA.id, "clear-tasks", "billing_daily", "run_1", "ticket=OPS-1")
    said = result.stdout.replace(f"{directory}/", "").splitlines()

    assert result.exit_code == 0, result.output
    assert said == [
        "It touches dag:prod/billing_daily; tags: money; owners: user:U0SORA; approvers: –",
        "Who asks is a member; on call: unknown; groups: –",
        "policy.yaml:5: freezes[1]: does not hold at that moment",
        "policy.yaml:2: rules[1]: does not fit: Baton could not check who is on call; try again in a minute.",
        "policy.yaml:3: rules[2]: fits; 1 person of these has to say yes: owners; must be told: ticket",
        "policy.yaml:6: break_glass: does not fit: Baton could not check who is on call; try again in a minute.",
        "→ allowed, with approval",
        "Baton could not check who is on call; try again in a minute.",
        "1 person of these has to say yes: owners",
        "Could approve now: @U0SORA",
    ]


@pytest.mark.usefixtures("colleagues")
def test_explain_looks_at_another_moment(run):
    result = run("explain", "--as", MINA.id, "clear-tasks", "billing_daily", "run_1", "--at", "2027-01-01T10:00")

    assert result.exit_code == 1
    assert "“Year end”: nothing of this kind may run until" in result.stdout
    assert "→ refused" in result.stdout


DATASETS = """\
domains: [example.com]
datasets:
  shop-prod.orders: {owner: user:U0SORA, tags: [personal], longest: 10d}
"""
ACCESS = (
    "rules:\n  - {effect: grants_access, who: member, longest: 7d, needs: {approval: {by: owners}, reason: true}}\n"
)


@pytest.mark.usefixtures("colleagues")
@pytest.mark.parametrize(("lasts", "status", "said"), [("7d", 0, "→ allowed, with approval"), ("8d", 1, "→ refused")])
def test_explain_speaks_of_access(run, directory, lasts, status, said):
    (directory / "datasets.yaml").write_text(DATASETS, encoding="utf-8")
    (directory / "policy.yaml").write_text(ACCESS, encoding="utf-8")
    result = run(
        "explain", "--as", MINA.id, "grant-access", "dataset=shop-prod.orders", f"lasts={lasts}", "reason=audit"
    )

    assert result.exit_code == status, result.output
    assert "It touches dataset:shop-prod.orders; tags: personal; owners: user:U0SORA" in result.stdout
    assert said in result.stdout


def test_explain_knows_nobody_whom_the_directory_lacks(run):
    result = run("explain", "--as", "U0NOBODY", "incident.acknowledge")

    assert result.exit_code == 1
    assert "Baton could not check who you are" in result.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(["clear-task"], "clear-tasks", id="no such operation"),
        pytest.param(["clear-tasks", "orders_daily"], "is missing", id="an argument is missing"),
        pytest.param(["clear-tasks", "a", "b", "--at", "noon"], "2026-12-24T18:00", id="no moment"),
    ],
)
def test_explain_says_what_is_wrong_with_the_question(run, words, said):
    result = run("explain", "--as", MINA.id, *words)

    assert result.exit_code == 2
    assert said in result.output

"""policy.yaml: every mistake is told with its line, its key, and what to write instead."""

import pytest

from bot.config.check import problems
from bot.config.load import load
from bot.config.policy import Policy
from tests.config.test_config import BATON, ENVIRON, OPERATIONS, PEOPLE

GOOD = """\
rules:
  - {operation: clear-tasks, who: on-call, target: "dag:prod/*"}
  - {effect: repeats_work, who: [owners], longest: 7d, needs: {approval: {count: 2, by: owners}, reason: true}}
protected:
  - {target: "tag:personal", approval: {by: owners}, why: Privacy.}
forbidden:
  - {target: "load:orders", break_glass: false}
freezes:
  - {name: Weekend, zone: Asia/Seoul, weekly: [{from: fri 18:00, to: mon 09:00}]}
  - {name: Nights, zone: UTC, daily: [{days: [mon], from: 22:00, to: 06:00}], target: "dag:pr*/x"}
  - {name: Xmas, zone: Europe/Berlin, dates: [{from: 2026-12-24, to: 2026-12-26 12:00}]}
break_glass: {operation: clear-tasks, who: on-call, channel: C0OPS}
channel: C0OPS
"""
LOADS = "loads: {orders: {airflow: prod, dag: orders_daily, owner: core}}\n"
TAGGED = BATON.replace("{rerun: unsafe}", "{rerun: unsafe, tags: [personal], owners: [user:U0MINJI]}")


@pytest.fixture
def written(tmp_path):
    def write(policy):
        for name, content in (("baton", TAGGED), ("people", PEOPLE), ("policy", policy), ("loads", LOADS)):
            (tmp_path / f"{name}.yaml").write_text(content, encoding="utf-8")
        return tmp_path

    return write


def test_what_is_written_comes_back_the_same(written):
    policy = load(written(GOOD), ENVIRON, OPERATIONS).policy

    assert Policy.model_validate(policy.model_dump(mode="json", by_alias=True)) == policy
    assert [freeze.name for freeze in policy.freezes] == ["Weekend", "Nights", "Xmas"]


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        pytest.param("who: on-call, target", "who: oncall, target", '2: rules[1].who: "oncall" names nobody', id="who"),
        pytest.param(
            'operation: clear-tasks, who: on-call, target: "dag:prod/*"',
            "who: on-call",
            "2: rules[1]: it speaks about nothing; add operation or effect",
            id="a rule about everything",
        ),
        pytest.param(
            "operation: clear-tasks, who: on-call, target",
            "operation: clear-task, who: on-call, target",
            '2: rules[1].operation: clear-task is not an operation; did you mean "clear-tasks"?',
            id="an operation",
        ),
        pytest.param("repeats_work", "repeats", "3: rules[2].effect:", id="an effect"),
        pytest.param("dag:prod/*", "orders_daily", '2: rules[1].target: "orders_daily" names no target', id="target"),
        pytest.param("dag:prod/*", "dag:prd/*", "2: rules[1].target: dag:prd/* fits nothing", id="no such Airflow"),
        pytest.param("load:orders", "load:order", "7: forbidden[1].target: load:order fits nothing", id="load"),
        pytest.param("tag:personal", "tag:personel", "5: protected[1].target: tag:personel fits nothing", id="tag"),
        pytest.param(
            "reason: true", "raeson: true", '3: rules[2].needs.raeson: unknown key, did you mean "re', id="needs"
        ),
        pytest.param(
            "needs: {approval: {count: 2, by: owners}, reason: true}",
            "needs: [approval, resaon]",
            '3: rules[2].needs: "resaon" is nothing that can be wanted; write approval',
            id="a word of needs",
        ),
        pytest.param("count: 2", "count: 0", "3: rules[2].needs.approval.count:", id="a count"),
        pytest.param("longest: 7d", "longest: week", "3: rules[2].longest:", id="a duration"),
        pytest.param(
            'target: "tag:personal", approval: {by: owners}',
            "approval: {by: owners}",
            "5: protected[1]: it protects",
            id="prot",
        ),
        pytest.param(
            "approval: {by: owners}, why", "approval: {count: 1}, why", "5: protected[1]: it must say by", id="by"
        ),
        pytest.param(
            'target: "load:orders", break_glass',
            "break_glass",
            "7: forbidden[1]: it speaks about nothing",
            id="forbidden",
        ),
        pytest.param(
            "fri 18:00", "friday 18:00", '9: freezes[1].weekly[1].from: "friday 18:00" is no mom', id="a weekday"
        ),
        pytest.param("to: mon 09:00", "to: fri 18:00", "9: freezes[1].weekly[1]: it ends before", id="an empty week"),
        pytest.param("zone: Asia/Seoul, ", "", "9: freezes[1].zone: this key is required", id="no zone"),
        pytest.param(", weekly: [{from: fri 18:00, to: mon 09:00}]", "", "9: freezes[1]: it never holds", id="never"),
        pytest.param("days: [mon]", "days: [monday]", "10: freezes[2].daily[1].days[1]:", id="a day"),
        pytest.param("2026-12-24", "24.12.2026", '11: freezes[3].dates[1].from: "24.12.2026" is no date', id="a date"),
        pytest.param("2026-12-26 12:00", "2026-12-23", "11: freezes[3].dates[1]: it ends before", id="backwards"),
        pytest.param(
            "2026-12-26 12:00",
            "2026-12-26T12:00:00+09:00",
            "11: freezes[3].dates[1].to:",
            id="an offset besides the zone",
        ),
        pytest.param(", channel: C0OPS", "", "12: break_glass.channel: this key is required", id="nobody is told"),
        pytest.param(
            "operation: clear-tasks, who: on-call, channel",
            "channel",
            "12: break_glass: it speaks about nothing",
            id="gl",
        ),
    ],
)
def test_a_problem_names_its_line_its_key_and_what_to_write(written, right, wrong, complaint):
    assert right in GOOD
    directory = written(GOOD.replace(right, wrong, 1))

    said = [str(problem).replace(f"{directory}/", "") for problem in problems(directory, ENVIRON, OPERATIONS)]

    assert [line for line in said if line.startswith(f"policy.yaml:{complaint}")], said


def test_who_owns_a_dag_is_never_its_owners(written):
    directory = written(GOOD)
    (directory / "baton.yaml").write_text(TAGGED.replace("user:U0MINJI", "owners"), encoding="utf-8")

    said = [str(problem) for problem in problems(directory, ENVIRON, OPERATIONS)]

    assert any('"owners" would mean itself' in line for line in said), said

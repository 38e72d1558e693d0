"""Baton is killed at random moments of whole scenarios: nothing is lost, nothing is done twice.

The long form is killed `BATON_KILLS` times by the chance of `BATON_KILL_SEED`, in every scenario on both databases
(`BATON_KILL_ON` names one), and adds what came of it to `docs/reports/kill.json`, after each play.
"""

import json
import os
import random
import secrets
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bot.store.migrate import upgrade
from tests.kill.clearing import Clearing
from tests.kill.granting import Expiring, Granting
from tests.kill.office import Office, Scenario, office, play
from tests.kill.requesting import Requesting
from tests.kill.rerunning import Rerunning
from tests.kill.shifting import Shifting
from tests.product.workplace import WEDNESDAY

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "docs" / "reports" / "kill.json"
KILLS = int(os.environ.get("BATON_KILLS", "300"))
DATABASES = os.environ.get("BATON_KILL_ON", "sqlite,postgresql").split(",")
KILLS_PER_PLAY = 10
SCENARIOS: Mapping[str, Callable[[Office, int], Scenario]] = {
    "clear": Clearing,
    "rerun of 10 dates": Rerunning,
    "grant and give back": Granting,
    "grant, extend and expiry": Expiring,
}

pytestmark = pytest.mark.xdist_group("kill")


@pytest.mark.live
@pytest.mark.timeout(600)
def test_a_clear_is_done_once_though_baton_is_killed_eight_times(sqlite_url, tmp_path):
    with office(sqlite_url, tmp_path, random.Random()) as place:
        for number in range(2):
            play(place, Clearing(place, number), kills=4)


@pytest.mark.live
@pytest.mark.timeout(600)
def test_a_request_and_a_change_of_shift_are_told_once_though_baton_is_killed_six_times(sqlite_url, tmp_path):
    with office(sqlite_url, tmp_path, random.Random(), at=WEDNESDAY) as place:
        effects = [play(place, scenario(place, 0), kills=3) for scenario in (Requesting, Shifting)]

    assert all(each.seen == each.wanted for each in effects)


@pytest.mark.long
@pytest.mark.timeout(6 * 3600)
def test_nothing_is_lost_and_nothing_is_done_twice_however_often_baton_is_killed(sqlite_url, postgres_url, tmp_path):
    seed = int(os.environ.get("BATON_KILL_SEED") or secrets.randbelow(2**31))
    chance = random.Random(seed)
    told: dict[str, Counter[str]] = {}
    earlier: Counter[str] = Counter()
    for name, url in {"sqlite": sqlite_url, "postgresql": postgres_url}.items():
        if name not in DATABASES:
            continue
        upgrade(url)
        (scratch := tmp_path / name).mkdir()
        with office(url, scratch, chance) as place:
            for each, counted in _until_killed_often_enough(place):
                told.setdefault(f"{each}, {name}", Counter()).update(counted)
                report = _report(seed, earlier + place.baton.kills, told)
                _keep(report)
            earlier += place.baton.kills

    assert (report["lost"], report["doubled"]) == (0, 0)


def _until_killed_often_enough(place: Office) -> Iterator[tuple[str, Mapping[str, int]]]:
    """Play each scenario, and go on until this database has had its share of the kills; yield what came of each."""
    for number in count():
        for name, scenario in SCENARIOS.items():
            effects = play(place, scenario(place, number), KILLS_PER_PLAY)
            counted = {"wanted": effects.wanted, "lost": max(effects.wanted - effects.seen, 0)}
            doubled = max(effects.seen - effects.wanted, 0)
            yield name, {"plays": 1, "kills": KILLS_PER_PLAY, **counted, "doubled": doubled}
            if number and place.baton.kills.total() >= KILLS / len(DATABASES):
                return


def _report(seed: int, moments: Counter[str], told: Mapping[str, Counter[str]]) -> dict[str, Any]:
    """Return what the committed report says: by scenario and database, and when in its life Baton was killed."""
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    return {
        "commit": commit.stdout.strip(),
        "seed": seed,
        "kills": moments.total(),
        "kills_by_moment": dict(moments),
        "lost": sum(each["lost"] for each in told.values()),
        "doubled": sum(each["doubled"] for each in told.values()),
        "scenarios": {name: dict(each) for name, each in told.items()},
    }


def _keep(report: Mapping[str, Any]) -> None:
    """Have the report say it, beside what earlier runs said."""
    told = json.loads(REPORT.read_text("utf-8"))["runs"] if REPORT.exists() else []
    runs = [*(each for each in told if each["seed"] != report["seed"]), report]
    totals = {each: sum(run[each] for run in runs) for each in ("kills", "lost", "doubled")}
    REPORT.write_text(json.dumps({**totals, "runs": runs}, indent=2) + "\n", "utf-8")

"""Baton is killed at random moments of whole scenarios: nothing is lost, nothing is done twice.

The long form is killed `BATON_KILLS` times by the chance of `BATON_KILL_SEED`, in every scenario on both databases, and
writes `docs/reports/kill.json`.
"""

import json
import os
import random
import secrets
import subprocess
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.store.migrate import upgrade
from tests.kill.clearing import Clearing
from tests.kill.office import Office, Scenario, office, play

ROOT = Path(__file__).parents[2]
REPORT = ROOT / "docs" / "reports" / "kill.json"
KILLS = int(os.environ.get("BATON_KILLS", "300"))
KILLS_PER_PLAY = 8
SCENARIOS: Mapping[str, Callable[[Office, int], Scenario]] = {"clear": Clearing}

pytestmark = pytest.mark.xdist_group("kill")


@pytest.mark.live
@pytest.mark.timeout(600)
def test_a_clear_is_done_once_though_baton_is_killed_eight_times(sqlite_url, tmp_path):
    with office(sqlite_url, tmp_path, random.Random()) as place:
        for number in range(2):
            play(place, Clearing(place, number), kills=4)


@pytest.mark.long
@pytest.mark.timeout(6 * 3600)
def test_nothing_is_lost_and_nothing_is_done_twice_however_often_baton_is_killed(sqlite_url, postgres_url, tmp_path):
    seed = int(os.environ.get("BATON_KILL_SEED") or secrets.randbelow(2**31))
    chance = random.Random(seed)
    plays: Counter[str] = Counter()
    kills: Counter[str] = Counter()
    for name, url in {"sqlite": sqlite_url, "postgresql": postgres_url}.items():
        upgrade(url)
        (scratch := tmp_path / name).mkdir()
        with office(url, scratch, chance) as place:
            _until_killed_often_enough(name, place, plays, kills)
    REPORT.write_text(json.dumps(_report(seed, plays, kills), indent=2) + "\n", "utf-8")


def _until_killed_often_enough(database: str, place: Office, plays: Counter[str], kills: Counter[str]) -> None:
    """Play one scenario after the other until this database has had its half of the kills."""
    number = 0
    while place.baton.kills.total() < KILLS / 2:
        for name, scenario in SCENARIOS.items():
            play(place, scenario(place, number), KILLS_PER_PLAY)
            plays[f"{name}, {database}"] += 1
            kills[f"{name}, {database}"] += KILLS_PER_PLAY
            number += 1
    kills.update(place.baton.kills)


def _report(seed: int, plays: Counter[str], kills: Counter[str]) -> dict[str, Any]:
    """Return what the committed report says; that it is written at all says that nothing was lost or doubled."""
    moments = {how: kills.pop(how) for how in ("starting", "clock", "call", "write") if how in kills}
    commit = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True)
    return {
        "commit": commit.stdout.strip(),
        "seed": seed,
        "kills": sum(moments.values()),
        "kills_by_moment": moments,
        "kills_by_scenario": dict(kills),
        "plays_by_scenario": dict(plays),
        "lost": 0,
        "doubled": 0,
    }

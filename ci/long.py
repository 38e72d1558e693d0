"""`make test-long`: the forms that take long, and `docs/reports/long.json`, which says what came of them.

The Airflow contract on each older version that is supported; what Hypothesis tries, with one seed after another.
`python ci/long.py SEED` repeats a run.
"""

import json
import platform
import secrets
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from results import Suite
from suites import ROOT, Command, run_all

REPORT = ROOT / "docs" / "reports" / "long.json"
OLDER_AIRFLOWS = ("3.0.6", "3.1.8", "3.2.2")
FUZZ_ROUNDS = 20


def suites(seed: int) -> list[Command]:
    contract = ("tests/live/airflow/test_contract.py", "-m", "live", "-n", "0", f"--randomly-seed={seed}")
    return [
        *(Command(f"airflow-{each}", contract, {"BATON_AIRFLOW_VERSION": each}) for each in OLDER_AIRFLOWS),
        *(fuzz(seed + number) for number in range(FUZZ_ROUNDS)),
        Command("long", ("tests", "-m", "long", f"--randomly-seed={seed}"), may_be_empty=True),
    ]


def fuzz(seed: int) -> Command:
    """Every property once more, with other examples. Their shrinking may take a while, so a test may too."""
    chosen = ("tests", "-m", "hypothesis and not live and not long", "-n", "2", "--timeout", "600")
    return Command(f"fuzz-{seed}", (*chosen, f"--hypothesis-seed={seed}", f"--randomly-seed={seed}"))


def report(told: Sequence[Suite], seed: int, *, is_well: bool) -> dict[str, Any]:
    """Return what the committed report says."""
    return {
        "commit": git("rev-parse", "HEAD"),
        "changed_files": len(git("status", "--porcelain").splitlines()),
        "python": platform.python_version(),
        "seed": seed,
        "is_well": is_well,
        "suites": [asdict(suite) for suite in told],
    }


def git(*arguments: str) -> str:
    answer = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603, S607 - git of this machine
    return answer.stdout.strip()


def main(arguments: Sequence[str]) -> int:
    seed = int(arguments[0]) if arguments else secrets.randbelow(2**31)
    told, is_well = run_all(suites(seed))
    REPORT.parent.mkdir(parents=True, exist_ok=True)
    REPORT.write_text(json.dumps(report(told, seed, is_well=is_well), indent=2, ensure_ascii=False) + "\n", "utf-8")
    return 0 if is_well else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

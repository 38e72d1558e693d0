"""`make test-live`: every suite that needs a real server, each in a pytest of its own; then what was skipped.

Airflow 2 and the browser run beside the others: they wait for a scheduler, or for a story, most of the time.

`python ci/live.py SUITE …` runs only those.
"""

import sys
from collections.abc import Sequence

from machine import prepare
from results import say
from suites import Command, run_all

ALONE = ("-m", "live", "-n", "0")
IN_PAIRS = ("-m", "live", "-n", "2", "--dist", "loadfile")  # the demo is started once
PATHS = {
    "live-airflow": ("tests/live/airflow",),
    "live-bigquery": ("tests/live/bigquery",),
    "live-main-story": ("tests/live/test_main_story.py",),
    "live-processes": ("tests/live/test_processes.py",),
    "live-slack": ("tests/live/slack",),
    "live-opsgenie": ("tests/live/opsgenie",),
    "live-browser": ("tests/browser",),
}
AIRFLOW_2 = {"BATON_AIRFLOW_VERSION": "2.11.2"}
SUITES = (
    *(Command(name, (*paths, *ALONE)) for name, paths in PATHS.items() if name != "live-browser"),
    Command("live-airflow-2", (*PATHS["live-airflow"], *ALONE), AIRFLOW_2, beside=True),
    Command("live-browser", (*PATHS["live-browser"], *IN_PAIRS), beside=True),
    Command(
        "live-rest",
        ("tests", *ALONE, *(f"--ignore={path}" for paths in PATHS.values() for path in paths)),
        may_be_empty=True,
    ),
)


def main(names: Sequence[str]) -> int:
    problems = prepare()
    _, is_well = run_all([suite for suite in SUITES if not names or suite.name in names])
    for problem in problems:
        say(f"this machine lacks something: {problem}")
    return 0 if is_well and not problems else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

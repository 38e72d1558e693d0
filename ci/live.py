"""`make test-live`: every suite that needs a real server, each in a pytest of its own; then what was skipped.

Two run at once, those that take long first: they wait for a scheduler, or for a story, most of the time.

`python ci/live.py SUITE …` runs only those.
"""

import sys
from collections.abc import Sequence

from machine import prepare
from results import say
from suites import Command, run_all

ALONE = ("-m", "live", "-n", "0")
IN_PAIRS = ("-m", "live", "-n", "2", "--dist", "loadfile")  # the demo is started once
AT_ONCE = 2
AIRFLOW, BROWSER = "tests/live/airflow", "tests/browser"
PATHS = {
    "live-main-story": "tests/live/test_main_story.py",
    "live-slack": "tests/live/slack",
    "live-processes": "tests/live/test_processes.py",
    "live-opsgenie": "tests/live/opsgenie",
    "live-bigquery": "tests/live/bigquery",
}
REST = ("tests", *(f"--ignore={path}" for path in (AIRFLOW, BROWSER, *PATHS.values())))
SUITES = (
    Command("live-airflow", (AIRFLOW, *ALONE)),
    Command("live-airflow-2", (AIRFLOW, *ALONE), {"BATON_AIRFLOW_VERSION": "2.11.2"}),
    Command("live-browser", (BROWSER, *IN_PAIRS)),
    Command("live-rest", (*REST, *ALONE), may_be_empty=True),
    *(Command(name, (path, *ALONE)) for name, path in PATHS.items()),
)


def main(names: Sequence[str]) -> int:
    problems = prepare()
    _, is_well = run_all([suite for suite in SUITES if not names or suite.name in names], AT_ONCE)
    for problem in problems:
        say(f"this machine lacks something: {problem}")
    return 0 if is_well and not problems else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

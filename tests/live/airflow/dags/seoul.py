"""Two loads at half past midnight in Seoul, on five days of March: with data intervals, and with mere moments.

Airflow makes the runs by its own timetables. Each time that one loads, it writes down for which moment and interval.
"""

import json
import os
from pathlib import Path

import pendulum
from airflow.timetables.interval import CronDataIntervalTimetable
from airflow.timetables.trigger import CronTriggerTimetable

try:
    from airflow.sdk import dag, get_current_context, task
except ImportError:  # Airflow 2
    from airflow.decorators import dag, task
    from airflow.operators.python import get_current_context

SEOUL, HALF_PAST_MIDNIGHT = "Asia/Seoul", "30 0 * * *"
MARKERS = Path(os.environ["BATON_MARKERS"])


def make(dag_id, timetable):
    @dag(
        dag_id=dag_id,
        schedule=timetable,
        start_date=pendulum.datetime(2026, 3, 2, tz=SEOUL),
        end_date=pendulum.datetime(2026, 3, 6, 23, tz=SEOUL),
        catchup=True,
        max_active_runs=16,
        is_paused_upon_creation=True,  # no run before its test wants them
    )
    def seoul():
        @task
        def load() -> None:
            run = get_current_context()["dag_run"]
            moments = (run.logical_date, run.data_interval_start, run.data_interval_end)
            with (MARKERS / f"{dag_id}.jsonl").open("a") as output:
                output.write(json.dumps([moment.isoformat() for moment in moments]) + "\n")

        load()

    seoul()


make("seoul_intervals", CronDataIntervalTimetable(HALF_PAST_MIDNIGHT, timezone=SEOUL))
make("seoul_moments", CronTriggerTimetable(HALF_PAST_MIDNIGHT, timezone=SEOUL))

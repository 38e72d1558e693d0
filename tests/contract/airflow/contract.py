"""What the parts of the contract share."""

import pytest

from bot.ports.airflow import Airflow, TaskChoice, TaskKey

LOAD = (TaskChoice("load"),)


def states(airflow: Airflow, dag_id: str, run_id: str) -> dict[TaskKey, tuple[str | None, int]]:
    """Return state and try of every task instance of the run."""
    return {found.key: (found.state, found.try_number) for found in airflow.task_instances(dag_id, run_id)}


class Contract:
    @pytest.fixture
    def airflow(self, bench):
        return bench.airflow

    @pytest.fixture
    def viewer(self, bench):
        viewer = bench.connect(bench.viewer)
        yield viewer
        viewer.close()

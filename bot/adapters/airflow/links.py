"""Addresses of Airflow's web pages, for people: those of version 3, and the grid of version 2."""

from urllib.parse import quote, urlencode

from bot.ports.airflow import TaskKey


def dag(base: str, dag_id: str, dag_run_id: str | None = None) -> str:
    page = f"{base.rstrip('/')}/dags/{_segment(dag_id)}"
    return f"{page}/runs/{_segment(dag_run_id)}" if dag_run_id else page


def log(base: str, key: TaskKey, try_number: int) -> str:
    """Return the page that shows that try's log, as the server's own e-mails link it."""
    page = f"{dag(base, key.dag_id, key.dag_run_id)}/tasks/{_segment(key.task_id)}"
    if key.map_index >= 0:
        page += f"/mapped/{key.map_index}"
    return f"{page}?try_number={try_number}" if try_number > 0 else page


def grid(base: str, dag_id: str, dag_run_id: str | None = None) -> str:
    page = f"{base.rstrip('/')}/dags/{_segment(dag_id)}/grid"
    return f"{page}?{urlencode({'dag_run_id': dag_run_id})}" if dag_run_id else page


def grid_log(base: str, key: TaskKey) -> str:
    """Return the page of a task's logs; Airflow 2 has one for all tries."""
    place = {"dag_run_id": key.dag_run_id, "task_id": key.task_id}
    if key.map_index >= 0:
        place["map_index"] = str(key.map_index)
    return f"{grid(base, key.dag_id)}?{urlencode({**place, 'tab': 'logs'})}"


def _segment(value: str) -> str:
    return quote(value, safe="")

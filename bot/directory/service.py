"""Keeps the stored copy of Slack's people and groups, and of each Airflow's DAGs and failed tasks."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete

from bot.ports.airflow import Dag, TaskInstance
from bot.ports.slack import SlackGroup, SlackPerson
from bot.store import Tx
from bot.store.tables import dags, failed_tasks, people, user_groups
from bot.store.upsert import upsert


def keep_people(tx: Tx, found: Iterable[SlackPerson], now: datetime) -> None:
    """Remember these accounts as they are now; others stay as they were known."""
    rows = [
        {
            "team": person.team,
            "user": person.user,
            "name": person.name,
            "real_name": person.real_name,
            "email": person.email,
            "locale": person.locale,
            "zone": person.zone,
            "is_bot": person.is_bot,
            "is_guest": person.is_guest,
            "is_deleted": person.is_deleted,
            "fetched_at": now,
        }
        for person in found
    ]
    upsert(tx, people, rows, key=["team", "user"])


def keep_groups(tx: Tx, found: Sequence[SlackGroup], now: datetime) -> None:
    """Remember exactly these groups: one that is gone has no members any more."""
    tx.execute(delete(user_groups))
    rows = [
        {
            "team": group.team,
            "group_id": group.group_id,
            "handle": group.handle,
            "members": list(group.members),
            "fetched_at": now,
        }
        for group in found
    ]
    upsert(tx, user_groups, rows, key=["team", "group_id"])


def keep_dags(tx: Tx, airflow: str, found: Sequence[Dag], now: datetime) -> None:
    """Remember exactly these DAGs of one Airflow."""
    tx.execute(delete(dags).where(dags.c.airflow == airflow))
    rows = [
        {
            "airflow": airflow,
            "dag_id": dag.dag_id,
            "is_paused": dag.is_paused,
            "owners": list(dag.owners),
            "tags": list(dag.tags),
            "schedule": dag.schedule,
            "next_run_at": None if dag.is_paused else dag.next_run_after,
            "fetched_at": now,
        }
        for dag in found
        if not dag.is_stale
    ]
    upsert(tx, dags, rows, key=["airflow", "dag_id"])


def keep_failed_tasks(tx: Tx, airflow: str, found: Sequence[TaskInstance], now: datetime) -> None:
    """Remember exactly these failed task instances of one Airflow."""
    tx.execute(delete(failed_tasks).where(failed_tasks.c.airflow == airflow))
    rows = [
        {
            "airflow": airflow,
            "dag_id": each.key.dag_id,
            "dag_run_id": each.key.dag_run_id,
            "task_id": each.key.task_id,
            "map_index": each.key.map_index,
            "state": each.state or "none",
            "try_number": each.try_number,
            "started_at": each.started_at,
            "fetched_at": now,
        }
        for each in found
    ]
    upsert(tx, failed_tasks, rows, key=["airflow", "dag_id", "dag_run_id", "task_id", "map_index"])

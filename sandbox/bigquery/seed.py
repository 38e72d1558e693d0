"""The datasets, tables and accounts of the made-up workplace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sandbox.bigquery import access
from sandbox.bigquery.model import Dataset, Table
from sandbox.bigquery.principals import Principals
from sandbox.bigquery.state import State

STEP = {"HOUR": timedelta(hours=1), "DAY": timedelta(days=1), "MONTH": timedelta(days=31), "YEAR": timedelta(days=366)}


def state_of(section: Mapping[str, Any], now: datetime) -> State:
    """The first moment: every table was loaded by its schedule until now, in the zone of business dates."""
    accounts = section.get("principals", {})
    principals = Principals.of(
        accounts.get("users", ()), accounts.get("service_accounts", ()), accounts.get("groups", {})
    )
    projects = section.get("projects", {})
    members = {name: dict(project.get("members", {})) for name, project in projects.items()}
    state = State(principals, members, section.get("account", "baton@sandbox.iam.gserviceaccount.com"))
    for project, details in projects.items():
        for dataset_id, entry in details.get("datasets", {}).items():
            dataset = _dataset(state, project, dataset_id, entry, now)
            state.datasets[project, dataset_id] = dataset
    return state


def _dataset(state: State, project: str, dataset_id: str, entry: Mapping[str, Any], now: datetime) -> Dataset:
    entries = [*access.NEW_DATASET, *entry.get("access", ())]
    long_ago = replace(state.principals, takes_deleted=True)  # some accounts were deleted since they got access
    made = Dataset(
        project=project,
        dataset_id=dataset_id,
        etag=state.next_etag(),
        access=access.written(entries, long_ago, f"Dataset {project}:{dataset_id}"),
        created_at=now - timedelta(days=400),
        modified_at=now - timedelta(days=30),
        location=entry.get("location", "US"),
        kind=entry.get("type", "DEFAULT"),
        description=entry.get("description", ""),
        labels=dict(entry.get("labels", {})),
        tags=dict(entry.get("tags", {})),
    )
    for table_id, table in entry.get("tables", {}).items():
        made.tables[table_id] = _table(state, made, table_id, table, now)
    return made


def _table(state: State, dataset: Dataset, table_id: str, entry: Mapping[str, Any], now: datetime) -> Table:
    grain = entry.get("grain")
    made = Table(
        project=dataset.project,
        dataset_id=dataset.dataset_id,
        table_id=table_id,
        kind=entry.get("type", "TABLE"),
        created_at=dataset.created_at,
        modified_at=now - timedelta(hours=5),
        etag=state.next_etag(),
        fields=[dict(each) for each in entry.get("fields", ())],
        grain=grain,
        column=entry.get("column"),
        view=entry.get("view"),
        labels=dict(entry.get("labels", {})),
        usual_rows=int(entry.get("rows", 0)),
    )
    if grain:
        _load_until(made, now, int(entry.get("partitions", 30)), STEP[grain])
    elif made.has_data:
        made.write("", made.modified_at)
    return made


def _load_until(table: Table, now: datetime, count: int, step: timedelta) -> None:
    """Load the newest partitions before the running one, each when its time was over."""
    for back in range(count, 0, -1):
        moment = now - back * step
        table.write(table.key_of(moment), min(moment + step, now - timedelta(minutes=30)))

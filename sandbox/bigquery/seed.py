"""The datasets, tables and accounts of the made-up workplace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.bigquery import access
from sandbox.bigquery.model import KEY_FORMATS, Dataset, Partition, Table
from sandbox.bigquery.principals import Principals
from sandbox.bigquery.state import State

STEP = {"HOUR": timedelta(hours=1), "DAY": timedelta(days=1), "MONTH": timedelta(days=31), "YEAR": timedelta(days=366)}


def state_of(section: Mapping[str, Any], now: datetime) -> State:
    """The first moment: every table was loaded by its schedule until now."""
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
    )
    rows = int(entry.get("rows", 0))
    if grain:
        made.partitions = _partitions(grain, int(entry.get("partitions", 30)), rows, now)
        made.modified_at = max(each.modified_at for each in made.partitions.values())
    elif made.has_data:
        made.partitions = {"": Partition(rows, made.modified_at)}
    return made


def _partitions(grain: str, count: int, rows: int, now: datetime) -> dict[str, Partition]:
    """The newest partitions before the running one, of slightly different sizes, each loaded when it was over."""
    found: dict[str, Partition] = {}
    for back in range(count, 0, -1):
        moment = now.astimezone(UTC) - back * STEP[grain]
        loaded_at = min(moment + STEP[grain], now - timedelta(minutes=30))
        found[moment.strftime(KEY_FORMATS[grain])] = Partition(rows + back * 37 % 101, loaded_at)
    return found

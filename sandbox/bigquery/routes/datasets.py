"""Datasets: list, create, read, change and delete; with their access."""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from sandbox.bigquery import access, rules, wire
from sandbox.bigquery.call import PROJECT, Call, endpoint
from sandbox.bigquery.errors import ApiError, invalid
from sandbox.bigquery.model import Dataset
from sandbox.bigquery.server import Server

DATASETS = f"{PROJECT}/datasets"
DATASET = f"{DATASETS}/{{dataset}}"
VIEWS = (None, "ACL", "METADATA", "FULL", "DATASET_VIEW_UNSPECIFIED")
MODES = ("UPDATE_FULL", "UPDATE_ACL", "UPDATE_METADATA", "UPDATE_MODE_UNSPECIFIED")
METADATA = ("description", "labels", "resourceTags")


def routes(server: Server) -> list[Route]:
    return [
        endpoint(server, "GET", DATASETS, list_datasets),
        endpoint(server, "POST", DATASETS, create),
        endpoint(server, "GET", DATASET, get),
        endpoint(server, "PATCH", DATASET, patch),
        endpoint(server, "PUT", DATASET, put),
        endpoint(server, "DELETE", DATASET, delete),
    ]


def list_datasets(call: Call) -> Any:
    project = call.state.project(call.path["project"])
    call.state.allow("bigquery.datasets.get", project)
    found, more = call.page(call.state.datasets_of(project))
    return {"kind": "bigquery#datasetList", "datasets": [wire.dataset_item(each) for each in found], **more}


def create(call: Call) -> Any:
    state, body, now = call.state, call.body(), call.server.now()
    project, dataset_id = state.project(call.path["project"]), body.get("datasetReference", {}).get("datasetId")
    if not isinstance(dataset_id, str) or not dataset_id.isidentifier():
        raise invalid(f"Invalid dataset ID {dataset_id!r}.")
    if (project, dataset_id) in state.datasets:
        raise ApiError(409, "duplicate", f"Already Exists: Dataset {project}:{dataset_id}")
    entries = access.written(
        body.get("access", access.NEW_DATASET), state.principals, f"Dataset {project}:{dataset_id}"
    )
    made = Dataset(project, dataset_id, state.next_etag(), entries, now, now, location=body.get("location", "US"))
    _describe(made, body)
    state.datasets[project, dataset_id] = made
    return wire.dataset(made, _version(call))


def get(call: Call) -> Any:
    view = call.query.get("datasetView")
    if view not in VIEWS:
        raise invalid(f"Invalid value for datasetView: {view}")
    if view in {None, "FULL", "METADATA"}:
        call.state.allow("bigquery.datasets.get", call.path["project"], call.path["dataset"])
    if view != "METADATA":
        call.state.allow("bigquery.datasets.getIamPolicy", call.path["project"], call.path["dataset"])
    return wire.dataset(_found(call), _version(call), view)


def patch(call: Call) -> Any:
    """Change what the body names; `access` is replaced as a whole."""
    return _update(call, call.body(), replaces=False)


def put(call: Call) -> Any:
    return _update(call, call.body(), replaces=True)


def _update(call: Call, body: dict[str, Any], *, replaces: bool) -> Any:
    dataset, version, mode = _found(call), _version(call), call.query.get("updateMode", "UPDATE_FULL")
    if mode not in MODES:
        raise invalid(f"Invalid value for updateMode: {mode}")
    _allow(call, mode)
    rules.match(dataset.etag, call.if_match)
    entries = _entries(call, dataset, body, replaces=replaces) if mode != "UPDATE_METADATA" else dataset.access
    conditional = dataset.is_conditional or any("condition" in entry for entry in entries)
    rules.version_fits(version, conditions=conditional)
    call.server.pace.count(dataset.name)
    if call.if_match is None:
        call.state.blind_writes += 1
    if mode != "UPDATE_ACL":
        _describe(dataset, {key: body.get(key) for key in METADATA} if replaces else body)
    call.state.set_access(dataset, entries, call.server.now())
    return wire.dataset(dataset, version)


def _entries(call: Call, dataset: Dataset, body: dict[str, Any], *, replaces: bool) -> list[dict[str, Any]]:
    if "access" not in body:
        return list(access.NEW_DATASET) if replaces else dataset.access
    return access.written(body["access"], call.state.principals, f"Dataset {dataset.name}")


def _allow(call: Call, mode: str) -> None:
    place = (call.path["project"], call.path["dataset"])
    if mode != "UPDATE_METADATA":
        call.state.allow("bigquery.datasets.setIamPolicy", *place)
    if mode != "UPDATE_ACL":
        call.state.allow("bigquery.datasets.update", *place)


def delete(call: Call) -> None:
    dataset = _found(call)
    if dataset.tables and call.query.get("deleteContents") != "true":
        raise ApiError(400, "resourceInUse", f"Dataset {dataset.name} is still in use")
    del call.state.datasets[dataset.project, dataset.dataset_id]


def _found(call: Call) -> Dataset:
    return call.state.dataset(call.path["project"], call.path["dataset"])


def _version(call: Call) -> int:
    return rules.version_of(call.query.get("accessPolicyVersion"))


def _describe(dataset: Dataset, body: dict[str, Any]) -> None:
    if "description" in body:
        dataset.description = body["description"] or ""
    if "labels" in body:
        dataset.labels = dict(body["labels"] or {})
    if "resourceTags" in body:
        dataset.tags = dict(body["resourceTags"] or {})

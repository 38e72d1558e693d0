"""The policies of single tables: version 1 only, the etag inside."""

from __future__ import annotations

from typing import Any

from starlette.routing import Route

from sandbox.bigquery import wire
from sandbox.bigquery.call import Call, endpoint
from sandbox.bigquery.errors import ApiError, invalid
from sandbox.bigquery.model import Entry, Table
from sandbox.bigquery.routes.tables import TABLE, found
from sandbox.bigquery.server import Server

TAKES_NO_ACCESS = frozenset({"LINKED", "EXTERNAL"})
STALE = {400: "invalid", 409: "aborted", 412: "conditionNotMet"}


def routes(server: Server) -> list[Route]:
    return [
        endpoint(server, "POST", f"{TABLE}:getIamPolicy", get),
        endpoint(server, "POST", f"{TABLE}:setIamPolicy", put),
    ]


def get(call: Call) -> Any:
    call.state.allow("bigquery.tables.getIamPolicy", call.path["project"], call.path["dataset"])
    options = (call.json or {}).get("options", {})
    if options.get("requestedPolicyVersion", 1) != 1:
        raise invalid("Requested policy version is not supported: only IAM policy version 1 is supported.")
    return wire.policy(_owned(call))


def put(call: Call) -> Any:
    call.state.allow("bigquery.tables.setIamPolicy", call.path["project"], call.path["dataset"])
    table, policy = _owned(call), call.body().get("policy")
    if not isinstance(policy, dict):
        raise invalid("Required parameter is missing: policy")
    _match(call, table, policy.get("etag"))
    bindings = [_binding(call, table, each) for each in policy.get("bindings", ())]
    table.bindings, table.policy_etag = bindings, call.state.next_etag()
    return wire.policy(table)


def _match(call: Call, table: Table, etag: str | None) -> None:
    if etag is None:
        call.state.blind_writes += 1
    elif etag != table.policy_etag:
        status = call.state.stale_policy_status
        message = "There were concurrent policy changes. Please retry the whole read-modify-write: the etag is stale."
        raise ApiError(status, STALE[status], message)


def _binding(call: Call, table: Table, given: Any) -> Entry:
    if not isinstance(given, dict) or not isinstance(given.get("role"), str) or not given.get("members"):
        raise invalid("Invalid value for: bindings")
    if "condition" in given:
        raise invalid("Conditions are not supported on tables.")
    for member in given["members"]:
        _check(call, member, f"Table {table.name}")
    return {"role": given["role"], "members": sorted(given["members"])}


def _check(call: Call, member: str, where: str) -> None:
    if member in {"allUsers", "allAuthenticatedUsers"}:
        return
    if member.startswith("deleted:"):
        call.state.principals.check_deleted(member, where)
        return
    kind, _, address = member.partition(":")
    if kind not in {"user", "serviceAccount", "group", "domain"}:
        raise invalid(f"Invalid value for: member {member} is not valid")
    call.state.principals.check(kind, address, where)


def _owned(call: Call) -> Table:
    """A table that may have a policy of its own."""
    table = found(call)
    if call.state.dataset(table.project, table.dataset_id).kind in TAKES_NO_ACCESS:
        raise invalid(f"IAM policies are not supported on tables of this dataset: {table.name}")
    return table

"""The entries of `access`: what is refused, how BigQuery writes them down, how it shows them, whom they let in."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sandbox.bigquery import conditions
from sandbox.bigquery.errors import invalid
from sandbox.bigquery.model import Entry
from sandbox.bigquery.principals import Principals

LEGACY = {
    "roles/bigquery.dataViewer": "READER",
    "roles/bigquery.dataEditor": "WRITER",
    "roles/bigquery.dataOwner": "OWNER",
}
READS = frozenset({"READER", "WRITER", "OWNER", "roles/bigquery.admin", *LEGACY})
PEOPLE = ("userByEmail", "groupByEmail", "domain", "specialGroup", "iamMember")
OBJECTS = ("view", "routine", "dataset")
SPECIAL = ("projectOwners", "projectWriters", "projectReaders", "allAuthenticatedUsers")
KINDS = {"user": "userByEmail", "serviceAccount": "userByEmail", "group": "groupByEmail", "domain": "domain"}
_ROLE = re.compile(r"READER|WRITER|OWNER|roles/[\w.]+|(?:projects|organizations)/[^/]+/roles/[\w.]+")

NEW_DATASET: list[Entry] = [
    {"role": "WRITER", "specialGroup": "projectWriters"},
    {"role": "OWNER", "specialGroup": "projectOwners"},
    {"role": "READER", "specialGroup": "projectReaders"},
]


def written(entries: Any, principals: Principals, where: str) -> list[Entry]:
    """The list as BigQuery keeps it; refused as a whole where one entry is wrong."""
    if not isinstance(entries, list):
        raise invalid("Invalid value for: access is not a list")
    return [_written(entry, principals, where) for entry in entries]


def _written(entry: Any, principals: Principals, where: str) -> Entry:
    if not isinstance(entry, dict):
        raise invalid("Invalid value for: access entry is not an object")
    kinds = [key for key in (*PEOPLE, *OBJECTS) if key in entry]
    if len(kinds) != 1:
        raise invalid("Access entry must have exactly one of " + ", ".join((*PEOPLE, *OBJECTS)) + ".")
    if kinds[0] in OBJECTS:
        if "role" in entry:
            raise invalid(f"Role must not be set for a {kinds[0]}.")
        return dict(entry)
    role = entry.get("role")
    if not isinstance(role, str) or not _ROLE.fullmatch(role):
        raise invalid(f"Invalid value for role: {role} is not a valid value")
    if "condition" in entry:
        conditions.check(entry["condition"])
    kind, address = _member(kinds[0], entry[kinds[0]], principals, where)
    rest = {key: value for key, value in entry.items() if key not in {kinds[0], "role"}}
    return {"role": LEGACY.get(role, role), kind: address, **rest}


def _member(kind: str, address: Any, principals: Principals, where: str) -> tuple[str, str]:
    """The kind and name under which BigQuery keeps a member that exists."""
    if not isinstance(address, str) or not address:
        raise invalid(f"Invalid value for: {kind} is not valid")
    if kind == "specialGroup":
        if address not in SPECIAL:
            raise invalid(f"Invalid value for: specialGroup {address} is not valid")
        return kind, address
    if kind == "iamMember":
        return _iam_member(address, principals, where)
    principals.check({"userByEmail": "user", "groupByEmail": "group", "domain": "domain"}[kind], address, where)
    return kind, address


def _iam_member(member: str, principals: Principals, where: str) -> tuple[str, str]:
    if member == "allAuthenticatedUsers":
        return "specialGroup", member
    if member == "allUsers":
        return "iamMember", member
    if member.startswith("deleted:"):
        principals.check_deleted(member, where)
        return "iamMember", member
    kind, _, address = member.partition(":")
    if kind not in KINDS or not address:
        raise invalid(f"Invalid value for: iamMember {member} is not valid")
    principals.check(kind, address, where)
    return KINDS[kind], address


def shown(entries: list[Entry], version: int) -> list[Entry]:
    """The list as it is answered: below version 3, conditions are hidden and their roles mangled."""
    if version >= 3:
        return [dict(entry) for entry in entries]
    return [_mangled(entry) if "condition" in entry else dict(entry) for entry in entries]


def _mangled(entry: Entry) -> Entry:
    digest = hashlib.sha256(json.dumps(entry["condition"], sort_keys=True).encode()).hexdigest()[:20]
    rest = {key: value for key, value in entry.items() if key != "condition"}
    names = {legacy: role for role, legacy in LEGACY.items()}
    return {**rest, "role": f"{names.get(entry['role'], entry['role'])}_withcond_{digest}"}


def forgotten(entry: Entry, address: str, uid: str) -> Entry:
    """The same entry after the account was deleted."""
    for kind, name in (("userByEmail", "user"), ("groupByEmail", "group")):
        if str(entry.get(kind, "")).lower() == address.lower():
            rest = {key: value for key, value in entry.items() if key != kind}
            name = "serviceAccount" if "gserviceaccount" in address else name  # noqa: PLW2901 - one of three names
            return {**rest, "iamMember": f"deleted:{name}:{address}?uid={uid}"}
    return entry


def let_in(
    entries: list[Entry], principals: Principals, project: dict[str, list[str]], now: datetime
) -> Iterator[tuple[str, Entry]]:
    """Whom the entries let read at this moment, one by one, each with the entry that does."""
    for entry in entries:
        if entry.get("role") in READS and conditions.holds(entry.get("condition"), now):
            for person in _people(entry, principals, project):
                yield person, entry


def _people(entry: Entry, principals: Principals, project: dict[str, list[str]]) -> tuple[str, ...]:
    if "userByEmail" in entry:
        return (entry["userByEmail"].lower(),)
    if "groupByEmail" in entry:
        return principals.members(entry["groupByEmail"])
    if "domain" in entry:
        return tuple(sorted(each for each in principals.users if each.endswith("@" + entry["domain"].lower())))
    if entry.get("specialGroup") == "allAuthenticatedUsers" or entry.get("iamMember") == "allUsers":
        return tuple(sorted(principals.users))
    members = project.get(entry.get("specialGroup", ""), ())
    return tuple(person for each in members for person in principals.members(each) or (each.lower(),))

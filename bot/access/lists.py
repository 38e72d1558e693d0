"""One door for both kinds of lists at Google: a dataset's `access`, and the policy of a table."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from bot.access import bindings, entries
from bot.access.members import OURS, Key
from bot.access.model import Held, Resource
from bot.access.rules import Change
from bot.ports.bigquery import BigQuery, DatasetName, Entry


@dataclass(frozen=True, slots=True)
class Listed:
    """A list as Google has it at one moment."""

    resource: Resource
    raw: tuple[Entry, ...]
    etag: str

    @property
    def held(self) -> Held:
        return Held(tuple(_kind(self.resource).keys_of(self.raw)), self.etag, dict(self._expressions()))

    @property
    def digest(self) -> str:
        """Return a hash of the whole list, as evidence of what stood there."""
        return hashlib.sha256(json.dumps(self.raw, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    def entry(self, key: Key) -> Mapping[str, Any] | None:
        """Return a dataset's entry as Google has written it down; a table's members have no entry of their own."""
        return entries.entry_with(self.raw, key) if isinstance(self.resource, DatasetName) else None

    def changed(self, change: Change, *, without_deleted: bool) -> tuple[Entry, ...]:
        """Return what the whole list becomes."""
        kind = _kind(self.resource)
        kept = kind.without_deleted(self.raw) if without_deleted else self.raw
        changed: tuple[Entry, ...] = kind.with_added(kind.without(kept, change.remove), change.add)
        return changed

    def _expressions(self) -> Any:
        conditions = (each.get("condition") or {} for each in self.raw)
        return (
            (each["title"], str(each.get("expression", "")))
            for each in conditions
            if str(each.get("title", "")).startswith(OURS)
        )


def read(bigquery: BigQuery, resource: Resource) -> Listed:
    """Return the list as it is now. Raises VendorError."""
    if isinstance(resource, DatasetName):
        acl = bigquery.acl(resource)
        return Listed(resource, acl.entries, acl.etag)
    policy = bigquery.table_policy(resource)
    return Listed(resource, policy.bindings, policy.etag)


def write(bigquery: BigQuery, listed: Listed, raw: tuple[Entry, ...], reason: str) -> Listed:
    """Replace the list if it still is what it was; return it as Google has written it down. Raises VendorError."""
    if isinstance(listed.resource, DatasetName):
        acl = bigquery.set_acl(listed.resource, raw, etag=listed.etag, reason=reason)
        return Listed(listed.resource, acl.entries, acl.etag)
    policy = bigquery.set_table_policy(listed.resource, raw, etag=listed.etag, reason=reason)
    return Listed(listed.resource, policy.bindings, policy.etag)


def _kind(resource: Resource) -> ModuleType:
    return entries if isinstance(resource, DatasetName) else bindings

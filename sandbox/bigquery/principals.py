"""Who exists: BigQuery refuses to write down anybody else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sandbox.bigquery.errors import invalid


@dataclass(slots=True)
class Principals:
    """Addresses compare whatever their case. `groups` has its members by group."""

    users: set[str] = field(default_factory=set)
    service_accounts: set[str] = field(default_factory=set)
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    domains: set[str] = field(default_factory=set)
    takes_deleted: bool = False  # whether an entry of a deleted account may be written back

    @classmethod
    def of(
        cls, users: Iterable[str], service_accounts: Iterable[str], groups: Mapping[str, Iterable[str]]
    ) -> Principals:
        known = {address.lower() for address in users}
        return cls(
            users=known,
            service_accounts={address.lower() for address in service_accounts},
            groups={group.lower(): tuple(each.lower() for each in members) for group, members in groups.items()},
            domains={address.partition("@")[2] for address in known},
        )

    def check(self, kind: str, address: str, where: str) -> None:
        """Refuse whom nobody knows, in BigQuery's words."""
        known = {
            "user": self.users | self.service_accounts,
            "serviceAccount": self.service_accounts,
            "group": self.groups.keys(),
            "domain": self.domains,
        }[kind]
        if address.lower() not in known:
            raise invalid(f"IAM setPolicy failed for {where}: {_NAMES[kind]} {address} does not exist.")

    def check_deleted(self, member: str, where: str) -> None:
        if not self.takes_deleted:
            raise invalid(f"IAM setPolicy failed for {where}: Principal {member} does not exist.")

    def members(self, group: str) -> tuple[str, ...]:
        return self.groups.get(group.lower(), ())


_NAMES = {"user": "User", "serviceAccount": "Service account", "group": "Group", "domain": "Domain"}

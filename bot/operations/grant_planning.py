"""What giving access to one list at Google would change, and what speaks against it. Reads only."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Self

from bot.access import lists
from bot.access.catalog import Dataset, marks
from bot.access.grants import Grants
from bot.access.members import Compared, Key, Member, MemberKind, compare, key_for, word_for
from bot.access.model import GIVES, Grant, Grantee, Resource, Wish, resource_of
from bot.access.rules import foreign
from bot.actor import Actor
from bot.config.datasets import Sensitive
from bot.operations.operation import Asking
from bot.operations.plan import Change, Step
from bot.ports.bigquery import BigQuery, DatasetName, TableName
from bot.text import Code, Text, text

MOST_TABLES = 40  # of a dataset that are looked at for what is sensitive: planning takes less than a minute


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a step says, as it survives the store: who gets what for how long, and which grants last longer."""

    resource: Resource
    role: str
    lasts: timedelta
    self_expiring: bool
    grantees: tuple[Grantee, ...]
    extends: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        return {
            "resource": str(self.resource),
            "role": self.role,
            "lasts_s": self.lasts.total_seconds(),
            "self_expiring": self.self_expiring,
            "grantees": [
                [each.member.kind.value, each.member.email, str(each.person) if each.person else None]
                for each in self.grantees
            ],
            "extends": dict(self.extends),
        }

    @classmethod
    def of(cls, step: Step) -> Self:
        """Return what the step says of the items that are left in it."""
        body, kept = step.body, {change.target for change in step.changes}
        grantees = (
            Grantee(Member(MemberKind(kind), email), Actor.parse(person) if person else None)
            for kind, email, person in body["grantees"]
            if email in kept
        )
        lasts = timedelta(seconds=body["lasts_s"])
        resource = resource_of(body["resource"])
        return cls(resource, body["role"], lasts, body["self_expiring"], tuple(grantees), body["extends"])

    def wish(self, asking: Asking) -> Wish | None:
        """Return what is to be given anew, None where everything only lasts longer."""
        new = tuple(each for each in self.grantees if each.member.email not in self.extends)
        if not new:
            return None
        return Wish(
            run_id=asking.run_id,
            resource=self.resource,
            role=self.role,
            grantees=new,
            lasts=self.lasts,
            reason=asking.reason,
            asked_by=asking.by,
            self_expiring=self.self_expiring,
        )


@dataclass(frozen=True, slots=True)
class Part:
    """What is to be done on one list, and whom it leaves out, with why."""

    step: Step | None
    has: tuple[Text, ...] = ()


def part(
    google: BigQuery,
    grants: Grants,
    rule: Dataset,
    resource: Resource,
    grantees: Sequence[Grantee],
    role: str,
    lasts: timedelta,
) -> Part:
    """Return who of them would get the role there, who keeps it longer, and who has it already."""
    held, running = lists.read(google, resource).held.keys, grants.open_on(resource)
    changes: list[Change] = []
    has: list[Text] = []
    extends: dict[str, str] = {}
    for each in grantees:
        mine = _running(running, each.member, role)
        others = foreign(held, each.member, running)
        if mine is not None:
            extends[each.member.email] = mine.id
            changes.append(_longer(mine, lasts))
        elif compare(others, key_for(each.member, role)) is Compared.ALREADY_HAS:
            has.append(text("grant-access.has_already", who=Code(each.member.email), resource=Code(str(resource))))
        else:
            changes.append(_new(each.member, others, role, lasts))
    wanted = {change.target for change in changes}
    agreed = Agreed(
        resource,
        role,
        lasts,
        rule.self_expiring and isinstance(resource, DatasetName),
        tuple(each for each in grantees if each.member.email in wanted),
        extends,
    )
    return Part(_step(agreed, tuple(changes)) if changes else None, tuple(has))


def _step(agreed: Agreed, changes: tuple[Change, ...]) -> Step:
    resource = str(agreed.resource)
    locks = tuple(f"grant:{resource}:{agreed.role}:{change.target}" for change in changes)
    return Step(resource, text("grant-access.on", resource=Code(resource)), agreed.to_json(), changes, locks)


def _running(running: Sequence[Grant], member: Member, role: str) -> Grant | None:
    """Return the grant that gives just this; of several the one that lasts longest."""
    same = [each for each in running if (each.member, each.role) == (member, role) and each.state in GIVES]
    return max(same, key=lambda each: each.expires_at, default=None)


def _new(member: Member, others: Sequence[Key], role: str, lasts: timedelta) -> Change:
    roles = tuple(Code(word_for(key.role)) for key in others if not key.condition)
    before = text("grant-access.has", roles=roles) if roles else text("grant-access.has_nothing")
    return Change(member.email, before, text("grant-access.gets", role=word_for(role), lasts=lasts))


def _longer(grant: Grant, lasts: timedelta) -> Change:
    before = text("grant-access.has_until", role=word_for(grant.role), until=grant.expires_at)
    after = text("grant-access.gets_longer", role=word_for(grant.role), lasts=lasts)
    return Change(grant.member.email, before, after)


# What is sensitive


@dataclass(frozen=True, slots=True)
class Guarded:
    refusals: tuple[Text, ...] = ()
    warnings: tuple[Text, ...] = ()


def guard(google: BigQuery, sensitive: Sensitive, rule: Dataset, resources: Sequence[Resource]) -> Guarded:
    """Return what of these is marked as sensitive: a refusal, or a warning where the rule lets it be given."""
    if not (sensitive.policy_tags or sensitive.labels):
        return Guarded()
    found = tuple(words for each in resources for words in _marked(google, sensitive, each))
    return Guarded(warnings=found) if rule.even_sensitive else Guarded(refusals=found)


def _marked(google: BigQuery, sensitive: Sensitive, resource: Resource) -> Iterator[Text]:
    """Yield what is marked. A dataset with more tables than are looked at says so: unseen does not mean harmless."""
    if isinstance(resource, TableName):
        yield from _marked_table(google, sensitive, resource)
        return
    described = google.dataset(resource)
    if shown := marks(sensitive, {**described.labels, **described.tags}):
        yield _says(resource, shown)
    tables = google.tables(resource)
    for table in tables[:MOST_TABLES]:
        yield from _marked_table(google, sensitive, table)
    if len(tables) > MOST_TABLES:
        shown_name = Code(str(resource))
        yield text("grant-access.too_many_tables", resource=shown_name, tables=len(tables), looked=MOST_TABLES)


def _marked_table(google: BigQuery, sensitive: Sensitive, name: TableName) -> Iterator[Text]:
    table = google.table(name)
    if shown := marks(sensitive, table.labels, table.columns):
        yield _says(name, shown)


def _says(resource: Resource, shown: tuple[str, ...]) -> Text:
    return text("grant-access.sensitive", resource=Code(str(resource)), marks=tuple(Code(each) for each in shown[:10]))

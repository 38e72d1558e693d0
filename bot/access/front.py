"""What people see and do with grants outside of runs: their list, ending one, and what forms suggest."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from sqlalchemy import select

from bot.access import queries, service
from bot.access.book import IsOneOf
from bot.access.catalog import Access, Dataset
from bot.access.members import word_for
from bot.access.model import Grant, GrantCard, Overview, dataset_of
from bot.actor import Actor
from bot.clock import Clocks
from bot.directory.suggestions import MOST, Provider, Suggestions, Typing
from bot.ports.bigquery import DatasetName
from bot.store import Tx
from bot.store.tables import bigquery_names
from bot.text import Mention, Text, text


@dataclass(frozen=True, slots=True)
class Front:
    access: Access
    is_one_of: IsOneOf
    clocks: Clocks

    def card(self, tx: Tx, grant_id: str) -> GrantCard | None:
        grant = queries.load(tx, grant_id)
        return self._card(grant) if grant else None

    def owns(self, tx: Tx, actor: Actor, grant: Grant) -> Text | None:
        """Return why this actor does not speak for the dataset's owner, or None where they do."""
        rule = self.access.rule(grant.resource)
        if rule is None:
            return text("grant.no_owner")
        return self.is_one_of(tx, actor, (rule.owner, *rule.approvers), self.clocks.business.now())

    def end(self, actor: Actor, tx: Tx, grant_id: str) -> service.Answer:
        return service.end_now(actor, tx, grant_id, self.clocks.business.now(), self.owns)

    def may_extend(self, actor: Actor, tx: Tx, grant_id: str) -> Grant | Text:
        return service.may_extend(actor, tx, grant_id, self.owns)

    def overview(self, actor: Actor, tx: Tx) -> Overview:
        """Return what the actor has or asked for, and what others have of the datasets that are theirs."""
        now = self.clocks.business.now()
        mine = queries.of_person(tx, actor, now)
        datasets = {dataset_of(grant.resource): grant for grant in queries.recent(tx, now)}
        theirs = {name for name, grant in datasets.items() if self.owns(tx, actor, grant) is None}
        others = [each for each in queries.recent(tx, now) if dataset_of(each.resource) in theirs]
        return Overview(
            mine=tuple(map(self._card, mine)),
            others=tuple(self._card(each) for each in others if each.id not in {grant.id for grant in mine}),
            owns=bool(theirs),
        )

    def _card(self, grant: Grant) -> GrantCard:
        rule = self.access.rule(grant.resource)
        return GrantCard(grant, rule.owner if rule else None)

    # What forms suggest

    @property
    def providers(self) -> Mapping[str, Provider]:
        return {
            "datasets": self._datasets,
            "dataset_tables": self._tables,
            "dataset_roles": self._roles,
            "google_groups": self._groups,
        }

    def _datasets(self, tx: Tx, typing: Typing) -> Suggestions:
        """Return the datasets that this person may ask for, with their owner."""
        fitting = (name for name in self._known(tx) if typing.fits(name))
        named = ((name, self.access.rule(DatasetName.parse(name))) for name in fitting)
        rules = [(name, rule) for name, rule in named if rule is not None]
        now, may = self.clocks.business.now(), dict[tuple[object, ...], bool]()
        for _, rule in rules:
            if rule.may_ask not in may:
                may[rule.may_ask] = self.is_one_of(tx, typing.actor, rule.may_ask, now) is None
        found = [name for name, rule in rules if may[rule.may_ask]]
        notes: dict[str, Text | None] = {name: _note(rule) for name, rule in rules}
        return [(name, notes[name]) for name in found[:MOST]]

    def _known(self, tx: Tx) -> Sequence[str]:
        rows = tx.execute(select(bigquery_names.c.name)).scalars()
        seen = {name for name in rows if name.count(".") == 1 and self._is_listed(name)}
        return sorted({*self.access.named(), *seen})

    def _is_listed(self, name: str) -> bool:
        return any(fnmatchcase(name, pattern) for pattern in self.access.written.datasets)

    def _tables(self, tx: Tx, typing: Typing) -> Suggestions:
        """Return the tables of the dataset that is chosen; while none is, all of them by their whole names."""
        chosen = str(typing.filled.get("dataset") or "")
        rows = tx.execute(select(bigquery_names.c.name).order_by(bigquery_names.c.name)).scalars()
        tables = (name for name in rows if name.count(".") > 1)
        within = (name.removeprefix(f"{chosen}.") for name in tables if not chosen or name.startswith(f"{chosen}."))
        found: Suggestions = [(name, None) for name in within if typing.fits(name)]
        return found[:MOST]

    def _roles(self, _tx: Tx, typing: Typing) -> Suggestions:
        roles = dict.fromkeys(word_for(role) for rule in self._rules(typing) for role in rule.roles)
        return [(role, None) for role in roles if typing.fits(role)]

    def _groups(self, _tx: Tx, typing: Typing) -> Suggestions:
        groups = dict.fromkeys(group for rule in self._rules(typing) for group in rule.groups)
        return [(group, None) for group in groups if typing.fits(group)]

    def _rules(self, typing: Typing) -> Iterator[Dataset]:
        """Yield the rule of the dataset that is chosen, or all of them while none is."""
        try:
            rule = self.access.rule(DatasetName.parse(str(typing.filled.get("dataset") or "")))
        except ValueError:
            yield from self.access.written.datasets.values()
            return
        if rule is not None:
            yield rule


def _note(rule: Dataset) -> Text:
    note = "grant-access.owner_tables" if rule.tables_only else "grant-access.owner"
    return text(note, owner=Mention(rule.owner.id))

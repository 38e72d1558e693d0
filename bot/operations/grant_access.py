"""Gives people or groups access to a dataset, or to tables of it, for a time. What it gives are grants of their own.

The run agrees, writes the grants down and follows them; the lists at Google are written by `bot.access.keeper` alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, ClassVar

from bot.access.catalog import Dataset
from bot.access.grants import Grants
from bot.access.members import Member, role_of, word_for
from bot.access.model import Grant, Grantee, Resource, target_of
from bot.operations.grant_following import followed
from bot.operations.grant_planning import Agreed, guard, part
from bot.operations.operation import Ask, Effect, Ports, Problem, Problems, Subject, Words
from bot.operations.plan import Applied, Found, Outcome, Plan, Step, Verdict
from bot.ports.bigquery import DatasetName, TableName
from bot.text import Code, Text, text

_AS_USUAL = timedelta(0)  # stands for the dataset's own default until the dataset is known
_DATASET = r"[a-z][a-z0-9.:-]*\.[A-Za-z0-9_]+"


@dataclass(frozen=True, slots=True)
class GrantAccess:
    """Give access to a dataset for a time, and take it away again.

    Its owner decides. Without people or groups it is for you. Access that somebody had before is never touched; asking
    again while a grant runs makes it last longer.
    """

    dataset: Annotated[
        str, Ask("grant-access.dataset", options="datasets", words=Words.ONE, pattern=_DATASET, longest=140)
    ]
    lasts: Annotated[timedelta, Ask("grant-access.lasts", "grant-access.lasts_hint", words=Words.ONE)] = _AS_USUAL
    people: Annotated[
        tuple[str, ...],
        Ask("grant-access.people", "grant-access.people_hint", words=Words.REST, people=True, at_most=20),
    ] = ()
    groups: Annotated[
        tuple[str, ...], Ask("grant-access.groups", "grant-access.groups_hint", options="google_groups", at_most=5)
    ] = ()
    tables: Annotated[
        tuple[str, ...],
        Ask("grant-access.tables", "grant-access.tables_hint", options="dataset_tables", at_most=10),
    ] = ()
    role: Annotated[str, Ask("grant-access.role", options="dataset_roles", pattern=r"[\w./-]+")] = "reader"

    name: ClassVar[str] = "grant-access"
    effect: ClassVar[Effect] = Effect.GRANTS_ACCESS
    limit: ClassVar[int] = 50
    runbook: ClassVar[str] = "dataset-access"
    needs_reason: ClassVar[bool] = True

    def exact(self, ports: Ports, _now: datetime) -> "GrantAccess | Problems":
        """Return the same with the dataset's own default filled in; what its rule forbids goes to the field."""
        access = _grants(ports).access
        if problems := tuple(self._misnamed()):
            return problems
        rule = access.rule(DatasetName.parse(self.dataset))
        if rule is None:
            return (Problem("dataset", text("grant-access.not_listed", dataset=Code(self.dataset))),)
        role = word_for(role_of(self.role))
        exact = replace(self, lasts=self.lasts or rule.default, tables=tuple(self._tables()), role=role)
        wrong = access.refusals(rule, exact.resources, role_of(role), exact.lasts)
        return tuple(Problem(field, words) for field, words in wrong) or exact

    def about(self, ports: Ports) -> Subject:
        """Return what the policy is told: the lists at Google, their dataset's owner and approvers, for how long."""
        rule, targets = _grants(ports).access.rule(self.resources[0]), tuple(map(target_of, self.resources))
        if rule is None:
            return Subject(targets, duration=self.lasts, for_whom=self.people)
        return Subject(
            targets=targets,
            owners=(rule.owner,),
            approvers=rule.approvers or (rule.owner,),
            duration=self.lasts,
            tags=frozenset(rule.tags),
            for_whom=self.people,
        )

    @property
    def resources(self) -> tuple[Resource, ...]:
        """Return every list at Google that it is about: the dataset's, or those of the tables."""
        named = DatasetName.parse(self.dataset)
        return tuple(named.table(table) for table in self.tables) or (named,)

    def plan(self, ports: Ports) -> Plan:
        grants, resources = _grants(ports), self.resources
        rule, google = grants.access.rule(resources[0]), ports.bigquery.get(resources[0].project)
        if rule is None:
            return self._empty(text("grant-access.not_listed", dataset=Code(self.dataset)))
        if google is None:
            return self._empty(text("grant-access.no_bigquery", project=Code(resources[0].project)))
        if why := grants.why_not_ask(ports.asking.by, rule.may_ask):
            return self._empty(text("grant-access.may_not_ask", dataset=Code(self.dataset), why=why))
        wrong = grants.access.refusals(rule, resources, role_of(self.role), self.lasts)
        asked_for = self._grantees(ports, rule)
        refusals = (*(words for _, words in wrong), *(each for each in asked_for if isinstance(each, Text)))
        guarded = guard(google, grants.access.sensitive, rule, resources)
        if refusals or guarded.refusals:
            return self._empty(*refusals, *guarded.refusals)
        grantees = [each for each in asked_for if isinstance(each, Grantee)]
        role = role_of(self.role)
        parts = [part(google, grants, rule, each, grantees, role, self.lasts) for each in resources]
        steps = tuple(each.step for each in parts if each.step is not None)
        has = tuple(words for each in parts for words in each.has)
        if not steps:
            return self._empty(*has)
        return Plan(self._summary(steps), steps, (*guarded.warnings, *has, *self._warnings(rule)))

    def check(self, _step: Step, _ports: Ports) -> Mapping[str, Text]:
        return {}

    def apply(self, step: Step, ports: Ports) -> Outcome:
        """Write the grants down; their lists at Google are brought to them after that."""
        grants, agreed, asking = _grants(ports), Agreed.of(step), ports.asking
        kept = {each.member.email for each in agreed.grantees}
        late = {
            email: text("grant-access.ended_meanwhile")
            for email, grant_id in agreed.extends.items()
            if email in kept and grants.extend(grant_id, asking.run_id, agreed.lasts, asking.by) is None
        }
        if wish := agreed.wish(asking):
            grants.begin(wish)
        return Outcome({"grants": [each.id for each in grants.of_run(asking.run_id)]}, late)

    def lookup(self, step: Step, ports: Ports) -> Found:
        known = {each.member.email for each in _on(step, _grants(ports).of_run(ports.asking.run_id))}
        return Found.DONE if {change.target for change in step.changes} <= known else Found.NOT_DONE

    def verify(self, done: tuple[Applied, ...], ports: Ports) -> Verdict:
        mine = _grants(ports).of_run(ports.asking.run_id)
        by_email = {each.step.key: {grant.member.email: grant for grant in _on(each.step, mine)} for each in done}
        changes = [(each.step, change) for each in done for change in each.step.changes]
        return followed(
            [(step, change, by_email[step.key].get(change.target)) for step, change in changes], ports.asking.run_id
        )

    def _misnamed(self) -> Iterator[Problem]:
        """Yield what names no dataset, or no table of it."""
        try:
            named = DatasetName.parse(self.dataset)
        except ValueError:
            yield Problem("dataset", text("grant-access.no_dataset_name", name=Code(self.dataset)))
            return
        for table in self._tables():
            try:
                TableName.parse(f"{named}.{table}")
            except ValueError:
                yield Problem("tables", text("grant-access.no_table_name", name=Code(table)))

    def _tables(self) -> Iterator[str]:
        """Yield the tables without the name of their dataset before them."""
        yield from dict.fromkeys(table.removeprefix(f"{self.dataset}.") for table in self.tables)

    def _grantees(self, ports: Ports, rule: Dataset) -> tuple[Grantee | Text, ...]:
        """Return who shall get it, or why somebody must not; whoever names nobody means themselves."""
        grants, asker = _grants(ports), ports.asking.by
        users = self.people or (() if self.groups or not asker.is_person else (asker.id,))
        if not users and not self.groups:
            return (text("grant-access.nobody"),)
        team = asker.team
        people = [grants.person(team, user) for user in users]
        found = [*people, *(Grantee(Member.group(group)) for group in self.groups)]
        return tuple(
            (isinstance(each, Grantee) and grants.access.stranger(rule, each.member)) or each for each in found
        )

    def _empty(self, *why: Text) -> Plan:
        summary = text("grant-access.summary_empty", dataset=Code(self.dataset))
        return Plan(summary, empty=why[0] if len(why) == 1 else text("grant-access.not_given", reasons=why))

    def _summary(self, steps: tuple[Step, ...]) -> Text:
        who = tuple(dict.fromkeys(Code(change.target) for step in steps for change in step.changes))
        where = tuple(Code(step.key) for step in steps)
        return text("grant-access.summary", role=word_for(role_of(self.role)), where=where, who=who, lasts=self.lasts)

    def _warnings(self, rule: Dataset) -> Iterator[Text]:
        by_google = rule.self_expiring and not self.tables
        yield text("grant-access.ends_by_google" if by_google else "grant-access.ends_by_baton")
        if self.groups:
            yield text("grant-access.whole_group", groups=tuple(Code(each) for each in self.groups))
        yield text("grant-access.jobs_unknown")


def _grants(ports: Ports) -> Grants:
    assert ports.grants is not None, "the composition root gives the ports of this operation"
    return ports.grants


def _on(step: Step, grants: tuple[Grant, ...]) -> tuple[Grant, ...]:
    return tuple(each for each in grants if str(each.resource) == step.key)

"""Runs the examples of `policy_tests.yaml` against a policy. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.actor import Actor
from bot.config.policy import Effect, Policy
from bot.config.policy_tests import Case, Expected, Person, PolicyTests
from bot.config.who import Who, WhoKind
from bot.operations.approving import may_approve, outstanding
from bot.operations.facts import Answer, Facts, Standing, Subject
from bot.operations.policy import Decision, Request, decide
from bot.text import Lines, Text, text

_NO_FREEZE = datetime(2000, 1, 1, tzinfo=UTC)
_KNOWN = {True: Answer.YES, False: Answer.NO, "unknown": Answer.UNKNOWN}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an example came to. `enough` is whether exactly the named people may approve it together."""

    case: Case
    decision: Decision
    enough: bool = True

    @property
    def got(self) -> Expected:
        if not self.decision.allowed:
            return Expected.REFUSED
        return Expected.APPROVAL if self.decision.approvals else Expected.ALONE

    @property
    def is_as_expected(self) -> bool:
        return self.got is self.case.expect and self.enough and self._is_because

    @property
    def _is_because(self) -> bool:
        reasons = (part for reason in self.decision.reasons for part in (reason, reason.params.get("said")))
        return not self.case.because or self.case.because in {each.msgid for each in reasons if isinstance(each, Text)}

    @property
    def words(self) -> Text:
        """Say how it differs from what was expected, with the reasons of the policy."""
        reasons, differs = self.decision.reasons, self._difference
        return text("policy.example.reasons", words=differs, reasons=Lines(reasons)) if reasons else differs

    @property
    def _difference(self) -> Text:
        name, got = self.case.name, self.got.value
        if self.got is not self.case.expect:
            return text("policy.example.got", name=name, expected=self.case.expect.value, got=got)
        if not self.enough:
            return text("policy.example.not_enough", name=name)
        return text("policy.example.other_reason", name=name, got=got)


@dataclass(frozen=True, slots=True)
class Stage:
    """What examples are run on: the policy, the people of the examples, what operations do, and the zone."""

    policy: Policy
    tests: PolicyTests
    effects: Mapping[str, str]
    zone: ZoneInfo

    def outcomes(self) -> Iterator[Outcome]:
        for case in self.tests.tests:
            yield self._outcome(case)

    def _outcome(self, case: Case) -> Outcome:
        policy = self.policy if case.at else self.policy.model_copy(update={"freezes": ()})
        now = case.at.replace(tzinfo=self.zone) if case.at else _NO_FREEZE
        asked, request = self._facts(case.who), self._request(case)
        decision = decide(request, policy, asked, now)
        yes = [each for each in map(self._facts, case.approved_by) if _may(request, decision, each, asked)]
        is_enough = not case.approved_by or not outstanding(request, decision.approvals, yes)
        is_too_much = any(_may(request, decision, self._facts(name), asked) for name in case.not_by)
        return Outcome(case, decision, is_enough and not is_too_much)

    def _request(self, case: Case) -> Request:
        subject = Subject(case.target, case.owners, case.approvers, case.duration, frozenset(case.tags))
        told = {need.value: "as the example says" for need in case.tells}
        effect = self.effects.get(case.does, Effect.KEEPS_RECORDS)
        asked_by = (self._facts(case.who).actor,)
        return Request(case.does, effect, case.size, subject, asked_by, break_glass=case.break_glass, **told)

    def _facts(self, name: str) -> Facts:
        person = self.tests.people[name]
        known = self._groups() if person.groups != "unknown" else frozenset()
        return Facts(
            actor=_actor(name, person),
            standing=Standing.MEMBER if person.is_ == "cli" else Standing(person.is_),
            on_call=_KNOWN[person.on_call],
            groups=known & frozenset(person.groups),
            known_groups=known,
            identity=frozenset({f"person:{person.same_as or name}"}),
        )

    def _groups(self) -> frozenset[str]:
        """Return every group that is spoken of anywhere."""
        listed = [who for rule in self.policy.rules for who in (*rule.who, *_by(rule.needs.approval))]
        listed += [who for each in self.policy.protected for who in each.approval.by]
        listed += self.policy.break_glass.who if self.policy.break_glass else ()
        listed += [who for case in self.tests.tests for who in (*case.owners, *case.approvers)]
        of_people = {group for each in self.tests.people.values() if each.groups != "unknown" for group in each.groups}
        return frozenset(who.id for who in listed if who.kind is WhoKind.GROUP) | of_people


def _may(request: Request, decision: Decision, facts: Facts, asked: Facts) -> bool:
    return may_approve(request, decision.approvals, facts, [asked]).allowed


def _by(approval: object) -> tuple[Who, ...]:
    return getattr(approval, "by", ())


def _actor(name: str, person: Person) -> Actor:
    written = person.id or f"U0{name.upper()}"
    return Actor.cli(written) if person.is_ == "cli" else Actor.person("T0", written)

"""`policy_tests.yaml`: what the policy shall say to whom, as examples that `baton policy test` runs."""

from collections.abc import Collection, Iterator, Mapping
from enum import StrEnum
from pathlib import Path as FilePath
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StrictBool, StrictInt, TypeAdapter, ValidationError

from bot.config.document import Document, Path, dotted, read
from bot.config.explain import explain, suggestion
from bot.config.freezes import Begin
from bot.config.kinds import Duration, Several, Slug, Target, wrong
from bot.config.policy import Needs
from bot.config.problem import Problem
from bot.config.strict import Strict
from bot.config.who import WrittenOwner
from bot.text import Code, Text, text

REASONS = (
    "no_rule",
    "nobody",
    "other_target",
    "on_call.not",
    "on_call.unknown",
    "group.not",
    "group.unknown",
    "member.not",
    "user.not",
    "cli.not",
    "owners.none",
    "approvers.none",
    "too_much",
    "too_long",
    "forbidden",
    "frozen",
    "protected",
    "standing.guest",
    "standing.bot",
    "standing.deleted",
    "standing.unknown",
    "break_glass.nobody",
    "break_glass.not_for_this",
)
"""Why something is refused, or needs approval."""
TESTS_FILE = "policy_tests.yaml"


class Expected(StrEnum):
    """What comes of it: it may run at once, somebody has to say yes first, or it is refused."""

    ALONE = "alone"
    APPROVAL = "approval"
    REFUSED = "refused"


def _reason(written: str) -> str:
    if written not in REASONS:
        raise wrong("config.bad_reason", value=written, names=", ".join(REASONS))
    return f"policy.{written}"


class Person(Strict):
    """Somebody in the examples; where nothing is said, a full member who is not on call and in no group."""

    id: str | None = None
    """Their Slack id, where the policy names them; or USER@HOST of a terminal with `is: cli`."""
    is_: Literal["member", "guest", "bot", "deleted", "unknown", "cli"] = Field(default="member", alias="is")
    on_call: StrictBool | Literal["unknown"] = False
    groups: tuple[str, ...] | Literal["unknown"] = ()
    """Ids of user groups, `S…`; all others do not have them."""
    same_as: str | None = None
    """Another person of this file whose second account this is."""


class Case(Strict):
    """One example."""

    name: str
    who: str
    """Who wants it: one of `people`."""
    does: str
    """The operation."""
    target: Several[Target] = ()
    tags: tuple[str, ...] = ()
    owners: Several[WrittenOwner] = ()
    approvers: Several[WrittenOwner] = ()
    size: Annotated[StrictInt, Field(ge=0)] = 1
    duration: Duration | None = None
    at: Begin | None = None
    """On the clocks of the install; without it no freeze holds."""
    tells: Several[Needs] = ()
    break_glass: StrictBool = False
    approved_by: Several[str] = ()
    """Whose yes is enough together, where it needs approval."""
    not_by: Several[str] = ()
    """Whose yes does not count."""
    expect: Expected
    because: Annotated[str, AfterValidator(_reason)] | None = None
    """What must be among the reasons: `frozen`, `forbidden`, `protected`, `on_call.unknown`, `too_much`, …"""


class PolicyTests(Strict):
    people: Mapping[Slug, Person] = {}
    tests: tuple[Case, ...] = ()


TESTS = TypeAdapter(PolicyTests)


class Examples:
    """The examples of one directory with every problem of their file."""

    def __init__(self, directory: FilePath, operations: Collection[str]) -> None:
        self.document = read(directory / TESTS_FILE, may_be_empty=True)
        self.tests = PolicyTests()
        if self.document.data is not None:
            try:
                self.tests = TESTS.validate_python(self.document.data)
            except ValidationError as error:
                self.document.problems += explain(error, self.document, TESTS.json_schema())
        self.document.problems += _nowhere(self.document, self.tests, sorted(operations))

    def line(self, index: int) -> int:
        return self.document.line(("tests", index))

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(self.document.problems)


def _nowhere(document: Document, tests: PolicyTests, operations: list[str]) -> Iterator[Problem]:
    """Yield each name that is nobody of `people`, and each operation that there is not."""
    known = sorted(tests.people)
    for index, case in enumerate(tests.tests):
        for key, names in (("who", (case.who,)), ("approved_by", case.approved_by), ("not_by", case.not_by)):
            for name in set(names).difference(known):
                words = text("config.undefined", value=Code(name), where="people", suggestion=suggestion(name, known))
                yield _at(document, ("tests", index, key), words)
        if case.does not in operations:
            near = suggestion(case.does, operations)
            words = text("config.unknown_operation", value=Code(case.does), suggestion=near)
            yield _at(document, ("tests", index, "does"), words)


def _at(document: Document, path: Path, words: Text) -> Problem:
    return Problem(document.file, words, document.line(path), dotted(path))

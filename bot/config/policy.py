"""`policy.yaml`: who may do what. No rule means refused; an empty list means nobody."""

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, StrictBool, StrictInt, ValidationInfo, field_validator, model_validator

from bot.config.freezes import Freeze
from bot.config.kinds import Duration, Several, SlackChannel, wrong
from bot.config.scope import Effect, Scope, about_something
from bot.config.strict import Strict
from bot.config.who import Who, WhoKind, WrittenWho

__all__ = ["Approval", "BreakGlass", "Conditions", "Effect", "Needs", "Policy", "Protected", "Rule"]

Size = Annotated[StrictInt, Field(ge=1)]


class Needs(StrEnum):
    """What has to be told with a request."""

    REASON = "reason"
    TICKET = "ticket"


class Approval(Strict):
    """Who has to say yes before it runs: never who asks, nor another account of the same person."""

    count: Annotated[StrictInt, Field(ge=1, le=5)] = 1
    by: Several[WrittenWho] = ()
    """Of whom; those whom the rule allows to ask, if absent."""


def _or_words(schema: dict[str, Any]) -> None:
    """Let editors know of the short forms, after the long one that explains itself."""
    long, word = dict(schema), {"enum": list(schema["properties"])}
    schema.clear()
    schema |= {"anyOf": [long, word, {"type": "array", "items": word}]}


class Conditions(Strict):
    """What a rule wants besides: `approval`, `reason`, `ticket`. A word or a list of them says the same, shortly."""

    approval: Approval | None = None
    reason: StrictBool = False
    ticket: StrictBool = False

    model_config = ConfigDict(json_schema_extra=_or_words)

    @model_validator(mode="before")
    @classmethod
    def _shortly(cls, written: Any) -> Any:
        words = [written] if isinstance(written, str) else written
        if not isinstance(words, list):
            return written
        if unknown := next((word for word in words if word not in cls.model_fields), None):
            raise wrong("config.bad_needs", value=str(unknown))
        return {word: {} if word == "approval" else True for word in words}

    @property
    def words(self) -> frozenset[Needs]:
        """Return what has to be told."""
        return frozenset(each for each in Needs if getattr(self, each.value))


class Rule(Scope):
    """Whom it allows what. Any one rule that fits is enough; of several the one that wants least counts."""

    who: Several[WrittenWho]
    size_at_most: Size | None = None
    """The greatest plan that this rule allows, in changes; no limit of its own if absent."""
    longest: Duration | None = None
    """For how long at most, of what ends by itself; no limit of its own if absent."""
    needs: Conditions = Conditions()
    """`approval`: somebody else has to say yes before it runs. `reason`, `ticket`: they must be told."""

    _of_something = field_validator("operation")(about_something)


class Protected(Scope):
    """Targets that need approval whatever the rules say, from these people."""

    approval: Approval = Approval.model_validate({"by": ["owners", "approvers"]})
    """From the owners and approvers of the thing, if absent."""
    why: str = ""
    """Said to who asks."""

    @model_validator(mode="after")
    def _by_somebody(self) -> Self:
        if not self.target:
            raise wrong("config.protects_nothing")
        if not self.approval.by:
            raise wrong("config.approval_by_nobody")
        return self


class Forbidden(Scope):
    """What nobody may do."""

    why: str = ""
    """Said to who asks."""
    break_glass: StrictBool = False
    """Whether breaking the glass opens it."""

    @field_validator("operation")
    @classmethod
    def _of_something(cls, operation: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        return operation if info.data.get("target") else about_something(operation, info)


class BreakGlass(Scope):
    """Who may do what at once in an emergency, past rules, approvals and freezes: everybody is told.

    A reason is always asked for.
    """

    who: Several[WrittenWho] = (Who(WhoKind.ON_CALL),)
    channel: SlackChannel
    """Where everybody is told."""
    size_at_most: Size | None = None
    longest: Duration | None = None

    _of_something = field_validator("operation")(about_something)


class Policy(Strict):
    """Who may do what. What no rule allows is refused."""

    rules: tuple[Rule, ...] = ()
    protected: tuple[Protected, ...] = ()
    forbidden: tuple[Forbidden, ...] = ()
    freezes: tuple[Freeze, ...] = ()
    break_glass: BreakGlass | None = None
    """Nobody may, if absent."""
    channel: SlackChannel | None = None
    """Where it is told that this file was changed, or that a change is wrong and the old one counts on."""

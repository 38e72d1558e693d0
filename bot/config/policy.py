"""`policy.yaml`: who may do what. No rule means refused; an empty list means nobody."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import ConfigDict, Field, StrictBool, StrictInt, model_validator

from bot.config.kinds import Duration, Several, wrong
from bot.config.model import Strict
from bot.config.who import WrittenWho


class Effect(StrEnum):
    """What an operation does to the world."""

    REPEATS_WORK = "repeats_work"
    GRANTS_ACCESS = "grants_access"
    KEEPS_RECORDS = "keeps_records"  # changes only what Baton itself remembers


class Needs(StrEnum):
    """What has to be told with a request."""

    REASON = "reason"
    TICKET = "ticket"


class Approval(Strict):
    """Who has to say yes before it runs: never who asks, nor another account of the same person."""

    count: Annotated[StrictInt, Field(ge=1, le=5)] = 1
    by: tuple[WrittenWho, ...] = ()
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


class Rule(Strict):
    operation: Several[str]
    who: tuple[WrittenWho, ...]
    size_at_most: Annotated[StrictInt, Field(ge=1)] | None = None
    """The greatest plan that this rule allows, in changes; no limit of its own if absent."""
    longest: Duration | None = None
    """For how long at most, of what ends by itself; no limit of its own if absent."""
    needs: Conditions = Conditions()
    """`approval`: somebody else has to say yes before it runs. `reason`, `ticket`: they must be told."""


class Policy(Strict):
    rules: tuple[Rule, ...] = ()

    def rules_for(self, operation: str) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules if operation in rule.operation)

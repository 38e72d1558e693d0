"""What a part of `policy.yaml` speaks about: operations, what they do, and the things that they touch."""

from enum import StrEnum

from pydantic import Field, ValidationInfo

from bot.config.kinds import Several, Target, wrong
from bot.config.strict import Strict


class Effect(StrEnum):
    """What an operation does to the world."""

    REPEATS_WORK = "repeats_work"
    GRANTS_ACCESS = "grants_access"
    KEEPS_RECORDS = "keeps_records"  # changes only what Baton itself remembers


class Scope(Strict):
    """What is meant: these operations and all with these effects, on these targets.

    Without operation and effect it is everything that changes something at a vendor; without target it is any.
    """

    target: Several[Target] = ()
    """`dag:AIRFLOW/dag_id`, `load:name`, `dataset:project.dataset`, `table:…`, `tag:word`; `*` is any characters."""
    effect: Several[Effect] = ()
    """By what they do; operations that come later are meant, too."""
    operation: Several[str] = Field(default=(), validate_default=True)
    """By name: clear-tasks, incident.resolve, …"""


def about_something(operation: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    """Refuse what would mean every operation because nothing is named. A validator of `operation`."""
    if not operation and not info.data.get("effect"):
        raise wrong("config.rule_about_nothing")
    return operation

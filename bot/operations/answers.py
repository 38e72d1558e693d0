"""What became of what somebody asked for, in words for them."""

from dataclasses import dataclass

from bot.actor import named
from bot.config.policy import Needs
from bot.operations.lifecycle import UNDER_WAY
from bot.operations.model import Run
from bot.operations.operation import Problem, Problems
from bot.text import Text, text


@dataclass(frozen=True, slots=True)
class Accepted:
    """It happened; the card of the run shows how it goes on."""

    run_id: str
    words: Text


@dataclass(frozen=True, slots=True)
class Unchanged:
    """Nothing happened, since the run is elsewhere by now; `words` say where."""

    run_id: str
    words: Text


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing happened. `problems` belong to fields of the form; `words` say it all.

    With `lacks` only these are missing: told, it would happen.
    """

    words: Text
    problems: Problems = ()
    lacks: frozenset[Needs] = frozenset()


Answer = Accepted | Unchanged | Refused

GONE = Refused(text("run.gone"))


def invalid(problems: Problems) -> Refused:
    """Return the refusal of arguments that are wrong."""
    return Refused(text("arguments.wrong", problems=tuple(problem.words for problem in problems)), problems)


def lacking(lacks: frozenset[Needs]) -> Refused:
    """Return the refusal of what was asked for without saying why, where the policy wants that."""
    missing = sorted(each.value for each in lacks)
    return invalid_but(lacks, tuple(Problem(name, text("policy.lacks", field=text(f"run.{name}"))) for name in missing))


def invalid_but(lacks: frozenset[Needs], problems: Problems) -> Refused:
    refused = invalid(problems)
    return Refused(refused.words, problems, lacks)


def elsewhere(run: Run) -> Unchanged:
    """Say where the run is by now, and through whom."""
    if run.state in UNDER_WAY:
        by = named(run.approver or run.confirmer or run.requester)
        return Unchanged(run.id, text("run.runs_already", by=by, at=run.confirmed_at or run.created_at))
    return Unchanged(run.id, text("run.is_elsewhere", state=text(f"run.state.{run.state.value}")))

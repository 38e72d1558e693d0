"""What is wrong in a configuration file, where, and what to write instead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.text import Text
from bot.views.reader import Reader, default_reader
from bot.views.words import Markup, say


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to fix. `key` is a dotted path, `line` counts from 1; both may lack where they say nothing.

    `needs_environment` marks what no file can fix: a secret or a variable that is not set on this machine.
    """

    file: str
    words: Text
    line: int = 0
    key: str = ""
    needs_environment: bool = False

    def shown(self, reader: Reader) -> str:
        """Return `config/baton.yaml:14: routes.core.mentoin: unknown key, did you mean "mention"?`."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (place, self.key, say(self.words, reader, Markup.PLAIN)) if part)

    def __str__(self) -> str:
        return self.shown(default_reader(datetime(2000, 1, 1, tzinfo=UTC)))


class ConfigError(Exception):
    """The configuration cannot be used. Nothing was started; every problem is listed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = tuple(problems)

"""What `baton config check` reports."""

from collections.abc import Collection, Mapping
from pathlib import Path

from bot.config.load import examine
from bot.config.problem import Problem


def problems(directory: Path, environ: Mapping[str, str], operations: Collection[str] = ()) -> list[Problem]:
    """Return every problem, those of the files first; those that only need the environment are marked as such."""
    return list(examine(directory, environ, operations).problems)

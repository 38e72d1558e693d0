"""What people think of an incident's alert. Pure values."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    USEFUL = "useful"
    NOISE = "noise"
    WRONG_OWNER = "wrong_owner"


@dataclass(frozen=True, slots=True)
class Opinions:
    """How many people gave each verdict; `right_owners` are the Slack users whom some of them named."""

    useful: int = 0
    noise: int = 0
    wrong_owner: int = 0
    right_owners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tally:
    """How often a verdict was given on the alerts of one source on one route."""

    route: str
    source: str
    verdict: Verdict
    times: int

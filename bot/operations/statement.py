"""What people say to a plan: yes, no, a question, an answer. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.actor import Actor
from bot.text import Text


class Said(StrEnum):
    YES = "yes"
    NO = "no"
    ASKED = "asked"
    ANSWERED = "answered"
    BROKE_GLASS = "broke_glass"


@dataclass(frozen=True, slots=True)
class Statement:
    """`digest` is of the plan that they saw; `void_because` says why a yes no longer counts."""

    id: str
    said: Said
    actor: Actor
    at: datetime
    digest: str
    reason: str = ""
    void_because: Text | None = None

    def stands_for(self, digest: str | None) -> bool:
        return self.digest == digest and self.void_because is None

    def is_yes_to(self, digest: str | None) -> bool:
        return self.said is Said.YES and self.stands_for(digest)

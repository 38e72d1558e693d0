"""What a run's card shows besides the run: whose yes it still needs, and why. Pure."""

from dataclasses import dataclass

from bot.operations.model import Run
from bot.operations.policy import Approvals
from bot.text import Text


@dataclass(frozen=True, slots=True)
class Wants:
    """What the policy wants of whom before the run may begin, with the facts of now.

    `users` could say yes, or `any_member` of the workspace; `unchecked` is what could not be checked. `refused` says
    why it may not begin at all.
    """

    missing: tuple[Approvals, ...] = ()
    reasons: tuple[Text, ...] = ()
    users: tuple[str, ...] = ()
    any_member: bool = False
    unchecked: tuple[Text, ...] = ()
    refused: tuple[Text, ...] = ()

    @property
    def nobody_could(self) -> bool:
        return bool(self.missing) and not (self.users or self.any_member or self.unchecked)


NOTHING = Wants()


@dataclass(frozen=True, slots=True)
class RunCard:
    """`may_break_glass`: whoever asked, or is on call, could let it begin at once in an emergency."""

    run: Run
    wants: Wants = NOTHING
    may_break_glass: bool = False

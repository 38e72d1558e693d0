"""What came of what somebody did with a request, in words for them."""

from dataclasses import dataclass

from bot.actor import named
from bot.requests.model import Request, State
from bot.text import Text, text


@dataclass(frozen=True, slots=True)
class Done:
    """It is so now; `said` tells the one who asked."""

    request: Request
    said: Text


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody had asked for the same: whoever asks now follows that request."""

    request: Request
    said: Text
    is_new: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was changed; `why` belongs to that field of the form, if to any."""

    why: Text
    field: str = ""


Answer = Done | Refused
Asked = Done | Joined | Refused


def elsewhere(request: Request | None) -> Refused:
    """Say how it stands, to somebody who pressed a button of an earlier state."""
    if request is None:
        return Refused(text("request.unknown"))
    who = named(request.ended_by or request.assignee)
    if request.state is State.NEW:
        return Refused(text("request.now.new"))
    return Refused(text(f"request.now.{request.state}", by=who))

"""Whom an incident calls, in words: unknown is never nobody, and a stand-in is never the one on call."""

from bot.oncall.model import Calling, Certainty
from bot.text import Mention, Param, text


def called(calling: Calling, *, notify: bool) -> Param:
    """Return who is on call and who is called instead where that is not certain."""
    who = tuple(Mention(each, notify=notify) for each in calling.ids)
    match calling.certainty:
        case Certainty.SOMEBODY:
            return who
        case Certainty.NO_ACCOUNT:
            return text("oncall.calls_for_one_without_account", name=calling.name, who=who)
        case Certainty.NOBODY:
            return text("oncall.calls_for_nobody", who=who)
        case Certainty.UNKNOWN if calling.known_at:
            return text("oncall.calls_for_last_known", at=calling.known_at, who=who)
        case Certainty.UNKNOWN:
            return text("oncall.calls_for_unknown", who=who)

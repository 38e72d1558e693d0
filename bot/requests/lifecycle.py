"""The states of a request and every arrow between them, in one table. `moves.move` moves one, and only along it."""

from collections.abc import Mapping

from bot.requests.model import State

_OVER_ARROWS: Mapping[State, str] = {
    State.DONE: "Somebody has done it, and says what.",
    State.DECLINED: "Somebody says no, and why.",
    State.WITHDRAWN: "The requester no longer needs it.",
    State.DUPLICATE: "The same was asked before: its requester follows that one.",
}
_AGAIN: Mapping[State, str] = {State.NEW: "It was over by mistake, or is not."}

ARROWS: Mapping[State, Mapping[State, str]] = {
    State.NEW: {
        State.IN_PROGRESS: "Somebody took it, or was given it.",
        State.WAITING: "Somebody asks back, or waits for somebody else.",
        **_OVER_ARROWS,
    },
    State.IN_PROGRESS: {
        State.IN_PROGRESS: "Somebody else has it now.",
        State.NEW: "Whoever had it gave it back to the person on call.",
        State.WAITING: "Somebody asks back, or waits for somebody else.",
        **_OVER_ARROWS,
    },
    State.WAITING: {
        State.IN_PROGRESS: "The answer came, or somebody goes on without it.",
        State.WAITING: "It waits for something else now.",
        **_OVER_ARROWS,
    },
    State.DONE: {State.IN_PROGRESS: "It is not done: who had it has it again.", **_AGAIN},
    State.DECLINED: {State.IN_PROGRESS: "It will be done after all.", **_AGAIN},
    State.WITHDRAWN: {State.IN_PROGRESS: "It is needed after all.", **_AGAIN},
    State.DUPLICATE: {State.IN_PROGRESS: "It is another one after all.", **_AGAIN},
}


def may_move(before: State, after: State) -> bool:
    return after in ARROWS[before]

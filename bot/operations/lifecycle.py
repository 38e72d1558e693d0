"""The states of a run and every arrow between them, in one table. `queries.move` moves a run, and only along it."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    PLANNED = "planned"
    AWAITING_APPROVAL = "awaiting_approval"
    APPROVED = "approved"
    EXECUTING = "executing"
    PAUSED = "paused"
    OUTCOME_UNKNOWN = "outcome_unknown"
    VERIFYING = "verifying"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    PARTLY_DONE = "partly_done"
    NO_CHANGE = "no_change"
    UNVERIFIED = "unverified"
    PLAN_CHANGED = "plan_changed"
    DENIED = "denied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


ARROWS: Mapping[State, Mapping[State, str]] = {
    State.DRAFT: {
        State.DRAFT: "Its arguments were changed, or it is tried again, before it had a plan.",
        State.PLANNED: "The plan is there, and a person must say yes.",
        State.NO_CHANGE: "There is nothing to do; the plan says why.",
        State.CANCELLED: "A person no longer wants it.",
        State.EXPIRED: "It could not be planned in time, or nobody asked again.",
    },
    State.PLANNED: {
        State.DRAFT: "A person changed the arguments or wants to see the present state.",
        State.AWAITING_APPROVAL: "The requester said yes, and the policy wants a second person.",
        State.APPROVED: "A person who may run it alone said yes.",
        State.CANCELLED: "A person no longer wants it.",
        State.EXPIRED: "Nobody said yes while the plan was fresh.",
    },
    State.AWAITING_APPROVAL: {
        State.DRAFT: "The arguments were changed, so what was asked for is void.",
        State.AWAITING_APPROVAL: "One more person said yes; the policy wants another.",
        State.APPROVED: "Everybody said yes whom the policy wants, or somebody broke the glass.",
        State.DENIED: "Somebody whom the policy asks said no.",
        State.CANCELLED: "The requester withdrew it.",
        State.EXPIRED: "Nobody decided in time.",
    },
    State.APPROVED: {
        State.EXECUTING: "Planned once more, it still is what was agreed to: the steps begin.",
        State.AWAITING_APPROVAL: "A yes counts no longer, or the policy wants another by now.",
        State.PLAN_CHANGED: "The plan has gained or widened an item: the yes is void.",
        State.NO_CHANGE: "Somebody else did it in the meantime.",
        State.DENIED: "The policy, asked again with fresh facts, refuses.",
        State.FAILED: "The vendor could not be asked once more; nothing was touched.",
        State.CANCELLED: "A person stopped it before its first step.",
    },
    State.PLAN_CHANGED: {
        State.DRAFT: "A person changed the arguments or wants to see the present state.",
        State.AWAITING_APPROVAL: "The requester said yes to the new plan, and the policy wants a second person.",
        State.APPROVED: "A person who may run it alone said yes to the new plan.",
        State.CANCELLED: "A person no longer wants it.",
        State.EXPIRED: "Nobody said yes to the new plan.",
    },
    State.EXECUTING: {
        State.PAUSED: "A person wants no further step for now.",
        State.OUTCOME_UNKNOWN: "A step was sent and its answer never came.",
        State.VERIFYING: "Every step was sent, skipped or given up: now see what came of it.",
        State.FAILED: "No step was accepted.",
        State.NO_CHANGE: "Every item was skipped, each with its reason.",
        State.CANCELLED: "A person stopped it and nothing had been sent.",
    },
    State.PAUSED: {
        State.EXECUTING: "A person lets it go on, or stops it: then only what was sent is followed.",
    },
    State.OUTCOME_UNKNOWN: {
        State.OUTCOME_UNKNOWN: "A person wants it looked at again.",
        State.EXECUTING: "A look at the vendor told whether the step was done.",
    },
    State.VERIFYING: {
        State.EXECUTING: "What was done needs one more write to take effect.",
        State.SUCCEEDED: "Seen at the vendor: all of it happened.",
        State.FAILED: "Seen at the vendor: it failed again.",
        State.PARTLY_DONE: "Some of it happened; the rest is listed with its reason.",
        State.NO_CHANGE: "Seen at the vendor: nothing had changed.",
        State.UNVERIFIED: "It was done, but its effect could not be seen in time.",
    },
    State.UNVERIFIED: {State.VERIFYING: "A person wants it looked at again."},
    State.NO_CHANGE: {State.DRAFT: "A person changed the arguments or wants to see the present state."},
    State.EXPIRED: {State.DRAFT: "A person wants it after all, with a fresh plan."},
    State.SUCCEEDED: {},
    State.FAILED: {},
    State.PARTLY_DONE: {},
    State.DENIED: {},
    State.CANCELLED: {},
}

GIVEN_UP = frozenset({State.FAILED, State.DENIED, State.CANCELLED})
WAITS_FOR_YES = frozenset({State.PLANNED, State.PLAN_CHANGED})
OPEN_TO_CHANGE = frozenset(
    {State.DRAFT, State.PLANNED, State.AWAITING_APPROVAL, State.PLAN_CHANGED, State.NO_CHANGE, State.EXPIRED}
)
UNDER_WAY = frozenset({State.APPROVED, State.EXECUTING, State.PAUSED, State.OUTCOME_UNKNOWN, State.VERIFYING})
ENDED = frozenset(State) - UNDER_WAY - WAITS_FOR_YES - {State.DRAFT, State.AWAITING_APPROVAL}


class StepState(StrEnum):
    """`sending` is committed before the call: found after a crash, the vendor is looked at first."""

    PENDING = "pending"
    SENDING = "sending"
    DONE = "done"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"


def may_move(before: State, after: State) -> bool:
    return after in ARROWS[before]

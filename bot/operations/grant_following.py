"""Follows the grants of a run until each of them was seen at Google, or came to nothing. Pure."""

from collections.abc import Sequence
from datetime import timedelta

from bot.access.members import word_for
from bot.access.model import Ending, Grant, GrantState
from bot.access.telling import moment
from bot.operations.lifecycle import State
from bot.operations.plan import Change, Ended, Item, Sign, Step, Verdict, Waiting
from bot.text import Text, text

SOON = timedelta(seconds=2)
_NOTHING_GIVEN = {Ending.STANDING: Sign.SKIPPED, Ending.NOT_GIVEN: Sign.FAILED}

Followed = Sequence[tuple[Step, Change, Grant | None]]


def followed(grants: Followed, run_id: str) -> Verdict:
    """Return how the grants are doing that a run has given or made longer."""
    items = tuple(_item(step, change, grant, run_id) for step, change, grant in grants)
    signs = [item.sign for item in items]
    done, n = signs.count(Sign.DONE), len(items)
    if Sign.RUNNING in signs:
        return Waiting(text("grant-access.progress", done=done, n=n), items, check_after=SOON)
    if done == n:
        return Ended(State.SUCCEEDED, text("grant-access.succeeded", n=n), items)
    if done:
        return Ended(State.PARTLY_DONE, text("grant-access.partly", done=done, n=n), items)
    if Sign.FAILED in signs:
        return Ended(State.FAILED, text("grant-access.failed"), items)
    return Ended(State.NO_CHANGE, text("grant-access.standing"), items)


def _item(step: Step, change: Change, grant: Grant | None, run_id: str) -> Item:
    sign, words = _state(grant, run_id)
    return Item(step.key, change.target, sign, words)


def _state(grant: Grant | None, run_id: str) -> tuple[Sign, Text]:
    if grant is None:
        return Sign.FAILED, text("grant-access.gone")
    if grant.activated_at is None and grant.ending is not None:
        return _NOTHING_GIVEN.get(grant.ending, Sign.SKIPPED), _why(grant)
    if grant.state is GrantState.ACTIVATING or _is_still_shorter(grant, run_id):
        return Sign.RUNNING, grant.problem or text("grant-access.activating")
    return Sign.DONE, text("grant-access.until", role=word_for(grant.role), until=grant.expires_at)


def _why(grant: Grant) -> Text:
    return grant.problem or (moment(grant.ending) if grant.ending else text("grant-access.gone"))


def _is_still_shorter(grant: Grant, run_id: str) -> bool:
    """Return whether the later end of a grant that Google itself ends is not at Google yet."""
    if grant.extended_by != run_id or grant.condition is None or grant.state is not GrantState.ACTIVE:
        return False
    shown = (grant.entry or {}).get("condition") or {}
    return bool(shown.get("expression") != grant.condition["expression"])

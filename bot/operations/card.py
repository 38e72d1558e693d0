"""Loads what the card of a run shows, with what the policy says of it now."""

from datetime import datetime

from bot.actor import Actor
from bot.operations import queries
from bot.operations.desk import Desk
from bot.operations.lifecycle import WAITS_FOR_YES, State
from bot.operations.model import Run
from bot.operations.run_card import RunCard, Wants
from bot.store import Tx


def card(tx: Tx, desk: Desk, run_id: str, now: datetime) -> RunCard | None:
    """Return what is shown of the run, or None."""
    run = queries.load(tx, run_id)
    if run is None or run.operation not in desk.catalog:
        return RunCard(run) if run else None
    if run.state not in WAITS_FOR_YES | {State.AWAITING_APPROVAL}:
        return RunCard(run)
    return RunCard(run, _wants(tx, desk, run, now), _may_break_glass(tx, desk, run, now))


def _may_break_glass(tx: Tx, desk: Desk, run: Run, now: datetime) -> bool:
    request, asker = desk.request_of(run), run.asked_by[-1]
    on_call = [Actor.person(asker.team, user) for user in desk.authority.on_call_now(tx, now)]
    return any(desk.authority.decide(tx, actor, request, now).break_glass for actor in dict.fromkeys((asker, *on_call)))


def _wants(tx: Tx, desk: Desk, run: Run, now: datetime) -> Wants:
    request = desk.request_of(run)
    decision = desk.authority.wanted(tx, request, now)
    if not decision.allowed:
        return Wants(refused=decision.reasons)
    missing = desk.authority.outstanding(tx, request, run.yes, now)
    if not missing:
        return Wants()
    able = desk.authority.who_could_approve(tx, request, now)
    return Wants(missing, decision.reasons, able.users, able.any_member, able.unchecked)

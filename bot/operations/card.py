"""Loads what the card of a run shows, with what the policy says of it now."""

from datetime import datetime

from bot.operations import queries
from bot.operations.desk import Desk
from bot.operations.lifecycle import WAITS_FOR_YES, State
from bot.operations.model import Run
from bot.operations.run_card import RunCard, Wants
from bot.store import Tx


def card(tx: Tx, desk: Desk, run_id: str, now: datetime) -> RunCard | None:
    """Return what is shown of the run, or None."""
    run = queries.load(tx, run_id)
    return RunCard(run, _wants(tx, desk, run, now)) if run else None


def _wants(tx: Tx, desk: Desk, run: Run, now: datetime) -> Wants:
    if run.state not in WAITS_FOR_YES | {State.AWAITING_APPROVAL} or run.operation not in desk.catalog:
        return Wants()
    request = desk.request_of(run)
    decision = desk.authority.wanted(tx, request, now)
    if not decision.allowed:
        return Wants(refused=decision.reasons)
    missing = desk.authority.outstanding(tx, request, run.yes, now)
    if not missing:
        return Wants()
    able = desk.authority.who_could_approve(tx, request, now)
    return Wants(missing, decision.reasons, able.users, able.any_member, able.unchecked)

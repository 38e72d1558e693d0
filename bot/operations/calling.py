"""Whom Baton calls about a run that waits for people, and what it tells them. What is wanted here is sent once."""

from collections.abc import Sequence
from datetime import datetime

from bot.actor import named
from bot.operations.authority import Approvers, Authority
from bot.operations.model import Run
from bot.operations.policy import Request
from bot.outbox import Button, Recipient, add_invitation, add_note, link_to, thread_of
from bot.store import Tx
from bot.text import Code, Mention, Text, text
from bot.workload import Interruption, interrupted

MOST_CALLED = 5  # a note that names more calls nobody in particular


def whom_to_call(approvers: Approvers, on_call: Sequence[str], asked_by: Sequence[str]) -> tuple[str, ...]:
    """Return the users to mention: all who could approve where they are few, else those of them who are on call.

    Where any member could, only who is on call: everybody is nobody.
    """
    on_duty = tuple(user for user in on_call if user not in asked_by)
    if len(approvers.users) > MOST_CALLED or not approvers.users:
        able = set(approvers.users)
        return tuple(user for user in on_duty if approvers.any_member or user in able)[:MOST_CALLED]
    return approvers.users


def call_approvers(tx: Tx, authority: Authority, run: Run, request: Request, now: datetime, words: Text) -> None:
    """Say in the run's thread that it waits for a yes, to those who can give it; who is not there is written to."""
    approvers = authority.who_could_approve(tx, request, now)
    asked_by = [actor.id for actor in request.asked_by]
    users = whom_to_call(approvers, authority.on_call_now(tx, now), asked_by)
    tell(tx, run, now, words, users)
    interrupted(tx, now, users, Interruption.APPROVAL, run.ref)
    for user in users:
        invite(tx, run, now, user)


def tell(
    tx: Tx, run: Run, now: datetime, words: Text, users: Sequence[str] = (), *, buttons: tuple[Button, ...] = ()
) -> None:
    """Post a note into the run's thread, mentioning these users or groups aloud."""
    place = thread_of(tx, run.ref)
    if place is not None:
        called = tuple(Mention(user, notify=True) for user in dict.fromkeys(users))
        add_note(tx, run.ref, now, place, words, mention=called, buttons=buttons)


def invite(tx: Tx, run: Run, now: datetime, user: str) -> None:
    """Write to somebody directly, unless they are in the channel and see the note there."""
    place = thread_of(tx, run.ref)
    if place is None:
        return
    where = link_to(tx, run.ref, text("run.invitation.there")) or Code(run.id)
    words = text("run.invitation", by=named(run.requester), summary=run.summary, where=where)
    add_invitation(tx, Recipient(run.requester.team, user), now, words, unless_in=place.channel)

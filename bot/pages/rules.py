"""What is to be done next for a page, and how long an answer is waited for. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from bot.pages.model import Page, PageState

TRIES = 8  # of one goal: with their pauses some eight minutes
POLL = timedelta(seconds=1)
CONFIRM_WITHIN = timedelta(seconds=30)  # a provider also says "pending" of a request that it never got
LATE_ARRIVAL = timedelta(seconds=15)
"""How long a request whose answer was lost may still be under way. One that comes later yet finds the alias taken."""


class Next(StrEnum):
    """What is done in one step; none of them calls the provider twice."""

    CREATE = "create"
    CLOSE = "close"
    FOLLOW = "follow"  # ask what became of a request that was accepted
    LOOK = "look"  # is there an alert with its alias?
    AGAIN = "again"  # wanted once more after its end
    FORGET = "forget"  # no longer wanted, and nothing was ever sent
    REST = "rest"


def next_step(page: Page) -> Next:
    """Return the one thing to do now. What is under way is followed to its end before anything else is begun."""
    if page.state in {PageState.REQUESTED, PageState.CLOSING}:
        return Next.FOLLOW if page.request_ref else Next.LOOK
    return _towards_open(page.state) if page.is_wanted else _towards_closed(page)


def _towards_open(state: PageState) -> Next:
    match state:
        case PageState.WANTED:
            return Next.CREATE
        case PageState.OPEN:
            return Next.REST
        case _:
            return Next.AGAIN


def _towards_closed(page: Page) -> Next:
    if page.state is PageState.CLOSED:
        return Next.REST
    return Next.CLOSE if page.sent_at else Next.FORGET


def is_settled(before: PageState, state: PageState, *, is_wanted: bool) -> bool:
    """Whether nothing is left to do in this state until something else is wanted.

    What Baton has closed may be wanted again by then; what somebody closed at the provider stays closed.
    """
    if before is PageState.CLOSING and state is PageState.CLOSED:
        return not is_wanted
    return state in {PageState.CLOSED, PageState.FAILED} or (state is PageState.OPEN and is_wanted)


def may_still_arrive(page: Page, now: datetime) -> bool:
    return page.sent_at is not None and now < page.sent_at + LATE_ARRIVAL


def may_still_be_confirmed(page: Page, now: datetime) -> bool:
    return page.sent_at is not None and now < page.sent_at + CONFIRM_WITHIN

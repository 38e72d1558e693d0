"""Who a responder is in Slack, what a snapshot still proves, and whom an incident mentions. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from bot.oncall.hours import is_working, next_start
from bot.oncall.model import (
    Calling,
    Certainty,
    Covered,
    Decision,
    Doubt,
    Duty,
    Engineer,
    Gap,
    Held,
    Identity,
    MentionRules,
    Notify,
    Quiet,
    Snapshot,
    Unclear,
    UpcomingShift,
    When,
    Why,
    WorkingHours,
)
from bot.ports.paging import Nobody, OnCall, Responder, Shift, Somebody, Unknown
from bot.ports.shifts import Window, key_of, on_call_at
from bot.ports.slack import SlackPerson
from bot.text import text
from bot.triage.model import Severity

STALE_AFTER = timedelta(minutes=10)


def engineer(responder: Responder, identities: Sequence[Identity], people: Sequence[SlackPerson]) -> Engineer:
    """Return the responder with the Slack user that they certainly are, or with the doubt.

    A Slack id from the provider or from people.yaml wins over the e-mail, and is the only way in for a guest. Several
    candidates are none.
    """
    candidates = accounts(responder, identities, people)
    named = named_users(responder, identities)
    name = responder.display or responder.email or responder.provider_id
    if len(named) > 1 or len(candidates) > 1:
        return Engineer(name, doubt=Doubt.AMBIGUOUS)
    if not candidates:
        return Engineer(name, doubt=Doubt.NOT_FOUND)
    person = candidates[0]
    doubt = _doubt(person, guest_allowed=bool(named))
    return Engineer(person.real_name or person.name, user=None if doubt else person.user, doubt=doubt)


def accounts(responder: Responder, identities: Sequence[Identity], people: Sequence[SlackPerson]) -> list[SlackPerson]:
    """Return the Slack accounts that the responder may be: one is certain, unless something is wrong with it."""
    named = named_users(responder, identities)
    return [person for person in people if person.user in named] if named else _by_email(responder, people)


def named_users(responder: Responder, identities: Sequence[Identity]) -> tuple[str, ...]:
    """Return the Slack users that the provider or people.yaml names for this responder, each once."""
    if responder.user:
        return (responder.user,)
    ids = {known.casefold() for known in (responder.provider_id, responder.email) if known}
    claims = (entry.user for entry in identities if ids & {known.casefold() for known in entry.provider_ids})
    return tuple(dict.fromkeys(claims))


def _by_email(responder: Responder, people: Sequence[SlackPerson]) -> list[SlackPerson]:
    """Return the usable accounts with the responder's e-mail; where none is usable, the unusable ones."""
    if not responder.email:
        return []
    email = responder.email.casefold()
    same = [person for person in people if person.email and person.email.casefold() == email]
    usable = [person for person in same if _doubt(person, guest_allowed=False) is None]
    return usable or same


def _doubt(person: SlackPerson, *, guest_allowed: bool) -> Doubt | None:
    if person.is_deleted:
        return Doubt.DEACTIVATED
    if person.is_bot:
        return Doubt.BOT
    return Doubt.GUEST if person.is_guest and not guest_allowed else None


def duty(
    schedule: str,
    fallback: str,
    snapshot: Snapshot | None,
    identities: Sequence[Identity],
    people: Sequence[SlackPerson],
    now: datetime,
) -> Duty:
    """Return who is on call now and next, as far as the snapshot still proves it."""

    def named(responders: Iterable[Responder]) -> tuple[Engineer, ...]:
        return tuple(engineer(responder, identities, people) for responder in responders)

    def worded(answer: OnCall) -> Covered | Gap | None:
        match answer:
            case Somebody(responders, since, until):
                return Covered(named(responders), since, until)
            case Nobody(since, until):
                return Gap(since, until)
            case Unknown():
                return None

    if snapshot is None:
        return Duty(schedule, fallback, Unclear(reason=text("oncall.never_asked")))
    current = worded(believed(snapshot, now))
    reason = snapshot.problem or text("oncall.too_old")
    unclear = Unclear(named(snapshot.last_known), snapshot.known_at, reason)
    return Duty(schedule, fallback, current or unclear, worded(following_change(snapshot, now)))


def believed(snapshot: Snapshot, now: datetime) -> OnCall:
    """Return who is on call by this snapshot; older than ten minutes it is unknown.

    Between two polls a handover that was already planned happens: the stored shifts say to whom.
    """
    if now - snapshot.fetched_at > STALE_AFTER:
        return Unknown("the last answer is too old")
    match snapshot.on_call:
        case Somebody(until=until) | Nobody(until=until) if until is not None and until <= now:
            return _planned(snapshot, now)
        case answer:
            return answer


def following_change(snapshot: Snapshot, now: datetime) -> OnCall:
    """Return who is on call after the next change of people, by this snapshot."""
    match believed(snapshot, now):
        case Somebody(until=until) | Nobody(until=until) if until is not None:
            return _planned(snapshot, until)
        case _:
            return Unknown("no change is known")


def _planned(snapshot: Snapshot, at: datetime) -> OnCall:
    """Return who is planned to be on call at a moment; beyond what was asked, the absence of shifts proves nothing."""
    if not snapshot.fetched_at <= at < snapshot.known_until:
        return Unknown("the plan is not known for then")
    return on_call_at(snapshot.shifts, at, Window(snapshot.fetched_at, snapshot.known_until))


def own_shifts(
    schedule: str, shifts: Sequence[Shift], identities: Sequence[Identity], people: Sequence[SlackPerson], user: str
) -> Iterator[UpcomingShift]:
    """Yield the shifts that this Slack user has, in order."""
    resolved: dict[str, Engineer] = {}
    for shift in shifts:
        for position, responder in enumerate(shift.responders):
            key = key_of(responder)
            if key not in resolved:
                resolved[key] = engineer(responder, identities, people)
            if resolved[key].user == user:
                yield UpcomingShift(schedule, shift.start_at, shift.end_at, position)


def calling(duty: Duty) -> Calling:
    """Return the Slack users and groups to call: the first responder, or the fallback where nobody would be reached.

    That is in a gap, and when Slack does not know the first responder. While it is unknown who is on call, the last
    known may be the wrong one: both are called.
    """
    match duty.now:
        case Covered((Engineer(user=str(user)), *_)):
            return Calling((user,))
        case Covered((first, *_)):
            return Calling((duty.fallback,), Certainty.NO_ACCOUNT, name=first.name)
        case Unclear((Engineer(user=str(user)), *_), known_at):
            return Calling((user, duty.fallback), Certainty.UNKNOWN, known_at=known_at)
        case Unclear():
            return Calling((duty.fallback,), Certainty.UNKNOWN)
        case _:
            return Calling((duty.fallback,), Certainty.NOBODY)


def mention(
    rules: MentionRules,
    severity: Severity,
    at: datetime,
    hours: WorkingHours,
    duty: Duty,
    *,
    mentioned_at: datetime | None = None,
    healing_until: datetime | None = None,
    silenced_until: datetime | None = None,
    wakes: bool = False,
) -> Decision:
    """Return whom an incident that opens, comes back or gets worse at `at` mentions, or until when that is held.

    `mentioned_at` is when this incident last mentioned somebody: it does so at most once in `rules.again_after`.
    Until `healing_until` it may heal by itself; what is critical never waits for that. A silence that covers it, until
    `silenced_until`, wins over every other reason to wait. What `wakes` somebody at the on-call provider waits in the
    same way where it never mentions anybody.
    """
    when = rules.when.get(severity, When.ALWAYS)
    if when is When.NEVER and not wakes:
        return Quiet()
    if silenced_until is not None and at < silenced_until:
        return Held(silenced_until, Why.SILENCED)
    if when is When.SUMMARY or (when is When.WORKING_HOURS and not is_working(at, hours)):
        return Held(next_start(at, hours), Why.MORNING)
    if mentioned_at is not None and at < mentioned_at + rules.again_after:
        return Held(mentioned_at + rules.again_after, Why.AGAIN)
    if healing_until is not None and at < healing_until and severity is not Severity.CRITICAL:
        return Held(healing_until, Why.RETRYING)
    return Quiet() if when is When.NEVER else Notify(calling(duty).ids)


def asked_for(duties: Sequence[Duty], words: str) -> tuple[Duty, ...]:
    """Return the schedules whose name holds what somebody typed, the one of exactly that name alone; else none."""
    wanted = words.strip().casefold()
    exact = tuple(duty for duty in duties if duty.schedule.casefold() == wanted)
    return exact or tuple(duty for duty in duties if wanted in duty.schedule.casefold())

"""The blocks of the report about incidents, from what is known of them. Pure."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.actor import Actor
from bot.handoff.gathered import Past, Run
from bot.handoff.lives import Raising
from bot.handoff.model import Effort, OpenIncident, Orphan, Repeat, Resolved, Scope, Source, Tried, Watch, Watched
from bot.handoff.rules import covered, within
from bot.incidents.fix import Cause, Fix, Remedy
from bot.operations.lifecycle import UNDER_WAY, State
from bot.ref import Ref
from bot.text import Text, text
from bot.triage.model import Severity

MOST_SOURCES = 5
KEEPS_COMING_BACK = 3  # raisings in one window
_GRAVEST_FIRST = list(Severity)


def open_incidents(past: Past, runs: Sequence[Run], scope: Scope) -> tuple[OpenIncident, ...]:
    """Return what was open at the end: what nobody took on first, then the gravest, then the oldest."""
    fixes = last_fixes(past)

    def shown(raising: Raising) -> OpenIncident:
        known = past.known[raising.incident_id]
        tried = tried_for(runs, known.id)
        return OpenIncident(
            item=past.item(raising),
            severity=known.severity,
            owner=known.owner,
            taken_by=Actor.parse(raising.taken_by) if raising.taken_by else None,
            alerts=past.alerts.get(known.id, 0),
            tried=tried,
            next=next_step(raising, tried, fixes.get(known.thing), has_page=known.topic in scope.topics_with_a_page),
        )

    def key(each: OpenIncident) -> tuple[bool, int, datetime]:
        return each.taken_by is not None, _GRAVEST_FIRST.index(each.severity), each.item.at

    return tuple(sorted(map(shown, past.open), key=key))


def tried_for(runs: Sequence[Run], incident_id: str) -> tuple[Tried, ...]:
    origin = Ref("incident", incident_id)
    mine = (run.line for run in runs if run.origin == origin)
    return tuple(Tried(line.item.ref, line.operation, line.state) for line in mine)


def next_step(raising: Raising, tried: Sequence[Tried], last: Fix | None, *, has_page: bool) -> Text:
    """Return the step that suggests itself, the surest first."""
    states = {State(each.state) for each in tried}
    if State.AWAITING_APPROVAL in states:
        return text("report.next.approve")
    if states & UNDER_WAY:
        return text("report.next.follow")
    if raising.taken_at is None:
        return text("report.next.take")
    if last and last.remedy and last.remedy is not Remedy.NOTHING:
        return text("report.next.as_before", remedy=text(f"remedy.{last.remedy}"))
    return text("report.next.runbook" if has_page else "report.next.cause")


def last_fixes(past: Past) -> Mapping[tuple[str, str], Fix]:
    """Return by thing what helped last, as far as somebody said it or a run did it; else a cause that was noted."""
    known = [each for each in past.all if each.fix and each.ended_at]
    known.sort(key=lambda each: (bool(each.fix and each.fix.remedy), each.ended_at or past.end))
    return {past.known[each.incident_id].thing: each.fix for each in known if each.fix}


def resolved(past: Past) -> tuple[Resolved, ...]:
    return tuple(
        Resolved(
            past.item(each), each.took, Actor.parse(each.ended_by) if each.ended_by else None, each.fix, each.healed
        )
        for each in past.resolved
        if each.took is not None
    )


def is_without_action(raising: Raising, runs: Sequence[Run]) -> bool:
    """Whether no person did anything: nobody took it on or began a run, or they say that nothing was needed."""
    if raising.fix and (raising.fix.remedy is Remedy.NOTHING or raising.fix.cause is Cause.FALSE_ALARM):
        return True
    return raising.taken_at is None and not tried_for(runs, raising.incident_id)


def noise(past: Past, runs: Sequence[Run]) -> tuple[Source, ...]:
    """Return the tools that said most, each with how much of it needed nobody."""
    by_source: dict[str, list[Raising]] = defaultdict(list)
    for each in past.raised:
        by_source[past.known[each.incident_id].source].append(each)
    alerts: Counter[str] = Counter()
    for incident_id, n in past.alerts.items():
        alerts[past.known[incident_id].source] += n
    begun = {run.origin for run in runs}
    found = (
        Source(
            name,
            n,
            len(by_source[name]),
            sum(is_without_action(each, _of(each, runs, begun)) for each in by_source[name]),
        )
        for name, n in alerts.items()
    )
    return tuple(sorted(found, key=lambda source: (-source.alerts, source.name))[:MOST_SOURCES])


def _of(raising: Raising, runs: Sequence[Run], begun: set[Ref | None]) -> Sequence[Run]:
    """Return the runs to look through: none for most, so that a thousand incidents do not look through all."""
    return runs if Ref("incident", raising.incident_id) in begun else ()


def without_action(past: Past, runs: Sequence[Run]) -> tuple[Raising, ...]:
    begun = {run.origin for run in runs}
    return tuple(each for each in past.raised if is_without_action(each, _of(each, runs, begun)))


def repeats(past: Past) -> tuple[Repeat, ...]:
    """Return what was raised more than once in the window, the most frequent first."""
    by_thing: dict[tuple[str, str], list[Raising]] = defaultdict(list)
    for each in past.raised:
        by_thing[past.known[each.incident_id].thing].append(each)
    fixes, found = last_fixes(past), []
    for thing, its in by_thing.items():
        if len(its) > 1:
            took = next((each.took for each in reversed(its) if each.took is not None), None)
            found.append(Repeat(past.item(its[-1]), len(its), fixes.get(thing), took))
    return tuple(sorted(found, key=lambda repeat: (-repeat.times, repeat.item.name)))


def flaky(past: Past) -> tuple[Watch, ...]:
    """Return what healed by Airflow's own retries in the window: it may do so again, or not."""
    by_thing: dict[tuple[str, str], list[Raising]] = defaultdict(list)
    for each in past.raised:
        by_thing[past.known[each.incident_id].thing].append(each)
    found = []
    for its in by_thing.values():
        healed = [each for each in its if each.healed]
        if healed:
            words = text("report.watch.flaky", healed=len(healed), times=len(its))
            found.append(Watch(Watched.FLAKY, past.item(healed[-1]), words))
    return tuple(found)


def orphans(past: Past) -> tuple[Orphan, ...]:
    """Return what was open without an owner or anybody who took it on."""
    return tuple(
        Orphan(past.item(each), text("report.orphan.untaken"))
        for each in past.open
        if each.taken_at is None and not past.known[each.incident_id].owner
    )


def of_these(deeds: Mapping[str, Counter[Ref]], people: Sequence[str]) -> Mapping[str, Counter[Ref]]:
    """Return the deeds of these people only."""
    return {actor: made for actor, made in deeds.items() if actor.rpartition(":")[2] in people}


def effort(past: Past, deeds: Mapping[str, Counter[Ref]]) -> tuple[Effort, ...]:
    """Return what each did. In hand is from taking an incident on until it was over."""
    window = past.start, past.end
    spans = defaultdict(list)
    for each in past.all:
        if each.taken_at and each.taken_by:
            until = each.ended_at or each.stale_at if each.end or each.is_stale else None
            if part := within(each.taken_at, until or past.end, window):
                spans[each.taken_by].append(part)
    found = (Effort(Actor.parse(actor), made.total(), covered(spans[actor])) for actor, made in deeds.items())
    return tuple(sorted(found, key=lambda each: (-each.deeds, str(each.actor))))


def follow_ups(past: Past, found: Sequence[Repeat], scope: Scope) -> tuple[Text, ...]:
    """Return what the window leaves to be improved: what keeps coming back, what has no cause or no runbook."""
    said = [
        text("report.follow_up.comes_back", name=each.item.name, times=each.times)
        for each in found
        if each.times >= KEEPS_COMING_BACK
    ]
    unexplained = sum(1 for each in past.resolved if _by_person(each) and not (each.fix and each.fix.cause))
    if unexplained:
        said.append(text("report.follow_up.no_cause", n=unexplained))
    topics = Counter(past.known[each.incident_id].topic for each in past.raised)
    bare = sorted(
        (topic for topic in topics if topic and topic not in scope.topics_with_a_page), key=lambda t: -topics[t]
    )
    if bare:
        said.append(text("report.follow_up.no_runbook", topics=tuple(bare[:MOST_SOURCES])))
    return tuple(said)


def _by_person(raising: Raising) -> bool:
    return bool(raising.ended_by and raising.ended_by.startswith("person:"))

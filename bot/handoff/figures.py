"""Every figure of the report, each with the things that it counts. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.handoff.blocks import without_action
from bot.handoff.gathered import Call, Past, Run
from bot.handoff.lives import End, Raising
from bot.handoff.model import Figure, GrantLine, Name, Orphan, RequestLine, Scope, Unit
from bot.handoff.rules import middle, minutes, ninetieth, share
from bot.operations.lifecycle import State
from bot.ref import Ref
from bot.text import Text, text

RUNS_DONE = frozenset({State.SUCCEEDED, State.NO_CHANGE})
RUNS_FAILED = frozenset({State.FAILED, State.PARTLY_DONE, State.UNVERIFIED})
RUNS_OPEN = frozenset(
    {State.AWAITING_APPROVAL, State.APPROVED, State.EXECUTING, State.PAUSED, State.OUTCOME_UNKNOWN, State.VERIFYING}
)
NOTHING_TO_MEASURE = text("report.why.nothing_to_measure")
SEEN_IN_AIRFLOW = frozenset({Name.RESOLVED, Name.SELF_HEALED, Name.MTTR_MEDIAN, Name.MTTR_P90})
"""The figures that Airflow's answers are part of."""
SEEN_IN_SLACK = SEEN_IN_AIRFLOW | {
    *(Name.RAISED, Name.REOPENED, Name.ALERTS, Name.STORMS, Name.ACKNOWLEDGED, Name.NEVER_ACKNOWLEDGED),
    *(Name.MTTA_MEDIAN, Name.MTTA_P90, Name.STALE, Name.SUPERSEDED, Name.OPEN, Name.NO_ACTION, Name.WITHOUT_RUNBOOK),
    Name.ORPHANS,
}
"""The figures that the messages of the watched channels are part of."""
SEEN_WHERE_PEOPLE_ASK = frozenset({Name.REQUESTS_DONE, Name.REQUESTS_WAITING, Name.ORPHANS})
"""The figures that the messages of the channels of requests are part of."""


@dataclass(frozen=True, slots=True)
class Counted:
    """All that is counted."""

    scope: Scope
    past: Past
    runs: Sequence[Run]
    grants: Sequence[GrantLine]
    requests: Sequence[RequestLine]
    calls: Sequence[Call]
    orphans: Sequence[Orphan]
    deeds: Mapping[str, Counter[Ref]]


def figures(
    counted: Counted, unavailable: Mapping[Name, Text], never_zero: Mapping[Name, Text]
) -> Mapping[Name, Figure]:
    """Return each figure by its name; what is unavailable has no value, and says why.

    `never_zero` are those of which a part was not seen: what was seen counts, but that it was nothing is not known.
    """
    found = [
        *_incidents(counted.past),
        *_times(counted.past),
        *_noise(counted),
        *_runs(counted),
        *_grants(counted),
        *_requests(counted.requests),
        _count(Name.CALLED, [call.ref for call in counted.calls]),
        _count(Name.ORPHANS, [each.item.ref for each in counted.orphans]),
        _summed(Name.DEEDS, sum(counted.deeds.values(), Counter())),
    ]
    return {each.name: _if_known(each, unavailable if each.value else {**never_zero, **unavailable}) for each in found}


def _if_known(figure: Figure, unavailable: Mapping[Name, Text]) -> Figure:
    why = unavailable.get(figure.name)
    return replace(figure, value=None, why=why) if why else figure


def _incidents(past: Past) -> Iterable[Figure]:
    raised = past.raised
    went_quiet = [each for each in past.all if each.stale_at and past.start <= each.stale_at < past.end]
    superseded = [each for each in past.all if each.end is End.SUPERSEDED and each.ended_at]
    replaced = [each for each in superseded if each.ended_at and past.start <= each.ended_at < past.end]
    yield _of(Name.RAISED, raised)
    yield _of(Name.REOPENED, [each for each in raised if each.is_again])
    yield _of(Name.ACKNOWLEDGED, [each for each in raised if each.taken_at])
    yield _of(Name.NEVER_ACKNOWLEDGED, [each for each in raised if not each.taken_at])
    yield _of(Name.RESOLVED, past.resolved)
    yield _of(Name.SELF_HEALED, [each for each in past.resolved if each.healed])
    yield _of(Name.STALE, went_quiet)
    yield _of(Name.SUPERSEDED, replaced)
    yield _of(Name.OPEN, past.open)
    yield _summed(Name.ALERTS, Counter({Ref("incident", each): n for each, n in past.alerts.items()}))
    yield _count(Name.STORMS, [Ref("storm", each) for each in past.storms])


def _times(past: Past) -> Iterable[Figure]:
    """Yield the times of what was raised in the window and taken on, or resolved, by its end."""
    taken = [each for each in past.raised if each.waited is not None]
    ended = [each for each in past.raised if each.took is not None]
    waited = minutes(each.waited for each in taken if each.waited is not None)
    took = minutes(each.took for each in ended if each.took is not None)
    yield _minutes(Name.MTTA_MEDIAN, middle(waited), taken)
    yield _minutes(Name.MTTA_P90, ninetieth(waited), taken)
    yield _minutes(Name.MTTR_MEDIAN, middle(took), ended)
    yield _minutes(Name.MTTR_P90, ninetieth(took), ended)


def _noise(counted: Counted) -> Iterable[Figure]:
    past = counted.past
    idle = without_action(past, counted.runs)
    part = share(len(idle), len(past.raised))
    yield _measured(Name.NO_ACTION, Unit.SHARE, part, idle)
    topics = counted.scope.topics_with_a_page
    yield _of(Name.WITHOUT_RUNBOOK, [each for each in past.raised if past.known[each.incident_id].topic not in topics])


def _runs(counted: Counted) -> Iterable[Figure]:
    ended = [run for run in counted.runs if run.since >= counted.past.start]
    for name, states, among in (
        (Name.RUNS_DONE, RUNS_DONE, ended),
        (Name.RUNS_OPEN, RUNS_OPEN, counted.runs),
        (Name.RUNS_FAILED, RUNS_FAILED, ended),
    ):
        yield _count(name, [run.line.item.ref for run in among if run.line.state in states])


def _grants(counted: Counted) -> Iterable[Figure]:
    given = [each for each in counted.grants if each.item.at >= counted.past.start]
    yield _count(Name.GRANTS_GIVEN, [each.item.ref for each in given])
    for name, states in (
        (Name.GRANTS_OPEN, {"active", "activating", "revoking"}),
        (Name.GRANTS_FAILED, {"revoke_failed"}),
    ):
        yield _count(name, [each.item.ref for each in counted.grants if each.state in states])


def _requests(lines: Sequence[RequestLine]) -> Iterable[Figure]:
    yield _count(Name.REQUESTS_DONE, [each.item.ref for each in lines if each.state == "done"])
    waiting = [each.item.ref for each in lines if each.state in {"new", "in_progress", "waiting"}]
    yield _count(Name.REQUESTS_WAITING, waiting)


def _of(name: Name, raisings: Sequence[Raising]) -> Figure:
    """Count raisings: an incident that came back is listed once and counted each time."""
    return _count(name, _incident_refs(raisings))


def _minutes(name: Name, value: float | None, raisings: Sequence[Raising]) -> Figure:
    return _measured(name, Unit.MINUTES, value, raisings)


def _measured(name: Name, unit: Unit, value: float | None, raisings: Sequence[Raising]) -> Figure:
    why = NOTHING_TO_MEASURE if value is None else None
    return _figure(name, unit, value, Counter(_incident_refs(raisings)), why)


def _incident_refs(raisings: Iterable[Raising]) -> list[Ref]:
    return [Ref("incident", each.incident_id) for each in raisings]


def _count(name: Name, refs: Sequence[Ref]) -> Figure:
    return _summed(name, Counter(refs))


def _summed(name: Name, counted: Counter[Ref]) -> Figure:
    return _figure(name, Unit.COUNT, counted.total(), counted)


def _figure(name: Name, unit: Unit, value: float | None, counted: Mapping[Ref, int], why: Text | None = None) -> Figure:
    times = {ref: n for ref, n in counted.items() if n > 1}
    return Figure(name, unit, value, tuple(counted), why, times)

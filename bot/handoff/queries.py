"""The report of any past stretch of time on call, from the store alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import outages
from bot.gaps import History
from bot.handoff import blocks, calls, moments, opening_line, things
from bot.handoff.figures import SEEN_IN_AIRFLOW, SEEN_IN_SLACK, SEEN_WHERE_PEOPLE_ASK, Counted, figures
from bot.handoff.gathered import Past, Run
from bot.handoff.model import Doubt, GrantLine, Name, Orphan, Report, RequestLine, Scope, Watch, Watched
from bot.handoff.past import past
from bot.handoff.rules import covered
from bot.oncall.history import stints
from bot.oncall.model import Certainty, Stint
from bot.operations.lifecycle import UNDER_WAY, State
from bot.outages import Outage
from bot.store import Tx
from bot.text import Mention, Text, text

AT_LEAST_AHEAD = timedelta(days=1)  # what ends in this time is watched, however short the shift
_WAITS = {"new", "in_progress", "waiting"}


def report(tx: Tx, scope: Scope, start: datetime, end: datetime) -> Report:
    """Return what happened in [start, end), and how things stood at `end`: the same whenever it is asked.

    What Baton learns later of a time before `end`, from messages that it reads afterwards, is added.
    """
    seen = past(tx, scope, start, end)
    runs, grants = things.runs_at(tx, scope, start, end), things.grants_at(tx, start, end)
    requests = things.requests_at(tx, scope, start, end)
    who = stints(tx, scope.schedule, start, end)
    people = calls.users_of(who)
    called = calls.calls(tx, scope, people, start, end)
    doubts = _Doubts.read(tx, scope, seen, who)
    lost = (*blocks.orphans(seen), *_orphans(runs, grants, requests))
    still_open = blocks.open_incidents(seen, runs, scope)
    unavailable, never_zero = doubts.unavailable(), doubts.never_zero()
    is_all_seen = {Name.OPEN, Name.REQUESTS_WAITING}.isdisjoint({*unavailable, *never_zero})
    deeds = blocks.of_these(moments.deeds(tx, start, end), people)
    counted = Counted(scope, seen, runs, grants, requests, called, lost, deeds)
    return Report(
        scope.schedule,
        start,
        end,
        str(scope.hours.zone),
        opening_line.first(still_open, runs, grants, requests, is_all_seen=is_all_seen),
        stints=who,
        open=still_open,
        watch=(*_ending(tx, grants, start, end), *blocks.flaky(seen), *_planned(runs)),
        resolved=blocks.resolved(seen),
        workload=calls.workloads(tx, scope, called, people, start, end),
        noise=blocks.noise(seen, runs),
        repeats=(repeated := blocks.repeats(seen)),
        runs=tuple(run.line for run in runs),
        grants=grants,
        requests=requests,
        orphans=lost,
        follow_ups=blocks.follow_ups(seen, repeated, scope),
        effort=blocks.effort(seen, deeds),
        doubts=doubts.said(),
        figures=figures(counted, unavailable, never_zero),
    )


def _ending(tx: Tx, grants: Sequence[GrantLine], start: datetime, end: datetime) -> tuple[Watch, ...]:
    """Return the silences and grants that end in a stretch as long as this one."""
    ahead = end + max(end - start, AT_LEAST_AHEAD)
    quiet = [
        Watch(Watched.SILENCE, each.item, text("report.watch.silence", until=each.until))
        for each in things.silences_at(tx, end, ahead)
    ]
    access = [
        Watch(Watched.GRANT, each.item, text("report.watch.grant", until=each.expires_at))
        for each in grants
        if each.state in {"active", "activating"} and end <= each.expires_at < ahead
    ]
    return (*quiet, *access)


def _planned(runs: Sequence[Run]) -> tuple[Watch, ...]:
    under_way = [run.line for run in runs if State(run.line.state) in UNDER_WAY]
    return tuple(
        Watch(Watched.PLANNED, line.item, text("report.watch.planned", operation=text(f"operation.{line.operation}")))
        for line in under_way
    )


def _orphans(runs: Sequence[Run], grants: Sequence[GrantLine], requests: Sequence[RequestLine]) -> tuple[Orphan, ...]:
    """Return what waits for somebody who may not know: a yes, a hand at Google, an answer."""
    waiting = [run.line.item for run in runs if run.line.state == State.AWAITING_APPROVAL]
    stuck = [each.item for each in grants if each.state == "revoke_failed"]
    unread = [each.item for each in requests if each.state == "new"]
    return (
        *(Orphan(item, text("report.orphan.approval")) for item in waiting),
        *(Orphan(item, text("report.orphan.revoke_failed")) for item in stuck),
        *(Orphan(item, text("report.orphan.request")) for item in unread),
    )


@dataclass(frozen=True, slots=True)
class _Doubts:
    """What was not seen of a window. `known_since` is when anything was written down first."""

    past: Past
    stints: Sequence[Stint]
    outages: Sequence[Outage]
    known_since: datetime | None
    calls_since: datetime | None

    @classmethod
    def read(cls, tx: Tx, scope: Scope, seen: Past, who: Sequence[Stint]) -> "_Doubts":
        silent = outages.between(tx, _sources(scope), seen.start, seen.end)
        return cls(seen, who, silent, moments.watched_since(tx), calls.first_written_at(tx))

    def said(self) -> tuple[Doubt, ...]:
        unknown = [stint for stint in self.stints if stint.certainty is Certainty.UNKNOWN]
        late = [at for each in self.past.raised if (at := self.past.known[each.incident_id].noticed_at)]
        found = [
            *(Doubt(text("report.doubt.on_call"), each.since, each.until) for each in unknown),
            *(Doubt(_unseen(each), each.since, each.until or self.past.end) for each in self.outages),
        ]
        if late:
            found.append(
                Doubt(text("report.doubt.read_late", n=len(late)), self.past.start, min(max(late), self.past.end))
            )
        if self.known_since and self.past.start < self.known_since:
            until = min(self.known_since, self.past.end)
            found.append(Doubt(text("report.doubt.before"), self.past.start, until))
        return tuple(sorted(found, key=lambda doubt: doubt.since))

    def unavailable(self) -> Mapping[Name, Text]:
        """Return the figures of which nothing can be said, with why. Shorter gaps are only told beside them."""
        if self.known_since is None or self.past.end <= self.known_since:
            return dict.fromkeys(Name, text("report.why.nothing_written"))
        found: dict[Name, Text] = {}
        for kind, of_them in _PART_OF.items():
            if self._silent(kind) * 2 > self.past.end - self.past.start:
                found |= dict.fromkeys(of_them, text(f"report.why.{kind}_silent"))
        if self.past.raised and (self.calls_since is None or self.past.end <= self.calls_since):
            found[Name.CALLED] = text("report.why.calls_not_written")
        return found

    def never_zero(self) -> Mapping[Name, Text]:
        """Return the figures of which a part was not seen, with why: nothing found is no zero then."""
        found: dict[Name, Text] = {}
        for kind, of_them in _PART_OF.items():
            if self._silent(kind):
                found |= dict.fromkeys(of_them, text(f"report.why.{kind}_gap"))
        return found

    def _silent(self, kind: str) -> timedelta:
        """Return how much of the window one source of this kind at least was not seen."""
        mine = (each for each in self.outages if _kind(each) == kind)
        return covered((each.since, each.until or self.past.end) for each in mine)


_PART_OF = {"airflow": SEEN_IN_AIRFLOW, "slack": SEEN_IN_SLACK, "asked": SEEN_WHERE_PEOPLE_ASK}
"""The figures that what is seen of each kind of source is part of."""


def _sources(scope: Scope) -> frozenset[str]:
    """Return what was to be seen for a report."""
    channels = (*map(History.of_alerts, scope.channels), *map(History.of_requests, scope.asked))
    return frozenset({*(f"airflow:{each}" for each in scope.airflows), *(each.source for each in channels)})


def _kind(outage: Outage) -> str:
    return outage.source.partition(":")[0]


def _unseen(outage: Outage) -> Text:
    kind, _, name = outage.source.partition(":")
    return text(f"report.doubt.{kind}", what=name if kind == "airflow" else Mention(name))

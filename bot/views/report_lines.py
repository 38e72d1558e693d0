"""The report in words: its blocks in the order in which a person wants to read them, most important first."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.actor import named
from bot.handoff.model import (
    Figure,
    Item,
    Name,
    OpenIncident,
    Repeat,
    Report,
    RequestLine,
    Resolved,
    Unit,
    Workload,
)
from bot.incidents.model import IncidentState
from bot.oncall.model import Certainty, Stint
from bot.text import Code, Mention, Param, Text, text
from bot.triage.escape import shorten
from bot.views.memory import how, link
from bot.views.signs import sign_of

SHOWN_NAME = 90
PERCENT = 100


@dataclass(frozen=True, slots=True)
class Section:
    """One block: a title, lines of which the first matter most, and the figures whose lists stand behind it."""

    key: str
    title: Text
    lines: tuple[Text, ...]
    names: tuple[Name, ...] = ()


def sections(report: Report) -> tuple[Section, ...]:
    """Return the blocks that have something to say."""
    found = (
        _section("open", map(_open, report.open), Name.OPEN),
        _section(
            "orphans", (text("report.orphan", name=named_item(o.item), why=o.why) for o in report.orphans), Name.ORPHANS
        ),
        _section("watch", (text("report.watch", name=named_item(w.item), what=w.words) for w in report.watch)),
        _section("requests", (*_known(report, _ASKED, _unheard), *map(_request, report.requests)), *_ASKED),
        _section("raised", _known(report, _RAISED, _raised), *_RAISED),
        _section("times", _known(report, _TIMES, _times), *_TIMES),
        _section(
            "resolved",
            (*_known(report, _ENDED, _ended), *map(_resolved, reversed(report.resolved))),
            *_ENDED,
        ),
        _section("repeats", map(_repeat, report.repeats), Name.REOPENED),
        _section("operations", _runs(report), *_RUNS),
        _section("access", _grants(report), *_GRANTS),
        _section("workload", _workload(report), Name.CALLED),
        _section("noise", _noise(report), Name.ALERTS, Name.NO_ACTION, Name.WITHOUT_RUNBOOK),
        _section("follow_ups", report.follow_ups),
        _section("effort", _effort(report), Name.DEEDS),
        _section("people", (_stint(each) for each in report.stints)),
        _section("doubts", (_doubt(each.words, each.since, each.until) for each in report.doubts)),
    )
    return tuple(each for each in found if each.lines)


# A menu of Slack's has five entries: a block has no more figures.
_ASKED = (Name.REQUESTS_WAITING, Name.REQUESTS_DONE)
_RAISED = (Name.RAISED, Name.REOPENED, Name.STORMS, Name.ACKNOWLEDGED, Name.NEVER_ACKNOWLEDGED)
_TIMES = (Name.MTTA_MEDIAN, Name.MTTA_P90, Name.MTTR_MEDIAN, Name.MTTR_P90)
_ENDED = (Name.RESOLVED, Name.SELF_HEALED, Name.STALE, Name.SUPERSEDED)
_RUNS = (Name.RUNS_DONE, Name.RUNS_OPEN, Name.RUNS_FAILED)
_GRANTS = (Name.GRANTS_GIVEN, Name.GRANTS_OPEN, Name.GRANTS_FAILED)


def _section(key: str, lines: Iterable[Text], *names: Name) -> Section:
    return Section(key, text(f"report.section.{key}"), tuple(lines), names)


def value(figure: Figure) -> Param:
    """Return a figure in words; without a value, why there is none."""
    if figure.value is None:
        return text("report.unavailable", why=figure.why or text("report.why.nothing_written"))
    match figure.unit:
        case Unit.MINUTES:
            return timedelta(minutes=figure.value)
        case Unit.SHARE:
            return f"{round(figure.value * PERCENT)} %"
        case Unit.COUNT:
            return round(figure.value)


def figure(report: Report, name: Name) -> Text:
    return text("report.figure", name=text(f"report.name.{name}"), value=value(report.figures[name]))


def named_item(item: Item) -> Param:
    """Return a thing's name, with a link to where people find it."""
    label = shorten(item.name, SHOWN_NAME)
    return link(item.thread, label) if item.thread else Code(label)


def _open(each: OpenIncident) -> Text:
    state = IncidentState.ACKNOWLEDGED if each.taken_by else IncidentState.OPEN
    by = text("report.open.taken", by=named(each.taken_by)) if each.taken_by else text("report.open.untaken")
    said = {"sign": sign_of(state, each.severity), "name": named_item(each.item), "since": each.item.at, "by": by}
    if not each.tried:
        return text("report.open", **said, next=each.next)
    tried = tuple(
        text("report.tried", operation=text(f"operation.{t.operation}"), state=text(f"run.state.{t.state}"))
        for t in each.tried
    )
    return text("report.open.tried", **said, tried=tried, next=each.next)


def _resolved(each: Resolved) -> Text:
    by: Param = text("report.resolved.healed") if each.healed else named(each.by)
    if each.fix and (helped := how(each.fix)):
        return text("report.resolved.how", name=named_item(each.item), took=each.took, by=by, fix=helped)
    return text("report.resolved", name=named_item(each.item), took=each.took, by=by)


def _repeat(each: Repeat) -> Text:
    helped = how(each.last_fix) if each.last_fix else None
    fix = helped or text("report.repeat.no_fix")
    return text("report.repeat", name=named_item(each.item), times=each.times, fix=fix)


def _request(each: RequestLine) -> Text:
    said = {"name": named_item(each.item), "who": named(each.requester), "state": text(f"report.request.{each.state}")}
    return text("report.request", **said)


def _unheard(report: Report) -> Iterator[Text]:
    """Yield the figures of requests that have no value; the others are told by their list."""
    yield from (figure(report, name) for name in _ASKED if report.figures[name].value is None)


def _known(report: Report, names: Sequence[Name], lines: Callable[[Report], Iterable[Text]]) -> Iterable[Text]:
    """Return the lines; where none of their figures has a value, all for one reason, that reason once."""
    first, *others = (report.figures[name] for name in names)
    if first.why and all(each.why == first.why for each in others):
        return (text("report.unavailable", why=first.why),)
    return lines(report)


def _raised(report: Report) -> Iterator[Text]:
    yield text(
        "report.times.raised",
        raised=value(report.figures[Name.RAISED]),
        again=value(report.figures[Name.REOPENED]),
        storms=value(report.figures[Name.STORMS]),
    )
    yield text(
        "report.times.taken",
        taken=value(report.figures[Name.ACKNOWLEDGED]),
        never=value(report.figures[Name.NEVER_ACKNOWLEDGED]),
    )


def _ended(report: Report) -> Iterator[Text]:
    done, healed, quiet, replaced = (value(report.figures[name]) for name in _ENDED)
    yield text("report.ended", resolved=done, healed=healed, stale=quiet, superseded=replaced)


def _times(report: Report) -> Iterator[Text]:
    yield from _measured(report, "mtta", Name.MTTA_MEDIAN, Name.MTTA_P90)
    yield from _measured(report, "mttr", Name.MTTR_MEDIAN, Name.MTTR_P90)


def _measured(report: Report, key: str, median: Name, p90: Name) -> Iterator[Text]:
    yield text(f"report.times.{key}", median=value(report.figures[median]), p90=value(report.figures[p90]))


def _runs(report: Report) -> Iterator[Text]:
    if report.runs:
        done, still, failed = (value(report.figures[name]) for name in _RUNS)
        yield text("report.operations.runs", done=done, open=still, failed=failed)


def _grants(report: Report) -> Iterator[Text]:
    if report.grants:
        given, still, failed = (value(report.figures[name]) for name in _GRANTS)
        yield text("report.operations.grants", given=given, open=still, failed=failed)


def _workload(report: Report) -> Iterator[Text]:
    called = report.figures[Name.CALLED]
    if called.value is None:
        yield figure(report, Name.CALLED)
        return
    for each in report.workload:
        if each.hours.total or each.last is None or each.last.total:
            yield _load(each)
    if report.workload and all(each.last is None for each in report.workload):
        yield text("report.workload.no_earlier")


def _load(each: Workload) -> Text:
    hours = {"business": each.hours.business, "off": each.hours.off, "sleep": each.hours.sleep}
    now = text("report.workload", who=Mention(each.user), total=each.hours.total, **hours)
    if each.last is None or each.mean_of_four is None:
        return now
    return text("report.workload.compared", now=now, last=each.last.total, mean=round(each.mean_of_four.total, 1))


def _noise(report: Report) -> Iterator[Text]:
    for each in report.noise:
        yield text("report.noise", name=Code(each.name), alerts=each.alerts, raised=each.raised, idle=each.no_action)
    if report.figures[Name.RAISED].value:
        yield text(
            "report.noise.shares",
            alerts=value(report.figures[Name.ALERTS]),
            idle=value(report.figures[Name.NO_ACTION]),
            bare=value(report.figures[Name.WITHOUT_RUNBOOK]),
        )


def _effort(report: Report) -> Iterator[Text]:
    for each in report.effort:
        yield text("report.effort", who=named(each.actor), deeds=each.deeds, span=each.in_hand)


def _stint(stint: Stint) -> Text:
    said = {"since": stint.since, "until": stint.until}
    match stint.certainty:
        case Certainty.UNKNOWN:
            return text("report.people.unknown", **said)
        case Certainty.NOBODY:
            return text("report.people.nobody", **said)
        case _:
            who = tuple(Mention(each.user) if each.user else each.name for each in stint.engineers)
            return text("report.people.override" if stint.is_override else "report.people", who=who, **said)


def _doubt(words: Text, since: Param, until: Param) -> Text:
    return text("report.doubt", words=words, since=since, until=until)

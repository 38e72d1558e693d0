"""The one line that says what to do first. Pure."""

from collections.abc import Sequence

from bot.handoff.gathered import Run
from bot.handoff.model import GrantLine, OpenIncident, RequestLine
from bot.operations.lifecycle import State
from bot.text import Code, Text, text
from bot.triage.model import Severity


def first(
    still_open: Sequence[OpenIncident],
    runs: Sequence[Run],
    grants: Sequence[GrantLine],
    requests: Sequence[RequestLine],
    *,
    is_all_seen: bool = True,
) -> Text:
    """Return what to do first: what burns, what blocks others, what was begun, what people wait for, what is unseen."""
    untaken = [each for each in still_open if each.taken_by is None]
    if critical := [each for each in untaken if each.severity is Severity.CRITICAL]:
        return text("report.first.critical", name=Code(critical[0].item.name), n=len(critical))
    if stuck := [each for each in grants if each.state == "revoke_failed"]:
        return text("report.first.revoke_failed", name=Code(stuck[0].item.name), n=len(stuck))
    if untaken:
        return text("report.first.untaken", name=Code(untaken[0].item.name), n=len(untaken))
    if waiting := [run for run in runs if run.line.state == State.AWAITING_APPROVAL]:
        return text("report.first.approval", name=Code(waiting[0].line.item.name), n=len(waiting))
    if still_open:
        return text("report.first.go_on", name=Code(still_open[0].item.name), n=len(still_open))
    if asked := [each for each in requests if each.state in {"new", "in_progress", "waiting"}]:
        return text("report.first.requests", n=len(asked))
    return text("report.first.nothing" if is_all_seen else "report.first.unseen")

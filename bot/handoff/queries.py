"""The report of any past stretch of time on call, from the store alone."""

from datetime import datetime

from bot.handoff.model import Figure, Name, Report, Scope, Unit
from bot.oncall.history import stints
from bot.store import Tx
from bot.text import text


def report(tx: Tx, scope: Scope, start: datetime, end: datetime) -> Report:
    """Return what happened in [start, end), and how things stood at `end`: the same whenever it is asked."""
    figures = {name: Figure(name, Unit.COUNT, None, why=text("report.why.not_counted")) for name in Name}
    who = stints(tx, scope.schedule, start, end)
    zone = str(scope.hours.zone)
    return Report(scope.schedule, start, end, zone, text("report.first.nothing"), stints=who, figures=figures)

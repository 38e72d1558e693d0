"""Nights and mornings on a clock that stands still: what tools say, when it becomes morning, what people then see."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from bot.oncall import service as oncall
from bot.ports.paging import Responder, Shift, Somebody
from sandbox.person import text_of
from tests.delivery.bench import SECOND, Bench
from tests.views.checker import assert_valid_message

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
EVENING = datetime(2026, 11, 23, 11, tzinfo=UTC)  # a Monday, eight o'clock in Seoul: work ended at seven
MORNING = datetime(2026, 11, 24, 0, tzinfo=UTC)  # Tuesday, nine o'clock
FRIDAY = EVENING + 4 * DAY


def staff(desk: Bench, user: str = "minji") -> None:
    at, who = desk.clock.now(), (Responder(user, f"{user}@haneul.example"),)
    on_call, shift = Somebody(who, at, at + DAY), Shift(who, at, at + DAY)
    desk.app.store.write(lambda tx: oncall.keep(tx, "data-platform", on_call, (shift,), at))


def warn(desk: Bench, host: str = "etl-7", status: str = "FIRING", severity: str = "warning", **more: str) -> str:
    words = f"[{status}:1] disk full on {host}\nalertname=DiskFull instance={host} severity={severity}"
    incident = desk.post(words, tool="B0GRAFANA", **more)
    assert incident is not None
    return incident


def come(desk: Bench, at: datetime, who: str = "minji") -> None:
    """Let it be that moment, with a fresh answer about who is on call, and the duty be done twice."""
    desk.clock.at = at
    staff(desk, who)
    for _ in range(2):
        desk.app.ticks._mentions()
    desk.pass_time(20 * SECOND)


def summaries(desk: Bench, channel: str = "C0ALERTS") -> list[str]:
    """Return the summaries in a channel, as people see them. The cards of storms stand there as well."""
    posted = [each for each in desk.minji.messages(channel) if each.get("bot_id") == "B0BATON"]
    for message in posted:
        assert_valid_message(message["blocks"])
    return [said for each in posted if "Alert storm" not in (said := text_of(each))]


def count(desk: Bench, table: Any) -> int:
    return desk.app.store.read(lambda tx: tx.execute(select(func.count()).select_from(table)).scalar_one())

"""The figures of a report, counted by hand from the raw rows: no function of the product is called here.

It walks the events of every incident and request one by one, with plain loops, as somebody would with a pencil.
"""

import json
import sqlite3
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

OPENS = {"opened", "registered", "reopened"}
ENDS = {"done", "done_by_run", "declined", "withdrawn", "duplicate"}


@dataclass
class Spell:
    """One time that an incident was raised."""

    incident: str
    raised: datetime
    first: bool
    taken: datetime | None = None
    over: datetime | None = None
    how: str = ""
    quiet: bool = False
    went_quiet: list[datetime] = field(default_factory=list)
    healed: bool = False
    needed_nothing: bool = False


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def spells(database: Path, until: datetime) -> list[Spell]:
    found: list[Spell] = []
    with sqlite3.connect(database) as rows:
        incidents = [row[0] for row in rows.execute("SELECT id FROM incidents")]
        for incident in incidents:
            mine: list[Spell] = []
            events = rows.execute("SELECT at, actor, body, facts FROM timeline WHERE ref = ?", [f"incident:{incident}"])
            for written, actor, body, facts in sorted(events.fetchall(), key=lambda event: event[0]):
                moment = at(written)
                if moment >= until:
                    break
                follow(
                    mine, incident, moment, actor, json.loads(body)["$text"].split(".")[-1], json.loads(facts or "{}")
                )
            found += mine
    return found


def follow(mine: list[Spell], incident: str, moment: datetime, actor: str, word: str, facts: dict[str, object]) -> None:
    if word in ("opened", "reopened") and (not mine or mine[-1].over):
        mine.append(Spell(incident, moment, word == "opened"))
        return
    if not mine:
        return
    spell = mine[-1]
    is_person = actor.split(":", maxsplit=1)[0] == "person"
    if word == "acknowledged":
        spell.quiet = False
        if is_person and spell.taken is None:
            spell.taken = moment
    elif word == "not_stale":
        spell.quiet = False
    elif spell.over is not None:
        return
    elif word == "stale":
        spell.quiet = True
        spell.went_quiet.append(moment)
    elif word == "superseded":
        spell.over, spell.how = moment, "superseded"
    elif word in ("resolved", "dismissed", "all_succeeded", "repaired", "source_says_over"):
        spell.over, spell.how, spell.quiet = moment, "resolved", False
        spell.healed = facts.get("healed") is True
        spell.needed_nothing = facts.get("remedy") == "nothing" or facts.get("cause") == "false_alarm"
        if is_person and spell.taken is None:
            spell.taken = moment


def middle(values: list[float]) -> float | None:
    ordered, n = sorted(values), len(values)
    if n == 0:
        return None
    return ordered[n // 2] if n % 2 else (ordered[n // 2 - 1] + ordered[n // 2]) / 2


def nearest_rank(values: list[float]) -> float | None:
    """The smallest value for which at least nine tenths of all values are not greater."""
    for value in sorted(values):
        if sum(1 for other in values if other <= value) * 10 >= 9 * len(values):
            return value
    return None


def figures(database: Path, start: datetime, end: datetime) -> dict[str, float | None]:
    everything = spells(database, end)
    raised = [spell for spell in everything if start <= spell.raised]
    waited = [(spell.taken - spell.raised).total_seconds() / 60 for spell in raised if spell.taken]
    took = [
        (spell.over - spell.raised).total_seconds() / 60 for spell in raised if spell.over and spell.how == "resolved"
    ]
    ended = [spell for spell in everything if spell.over and spell.over >= start]
    idle = [spell for spell in raised if spell.needed_nothing or not spell.taken]  # there are no runs in these stories
    with sqlite3.connect(database) as rows:
        alerts = [at(row[0]) for row in rows.execute("SELECT at FROM alerts WHERE kind = 'alert'")]
        calls = [at(row[0]) for row in rows.execute("SELECT at FROM interruptions")]
    return {
        "raised": len(raised),
        "reopened": sum(1 for spell in raised if not spell.first),
        "acknowledged": len(waited),
        "never_acknowledged": len(raised) - len(waited),
        "resolved": sum(1 for spell in ended if spell.how == "resolved"),
        "superseded": sum(1 for spell in ended if spell.how == "superseded"),
        "self_healed": sum(1 for spell in ended if spell.healed),
        "stale": sum(1 for spell in everything if spell.went_quiet and spell.went_quiet[-1] >= start),
        "open": sum(1 for spell in everything if not spell.over and not spell.quiet),
        "mtta_median": middle(waited),
        "mtta_p90": nearest_rank(waited),
        "mttr_median": middle(took),
        "mttr_p90": nearest_rank(took),
        "no_action": len(idle) / len(raised) if raised else None,
        "alerts": sum(1 for moment in alerts if start <= moment < end),
        "called": sum(1 for moment in calls if start <= moment < end),
    }


def hours(database: Path, start: datetime, end: datetime, default: str) -> dict[str, tuple[int, int, int]]:
    """By person: calls at work (weekdays, 9 to 18), off, and asleep (23 to 7), on their own clock."""
    counted: dict[str, list[int]] = {}
    with sqlite3.connect(database) as rows:
        called = rows.execute("SELECT user, at, zone FROM interruptions").fetchall()
    for user, written, zone in called:
        if not start <= at(written) < end:
            continue
        wall = at(written).astimezone(ZoneInfo(zone or default))
        is_work = wall.weekday() < 5 and 9 <= wall.hour < 18
        place = 0 if is_work else 2 if wall.hour >= 23 or wall.hour < 7 else 1
        counted.setdefault(user, [0, 0, 0])[place] += 1
    return {user: (business, off, sleep) for user, (business, off, sleep) in counted.items()}


def requests(database: Path, schedule: str, start: datetime, end: datetime) -> dict[str, int]:
    """What was done for colleagues in the window, and what was open at its end, by the events of every request."""
    done = waiting = 0
    with sqlite3.connect(database) as rows:
        asked = [row[0] for row in rows.execute("SELECT id FROM requests WHERE schedule = ?", [schedule])]
        for request in asked:
            last, when = "", start
            events = rows.execute("SELECT at, body FROM timeline WHERE ref = ? ORDER BY at, id", [f"request:{request}"])
            for written, body in events.fetchall():
                word = json.loads(body)["$text"].split(".")[-1]
                if at(written) < end and word in OPENS | ENDS:
                    last, when = word, at(written)
            waiting += last in OPENS
            done += last in ("done", "done_by_run") and when >= start
    return {"requests_done": done, "requests_waiting": waiting}

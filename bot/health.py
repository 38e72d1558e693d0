"""Whether this process does its work: what `/healthz` and `baton doctor` say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from bot.clock import Clocks
from bot.reconcile import Loop
from bot.store import Store, Tx
from bot.store.claim import NEW
from bot.store.tables import cards, files, notes, occurrences, replies, runs, synced_groups, ticks, topics
from bot.text import text_from_json
from bot.views.reader import default_reader
from bot.views.words import Markup, say

_TABLES = {"cards": cards, "notes": notes, "replies": replies, "files": files, "runs": runs, "occurrences": occurrences}


@dataclass(frozen=True, slots=True)
class Health:
    store: Store
    clocks: Clocks
    loop: Loop
    faults: Mapping[str, int] = field(default_factory=dict)  # what failed in triage since this process began
    policy: Callable[[], dict[str, Any]] = dict

    def report(self) -> dict[str, Any]:
        """Return how things stand; `ok` is whether the database answers and the loop, if it runs here, is alive.

        `starting` names the duties never done yet: until it is empty, who is who and on call may still be unknown.
        """
        try:
            waiting, problems, starting = self.store.read(self._look)
        except Exception as error:  # noqa: BLE001 - whatever it is, the answer is "not well"
            return {"ok": False, "database": type(error).__name__}
        return {
            "ok": not self.loop.is_dead,
            "database": "ok",
            "waiting": waiting,
            "problems": problems,
            "starting": starting,
            "triage_faults": dict(self.faults),
            "policy": self.policy(),
        }

    def _look(self, tx: Tx) -> tuple[dict[str, int], dict[str, str], list[str]]:
        waiting = {
            name: tx.execute(select(func.count()).select_from(table).where(table.c.due_at.is_not(None))).scalar_one()
            for name, table in _TABLES.items()
        }
        troubled = tx.execute(select(ticks.c.name, ticks.c.problem).where(ticks.c.problem.is_not(None)))
        problems = {row.name: row.problem for row in troubled} | _unlike(tx)
        starting = tx.execute(select(ticks.c.name).where(ticks.c.due_at == NEW).order_by(ticks.c.name))
        return waiting, problems, list(starting.scalars())


def _unlike(tx: Tx) -> dict[str, str]:
    """Return the user groups and topics that do not show who is on call, each with the reason."""
    reader = default_reader(NEW)
    found = {f"group:{row.group_id}": row.problem for row in tx.execute(select(synced_groups))}
    found |= {f"topic:{row.channel}": row.problem for row in tx.execute(select(topics))}
    return {name: say(text_from_json(problem), reader, Markup.PLAIN) for name, problem in found.items() if problem}

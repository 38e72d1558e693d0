"""A team rule that fails at night loses no alert, and is counted."""

import asyncio
from dataclasses import replace

from sqlalchemy import func, select

from bot.store.tables import incidents
from bot.triage.patterns import Pattern
from bot.triage.team import Match, Rule, TeamRules
from tests.handlers.front_door import envelope, tool_says


class Broken:
    def search(self, text):
        raise MemoryError(len(text))


def test_an_alert_on_which_a_team_rule_fails_is_read_without_it(desk):
    rule = Rule("ours", Match(patterns=(Pattern("(?P<job>.)", ("job",), Broken()),)), source="ours")
    broken = replace(desk.app.interpreter, team=TeamRules((rule,)))
    front = replace(desk.app.desk, interpreter=broken)
    asyncio.run(front.receive(envelope(tool_says("[ERROR] disk full on etl-7"))))

    stored = desk.app.store.read(lambda tx: tx.execute(select(func.count()).select_from(incidents)).scalar_one())
    assert stored == 1
    assert desk.app.health.report()["triage_faults"] == {"the team rule ours failed: MemoryError": 1}

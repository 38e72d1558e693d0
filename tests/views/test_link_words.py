"""Every kind of link that a source's reader finds has a name in both languages: cards show it."""

from datetime import UTC, datetime

import pytest

from bot.triage.envelope import read
from bot.triage.model import Own
from bot.triage.triage import triage
from bot.views.catalogs import entries
from tests.triage.corpus import events

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def kinds() -> set[str]:
    found = (triage(read(event, team="T0", received_at=NOW), Own()) for event in events())
    return {kind for alert in found for kind in alert.links}


@pytest.mark.parametrize("language", ["en", "ko"])
def test_links_of_real_alerts_have_names(kinds, language):
    assert {"log", "silence"} <= kinds
    assert {kind for kind in kinds if f"link.{kind}" not in entries(language)} == set()

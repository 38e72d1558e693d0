"""What every provider of alerts must do. What one cannot is not among its abilities, and then it says so."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.ports.errors import NotFound, Rejected, Unsupported
from bot.ports.paging import (
    Ability,
    AlertFilter,
    Alerts,
    AlertStatus,
    ByAlias,
    ById,
    Done,
    Failed,
    Kind,
    NewAlert,
    Pending,
    Priority,
    Recipient,
)

MINJI = "minji@haneul.example"
FAR = timedelta(hours=2)


@dataclass(frozen=True)
class AlertCase:
    """A provider and its queue: `process` does at once what waits in it. `now` is the provider's time."""

    alerts: Alerts
    process: Any
    now: datetime
    notes: Any
    """Returns what is written at an alert, newest first."""
    recipient: str
    """Somebody who can be woken, as this provider names them."""

    def done(self, accepted):
        self.process()
        outcome = self.alerts.outcome(accepted.request_ref)
        assert isinstance(outcome, Done), outcome
        return outcome.alert_id

    def made(self, alias, **more):
        return self.done(self.alerts.create(NewAlert(alias, f"orders_daily failed ({alias})", **more)))


class AlertsContract:
    """Inherit, and give a fixture `pages` whose queue waits until it is processed."""

    def test_what_is_accepted_is_not_yet_done(self, pages):
        accepted = pages.alerts.create(NewAlert("inc-1", "orders_daily failed"))

        assert pages.alerts.outcome(accepted.request_ref) == Pending()
        pages.process()
        assert isinstance(pages.alerts.outcome(accepted.request_ref), Done)

    def test_an_alert_is_found_by_its_alias_and_by_its_id(self, pages):
        alert_id = pages.made("inc-1")

        by_id, by_alias = pages.alerts.get(ById(alert_id)), pages.alerts.get(ByAlias("inc-1"))

        assert by_id == by_alias
        assert (by_id.id, by_id.alias) == (alert_id, "inc-1")
        assert (by_id.status, by_id.is_acknowledged, by_id.count) == (AlertStatus.OPEN, False, 1)

    def test_everything_that_was_said_arrives(self, pages):
        alert_id = pages.made(
            "inc-1",
            description="load_orders failed three times",
            priority=Priority.CRITICAL,
            recipients=(Recipient(Kind.USER, pages.recipient),),
            tags=("etl", "orders"),
            details={"incident": "inc-1", "dag": "orders_daily"},
            entity="orders_daily.load_orders",
        )

        found = pages.alerts.get(ById(alert_id))

        assert found.message == "orders_daily failed (inc-1)"
        assert (found.priority, set(found.tags), found.source) == ("P1", {"etl", "orders"}, "Baton")
        assert found.created_at.tzinfo is UTC

    def test_creating_it_again_counts_and_makes_no_second_alert(self, pages):
        first, second = pages.made("inc-1"), pages.made("inc-1")

        assert first == second
        assert pages.alerts.get(ById(first)).count == 2

    def test_texts_that_are_too_long_are_cut_and_not_refused(self, pages):
        long = NewAlert(
            "inc-1",
            "가" * 500,
            description="x" * 20_000,
            tags=tuple(f"{n}-{'t' * 80}" for n in range(40)),
            details={f"key{n}": "v" * 3_000 for n in range(5)},
            entity="e" * 2_000,
        )

        found = pages.alerts.get(ById(pages.done(pages.alerts.create(long))))

        assert found.message == "가" * 129 + "…"
        assert len(found.tags) == 20

    def test_it_is_acknowledged_and_closed(self, pages):
        alert = ById(pages.made("inc-1"))

        pages.done(pages.alerts.acknowledge(alert, MINJI, "looking at it"))
        acknowledged = pages.alerts.get(alert)
        pages.done(pages.alerts.close(alert, MINJI))
        closed = pages.alerts.get(alert)

        assert (acknowledged.is_acknowledged, acknowledged.status) == (True, AlertStatus.OPEN)
        assert closed.status is AlertStatus.CLOSED
        if Ability.ACTOR in pages.alerts.abilities:
            assert acknowledged.owner == MINJI

    def test_an_alias_is_as_good_as_an_id_for_whatever_is_done(self, pages):
        alert = ByAlias("inc-1")
        pages.made("inc-1")

        pages.done(pages.alerts.note(alert, "hello", MINJI))
        pages.done(pages.alerts.acknowledge(alert, MINJI))
        pages.done(pages.alerts.close(alert, MINJI))

        assert pages.alerts.get(alert).status is AlertStatus.CLOSED

    def test_a_closed_alert_makes_room_for_a_new_one_with_its_alias(self, pages):
        first = pages.made("inc-1")
        pages.done(pages.alerts.close(ById(first), MINJI))
        second = pages.made("inc-1")

        assert second != first
        assert pages.alerts.get(ByAlias("inc-1")).id == second

    def test_what_cannot_be_done_is_accepted_and_then_failed(self, pages):
        alert = ById(pages.made("inc-1"))
        pages.done(pages.alerts.close(alert, MINJI))

        accepted = pages.alerts.acknowledge(alert, MINJI)
        pages.process()

        assert pages.alerts.outcome(accepted.request_ref) == Failed("Alert is already closed")

    def test_a_note_says_who_wrote_it(self, pages):
        alert_id = pages.made("inc-1")
        pages.done(pages.alerts.note(ById(alert_id), "the source is down", MINJI))

        (note,) = pages.notes(alert_id)

        assert "the source is down" in note["note"]
        assert MINJI in note["note"] + note["owner"]

    def test_somebody_else_is_called_besides_if_the_provider_can(self, pages):
        alert, dana = ById(pages.made("inc-1")), Recipient(Kind.USER, pages.recipient)
        if Ability.RESPONDERS not in pages.alerts.abilities:
            with pytest.raises(Unsupported):
                pages.alerts.call(alert, dana, MINJI)
            return

        pages.done(pages.alerts.call(alert, dana, MINJI, "nobody answers"))
        pages.done(pages.alerts.call(alert, Recipient(Kind.TEAM, "data"), MINJI))

        assert pages.alerts.get(alert).status is AlertStatus.OPEN

    def test_it_is_snoozed_if_the_provider_can(self, pages):
        alert, until = ById(pages.made("inc-1")), pages.now.replace(microsecond=0) + FAR
        if Ability.SNOOZE not in pages.alerts.abilities:
            with pytest.raises(Unsupported):
                pages.alerts.snooze(alert, until, MINJI)
            return

        pages.done(pages.alerts.snooze(alert, until, MINJI))

        assert pages.alerts.get(alert).snoozed_until == until

    def test_alerts_are_listed_newest_first_by_state_time_and_tag(self, pages):
        ids = [pages.made(f"inc-{n}", tags=("etl",) if n else ()) for n in range(3)]
        pages.done(pages.alerts.close(ById(ids[1]), MINJI))

        def listed(**wanted):
            page = pages.alerts.find(AlertFilter(**wanted))
            assert page.following is None
            return [alert.id for alert in page.alerts]

        assert listed() == ids[::-1]
        assert listed(status=AlertStatus.OPEN) == [ids[2], ids[0]]
        assert listed(tag="etl") == [ids[2], ids[1]]
        assert listed(since=pages.now + FAR) == []
        assert listed(until=pages.now - FAR) == []
        assert listed(since=pages.now - FAR, until=pages.now + FAR, status=AlertStatus.CLOSED) == [ids[1]]

    def test_long_lists_come_in_pages(self, pages):
        accepted = [pages.alerts.create(NewAlert(f"inc-{n}", "m")) for n in range(101)]
        pages.process()
        ids = {pages.alerts.outcome(each.request_ref).alert_id for each in accepted}

        first = pages.alerts.find(AlertFilter())
        second = pages.alerts.find(AlertFilter(), first.following)

        assert (len(first.alerts), len(second.alerts), second.following) == (100, 1, None)
        assert {alert.id for page in (first, second) for alert in page.alerts} == ids

    def test_what_is_not_there_is_not_found(self, pages):
        for name in (ById("6cf5e1a5-0000-4000-8000-000000000000-1700000000000"), ByAlias("inc-none")):
            with pytest.raises(NotFound):
                pages.alerts.get(name)

    def test_an_empty_note_is_refused_with_the_reason(self, pages):
        alert = ById(pages.made("inc-1"))

        with pytest.raises(Rejected):
            pages.alerts.note(alert, "", MINJI)

"""Silences and what they are asked about, as tests need them."""

from datetime import timedelta

from bot.actor import Actor
from bot.silences.model import Matcher, Silence, SilenceState, Subject, Wish
from bot.triage.model import Severity
from tests.conftest import NOW

TEAM = "T0HANEUL"
MINJI, ALEX = Actor.person(TEAM, "U0MINJI"), Actor.person(TEAM, "U0ALEX")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def matchers(**conditions):
    return tuple(Matcher(key, pattern) for key, pattern in conditions.items())


def subject(route="core", source="airflow", severity=Severity.ERROR, **resource):
    return Subject(route, source, severity, resource or {"dag_id": "orders_daily", "task_id": "load_orders"})


def wish(until=NOW + 2 * HOUR, reason="late upstream file", **conditions):
    return Wish(matchers(**conditions or {"dag_id": "orders_daily"}), until, reason)


def silence(state=SilenceState.ACTIVE, until=NOW + 2 * HOUR, **more):
    conditions = more.pop("matchers", matchers(dag_id="orders_daily"))
    return Silence("1", state, conditions, until, "late", "", MINJI, NOW, **more)

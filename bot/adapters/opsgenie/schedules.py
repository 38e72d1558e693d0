"""Opsgenie behind the port of on-call schedules."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from bot.adapters import paging
from bot.adapters.opsgenie import wire
from bot.adapters.opsgenie.api import VENDOR, Api
from bot.adapters.opsgenie.overrides import Overrides
from bot.adapters.rota import Rota
from bot.ports.paging import Ability, Cover, Override
from bot.ports.shifts import Period, Window


class OpsgenieSchedules(Rota):
    """Who is on call by Opsgenie. A schedule is named by its id or its name."""

    name = "opsgenie"
    vendor = VENDOR
    abilities = frozenset({Ability.OVERRIDES, Ability.COVER, Ability.EMAILS})

    def __init__(self, api: Api) -> None:
        self._api = api

    def close(self) -> None:
        self._api.close()

    def overrides(self, schedule: str, start: datetime, end: datetime) -> Sequence[Override]:
        return paging.touching(self._overrides(schedule).all(), start, end)

    def create_override(self, schedule: str, cover: Cover) -> Override:
        return self._overrides(schedule).create(cover)

    def delete_override(self, schedule: str, override_id: str) -> None:
        self._overrides(schedule).delete(override_id)

    def people(self, schedule: str, at: datetime) -> list[wire.Called]:
        params = {"scheduleIdentifierType": _identifier(schedule), "flat": "false", "date": wire.date(at)}
        return wire.called(self._api.get(f"{_path(schedule)}/on-calls", params, wire.OnCallsAnswer).data)

    def periods(self, schedule: str, start: datetime, interval: int, unit: str) -> tuple[Sequence[Period], Window]:
        params: dict[str, str | int] = {
            "identifierType": _identifier(schedule),
            "date": wire.date(start),
            "interval": interval,
            "intervalUnit": unit,
        }
        timeline = self._api.get(f"{_path(schedule)}/timeline", params, wire.TimelineAnswer).data
        return tuple(wire.periods(timeline)), wire.window(timeline)

    def _overrides(self, schedule: str) -> Overrides:
        return Overrides(self._api, _path(schedule), {"scheduleIdentifierType": _identifier(schedule)})


def _path(schedule: str) -> str:
    return f"/v2/schedules/{quote(schedule, safe='')}"


def _identifier(schedule: str) -> str:
    return "id" if wire.is_id(schedule) else "name"

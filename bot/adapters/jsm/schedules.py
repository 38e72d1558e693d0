"""Jira Service Management behind the port of on-call schedules."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from pydantic import AliasChoices, AwareDatetime, BaseModel, Field

from bot.adapters import paging
from bot.adapters.jsm.api import VENDOR, Api
from bot.adapters.jsm.people import People
from bot.adapters.opsgenie import wire
from bot.adapters.rota import Rota
from bot.ports.errors import NotFound, OutcomeUnknown
from bot.ports.paging import Ability, Cover, Override, Responder
from bot.ports.shifts import Period, Window


class _Named(BaseModel):
    id: str
    name: str = ""


class _NamedPage(BaseModel):
    """Lists are `values`; `data`, as at Opsgenie, has been seen too."""

    values: list[_Named] = Field(default=[], validation_alias=AliasChoices("values", "data"))


class _Override(BaseModel):
    alias: str
    responder: wire.Recipient
    start_at: AwareDatetime = Field(alias="startDate")
    end_at: AwareDatetime = Field(alias="endDate")
    rotations: list[str] = Field(default=[], alias="rotationIds")


class _OverridePage(BaseModel):
    values: list[_Override] = Field(default=[], validation_alias=AliasChoices("values", "data"))


class JsmSchedules(Rota):
    """Who is on call by Jira Service Management. A schedule is named by its id or its name."""

    name = "jsm"
    vendor = VENDOR
    abilities = frozenset({Ability.OVERRIDES, Ability.COVER, Ability.EMAILS})

    def __init__(self, api: Api) -> None:
        self._api, self._people, self._ids = api, People(api), dict[str, str]()

    def close(self) -> None:
        self._api.close()

    def people(self, schedule: str, at: datetime) -> list[wire.Called]:
        """Return everybody on call. An empty answer is believed only of a schedule that the account can see."""
        found = self._called(schedule, at)
        if not found:
            self._check_it_is_seen(schedule)
        names = self._people.named(each.responder.provider_id for each in found)
        return [replace(each, responder=names[each.responder.provider_id]) for each in found]

    def _called(self, schedule: str, at: datetime) -> list[wire.Called]:
        """Return everybody on call. Teams may be shown without their people: then these are asked for by themselves."""
        path, when = f"{self._path(schedule)}/on-calls", wire.date(at)
        answer = self._api.get(path, {"flat": "false", "date": when}, wire.OnCalls)
        if wire.leaves_people_out(answer):
            answer = self._api.get(path, {"flat": "true", "date": when}, wire.OnCalls)
        return wire.called(answer)

    def periods(self, schedule: str, start: datetime, interval: int, unit: str) -> tuple[Sequence[Period], Window]:
        params: dict[str, str | int] = {"date": wire.date(start), "interval": interval, "intervalUnit": unit}
        timeline = self._api.get(f"{self._path(schedule)}/timeline", params, wire.Timeline)
        if not timeline.final.rotations:
            self._check_it_is_seen(schedule)
        found = tuple(wire.periods(timeline))
        names = self._people.named(each.provider_id for period in found for each in period.responders)
        named = (replace(period, responders=_named(period.responders, names)) for period in found)
        return tuple(named), wire.window(timeline)

    def overrides(self, schedule: str, start: datetime, end: datetime) -> Sequence[Override]:
        """Return those that are not over: the others are not told."""
        return paging.touching(self._overrides(schedule), start, end)

    def create_override(self, schedule: str, cover: Cover) -> Override:
        """Return the override of this cover: made now, or found by person and times, since it has no name of ours."""
        person = self._people.account_id(cover.person)
        if there := paging.standing(self._overrides(schedule), cover, person):
            return there
        body: dict[str, Any] = {
            "responder": {"type": "user", "id": person},
            "startDate": wire.date(cover.start_at),
            "endDate": wire.date(cover.end_at),
        }
        if cover.rotations:
            body["rotationIds"] = self._rotation_ids(schedule, cover.rotations)
        self._api.write("POST", f"{self._path(schedule)}/overrides", body)
        with paging.after_writing():
            made = paging.standing(self._overrides(schedule), cover, person)
        if made is None:
            raise OutcomeUnknown(VENDOR, "the override was taken and is not listed")
        return made

    def delete_override(self, schedule: str, override_id: str) -> None:
        try:
            self._api.write("DELETE", f"{self._path(schedule)}/overrides/{quote(override_id, safe='')}")
        except NotFound:
            if any(each.id == override_id for each in self._overrides(schedule)):
                raise

    def _overrides(self, schedule: str) -> list[Override]:
        found = self._api.get(f"{self._path(schedule)}/overrides", {"size": paging.PAGE}, _OverridePage).values
        people = self._people.named(each.responder.id for each in found)
        rotations = {each.id: each.name for each in self._rotations(schedule)} if found else {}
        return [_override(each, people, rotations) for each in found]

    def _rotation_ids(self, schedule: str, names: Sequence[str]) -> list[str]:
        known = {each.name: each.id for each in self._rotations(schedule)}
        missing = [name for name in names if name not in known and name not in known.values()]
        if missing:
            raise NotFound(VENDOR, f"no rotation {', '.join(missing)}")
        return [known.get(name, name) for name in names]

    def _rotations(self, schedule: str) -> list[_Named]:
        return self._api.get(f"{self._path(schedule)}/rotations", {"size": paging.PAGE}, _NamedPage).values

    def _path(self, schedule: str) -> str:
        return f"/schedules/{quote(self._id(schedule), safe='')}"

    def _id(self, schedule: str) -> str:
        """Return the id by which alone a schedule is found; a name is looked up among those that are seen."""
        if wire.is_id(schedule):
            return schedule
        if schedule not in self._ids:
            self._ids |= {each.name: each.id for each in self._seen(schedule)}
        if schedule not in self._ids:
            raise NotFound(VENDOR, f"{schedule}: no schedule that Baton's account sees; it must be in the team")
        return self._ids[schedule]

    def _check_it_is_seen(self, schedule: str) -> None:
        """Raise NotFound where the emptiness of an answer means that the account is in no team of the schedule."""
        wanted = self._id(schedule)
        if all(each.id != wanted for each in self._seen("")):
            raise NotFound(VENDOR, f"{schedule}: Baton's account sees nothing of this schedule; it must be in the team")

    def _seen(self, name: str) -> list[_Named]:
        found: list[_Named] = []
        for offset in range(0, paging.REACH - paging.PAGE, paging.PAGE):
            params: dict[str, str | int] = {"size": paging.PAGE, "offset": offset} | ({"query": name} if name else {})
            page = self._api.get("/schedules", params, _NamedPage).values
            found += page
            if len(page) < paging.PAGE:
                break
        return found


def _named(responders: Sequence[Responder], names: dict[str, Responder]) -> tuple[Responder, ...]:
    return tuple(names[each.provider_id] for each in responders)


def _override(made: _Override, people: dict[str, Responder], rotations: dict[str, str]) -> Override:
    names = tuple(rotations.get(each, each) for each in made.rotations)
    start, end = made.start_at.astimezone(UTC), made.end_at.astimezone(UTC)
    return Override(made.alias, people[made.responder.id], start, end, names)

"""Request bodies, checked as the API's own specification checks them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, Field, model_validator


class Recipient(BaseModel):
    type: Literal["all", "none", "user", "escalation", "schedule", "team", "group"]
    id: str | None = None
    username: str | None = None
    name: str | None = None


class RotationRef(BaseModel):
    id: str | None = None
    name: str | None = None


class OverrideBody(BaseModel):
    user: Recipient
    startDate: AwareDatetime  # noqa: N815  # the API's key
    endDate: AwareDatetime  # noqa: N815  # the API's key
    alias: str | None = None
    rotations: list[RotationRef] = []

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.endDate <= self.startDate:
            raise ValueError("End date should be later than start date")
        return self


class ActionBody(BaseModel):
    user: Annotated[str, Field(max_length=100)] | None = None
    note: Annotated[str, Field(max_length=25000)] | None = None
    source: Annotated[str, Field(max_length=100)] | None = None


class CreateBody(ActionBody):
    message: Annotated[str, Field(min_length=1, max_length=130)]
    alias: Annotated[str, Field(max_length=512)] | None = None
    description: Annotated[str, Field(max_length=15000)] | None = None
    responders: list[Recipient] = []
    visibleTo: list[Recipient] = []  # noqa: N815  # the API's key
    actions: list[str] = []
    tags: list[Annotated[str, Field(max_length=50)]] = []
    details: dict[str, str] = {}
    entity: Annotated[str, Field(max_length=512)] | None = None
    priority: Literal["P1", "P2", "P3", "P4", "P5"] | None = None


class SnoozeBody(ActionBody):
    endTime: AwareDatetime  # noqa: N815  # the API's key


class ResponderBody(ActionBody):
    responder: Recipient


class NoteBody(ActionBody):
    note: Annotated[str, Field(min_length=1, max_length=25000)]

"""The form of the fitting operation, filled in from a request. Pure: whoever opens it confirms what stands there."""

import re
from collections.abc import Mapping
from typing import Any

from bot.operations.fields import Field, Kind, fields_of
from bot.operations.operation import Operation
from bot.operations.why import LONGEST, REASON, Why
from bot.requests.model import Request
from bot.triage.escape import shorten

_PERSON = re.compile(r"\b[UW][A-Z0-9]{2,20}\b")


def values_for(operation: type[Operation], request: Request) -> dict[str, Any]:
    """Return what the form holds at first; access is for the requester where nobody else is named."""
    values = {field.name: _value(field, request.fields) for field in fields_of(operation)}
    if values.get("people") == [] and request.requester.is_person:
        values["people"] = [request.requester.id]
    return {name: value for name, value in values.items() if value}


def why_for(request: Request) -> Why:
    """Return the reason that the operation is given: the one that was told, else what was asked."""
    return Why(shorten(" ".join((request.why or request.words).split()), LONGEST[REASON]), "")


def _value(field: Field, fields: Mapping[str, str]) -> Any:
    written = fields.get(field.name, "")
    if field.ask.people:
        return _PERSON.findall(written)
    if field.kind is Kind.WORDS:
        return [word for word in re.split(r"[,\s]+", written) if word]
    return written

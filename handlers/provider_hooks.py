"""The on-call provider's outgoing webhook: who called is proven by a secret, and nothing that it says is believed."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from pydantic import BaseModel, Field, SecretStr, ValidationError, ValidatorFunctionWrapHandler, field_validator

from bot.desk import Desk
from bot.pages.alerts import told

log = structlog.get_logger()

_NANOSECONDS_FROM = 10**15
"""Times from here on are nanoseconds, smaller ones milliseconds: the provider writes both."""


class _Alert(BaseModel):
    """An alert that is named; when it changed is 0 where that is not said in a way that is known."""

    id: str = Field(alias="alertId", min_length=1, max_length=120, pattern=r"^[\w-]+$")
    updated_at: int = Field(default=0, alias="updatedAt", ge=0, le=2**63)

    @field_validator("updated_at", mode="wrap")
    @classmethod
    def _or_unknown(cls, value: Any, read: ValidatorFunctionWrapHandler) -> int:
        try:
            return int(read(value))
        except ValidationError:
            return 0


class _Call(BaseModel):
    """What is read of a call: which alert it is about, and what tells this call from others."""

    action: object = ""
    alert: _Alert


@dataclass(frozen=True, slots=True)
class ProviderHook:
    """The calls of one provider's webhook, with the secret in `header`."""

    desk: Desk
    provider: str
    header: str
    secret: SecretStr

    async def take(self, body: bytes, headers: Mapping[str, str]) -> int:
        """Return the status of the answer: 200 means that what was told is on disk, and will be looked up there."""
        given = headers.get(self.header, "")
        if not hmac.compare_digest(given.encode(), self.secret.get_secret_value().encode()):
            log.warning("webhook refused", provider=self.provider, problem="wrong secret" if given else "no secret")
            return 401
        try:
            call = _Call.model_validate_json(body)
        except ValidationError as error:
            log.warning("webhook not understood", provider=self.provider, problem=str(error.error_count()))
            return 400
        at, now = str(_nanoseconds(call.alert.updated_at)), self.desk.now()
        await self.desk.write(lambda tx: told(tx, self.provider, call.alert.id, str(call.action)[:60], at, now))
        return 200


def _nanoseconds(moment: int) -> int:
    return moment if moment >= _NANOSECONDS_FROM else moment * 1_000_000

"""The Operations API and Jira's users: who calls, which site, and what refusals mean."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

from pydantic import BaseModel, Field

from bot.adapters.http import Answer, content, shortened
from bot.adapters.opsgenie.api import message
from bot.adapters.rest import Params, Rest
from bot.ports.errors import Forbidden, Gone, NotAuthenticated, RateLimited, VendorError

VENDOR = "Jira Service Management"
URL = "https://api.atlassian.com"
_NO_OPERATIONS = 40301

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Account:
    """A person with a licence and their API token: service accounts may not call the Operations API.

    `site` is like `https://TEAM.atlassian.net`. The cloud id is asked there where it is not given.
    """

    site: str
    email: str
    api_token: str = field(repr=False)
    cloud_id: str | None = None
    url: str = URL


class _Tenant(BaseModel):
    cloud_id: str = Field(alias="cloudId", min_length=1)


class Api:
    """An HTTP client for one account. Threads may share it."""

    def __init__(self, account: Account) -> None:
        self._account = account
        login = base64.b64encode(f"{account.email}:{account.api_token}".encode()).decode()
        headers = {"Authorization": f"Basic {login}"}
        self._operations = Rest(VENDOR, account.url, headers, self._understood)
        self._site = Rest(VENDOR, account.site, headers, self._understood)

    @cached_property
    def _base(self) -> str:
        cloud_id = self._account.cloud_id or self._site.get("/_edge/tenant_info", {}, _Tenant).cloud_id
        return f"/jsm/ops/api/{cloud_id}/v1"

    def get(self, path: str, params: Params, shape: type[T]) -> T:
        return self._operations.get(f"{self._base}{path}", params, shape)

    def write(self, method: str, path: str, body: Any = None) -> Any:
        """Return what it answers, None where it answers nothing, asking once."""
        return self._operations.write(method, f"{self._base}{path}", {}, body)

    def jira(self, path: str, params: Params, shape: type[T]) -> T:
        """Return what Jira itself says, which knows people."""
        return self._site.get(f"/rest/api/3{path}", params, shape)

    def close(self) -> None:
        self._operations.close()
        self._site.close()

    def _understood(self, answer: Answer, is_write: bool) -> Any:
        if answer.status == 204:
            return None
        if refusal := self._refusal(answer):
            raise refusal
        return content(VENDOR, answer, message, is_write=is_write)

    def _refusal(self, answer: Answer) -> VendorError | None:
        """Return what an answer means that means something else here than elsewhere.

        403 with code 40301 is no hidden schedule here, as it is at Opsgenie, but a plan or a person without Operations.
        """
        data = answer.data()
        words = shortened(message(data))
        match answer.status:
            case 401:
                hint = "it takes the API token of a person with a licence; service accounts and expired tokens fail"
                return NotAuthenticated(VENDOR, f"{words} ({hint})")
            case 403 if isinstance(data, dict) and data.get("code") == _NO_OPERATIONS:
                who = self._account.email
                return Forbidden(
                    VENDOR, f"{words} (the plan of this site has no Operations, or {who} may not use them)"
                )
            case 410:
                return Gone(VENDOR, words)
            case 429:
                return RateLimited(VENDOR, words, retry_after=_pause(answer.headers))
            case _:
                return None


def _pause(headers: Mapping[str, str]) -> float:
    asked = headers.get("Retry-After") or ""
    return float(max(int(asked), 1)) if asked.isdecimal() else 1.0

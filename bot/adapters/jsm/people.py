"""Account ids into people: the Operations API names nobody, Jira does."""

import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import structlog
from pydantic import BaseModel, Field, RootModel

from bot.adapters.jsm.api import VENDOR, Api
from bot.ports.errors import NotFound, VendorError
from bot.ports.paging import Responder

KEPT_SECONDS = 3600
AT_ONCE = 90
"""Account ids in one question: Jira takes 200, an address of some 8,000 characters fewer."""

log = structlog.get_logger(__name__)


class _User(BaseModel):
    account_id: str = Field(alias="accountId")
    email: str | None = Field(default=None, alias="emailAddress")
    name: str = Field(default="", alias="displayName")

    def responder(self) -> Responder:
        return Responder(self.account_id, self.email or None, self.name or self.account_id)


class _Users(BaseModel):
    values: list[_User]


class _Found(RootModel[list[_User]]):
    pass


@dataclass(frozen=True, slots=True)
class _Known:
    responder: Responder
    until: float


class People:
    """Who is behind an account id, remembered for an hour.

    Whoever hides their address in their Atlassian profile has none here: `people.yaml` names them by account id.
    """

    def __init__(self, api: Api) -> None:
        self._api, self._lock = api, threading.Lock()
        self._known: dict[str, _Known] = {}

    def named(self, ids: Iterable[str]) -> dict[str, Responder]:
        """Return everybody by their account id; who cannot be looked up has no more than that."""
        wanted, now = list(dict.fromkeys(ids)), time.monotonic()
        with self._lock:
            known = {each: self._known[each].responder for each in wanted if self._is_fresh(each, now)}
        unknown = [each for each in wanted if each not in known]
        try:
            found = [user for start in range(0, len(unknown), AT_ONCE) for user in self._ask(unknown[start:][:AT_ONCE])]
        except VendorError as error:
            log.warning("people cannot be looked up in Jira", problem=str(error))
            found = []
        with self._lock:
            self._known |= {user.account_id: _Known(user.responder(), now + KEPT_SECONDS) for user in found}
        known |= {user.account_id: user.responder() for user in found}
        return {each: known.get(each, Responder(each, display=each)) for each in wanted}

    def account_id(self, person: str) -> str:
        """Return the account id of an e-mail address; what is none is one already."""
        if "@" not in person:
            return person
        found = self._api.jira("/user/search", {"query": person, "maxResults": 50}, _Found).root
        exact = [user.account_id for user in found if (user.email or "").casefold() == person.casefold()]
        if len(exact) != 1:
            raise NotFound(VENDOR, f"{person}: no account shows this address; name the person by account id")
        return exact[0]

    def _ask(self, ids: Sequence[str]) -> list[_User]:
        return self._api.jira("/user/bulk", {"accountId": ids, "maxResults": len(ids)}, _Users).values

    def _is_fresh(self, account_id: str, now: float) -> bool:
        return account_id in self._known and now < self._known[account_id].until

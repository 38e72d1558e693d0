"""Authorised calls to one Airflow: log in when needed, repeat reads, map every refusal, walk pages."""

import math
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from bot.adapters.airflow import parse
from bot.adapters.airflow.access import Access
from bot.adapters.airflow.request import Request
from bot.adapters.airflow.session import Session
from bot.adapters.http import Answer, content, logged, patiently, said, understood
from bot.ports.errors import NotAuthenticated, NotFound, OutcomeUnknown, Rejected, Unavailable

if TYPE_CHECKING:
    from bot.adapters.airflow.transport import Transport

PAGE = 100  # the server cuts longer pages without a word
_MEANS_SOMETHING_ELSE = frozenset({"", "~", ".", ".."})  # in a path `~` is every DAG or run

T = TypeVar("T")
Row = Mapping[str, Any]
Page = tuple[list[T], float]


class Api:
    """The door for every call that needs a token."""

    def __init__(self, vendor: str, url: str, session: Session, read_seconds: float) -> None:
        self._vendor, self._url, self._session, self._read_seconds = vendor, url, session, read_seconds
        self._transport: Transport | None = None
        self._lock = threading.Lock()

    def call(self, request: Request, read: Callable[[Row], T]) -> T:
        """Return what `read` makes of the answer; raise one of `bot.ports.errors` otherwise."""
        self._refuse_strange_names(request)
        try:
            access = self._session.access()
            if request.is_write:
                return self._once(request, read, access)
            return patiently(lambda: self._once(request, read, access))
        except (Unavailable, OutcomeUnknown, Rejected):
            self._session.forget_version()
            raise

    def page(self, request: Request, rows: str, read: Callable[[Row], T], offset: int, size: int = PAGE) -> Page[T]:
        """Return the rows from `offset` on, and how many there are in all."""
        query = {**request.query, "limit": size, "offset": offset}
        return self.call(replace(request, query=query), lambda page: _page(page, rows, read))

    def pages(self, request: Request, rows: str, read: Callable[[Row], T], limit: int | None = None) -> Iterator[T]:
        """Yield the rows of every page, up to `limit`."""
        offset = 0
        while limit is None or offset < limit:
            size = PAGE if limit is None else min(PAGE, limit - offset)
            found, total = self.page(request, rows, read, offset, size)
            yield from found
            offset += len(found)
            if not found or offset >= total:
                return

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def _once(self, request: Request, read: Callable[[Row], T], access: Access) -> T:
        header = access.header()
        answer = self._send(request, header)
        if _refuses_token(answer) and (renewed := access.renewed(header)):
            answer = self._send(request, renewed)
        if _refuses_token(answer):
            raise NotAuthenticated(self._vendor, said(answer, parse.described))
        if answer.status == 403 and self._is_nobody(request, header):
            raise NotAuthenticated(self._vendor, "it does not know this account, or lets it read no DAG")
        if _was_upgraded(request, answer):
            raise Unavailable(self._vendor, "has become Airflow 3 since it was last asked: try again")
        data = content(self._vendor, answer, parse.described, is_write=request.is_write)
        return understood(self._vendor, data, read, is_write=request.is_write)

    def _is_nobody(self, request: Request, header: str) -> bool:
        """Airflow 2 treats an unknown account as a visitor, and says 403 to both: who may not even look is unknown."""
        if not request.path.startswith("/api/v1/"):
            return False
        return self._send(Request("GET", "/api/v1/dags", query={"limit": 1}), header).status in {401, 403}

    def _send(self, request: Request, authorization: str) -> Answer:
        transport = self._client()
        return logged(self._vendor, request.method, request.path, lambda: transport.send(request, authorization))

    def _client(self) -> "Transport":
        with self._lock:
            if self._transport is None:
                from bot.adapters.airflow.transport import Transport  # noqa: PLC0415 - takes over a second

                self._transport = Transport(self._vendor, self._url, self._read_seconds)
            return self._transport

    def _refuse_strange_names(self, request: Request) -> None:
        """No DAG, run or task has a name that would lead to another address."""
        for name, value in request.ids.items():
            if value in _MEANS_SOMETHING_ELSE:
                raise NotFound(self._vendor, f"no {name} is called {value!r}")


def _page(page: Row, rows: str, read: Callable[[Row], T]) -> Page[T]:
    found = [read(row) for row in page[rows] or ()]
    total = page.get("total_entries")
    return found, math.inf if total is None else total


def _refuses_token(answer: Answer) -> bool:
    """Tell a token that is no longer good (401, or 403 after the server's secret changed) from a right we lack."""
    if answer.status != 403:
        return answer.status == 401
    return said(answer, parse.described) == "Invalid JWT token"


def _was_upgraded(request: Request, answer: Answer) -> bool:
    """Airflow 3 says 404 to whatever is asked in the old API, as if the DAG itself were not there."""
    return (
        answer.status == 404
        and request.path.startswith("/api/v1/")
        and "v1 has been removed" in said(answer, parse.described)
    )

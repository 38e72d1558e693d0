"""The one importer of google-cloud-bigquery: a client without its own retries, each call once and within a deadline.

Importing the client takes over a second, so it happens at the first call.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from bot.adapters.bigquery import failures
from bot.adapters.bigquery.deadline import Deadline, TooBusy
from bot.adapters.bigquery.refusals import Means, meaning
from bot.adapters.http import broken, shortened
from bot.ports.errors import NotAuthenticated, Unavailable, VendorError

if TYPE_CHECKING:
    from google.cloud.bigquery import Client

DEADLINE_FACTOR = 1.5  # of the time for one read: what a whole call may take
SCOPES = ("https://www.googleapis.com/auth/bigquery",)

_log = structlog.get_logger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Account:
    """How to reach BigQuery. Without `key_file` Google's application default credentials are used."""

    key_file: str | None = None
    endpoint: str | None = None
    is_anonymous: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """One call below `/bigquery/v2`; `means` says what its refusals mean."""

    method: str
    path: str
    query: Mapping[str, Any] | None = None
    body: Mapping[str, Any] | None = None
    headers: Mapping[str, str] | None = None
    is_write: bool = False
    means: Means = meaning


class Connection:
    """One client for one project, shared by all threads."""

    def __init__(self, vendor: str, project: str, account: Account, read_seconds: float) -> None:
        self._vendor, self._project, self._account, self._seconds = vendor, project, account, read_seconds
        self._deadline = Deadline(read_seconds * DEADLINE_FACTOR)
        self._lock = threading.Lock()

    def send(self, request: Request) -> Any:
        """Return the JSON of the answer; raise one of `bot.ports.errors` otherwise."""
        body = {} if request.body is None else {"data": dict(request.body)}

        def call(client: "Client") -> Any:
            return client._call_api(  # noqa: SLF001 - the public methods send neither accessPolicyVersion nor updateMode
                None,
                span_name="baton.call",
                method=request.method,
                path=request.path,
                query_params=dict(request.query or {}),
                headers=dict(request.headers or {}),  # the client writes into it
                timeout=self._seconds,
                **body,
            )

        with _logged(self._vendor, request.method, request.path):
            answer = self._once(call, request.means, is_write=request.is_write)
            if not isinstance(answer, dict):
                raise broken(self._vendor, "answered in a form that Baton does not know", is_write=request.is_write)
            return answer

    def rows(self, sql: str, parameters: Mapping[str, Any], *, most_bytes: int | None) -> list[Mapping[str, Any]]:
        """Return the rows of a question, waiting no longer than for any other read."""
        options: dict[str, Any] = {"retry": None, "job_retry": None}
        options |= {"api_timeout": self._seconds, "wait_timeout": self._seconds}

        def call(client: "Client") -> list[Mapping[str, Any]]:
            from google.cloud.bigquery import QueryJobConfig  # noqa: PLC0415 - the client is imported by now

            given = [_parameter(name, value) for name, value in parameters.items()]
            config = QueryJobConfig(query_parameters=given, labels={"asked_by": "baton"})
            if most_bytes is not None:  # the client would send None as the word "None"
                config.maximum_bytes_billed = most_bytes
            return [dict(row.items()) for row in client.query_and_wait(sql, job_config=config, **options)]

        with _logged(self._vendor, "POST", "/queries"):
            return self._once(call, meaning, is_write=False)

    def close(self) -> None:
        """Close the connections that wait for another call."""
        client = self.__dict__.get("_client")
        if client is not None:
            client.close()

    @cached_property
    def _client(self) -> "Client":
        import google.auth.credentials  # noqa: PLC0415 - slow, and not every process asks
        import google.oauth2.service_account  # noqa: PLC0415 - as above
        from google.cloud.bigquery import Client  # noqa: PLC0415 - as above

        account, given = self._account, None
        if account.is_anonymous:
            given = google.auth.credentials.AnonymousCredentials()  # type: ignore[no-untyped-call]
        elif account.key_file:
            read = google.oauth2.service_account.Credentials.from_service_account_file
            given = read(account.key_file, scopes=SCOPES)  # type: ignore[no-untyped-call]
        options = {"api_endpoint": account.endpoint} if account.endpoint else None
        return Client(project=self._project, credentials=given, client_options=options)

    def _once(self, call: "Callable[[Client], T]", means: Means, *, is_write: bool) -> T:
        """Call once, within the deadline."""
        try:
            with self._lock:
                client = self._client
        except Exception as error:
            raise NotAuthenticated(self._vendor, shortened(str(error))) from error
        try:
            return self._deadline.run(lambda: call(client))
        except TooBusy as error:
            raise Unavailable(self._vendor, "too many calls still wait for an answer") from error
        except TimeoutError as error:
            raise broken(self._vendor, "no answer in time", is_write=is_write) from error
        except Exception as error:
            raise failures.meant(self._vendor, error, means, is_write=is_write) from error


@contextmanager
def _logged(vendor: str, method: str, path: str) -> Iterator[None]:
    """Leave one line about a call: never the query, the headers or a body."""
    started, outcome = time.perf_counter(), "answered"
    try:
        yield
    except VendorError as error:
        outcome = type(error).__name__
        raise
    finally:
        seconds = round(time.perf_counter() - started, 3)
        _log.debug("vendor.asked", vendor=vendor, method=method, path=path, outcome=outcome, seconds=seconds)


def _parameter(name: str, value: Any) -> Any:
    """Return a query parameter of the value's type: an aware moment is no DATETIME, a date is neither."""
    from google.cloud.bigquery import ScalarQueryParameter  # noqa: PLC0415 - the client is imported by now

    match value:
        case datetime():
            kind = "TIMESTAMP" if value.tzinfo else "DATETIME"
        case date():
            kind = "DATE"
        case _:
            kind = "STRING"
    return ScalarQueryParameter(name, kind, value)

"""How authorised calls travel: apache-airflow-client's own transport, without its models.

The client's models send every default and demand every field, so that they fit one minor version of the
server. Its `ApiClient` underneath is sound: it quotes path and query, pools connections and tells a
connection that never was from an answer that never came. Importing this module takes over a second.
"""

from airflow_client.client.api_client import ApiClient
from airflow_client.client.configuration import Configuration
from airflow_client.client.exceptions import ApiException
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    MaxRetryError,
    NewConnectionError,
    ReadTimeoutError,
    ResponseError,
)

from bot.adapters.airflow.request import Request
from bot.adapters.http import CONNECT_SECONDS, Answer, Interrupted, broken, cut_off
from bot.ports.errors import Unavailable, VendorError

WRITE_PATIENCE = 3  # a clear of a thousand task instances was seen to take ten seconds
_JSON = {"Accept": "application/json", "Content-Type": "application/json"}


class Transport:
    """One pooled client for one server; any number of threads may use it."""

    def __init__(self, vendor: str, url: str, read_seconds: float) -> None:
        # retries=0: by default the client repeats reads without a pause, sleeps as long as a Retry-After says,
        # and follows a redirect of a POST by posting again.
        self._vendor, self._read_seconds = vendor, read_seconds
        self._client = ApiClient(Configuration(host=url.rstrip("/"), retries=0))

    def send(self, request: Request, authorization: str) -> Answer:
        """Return whatever the server answered; raise only when no answer came."""
        method, url, headers, body, _ = self._client.param_serialize(
            request.method,
            request.path,
            path_params=dict(request.ids),
            query_params=dict(request.query),
            header_params={**_JSON, "Authorization": authorization},
            body=request.body,
            collection_formats={name: "multi" for name, value in request.query.items() if isinstance(value, list)},
        )
        seconds = self._read_seconds * (WRITE_PATIENCE if request.is_write else 1)
        try:
            response = self._client.call_api(method, url, headers, body, _request_timeout=(CONNECT_SECONDS, seconds))
            response.read()  # type: ignore[no-untyped-call]
            return Answer(response.status, response.headers, response.data or b"")
        except (HTTPError, ApiException) as error:
            raise self._silence(error, is_write=request.is_write) from error

    def close(self) -> None:
        self._client.rest_client.pool_manager.clear()

    def _silence(self, error: Exception, *, is_write: bool) -> VendorError:
        reason = error.reason if isinstance(error, MaxRetryError) else error
        match reason:
            case NewConnectionError():
                return Interrupted(self._vendor, "no connection")
            case ConnectTimeoutError():
                return Unavailable(self._vendor, "no connection in time")
            case ResponseError():
                return Unavailable(self._vendor, "redirects elsewhere: is a login page in front of it?")
            case ReadTimeoutError():
                return broken(self._vendor, "no answer in time", is_write=is_write)
            case _:
                return cut_off(self._vendor, "the connection broke", is_write=is_write)

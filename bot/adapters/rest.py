"""A vendor's REST API over httpx: reads that are tried again, writes that are not, answers in a known shape."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from bot.adapters.http import Answer, Interrupted, broken, certificates, cut_off, logged, patiently
from bot.ports.errors import Unavailable

_TIMEOUT = httpx.Timeout(10.0, connect=2.0)
Params = Mapping[str, str | int | Sequence[str]]

T = TypeVar("T", bound=BaseModel)


class Rest:
    """One account. `understand(answer, is_write)` returns the JSON of a good answer and raises what others mean.

    Threads may share it.
    """

    def __init__(
        self, vendor: str, url: str, headers: Mapping[str, str], understand: Callable[[Answer, bool], Any]
    ) -> None:
        self._vendor, self._understand = vendor, understand
        headers = {"Accept": "application/json", **headers}
        self._client = httpx.Client(base_url=url, headers=headers, timeout=_TIMEOUT, verify=certificates())

    def get(self, path: str, params: Params, shape: type[T]) -> T:
        """Return the answer in its shape, asking again a few times while the vendor is interrupted."""
        data = patiently(lambda: self._once("GET", path, params, None))
        try:
            return shape.model_validate(data)
        except ValidationError as error:
            raise Unavailable(self._vendor, f"the answer is not what {self._vendor} documents") from error

    def write(self, method: str, path: str, params: Params, body: Any = None) -> Any:
        """Return what it answers, asking once. OutcomeUnknown where it may have happened."""
        return self._once(method, path, params, body)

    def close(self) -> None:
        self._client.close()

    def _once(self, method: str, path: str, params: Params, body: Any) -> Any:
        def send() -> Answer:
            response = self._client.request(method, path, params=params, json=body)
            return Answer(response.status_code, response.headers, response.content)

        is_write = method != "GET"
        try:
            answer = logged(self._vendor, method, path, send)
        except httpx.ConnectTimeout as error:
            raise Unavailable(self._vendor, "no connection in time") from error
        except httpx.TimeoutException as error:
            raise broken(self._vendor, "no answer in time", is_write=is_write) from error
        except httpx.ConnectError as error:
            raise Interrupted(self._vendor, "no connection") from error
        except httpx.TransportError as error:
            raise cut_off(self._vendor, "the connection broke", is_write=is_write) from error
        return self._understand(answer, is_write)

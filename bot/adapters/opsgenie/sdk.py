"""The door to opsgenie-sdk 2.1.5, which knows alerts: its retries, missing timeouts and odd errors end here."""

from collections.abc import Mapping
from typing import Any

import opsgenie_sdk
import tenacity
import urllib3.exceptions
from opsgenie_sdk.exceptions import RetryableException

from bot.adapters.http import Answer, Interrupted, broken, cut_off, logged
from bot.adapters.opsgenie.api import VENDOR, understood_answer
from bot.ports.errors import Unavailable, VendorError

TIMEOUT = (2, 10)  # seconds to connect and to read: whole numbers in a pair, since others are ignored silently


class Sdk:
    """One account's alert API: every call has a timeout, is tried once, and fails with an error of the port.

    Threads may share it: nothing that the SDK keeps of the last answer is read.
    """

    def __init__(self, api_key: str, url: str) -> None:
        configuration = opsgenie_sdk.Configuration()
        # Assigned, never changed: all configurations share the dictionary that they begin with.
        configuration.api_key = {"Authorization": api_key}
        configuration.api_key_prefix = {"Authorization": "GenieKey"}
        configuration.host = url.rstrip("/").removesuffix("/v2")
        configuration.retry_enabled = False
        self._client = opsgenie_sdk.ApiClient(configuration=configuration)
        self._alerts = opsgenie_sdk.AlertApi(self._client)

    def read(self, method: str, *given: Any, **named: Any) -> Any:
        """Return what this method of the alert API answers."""
        return self._once(method, given, named, is_write=False)

    def write(self, method: str, *given: Any, **named: Any) -> str:
        """Return the id under which the outcome can be asked for. OutcomeUnknown where it may have arrived."""
        reference = self._once(method, given, named, is_write=True).request_id
        if not reference:
            raise broken(VENDOR, "the answer names no request", is_write=True)
        return str(reference)

    def disconnect(self) -> None:
        self._client.rest_client.pool_manager.clear()

    def _once(self, method: str, given: tuple[Any, ...], named: Mapping[str, Any], *, is_write: bool) -> Any:
        found: list[Any] = []

        def send() -> Answer:
            try:
                found.append(getattr(self._alerts, method)(*given, _request_timeout=TIMEOUT, **named))
            except tenacity.RetryError as error:  # also where it does not retry
                return _answer(error.last_attempt.exception(), is_write=is_write)
            except RetryableException as error:  # of a 404, which it never retries
                return _answer(error, is_write=is_write)
            return Answer(200, {}, b"{}")

        try:
            understood_answer(logged(VENDOR, "SDK", method, send), is_write=is_write)
        except (AttributeError, TypeError, ValueError) as error:  # a page instead of JSON, or another form
            raise broken(VENDOR, "answered in a form that Baton does not know", is_write=is_write) from error
        return found[0]


def _answer(error: BaseException | None, *, is_write: bool) -> Answer:
    """Return the answer inside one of the SDK's errors; raise what it means that there was none."""
    status, body = getattr(error, "status", 0), getattr(error, "body", None)
    if status:
        encoded = body.encode() if isinstance(body, str) else body or b""
        return Answer(status, getattr(error, "headers", None) or {}, encoded)
    raise _silence(error, is_write=is_write) from error


def _silence(error: BaseException | None, *, is_write: bool) -> VendorError:
    cause = getattr(error, "reason", None) or error
    match cause:
        case urllib3.exceptions.NewConnectionError():  # a kind of ConnectTimeoutError to the library
            return Interrupted(VENDOR, "no connection")
        case urllib3.exceptions.ConnectTimeoutError():
            return Unavailable(VENDOR, "no connection in time")
        case urllib3.exceptions.ReadTimeoutError():
            return broken(VENDOR, "no answer in time", is_write=is_write)
        case urllib3.exceptions.SSLError() | str():
            return Unavailable(VENDOR, "no secure connection")
        case _:
            return cut_off(VENDOR, "the connection broke", is_write=is_write)

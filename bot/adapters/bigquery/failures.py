"""The errors of three libraries (Google's, its login's and requests') as ours. Imported late, as the client is."""

import re
from collections.abc import Mapping
from typing import Any

from bot.adapters.bigquery.refusals import Means, Refusal
from bot.adapters.http import Interrupted, broken, cut_off, shortened
from bot.ports.errors import NotAuthenticated, Unavailable, VendorError

_ADDRESS = re.compile(r"^[A-Z]+ https?://\S+: ")


def meant(vendor: str, error: Exception, means: Means, *, is_write: bool) -> VendorError:
    """Return what to raise instead of what the client raised."""
    from google.api_core.exceptions import GoogleAPICallError  # noqa: PLC0415 - the client is imported by now
    from google.auth.exceptions import GoogleAuthError, TransportError  # noqa: PLC0415 - as above
    from requests.exceptions import RequestException  # noqa: PLC0415 - as above

    match error:
        case GoogleAPICallError():
            return means(vendor, _refusal(error), is_write=is_write)
        case TransportError():  # while a token was fetched: the request itself never left
            return Interrupted(vendor, "Google's login does not answer")
        case GoogleAuthError():
            return NotAuthenticated(vendor, shortened(str(error)))
        case RequestException():
            return _silence(vendor, error, is_write=is_write)
        case _:
            return broken(vendor, "answered in a form that Baton does not know", is_write=is_write)


def _silence(vendor: str, error: Exception, *, is_write: bool) -> VendorError:
    """Return what it means that no answer came: a request that never left has no unknown outcome."""
    from requests.exceptions import (  # noqa: PLC0415 - as above
        ConnectTimeout,
        InvalidJSONError,
        ReadTimeout,
        SSLError,
    )

    match error:
        case ConnectTimeout():
            return Unavailable(vendor, "no connection in time")
        case SSLError():
            return Unavailable(vendor, "its certificate is not accepted")
        case ReadTimeout():
            return broken(vendor, "no answer in time", is_write=is_write)
        case InvalidJSONError():
            return broken(vendor, "answered with something that is no JSON", is_write=is_write)
        case _ if _never_connected(error):
            return Interrupted(vendor, "no connection")
        case _:
            return cut_off(vendor, "the connection broke", is_write=is_write)


def _never_connected(error: Exception) -> bool:
    from urllib3.exceptions import MaxRetryError, NewConnectionError  # noqa: PLC0415 - as above

    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)


def _refusal(error: Any) -> Refusal:
    """Return what BigQuery itself said: the client puts the method and the address before it."""
    first = error.errors[0] if error.errors and isinstance(error.errors[0], Mapping) else {}
    message = first.get("message") or _ADDRESS.sub("", error.message or "")
    if str(message).lstrip().startswith("<"):
        message = "a web page"
    headers = getattr(error.response, "headers", None) or {}
    return Refusal(int(error.code or 500), str(first.get("reason", "")), str(message), headers.get("Retry-After"))

"""Google's tokens for Cloud Composer, from where this process runs. Importing this module takes half a second."""

import threading
from functools import partial
from typing import Any

import google.auth
import urllib3
from google.auth.exceptions import DefaultCredentialsError, GoogleAuthError, TransportError
from google.auth.transport.urllib3 import Request
from google.oauth2 import id_token

from bot.adapters.airflow.access import bearer
from bot.adapters.http import CONNECT_SECONDS, shortened
from bot.ports.errors import NotAuthenticated, Unavailable, VendorError

SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_ANSWER_SECONDS = 10.0
_NO_ACCOUNT = (
    "no Google account here: set GOOGLE_APPLICATION_CREDENTIALS to the file of a service account, or run Baton on"
    " Google Cloud with one"
)


class Google:
    """The account of this machine, or of the file that GOOGLE_APPLICATION_CREDENTIALS names. Thread-safe."""

    def __init__(self, vendor: str, audience: str | None = None) -> None:
        self._vendor, self._audience, self._lock = vendor, audience, threading.Lock()
        self._credentials: Any = None
        timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=_ANSWER_SECONDS)
        ask = Request(urllib3.PoolManager(retries=False))  # type: ignore[no-untyped-call]
        self._ask: Any = partial(ask, timeout=timeout)

    def header(self) -> str:
        with self._lock:
            if self._credentials is None or not self._credentials.valid:
                self._refresh()
            return bearer(self._credentials.token)

    def renewed(self, refused: str) -> str | None:
        with self._lock:
            if bearer(self._credentials.token) == refused:
                self._refresh()
            return bearer(self._credentials.token)

    def _refresh(self) -> None:
        try:
            if self._credentials is None:
                self._credentials = self._found()
            self._credentials.refresh(self._ask)
        except DefaultCredentialsError as error:
            raise NotAuthenticated(self._vendor, _NO_ACCOUNT) from error
        except GoogleAuthError as error:
            raise self._failure(error) from error

    def _found(self) -> Any:
        if self._audience:
            return id_token.fetch_id_token_credentials(self._audience, self._ask)  # type: ignore[no-untyped-call]
        credentials, _ = google.auth.default(scopes=[SCOPE], request=self._ask)
        return credentials

    def _failure(self, error: GoogleAuthError) -> VendorError:
        words = f"Google gives no token: {shortened(str(error))}"
        may_pass = isinstance(error, TransportError) or error.retryable
        return (Unavailable if may_pass else NotAuthenticated)(self._vendor, words)

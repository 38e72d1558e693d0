"""Who we are to one Airflow and which Airflow it is: the login token and the version, shared by all threads."""

import re
import threading
from dataclasses import dataclass, field

from bot.adapters.airflow import parse
from bot.adapters.http import Http
from bot.ports.airflow import Health
from bot.ports.errors import NotAuthenticated, NotFound, Rejected, Unavailable

Version = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user name and its password, a token, or both."""

    username: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if not (self.token or self.has_password):
            raise ValueError("Airflow: give a token, or a user name and its password")

    @property
    def has_password(self) -> bool:
        return bool(self.username and self.password)


class Session:
    """Login, version and health over httpx: they need no token, and not the Airflow client, which is slow to import."""

    def __init__(self, vendor: str, url: str, credentials: Credentials, read_seconds: float) -> None:
        self._vendor, self._credentials = vendor, credentials
        self._http = Http(vendor, url, parse.described, read_seconds=read_seconds)
        self._lock = threading.Lock()
        self._token = credentials.token
        self._version: Version | None = None

    @property
    def can_log_in(self) -> bool:
        return self._credentials.has_password

    def token(self) -> str:
        """Return the present token; log in for the first one."""
        with self._lock:
            if self._token is None:
                self._token = self._log_in()
            return self._token

    def renewed(self, refused: str) -> str:
        """Return a token other than `refused`; log in unless another thread just did."""
        with self._lock:
            if self._token is None or self._token == refused:
                self._token = self._log_in()
            return self._token

    def version(self) -> str:
        """Ask the server which version it is."""
        return self._probe()[0]

    def minor(self) -> Version:
        """Return (major, minor), asking the server only when it is not known."""
        return self._version or self._probe()[1]

    def forget_version(self) -> None:
        """Ask again next time: what went away may come back upgraded."""
        self._version = None

    def health(self) -> Health:
        return self._http.read("GET", "/api/v2/monitor/health", parse.health)

    def close(self) -> None:
        self._http.close()

    def _probe(self) -> tuple[str, Version]:
        try:
            version = self._http.read("GET", "/api/v2/version", lambda answer: str(answer["version"]))
        except NotFound as error:
            raise Unavailable(self._vendor, "has no /api/v2: Baton needs Airflow 3 at this address") from error
        numbers = re.match(r"(\d+)\.(\d+)", version)
        if not numbers:
            raise Unavailable(self._vendor, "does not say which version of Airflow it is")
        self._version = int(numbers[1]), int(numbers[2])
        return version, self._version

    def _log_in(self) -> str:
        body = {"username": self._credentials.username, "password": self._credentials.password}
        try:
            return self._http.read("POST", "/auth/token", lambda answer: str(answer["access_token"]), body=body)
        except (NotFound, Rejected) as error:
            raise NotAuthenticated(self._vendor, "offers no login with a password: configure a token") from error

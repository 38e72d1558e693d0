"""Which Airflow answers, and as whom Baton comes: shared by all threads, asked over httpx, which is quick to import."""

import re
import threading
from datetime import datetime
from email.utils import parsedate_to_datetime

from bot.adapters.airflow import parse
from bot.adapters.airflow.access import Access, Credentials, Fixed, Renewable, basic, bearer
from bot.adapters.http import Answer, Http, understood
from bot.ports.airflow import Health
from bot.ports.errors import NotAuthenticated, NotFound, Rejected, Unavailable

Version = tuple[int, int]

APIS = ("v2", "v1")
_FIRST_WITH_V2 = (3, 0)


class Session:
    """Version, health and login. `api` is the version of the REST API to speak; None is found out."""

    def __init__(
        self, vendor: str, url: str, credentials: Credentials, read_seconds: float, api: str | None = None
    ) -> None:
        self._vendor, self._credentials, self._told = vendor, credentials, api
        self._http = Http(vendor, url, parse.described, read_seconds=read_seconds)
        self._lock = threading.Lock()
        self._version: Version | None = None
        self._seen: Version | None = None
        self._login = Renewable(self._log_in, credentials.token)
        self._given: Access | None = None

    @property
    def credentials(self) -> Credentials:
        return self._credentials

    def access(self) -> Access:
        """Return how Baton is let in: a password buys tokens from Airflow 3, and is itself the proof for Airflow 2."""
        if given := self._without_login():
            return given
        if self.api() == "v2":
            return self._login
        return Fixed(basic(self._credentials.username or "", self._credentials.password or ""))

    def api(self) -> str:
        """Return `v1` or `v2`."""
        return self._told or api_of(self.minor())

    def last_api(self) -> str:
        """Return the API as far as it is known without asking: for links, which must not wait."""
        return self._told or (api_of(self._seen) if self._seen else APIS[0])

    def version(self) -> str:
        """Ask the server which version it is."""
        return self.ask()[0]

    def minor(self) -> Version:
        """Return (major, minor), asking the server only when it is not known."""
        version = self._version
        if version is None:
            self.ask()
            version = self._version or (0, 0)
        return version

    def forget_version(self) -> None:
        """Ask again next time: what went away may come back upgraded."""
        self._version = None

    def ask(self) -> tuple[str, datetime | None]:
        """Return the version that the server says, and its clock as it said so."""
        answer = self._probe()
        version = understood(self._vendor, answer.data(), lambda data: str(data["version"]), is_write=False)
        numbers = re.match(r"(\d+)\.(\d+)", version)
        if not numbers:
            raise Unavailable(self._vendor, "does not say which version of Airflow it is")
        self._version = self._seen = int(numbers[1]), int(numbers[2])
        return version, _date(answer)

    def health(self) -> Health:
        path = "/api/v2/monitor/health" if self.api() == "v2" else "/api/v1/health"
        answer = self._http.ask("GET", path, headers=self._headers())
        return understood(self._vendor, answer.data(), parse.health, is_write=False)

    def close(self) -> None:
        self._http.close()

    def _probe(self) -> Answer:
        """Ask the versions of the API in turn, newest first."""
        missing: NotFound | None = None
        for api in (self._told,) if self._told else APIS:
            try:
                return self._http.ask("GET", f"/api/{api}/version", headers=self._headers())
            except NotFound as error:
                missing = error
        wanted = f"/api/{self._told}" if self._told else "/api/v2 and no /api/v1"
        raise Unavailable(self._vendor, f"has no {wanted}: is this the address of an Airflow?") from missing

    def _headers(self) -> dict[str, str]:
        """Airflow itself tells version and health to everybody; a proxy in front of it wants to know who asks."""
        given = self._without_login()
        return {"Authorization": given.header()} if given else {}

    def _without_login(self) -> Access | None:
        with self._lock:
            if self._given is None and self._credentials.google:
                from bot.adapters.airflow.google import Google  # noqa: PLC0415 - takes half a second

                self._given = Google(self._vendor, self._credentials.audience)
            if self._given is None and not self._credentials.has_password:
                self._given = Fixed(bearer(self._credentials.token or ""))
            return self._given

    def _log_in(self) -> str:
        body = {"username": self._credentials.username, "password": self._credentials.password}
        try:
            return self._http.read("POST", "/auth/token", lambda answer: str(answer["access_token"]), body=body)
        except (NotFound, Rejected) as error:
            raise NotAuthenticated(self._vendor, "offers no login with a password: configure a token") from error


def api_of(version: Version) -> str:
    return "v2" if version >= _FIRST_WITH_V2 else "v1"


def _date(answer: Answer) -> datetime | None:
    """Return when the server answered, by its own clock and to the second."""
    try:
        return parsedate_to_datetime(answer.headers.get("Date", ""))
    except ValueError:
        return None

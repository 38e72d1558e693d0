"""How Baton proves to one Airflow who it is: what goes into the Authorization header, and how it is renewed."""

import base64
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user name and its password, a token, or both; or Google's own, for Cloud Composer.

    With `audience` Google is asked for an identity token made for it (a server behind Identity-Aware Proxy), without
    for an access token (Composer 2 and 3).
    """

    username: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    google: bool = False
    audience: str | None = None

    def __post_init__(self) -> None:
        if not (self.token or self.has_password or self.google):
            raise ValueError("Airflow: give a token, or a user name and its password, or use Google's")

    @property
    def has_password(self) -> bool:
        return bool(self.username and self.password)

    @property
    def word(self) -> str:
        """Return the kind of credentials, as `baton doctor` says it."""
        if self.google:
            return "google"
        return "password" if self.has_password else "token"


class Access(Protocol):
    """One way to be let in. Thread-safe."""

    def header(self) -> str:
        """Return the value of the Authorization header; ask for a first token where there is none."""
        ...

    def renewed(self, refused: str) -> str | None:
        """Return another value than the refused one; None where there is no other."""
        ...


class Fixed:
    """The same value always: a token that somebody else made, or a user name with its password (Airflow 2)."""

    def __init__(self, value: str) -> None:
        self._value = value

    def header(self) -> str:
        return self._value

    def renewed(self, refused: str) -> str | None:  # noqa: ARG002 - there is no other value
        return None


class Renewable:
    """A token that can be fetched, at first and again when it is refused: once for all threads that met the old one."""

    def __init__(self, fetch: Callable[[], str], token: str | None = None) -> None:
        self._fetch, self._lock = fetch, threading.Lock()
        self._value = bearer(token) if token else None

    def header(self) -> str:
        with self._lock:
            if self._value is None:
                self._value = bearer(self._fetch())
            return self._value

    def renewed(self, refused: str) -> str | None:
        with self._lock:
            if self._value is None or self._value == refused:
                self._value = bearer(self._fetch())
            return self._value


def bearer(token: str) -> str:
    return f"Bearer {token}"


def basic(username: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()

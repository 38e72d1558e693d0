"""Login and tokens: HS512-signed, with an end; another secret makes every older token worthless."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.airflow.errors import ApiError

LEEWAY = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class User:
    username: str
    password: str
    role: str

    @property
    def may_write(self) -> bool:
        return self.role != "viewer"


class Auth:
    def __init__(self, users: Iterable[Mapping[str, str]], secret: str) -> None:
        self._users = {user["username"]: User(user["username"], user["password"], user["role"]) for user in users}
        self._secret = secret
        self.lifetime = timedelta(hours=24)

    def login(self, username: str, password: str, now: datetime) -> str:
        user = self._users.get(username)
        if user is None or user.password != password:
            raise ApiError(401, "Invalid credentials")
        claims = {"sub": username, "iat": _seconds(now), "nbf": _seconds(now), "exp": _seconds(now + self.lifetime)}
        head = _encode(json.dumps({"alg": "HS512", "typ": "JWT"}).encode())
        body = _encode(json.dumps(claims).encode())
        return f"{head}.{body}.{self._sign(f'{head}.{body}')}"

    def user_of(self, authorization: str | None, now: datetime) -> User:
        """Who sent this header; refused as the server refuses it."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise ApiError(401, "Not authenticated")
        claims = self._claims(token)
        if now > datetime.fromtimestamp(claims["exp"], now.tzinfo) + LEEWAY:
            raise ApiError(401, "Token Expired")
        return self._users[claims["sub"]]

    def change_secret(self) -> None:
        """What a restart without a fixed secret does."""
        self._secret = hashlib.sha256(self._secret.encode()).hexdigest()

    def _claims(self, token: str) -> dict[str, Any]:
        signed, _, signature = token.rpartition(".")
        if not hmac.compare_digest(self._sign(signed).encode(), signature.encode()):
            raise ApiError(403, "Invalid JWT token")
        body = signed.partition(".")[2]
        claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
        return claims

    def _sign(self, text: str) -> str:
        return _encode(hmac.digest(self._secret.encode(), text.encode(), "sha512"))


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())

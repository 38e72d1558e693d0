"""The answers that say no."""

from __future__ import annotations

from collections.abc import Mapping


class Refused(Exception):
    """An answer that is an error: HTTP status, text, and Opsgenie's own code where it has one."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: int | None = None,
        errors: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message
        self.code = code
        self.errors = errors
        self.headers = dict(headers or {})


def invalid(key: str, why: str) -> Refused:
    return Refused(422, "Request body is not processable. Please check the errors.", errors={key: why})

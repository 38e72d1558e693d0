"""How BigQuery words its refusals: `reason` is what its clients look at."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A refusal: HTTP status, reason, message."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(status, reason, message)
        self.status, self.reason, self.message = status, reason, message

    @property
    def body(self) -> dict[str, Any]:
        return error_body(self.status, self.reason, self.message)


def error_body(status: int, reason: str, message: str) -> dict[str, Any]:
    """The body of an error, also what a fault needs to look like BigQuery's own."""
    error = {"message": message, "domain": "global", "reason": reason}
    return {"error": {"code": status, "message": message, "errors": [error]}}


def invalid(message: str) -> ApiError:
    return ApiError(400, "invalid", message)


def not_found(what: str) -> ApiError:
    return ApiError(404, "notFound", f"Not found: {what}")


def precondition_failed() -> ApiError:
    return ApiError(412, "conditionNotMet", "Precondition check failed.")


def denied(permission: str, where: str) -> ApiError:
    message = f"Access Denied: {where}: Permission {permission} denied on {where} (or it may not exist)."
    return ApiError(403, "accessDenied", message)

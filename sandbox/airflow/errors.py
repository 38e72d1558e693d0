"""How the real server words its refusals; the wording differs from endpoint to endpoint."""

from __future__ import annotations

from typing import Any


class ApiError(Exception):
    """A refusal: HTTP status and `detail`, which is a text, a dict or a list."""

    def __init__(self, status: int, detail: Any) -> None:
        super().__init__(status, detail)
        self.status = status
        self.detail = detail


class Crash(Exception):
    """The server fails on this request: 500 as plain text, then the connection is closed without a word."""


def unique_violation(message_id: str) -> ApiError:
    """Two writers met. The body does not say on which key."""
    return ApiError(
        409,
        {
            "reason": "Unique constraint violation",
            "statement": "hidden",
            "orig_error": "hidden",
            "message": f"Serious error when handling your request. Check logs for more details - you will find it in api server when you look for ID {message_id}",  # noqa: E501  # one sentence of the server
        },
    )


def invalid(location: list[str | int], kind: str, message: str, given: Any) -> ApiError:
    """One entry of a 422 answer."""
    return ApiError(422, [{"type": kind, "loc": location, "msg": message, "input": given}])


def no_dag(dag_id: str) -> ApiError:
    return ApiError(404, f"The Dag with ID: `{dag_id}` was not found")


def no_run(dag_id: str, run_id: str) -> ApiError:
    return ApiError(404, f"The DagRun with dag_id: `{dag_id}` and run_id: `{run_id}` was not found")


def no_instance(dag_id: str, run_id: str, task_id: str, map_index: int | None = None) -> ApiError:
    place = f"dag_id: `{dag_id}`, run_id: `{run_id}`"
    if map_index is None:
        return ApiError(404, f"The Task Instance with {place} and task_id: `{task_id}` was not found")
    return ApiError(
        404,
        f"The Mapped Task Instance with {place}, task_id: `{task_id}`, and map_index: `{map_index}` was not found",
    )

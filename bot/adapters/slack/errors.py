"""Slack's error words as Baton's errors. Source: the error tables of each method on docs.slack.dev."""

import http.client
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError

from bot.ports.errors import (
    Conflict,
    Forbidden,
    NotAuthenticated,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    Rejected,
    Unavailable,
    VendorError,
)

VENDOR = "Slack"
_WORDS: dict[str, type[VendorError]] = {
    **dict.fromkeys(
        ("invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "org_login_required"),
        NotAuthenticated,
    ),
    **dict.fromkeys(
        (
            "channel_not_found",
            "message_not_found",
            "thread_not_found",
            "user_not_found",
            "users_not_found",
            "edit_window_closed",
            "cant_update_message",
            "no_such_subteam",
            "canvas_not_found",
        ),
        NotFound,
    ),
    **dict.fromkeys(
        (
            "not_in_channel",
            "is_archived",
            "missing_scope",
            "no_permission",
            "permission_denied",
            "restricted_action",
            "restricted_action_thread_only_channel",
            "user_not_in_channel",
            "ekm_access_denied",
            "access_denied",
            "paid_teams_only",
            "canvas_disabled_user_team",
            "free_teams_cannot_create_non_tabbed_canvases",
            "free_teams_cannot_edit_standalone_canvases",
        ),
        Forbidden,
    ),
    "hash_conflict": Conflict,
    **dict.fromkeys(("internal_error", "fatal_error", "service_unavailable", "request_timeout"), Unavailable),
}


def error_for(response: object, *, status: int, retry_after: float | None) -> VendorError:
    """Return the error for an answer that is not ok. Slack asks to wait by HTTP 429 and Retry-After in seconds."""
    word = str(getattr(response, "get", lambda *_: "")("error", "") or f"HTTP {status}")
    if status == 429 or word in {"ratelimited", "rate_limited", "message_limit_exceeded"}:
        return RateLimited(VENDOR, word, retry_after=retry_after or 30.0)
    if status >= 500:
        return Unavailable(VENDOR, word)
    return _WORDS.get(word, Rejected)(VENDOR, _detail(response, word))


def _detail(response: object, word: str) -> str:
    """Return Slack's word with what it says about the blocks, which names the faulty one."""
    metadata = getattr(response, "get", lambda *_: None)("response_metadata") or {}
    messages = metadata.get("messages") if isinstance(metadata, dict) else None
    return f"{word}: {messages[0]}"[:300] if messages else word


@contextmanager
def mapped(*, writes: bool) -> Iterator[None]:
    """Map what the SDK raises. A write whose answer never came may have happened."""
    silent: Callable[[str, str], VendorError] = OutcomeUnknown if writes else Unavailable
    try:
        yield
    except SlackApiError as error:
        response = error.response
        headers = {key.lower(): value for key, value in (getattr(response, "headers", None) or {}).items()}
        wait = headers.get("retry-after")
        status = int(getattr(response, "status_code", 0) or 0)
        raise error_for(response, status=status, retry_after=float(wait) if wait else None) from error
    except URLError as error:
        if isinstance(error.reason, ConnectionRefusedError | socket.gaierror):
            raise Unavailable(VENDOR, "no connection") from error
        raise silent(VENDOR, "no answer") from error
    except (TimeoutError, OSError, http.client.HTTPException, SlackClientError) as error:
        raise silent(VENDOR, "no answer") from error

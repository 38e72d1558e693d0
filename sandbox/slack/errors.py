"""How Slack says no."""

from typing import Any


class SlackError(Exception):
    """A Web API call that ends in `{"ok": false, "error": code}`."""

    def __init__(self, code: str, *messages: str, **fields: Any) -> None:
        super().__init__(code, *messages)
        self.code = code
        self.messages = list(messages)
        self.fields = fields

    def answer(self) -> dict[str, Any]:
        body: dict[str, Any] = {"ok": False, "error": self.code, **self.fields}
        if self.messages:
            body["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
        return body


class RateLimitedError(Exception):
    """HTTP 429 with `Retry-After: retry_after_s`."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(retry_after_s)
        self.retry_after_s = retry_after_s

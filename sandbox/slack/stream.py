"""What open pages are told, as Server-Sent Events, and a count of changes for those who wait."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

KEEPALIVE_SECONDS = 15.0


@dataclass(eq=False)
class _Page:
    user: str
    queue: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue)


class Stream:
    """Sends each notice to the pages whose person may see it."""

    def __init__(self) -> None:
        self._pages: set[_Page] = set()
        self.changed = threading.Condition()
        self.changes = 0

    def publish(self, kind: str, payload: dict[str, Any], to: list[str] | None = None) -> None:
        """Tell the pages of the people in `to`, or every page."""
        line = json.dumps({"type": kind, **payload}, ensure_ascii=False)
        for page in self._pages:
            if to is None or page.user in to:
                page.queue.put_nowait(line)
        self.touch()

    def wait(self, since: int, seconds: float) -> None:
        """Wait, in another thread, until there were more than `since` changes, or so many seconds."""
        with self.changed:
            self.changed.wait_for(lambda: self.changes != since, seconds)

    def touch(self) -> None:
        """Wake those who wait for something to change."""
        with self.changed:
            self.changes += 1
            self.changed.notify_all()

    async def lines(self, user: str) -> AsyncIterator[str]:
        """The event stream of one page, until it leaves or the server stops."""
        page = _Page(user)
        self._pages.add(page)
        try:
            yield ": hello\n\n"
            while (line := await _next(page.queue)) is not None:
                yield f"data: {line}\n\n" if line else ": still here\n\n"
        finally:
            self._pages.discard(page)

    def watched_by(self, user: str) -> bool:
        return any(page.user == user for page in self._pages)

    def close(self) -> None:
        """End all streams."""
        for page in self._pages:
            page.queue.put_nowait(None)


async def _next(queue: asyncio.Queue[str | None]) -> str | None:
    try:
        return await asyncio.wait_for(queue.get(), KEEPALIVE_SECONDS)
    except TimeoutError:
        return ""

"""Business time as another process tells it: in the demo, people move the clock of the sandbox's page."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx

from bot.adapters.http import certificates
from bot.clock import ShiftedClock, SystemClock

ASK_EVERY_S = 0.5
MOVED = timedelta(seconds=2)  # less is the time that asking takes


class FollowedClock(ShiftedClock):
    """The system's time, moved as the clock at `url` is; where that does not answer, as it last was.

    `on_move` is called after every jump.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._client = httpx.Client(timeout=2, verify=certificates())
        self.on_move: Callable[[], object] = lambda: None
        self.ask()
        threading.Thread(target=self._follow, name="followed-clock", daemon=True).start()

    def ask(self) -> None:
        """Take over how far the other clock is from the system's."""
        try:
            told = datetime.fromisoformat(self._client.get(self._url).raise_for_status().json()["now"])
        except (httpx.HTTPError, KeyError, ValueError):
            return
        offset = told - SystemClock().now()
        if abs(offset - self.offset) >= MOVED:
            self.offset = offset
            self.on_move()

    def _follow(self) -> None:
        pause = threading.Event()
        while not pause.wait(ASK_EVERY_S):
            self.ask()

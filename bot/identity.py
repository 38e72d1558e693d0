"""Baton's own bot id, asked of Slack when it is first needed."""

import threading
import time

from bot.ports.errors import VendorError
from bot.ports.slack import Slack

PAUSE_S = 30.0  # after Slack did not answer


class OwnIdentity:
    """Events name our user and app themselves; the bot id is for messages that carry neither."""

    def __init__(self, slack: Slack) -> None:
        self._slack, self._bot_id = slack, ""
        self._asking = threading.Lock()
        self._ask_after = 0.0

    def bot_id(self) -> str:
        """Return the bot id, or an empty string while it is not known. Never waits."""
        if not self._bot_id and time.monotonic() >= self._ask_after and self._asking.acquire(blocking=False):
            threading.Thread(target=self._ask, name="baton-identity", daemon=True).start()
        return self._bot_id

    def _ask(self) -> None:
        try:
            self._bot_id = self._slack.identity().bot_id
        except VendorError:
            self._ask_after = time.monotonic() + PAUSE_S
        finally:
            self._asking.release()

"""Who Baton is in its workspace, asked of Slack when it is first needed."""

import threading
import time

from bot.ports.errors import VendorError
from bot.ports.slack import Identity, Slack

PAUSE_S = 30.0  # after Slack did not answer


class OwnIdentity:
    """Events name our user and app themselves; the bot id is for messages that carry neither."""

    def __init__(self, slack: Slack) -> None:
        self._slack, self._known = slack, Identity(team="", user="", bot_id="")
        self._asking = threading.Lock()
        self._ask_after = 0.0

    def bot_id(self) -> str:
        """Return the bot id, or an empty string while it is not known. Never waits."""
        return self._now_known().bot_id

    def workspace_url(self) -> str:
        """Return where links to messages begin, or an empty string while it is not known. Never waits."""
        return self._now_known().url

    def ask(self) -> Identity:
        """Return all of it, from Slack if need be; may raise VendorError."""
        if not self._known.bot_id:
            self._known = self._slack.identity()
        return self._known

    def _now_known(self) -> Identity:
        is_known = bool(self._known.bot_id)
        if not is_known and time.monotonic() >= self._ask_after and self._asking.acquire(blocking=False):
            threading.Thread(target=self._ask, name="baton-identity", daemon=True).start()
        return self._known

    def _ask(self) -> None:
        try:
            self.ask()
        except VendorError:
            self._ask_after = time.monotonic() + PAUSE_S
        finally:
            self._asking.release()

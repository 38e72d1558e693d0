"""Answers one person, where only they see it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.clock import Clocks
from bot.delivery.catalog import Pages
from bot.delivery.readers import Readers
from bot.ports.errors import NotFound, RateLimited, VendorError
from bot.ports.slack import Slack
from bot.reconcile import later
from bot.store import Store, Tx
from bot.store.claim import Claim, finish, release
from bot.text import text_from_json
from bot.views import blocks
from bot.views.words import say

log = structlog.get_logger()

MOST_ATTEMPTS = 6  # about a minute: after that nobody waits for it any more


@dataclass(frozen=True, slots=True)
class Replies:
    store: Store
    slack: Slack
    clocks: Clocks
    readers: Readers
    pages: Pages

    def step(self, claim: Claim) -> None:
        now = self.clocks.system.now()
        if self._has_seen_it(claim):
            self.store.write(lambda tx: finish(tx, claim))
            return
        words, shown = self.store.read(lambda tx: self._render(tx, claim))
        try:
            self._send(claim, words, shown)
        except VendorError as error:
            self._failed(claim, error, now)
        else:
            self.store.write(lambda tx: finish(tx, claim, response_url=None, problem=None))

    def _has_seen_it(self, claim: Claim) -> bool:
        """Tell whether an invitation is needless; where Slack does not say, it is written."""
        row = claim.row
        channel = row.body.get("unless_in")
        try:
            return bool(channel) and row.user in self.slack.members(channel)
        except VendorError as error:
            log.info("members not known", channel=channel, problem=str(error))
            return False

    def _failed(self, claim: Claim, error: VendorError, now: datetime) -> None:
        due_at: datetime | None = later(now, claim.attempts)
        if isinstance(error, RateLimited):
            due_at = now + timedelta(seconds=error.retry_after)
        elif claim.attempts >= MOST_ATTEMPTS:
            log.warning("reply given up", id=claim.row.id, problem=str(error))
            due_at = None
        self.store.write(lambda tx: release(tx, claim, due_at=due_at, problem=str(error)))

    def _render(self, tx: Tx, claim: Claim) -> tuple[str, list[blocks.Block]]:
        row = claim.row
        reader = self.readers.of_person(tx, row.team, row.user)
        if page := row.body.get("page"):
            rendered = self.pages[page](tx, row.body["question"], reader)
            return rendered.text, list(rendered.blocks)
        words = text_from_json(row.body.get("invitation", row.body))
        return blocks.fallback(words, reader), [blocks.raw_section(say(words, reader))]

    def _send(self, claim: Claim, words: str, shown: list[blocks.Block]) -> None:
        """Answer by the response URL; where that is spent, in the channel, else in a direct message."""
        row = claim.row
        if row.response_url:
            try:
                self.slack.respond(row.response_url, words, shown, replace="page" in row.body)
            except NotFound:
                log.info("response url spent", id=row.id)
            else:
                return
        if row.channel and claim.attempts == 1:
            self.slack.whisper(row.channel, row.user, words, shown, thread_ts=row.thread_ts)
        else:
            self.slack.post(self.slack.direct_channel(row.user), words, shown, key=row.id)

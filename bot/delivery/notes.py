"""Posts notes and files, each once. After an unknown outcome the thread is searched for it before a new try."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import structlog
from sqlalchemy import Row

from bot.clock import Clocks
from bot.delivery import pace
from bot.delivery.place import Modes, Target, is_person, target
from bot.delivery.readers import Readers
from bot.ports.errors import OutcomeUnknown, RateLimited, Rejected, Unavailable, VendorError
from bot.ports.slack import Slack
from bot.reconcile import later
from bot.store import Store, Tx
from bot.store.claim import Claim, finish, release
from bot.text import Mention, from_json, text_from_json
from bot.views import blocks
from bot.views.reader import Reader
from bot.views.words import Markup, say, show

T = TypeVar("T")
log = structlog.get_logger()

UNTIL_PARENT_IS_POSTED = timedelta(milliseconds=500)
ANOTHER_LOOK = timedelta(minutes=5)  # at a channel that refused: somebody may have invited Baton by then


@dataclass(frozen=True, slots=True)
class Notes:
    store: Store
    slack: Slack
    clocks: Clocks
    readers: Readers
    modes: Modes

    def note(self, claim: Claim) -> None:
        self._deliver(claim, self._post_note)

    def file(self, claim: Claim) -> None:
        self._deliver(claim, self._upload)

    def _post_note(self, claim: Claim, goal: Target) -> dict[str, Any]:
        row = claim.row
        channel = self.slack.direct_channel(goal.channel) if is_person(goal.channel) else goal.channel
        if claim.attempts > 1 and (found := self.slack.find(channel, goal.thread_ts, row.id)):
            return {"ts": found.ts}
        to = (Mention(row.channel),) if is_person(row.channel) and not is_person(goal.channel) else ()
        plain, shown = self._said(row, lambda reader: note_blocks(row.body, reader, to))
        posted = self.slack.post(channel, plain, shown, thread_ts=goal.thread_ts, key=row.id)
        return {"ts": posted.ts}

    def _upload(self, claim: Claim, goal: Target) -> dict[str, Any]:
        row = claim.row
        if claim.attempts > 1 and (known := self.slack.find_file(goal.channel, goal.thread_ts, row.name)):
            return {"file_id": known}
        title = self._said(row, lambda reader: say(text_from_json(row.title), reader, Markup.PLAIN))
        alt = self._said(row, lambda reader: say(text_from_json(row.alt), reader, Markup.PLAIN)) if row.alt else None
        return {"file_id": self.slack.upload(goal.channel, goal.thread_ts, row.name, title, row.content, alt=alt)}

    def _said(self, row: Row[Any], words: Callable[[Reader], T]) -> T:
        """Say it in the reader's language; a reader looks names up while it is said, so this is one look."""
        if is_person(row.channel):
            return self.store.read(lambda tx: words(self.readers.of_user(tx, row.channel)))
        return self.store.read(lambda tx: words(self.readers.of_channel(tx, row.language)))

    def _deliver(self, claim: Claim, send: Callable[[Claim, Target], dict[str, Any]]) -> None:
        now = self.clocks.system.now()
        goal = self.store.write(lambda tx: self._prepare(tx, claim, now))
        if goal is None:
            return
        try:
            sent = send(claim, goal)
        except RateLimited as error:
            until = now + timedelta(seconds=error.retry_after)
            self.store.write(lambda tx: pace.hold(tx, goal.channel, until, claim))
        except VendorError as error:
            self._failed(claim, error, now)
        else:
            self.store.write(lambda tx: finish(tx, claim, problem=None, **sent))

    def _failed(self, claim: Claim, error: VendorError, now: datetime) -> None:
        """Try again what may pass, however long it takes; only what Slack finds wrong itself is given up."""
        due_at: datetime | None = now + ANOTHER_LOOK
        match error:
            case OutcomeUnknown() | Unavailable():
                due_at = later(now, claim.attempts)
            case Rejected():
                log.error("refused", id=claim.row.id, ref=claim.row.ref, problem=str(error))
                due_at = None
            case _:
                log.warning("not posted", id=claim.row.id, ref=claim.row.ref, problem=str(error))
        self.store.write(lambda tx: release(tx, claim, due_at=due_at, turn_at=None, problem=str(error)))

    def _prepare(self, tx: Tx, claim: Claim, now: datetime) -> Target | None:
        """Return where it goes; None where it must wait, and was given back until then."""
        goal = target(tx, claim.row, self.modes)
        if goal is None:
            pace.postpone(tx, claim, now + UNTIL_PARENT_IS_POSTED)
            return None
        if pace.wait_for_turn(tx, goal.channel, claim, now):
            return None
        return goal


def note_blocks(
    body: Mapping[str, Any], reader: Reader, to: tuple[Mention, ...] = ()
) -> tuple[str, list[blocks.Block]]:
    """Return a note's plain text and its blocks; those it mentions come first, what it offers to press last.

    `to` is whom it was meant for where it goes to somebody else, as in shadow mode.
    """
    words = text_from_json(body["text"])
    called = from_json(body.get("mention") or [])
    mentions = [show(each, reader) for each in called if isinstance(each, Mention)] if isinstance(called, tuple) else []
    shown = " ".join([*(show(each, reader) for each in to), *mentions, say(words, reader)])
    offered = [
        blocks.button(text_from_json(each["words"]), reader, action_id=each["action_id"], value=each["value"])
        for each in body.get("buttons") or []
    ]
    return blocks.fallback(words, reader), [blocks.raw_section(shown), *([blocks.actions(offered)] if offered else [])]

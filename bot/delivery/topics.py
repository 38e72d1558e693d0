"""Keeps who is on call in a marked part of channels' topics: read, compare, write only what differs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot import outbox
from bot.clock import Clocks
from bot.delivery.readers import Readers
from bot.oncall import mirrors
from bot.oncall.model import Unclear
from bot.oncall.telling import Watch
from bot.oncall.topic_rules import MOST, with_part
from bot.ports.errors import OutcomeUnknown, RateLimited, Unavailable, VendorError
from bot.ports.slack import Slack
from bot.reconcile import later
from bot.ref import Ref
from bot.store import Store, Tx
from bot.store.claim import Claim, finish, release
from bot.text import Code, Text, text, to_json
from bot.views import topic
from bot.views.escape import mrkdwn

NOT_KNOWN_YET = timedelta(seconds=20)  # after a start, until the providers were asked
LOOK_AGAIN = timedelta(minutes=30)  # where Slack refused: somebody may have mended it


@dataclass(frozen=True, slots=True)
class Topics:
    store: Store
    slack: Slack
    clocks: Clocks
    readers: Readers
    watch: Watch
    is_live: bool

    def step(self, claim: Claim) -> None:
        schedules = self.watch.topics().get(claim.row.channel)
        if schedules is None:  # of an earlier configuration
            self.store.write(lambda tx: finish(tx, claim))
            return
        said = self.store.read(lambda tx: self._said(tx, schedules, claim.row.parts))
        if not said:
            due_at = self.clocks.system.now() + NOT_KNOWN_YET
            self.store.write(lambda tx: release(tx, claim, due_at=mirrors.due(claim, due_at)))
            return
        try:
            self._have(claim, said)
        except VendorError as error:
            self._failed(claim, error)

    def _said(self, tx: Tx, schedules: Sequence[str], stored: Mapping[str, list[str]]) -> Mapping[str, list[str]]:
        """Return by schedule what is said of it, the longest words first; of an unknown one what was said last."""
        place = self.watch.telling(schedules[0]).place
        reader = self.readers.of_channel(tx, place.language if place else "")
        now, found = self.clocks.business.now(), {}
        for name in schedules:
            duty = self.watch.roster.duty(tx, name, now)
            if not isinstance(duty.now, Unclear):
                found[name] = [mrkdwn(each) for each in topic.said(duty, reader, alone=len(schedules) == 1)]
            elif name in stored:
                found[name] = stored[name]
        return found

    def _have(self, claim: Claim, said: Mapping[str, list[str]]) -> None:
        current = self.slack.topic_of(claim.row.channel)
        wanted = with_part(current, [topic.JOINED.join(words) for words in zip(*said.values(), strict=True)])
        if wanted is None:
            self._settle(claim, said, problem=text("topic.no_room", n=MOST))
        elif wanted == current:
            self._settle(claim, said)
        elif not self.is_live:
            self._settle(claim, said, told=text("topic.would", topic=Code(wanted)))
        else:
            self.slack.set_topic(claim.row.channel, wanted)
            self._settle(claim, said)

    def _failed(self, claim: Claim, error: VendorError) -> None:
        now = self.clocks.system.now()
        match error:
            case RateLimited():
                due_at = now + timedelta(seconds=error.retry_after)
            case OutcomeUnknown() | Unavailable():
                due_at = later(now, claim.attempts)
            case _:
                problem = text("topic.problem", what=error.words, remedy=text(_remedy(error)))
                self._settle(claim, claim.row.parts, problem=problem)
                return
        self.store.write(lambda tx: release(tx, claim, due_at=mirrors.due(claim, due_at)))

    def _settle(
        self, claim: Claim, said: Mapping[str, list[str]], *, told: Text | None = None, problem: Text | None = None
    ) -> None:
        """Give the topic back, having said once what is wrong or what would be written."""
        news = problem or told
        key = to_json(news) if news else None
        due_at = self.clocks.system.now() + LOOK_AGAIN if problem else None
        values: dict[str, Any] = {"parts": said, "told": key, "problem": to_json(problem) if problem else None}

        def give_back(tx: Tx) -> None:
            if (
                finish(tx, claim, due_at=mirrors.due(claim, due_at), **values)
                and news is not None
                and key != claim.row.told
            ):
                self._say(tx, claim.row.channel, news)

        self.store.write(give_back)

    def _say(self, tx: Tx, channel: str, news: Text) -> None:
        place = self.watch.telling(self.watch.topics()[channel][0]).place
        if place is not None:
            outbox.add_note(tx, Ref("topic", channel), self.clocks.business.now(), place, news)


def _remedy(error: VendorError) -> str:
    return "topic.remedy.scope" if error.detail.startswith("missing_scope") else "topic.remedy.other"

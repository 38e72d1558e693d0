"""Colleagues ask by a message and by a command, and somebody does it: one card each, and each is told once a step."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta

import httpx

from sandbox.person import Json, text_of
from tests.kill.office import HERE, Effects, Office, offering

FIRST_DAY = date(2026, 8, 1)
ORDERS = {"U0SORA": "orders", "U0ALEX": "users"}
TAKEN = {"U0SORA": "님이 처리를 맡았습니다", "U0ALEX": "is on it."}
DONE = {"U0SORA": "님이 완료했습니다", "U0ALEX": "Done by"}
OUTCOME = "the file was there again"


@dataclass
class Requesting:
    """Sora asks by a message and is told below it; Alex asks by a command and is told directly; Minji does it."""

    office: Office
    number: int
    since: str = field(init=False)
    logged: int = field(init=False)

    def begin(self) -> None:
        self.day = FIRST_DAY + timedelta(days=self.number)
        self.since, self.logged = self.office.newest(), self.office.sandbox.log.last()
        self.alex = self.office.sandbox.person("U0ALEX")
        self.said = self.office.sandbox.person("U0SORA").say(HERE, f"orders {self.day} 적재 재실행 부탁드려요")

    def press(self) -> None:
        """Have each asked for, taken and done."""
        if not self._cards("U0ALEX"):  # asked again before the card is there it is the same request
            self.office.command(f"/ask please rerun the users load for {self.day}", by=self.alex)
        for who in ORDERS:
            for card in self._cards(who)[:1]:
                if offering([card], "request.take"):
                    self.office.click(card, "request.take")
                elif offering([card], "request.done"):
                    self._say_what_was_done(card)

    def is_over(self) -> bool:
        ended = all("Request done" in text_of(card) for who in ORDERS for card in self._cards(who) or [{}])
        return ended and all(self._news().values())

    def check(self) -> Effects:
        """There is one card for each, and each was told once that it was taken and once that it was done."""
        news, cards = self._news(), {who: len(self._cards(who)) for who in ORDERS}
        assert cards == dict.fromkeys(ORDERS, 1), self.seen()
        assert news == dict.fromkeys(news, 1), self.seen()
        self.office.posted_once(self.logged)
        return Effects(wanted=len(cards) + len(news), seen=sum(cards.values()) + sum(news.values()))

    def seen(self) -> str:
        cards = "\n".join(text_of(card) for who in ORDERS for card in self._cards(who))
        return f"{self._news()}\n{cards}"

    def _cards(self, who: str) -> list[Json]:
        """Return the cards about what this one asked for: below the message, or in the channel itself."""
        below = self.office.person.messages(HERE, self.said["ts"])[1:]
        beside = [each for each in self.office.person.messages(HERE) if each["ts"] > self.since]
        found = below if who == "U0SORA" else beside
        return [each for each in found if str(self.day) in text_of(each) and _is_card(each)]

    def _news(self) -> dict[str, int]:
        """Return how often Slack was given each piece of news for its requester."""
        posts = self.office.posts(self.logged)
        below = [each for each in posts if each.get("thread_ts") == self.said["ts"]]
        direct = [each for each in posts if str(self.day) in text_of(each) and "users" in text_of(each)]
        mine = {"U0SORA": below, "U0ALEX": [each for each in direct if not _is_card(each)]}
        return {
            f"{who}: {words[who]}": sum(words[who] in text_of(each) for each in mine[who])
            for who in ORDERS
            for words in (TAKEN, DONE)
        }

    def _say_what_was_done(self, card: Json) -> None:
        """Fill in the form; where Baton dies between, a form that was left open is closed and asked for again."""
        self.office.click(card, "request.done")
        with suppress(LookupError, RuntimeError, httpx.TransportError):
            self.office.person.submit(outcome=OUTCOME)
        with suppress(LookupError, RuntimeError, httpx.TransportError):
            self.office.person.close()


def _is_card(message: Json) -> bool:
    """Tell whether it is a request's card, open or over."""
    return any(offering([message], each) for each in ("request.more", "request.history"))

"""The requests of one store, at a time that passes, and the people around them."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import insert, select

from bot import timeline
from bot.actor import Actor
from bot.audit import service as audit
from bot.oncall.model import Covered, Duty, Engineer, Gap, Unclear, WorkingHours
from bot.requests import hearing, queries, service
from bot.requests.ageing import Ageing
from bot.requests.answers import Done
from bot.requests.desk import Desk, Watched
from bot.requests.kind import Kind
from bot.requests.model import Origin, Way, Wish
from bot.requests.reading import KnownLoad, Vocabulary
from bot.requests.rules import Promise
from bot.store.tables import cards, notes, people, replies, runs
from bot.text import from_json, text
from bot.triage.envelope import read
from bot.views.reader import Reader

TEAM, HELP, OTHER = "T0HANEUL", "C0HELP", "C0OTHER"
SEOUL = ZoneInfo("Asia/Seoul")
HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
MONDAY = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # 10:00 in Seoul
SORA, DANA, MINJI, JUNHO = (Actor.person(TEAM, user) for user in ("U0SORA", "U0DANA", "U0MINJI", "U0JUNHO"))
GUEST = Actor.person(TEAM, "U0GUEST")
KOREAN = {"U0SORA", "U0MINJI", "U0JUNHO"}
ORDERS = KnownLoad("orders", "orders_daily", "haneul.mart.orders")
WORDS = Vocabulary((ORDERS,), ("haneul.mart",), (), ("orders_daily",))


@dataclass
class Book:
    """`on_call` are the users on call, first responders first; None: nobody knows."""

    store: object
    now: datetime = MONDAY
    on_call: tuple[str, ...] | None = ("U0MINJI",)
    recognise: str = "open"
    home: str | None = HELP
    is_live: bool = True
    refused: tuple[str, ...] = ("U0GUEST",)
    numbers: list[int] = field(default_factory=list)

    @property
    def desk(self):
        return Desk(
            channels={HELP: Watched("data", "en", self.recognise, frozenset({"B0FORM"}))},
            elsewhere=Watched("data", "en"),
            hours=WorkingHours(SEOUL, time(9), time(18)),
            duty=lambda _tx, schedule, _now: self.duty(schedule),
            authorise=lambda _tx, actor, _deed: text("policy.is_guest") if actor.id in self.refused else None,
            reader_of=lambda _tx, _team, user: Reader("ko" if user in KOREAN else "en", SEOUL, self.now),
            vocabulary=lambda _tx, _now: WORDS,
            home=self.home,
            promises={Kind.RERUN: Promise(2 * HOUR, 8 * HOUR)},
            is_live=self.is_live,
        )

    def duty(self, schedule):
        if self.on_call is None:
            return Duty(schedule, "S0ENG", Unclear())
        engineers = tuple(Engineer(user, user) for user in self.on_call)
        return Duty(schedule, "S0ENG", Covered(engineers, self.now, None) if engineers else Gap(self.now, None))

    def wish(self, words="reload orders, please", requester=SORA, kind=Kind.RERUN, **more):
        self.numbers.append(1)
        ts = f"1795000000.{len(self.numbers):06}"
        origin = more.pop("origin", Origin(HELP, ts))
        key = more.pop("key", f"{origin.channel}:{origin.ts or ts}")
        return Wish(kind, words, requester, more.pop("way", Way.MESSAGE), origin, key, **more)

    def ask(self, *args, actor=None, **more):
        self.now += SECOND  # ids sort by time
        wish = self.wish(*args, **more)
        return self.store.write(lambda tx: service.ask(actor or wish.requester, tx, self.desk, wish, self.now))

    def asked(self, *args, **more):
        answer = self.ask(*args, **more)
        assert isinstance(answer, Done), answer
        return answer.request

    def do(self, deed, actor, request, *what):
        self.now += SECOND
        return self.store.write(lambda tx: deed(actor, tx, self.desk, request.id, *what, self.now))

    def leaves(self, person):
        """Have Slack say that the person's account is deactivated."""
        row = {
            "team": person.team,
            "user": person.id,
            "name": "left",
            "real_name": "Left",
            "locale": "en",
            "zone": "UTC",
        }
        row |= {"is_bot": False, "is_guest": False, "is_deleted": True, "fetched_at": self.now}
        self.store.write(lambda tx: tx.execute(insert(people), row))

    def next_ts(self):
        """Return the ts of what is said now, when a moment has passed."""
        return f"{(self.now + SECOND).timestamp():.6f}"

    def hear(self, said, *, user="U0SORA", ts="1795100000.000100", **more):
        self.now += SECOND
        event = {"type": "message", "channel": HELP, "user": user, "ts": ts, "text": said} | more
        message = read({key: value for key, value in event.items() if value}, team=TEAM, received_at=self.now)
        self.store.write(lambda tx: hearing.hear(tx, self.desk, message, "U0BATON", self.now))

    def pass_time(self, span):
        """Let time pass as the ticks see it: with a look every ten minutes."""
        until = self.now + span
        while self.now < until:
            self.now = min(self.now + 10 * MINUTE, until)
            self.look()

    def look(self):
        self.now += SECOND
        Ageing(self.store, self.desk).look(self.now)

    def now_is(self, request):
        return self.store.read(lambda tx: queries.load(tx, request.id))

    def open(self):
        return self.store.read(queries.open_requests)

    def notes(self):
        """Return each note as whom it calls, its message id, and its language."""
        rows = self.store.read(lambda tx: tx.execute(select(notes).order_by(notes.c.id)).all())
        return [
            (tuple(each.id for each in from_json(row.body["mention"])), row.body["text"]["$text"], row.language)
            for row in rows
        ]

    def calls(self):
        return [(who, said) for who, said, _ in self.notes() if who]

    def told(self):
        """Return whom Baton wrote to directly, and what: a message id or a page."""
        rows = self.store.read(lambda tx: tx.execute(select(replies).order_by(replies.c.id)).all())
        return [(row.user, row.body.get("page") or _news(row.body)) for row in rows]

    def moments(self, request):
        return [each.body.msgid for each in self.store.read(lambda tx: timeline.history(tx, request.ref))]

    def deeds(self):
        return [each.entry.deed for each in self.store.read(lambda tx: list(audit.records(tx)))]

    def cards(self):
        return self.store.read(lambda tx: tx.execute(select(cards)).all())

    def run(self, request, state="succeeded", operation="rerun-load", by=MINJI, number=1):
        row = {
            "id": f"{number:024}",
            "operation": operation,
            "arguments": {},
            "state": state,
            "requester": str(by),
            "origin": str(request.ref),
            "created_at": self.now,
        }
        self.store.write(lambda tx: tx.execute(insert(runs), row))


def _news(body):
    said = body["$text"]
    return body["params"]["news"]["$text"] if said == "request.told" else said

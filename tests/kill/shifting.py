"""A shift ends while Baton is killed: told once, followed by group and topic, and handed over once."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.handoff import rows
from sandbox.person import Json, text_of
from tests import loopback
from tests.kill.office import Effects, Office, offering

SCHEDULE, GROUP, CHANNEL = "data-platform", "S0ONCALL", "C0ONCALL"
DRAFT_BEFORE, AFTER, GRACE = timedelta(minutes=50), timedelta(minutes=1), timedelta(hours=2)
READY_S = 60


@dataclass
class Shifting:
    """Nobody signs: a draft is asked for before the end, the change is told at it, and after the grace it is posted."""

    office: Office
    number: int
    logged: int = field(init=False)
    step: int = field(default=0, init=False)

    def begin(self) -> None:
        """Wait until Baton knows whose shift it is, and let it come near its end."""
        self.ends = self.office.sandbox.until(self._known_end, READY_S)
        self.before, self.after = self._on_call(self.ends - AFTER), self._on_call(self.ends + AFTER)
        assert self.before[0] != self.after[0]
        self.logged = self.office.sandbox.log.last()
        self.office.sandbox.clock.set(self.ends - DRAFT_BEFORE)

    def press(self) -> None:
        """Let time go on as soon as all has come that belongs to this time."""
        if self.step == 0 and self._drafts():
            self.step = self._becomes(AFTER, step=1)
        elif self.step == 1 and self._notices() and self._has_followed():
            self.step = self._becomes(GRACE + AFTER, step=2)

    def is_over(self) -> bool:
        return self.step == 2 and bool(self._handoffs()) and bool(self._pictures())

    def check(self) -> Effects:
        """Each came once, to the right one, and the group never had other people than before the change or after."""
        counted = (self._drafts(), self._notices(), self._handoffs(), self._pictures())
        assert [len(each) for each in counted] == [1] * len(counted), self.seen()
        assert self._drafts()[0]["channel"] in self._direct(self.before[0]), self.seen()
        members, after = self._memberships(), set(self.after)
        assert all(each in (set(self.before), after) for each in members), self.seen()
        assert members == sorted(members, key=after.__eq__), f"it went back: {members}"
        assert self._has_followed(), self.seen()
        self.office.posted_once(self.logged)
        return Effects(wanted=len(counted), seen=sum(len(each) for each in counted))

    def seen(self) -> str:
        looks = (self._drafts, self._notices, self._handoffs, self._pictures)
        counts = {look.__name__: len(look()) for look in looks}
        return f"step {self.step}: {counts}\n{self.before} → {self.after}: {self._memberships()}, {self._topic()}"

    def _becomes(self, past_the_end: timedelta, step: int) -> int:
        self.office.sandbox.clock.set(self.ends + past_the_end)
        return step

    def _known_end(self) -> datetime | None:
        running = self.office.store.read(lambda tx: rows.open_one(tx, SCHEDULE))
        now = self.office.sandbox.clock.now()
        is_ahead = running is not None and running.boundary_at is not None and running.boundary_at > now + DRAFT_BEFORE
        return running.boundary_at if is_ahead else None

    def _on_call(self, at: datetime) -> list[str]:
        """Return who is on call then in the provider's words, as accounts in Slack, the first to be called first."""
        world = self.office.sandbox.world
        key = {"Authorization": f"GenieKey {world.opsgenie['api_key']}"}
        url = f"{self.office.sandbox.opsgenie_url}/v2/schedules/{SCHEDULE}/on-calls"
        asked = {"scheduleIdentifierType": "name", "flat": "true", "date": at.isoformat()}
        answer = loopback.get(url, params=asked, headers=key, timeout=30).raise_for_status().json()
        accounts = {each.email: each.id for each in world.users}
        return [accounts[each] for each in answer["data"]["onCallRecipients"]]

    def _drafts(self) -> list[Json]:
        return [each for each in offering(self._posts(), "handoff.write") if each["channel"] != CHANNEL]

    def _notices(self) -> list[Json]:
        return [each for each in self._told() if "change of shift" in text_of(each)]

    def _handoffs(self) -> list[Json]:
        return [each for each in self._told() if f"Handoff of {SCHEDULE}" in text_of(each)]

    def _pictures(self) -> list[str]:
        """Return the pictures of handoffs that Slack shows below the post."""
        last = [each for each in self.office.person.messages(CHANNEL) if f"Handoff of {SCHEDULE}" in text_of(each)][-1:]
        below = [reply for post in last for reply in self.office.person.thread(post)]
        return [file["name"] for each in below for file in each.get("files", [])]

    def _memberships(self) -> list[set[str]]:
        """Return whom each update put into the group, the oldest first."""
        calls = self._calls("usergroups.users.update")
        return [set(each["users"].split(",")) for each in calls if each["usergroup"] == GROUP]

    def _topic(self) -> str:
        channels = self.office.person.state()["channels"]
        return str(next(each["topic"] for each in channels if each["id"] == CHANNEL))

    def _has_followed(self) -> bool:
        """Tell whether group and topic show who is on call after the change."""
        names = {each.id: each.real_name for each in self.office.sandbox.world.users}
        return self._memberships()[-1:] == [set(self.after)] and names[self.after[0]] in self._topic()

    def _direct(self, user: str) -> set[str]:
        """Return what a message to this one may be addressed to."""
        channels = self.office.sandbox.person(user).state()["channels"]
        return {user, *(each["id"] for each in channels if each["is_im"])}

    def _told(self) -> list[Json]:
        return [each for each in self._posts() if each["channel"] == CHANNEL]

    def _posts(self) -> list[Json]:
        return self.office.posts(self.logged)

    def _calls(self, method: str) -> list[Json]:
        return [each["args"] for each in self.office.sandbox.log.entries("api", method, since=self.logged)]

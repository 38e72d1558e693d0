"""Does the steps of a story: through the fakes' own doors, and for people through what the page itself uses."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import httpx

from sandbox.http import certificates
from sandbox.person import Json, Person, elements_in, text_of
from sandbox.story import ZONE, See, Show, Step, StoryError, filled

LOOK_EVERY_S: Final = 0.25
Answers = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Addresses:
    slack: str
    airflow: str
    bigquery: str
    opsgenie: str


class Stagehand:
    """Does one step after another; StoryError says what was refused, or not seen in time."""

    def __init__(self, http: httpx.AsyncClient, at: Addresses, show: Callable[[Json], None]) -> None:
        self._http = http
        self._at = at
        self._show_place = show

    async def do(self, step: Step, answers: Answers) -> Json:
        """Return what the step's answer is known by later."""
        if step.airflow is not None:
            order = f"{self._at.airflow}/_control/{step.airflow}"
            return self._with_links(await self._post(order, filled(step.order, answers)))
        if step.bigquery is not None:
            return await self._post(f"{self._at.bigquery}/_control/{step.bigquery}", filled(step.order, answers))
        if step.post is not None or step.say is not None:
            return await self._write(step, answers)
        if step.show is not None:
            return await self._show(step.show, answers)
        return await asyncio.to_thread(self._act, step, answers)

    async def move_clock(self, moment: datetime) -> None:
        await self._post(f"{self._at.slack}/control/clock", {"set": moment.isoformat()})

    async def now(self) -> datetime:
        answer = await self._http.get(f"{self._at.slack}/control/clock")
        return datetime.fromisoformat(answer.raise_for_status().json()["now"])

    async def cast(self, moment: datetime) -> Json:
        """Whose shift ends on the day of `moment`, who is on call after them, and who comes then, as Slack ids."""
        day, week = timedelta(days=1), timedelta(days=7)
        state = (await self._http.get(f"{self._at.slack}/ui/state")).raise_for_status().json()
        ids = {user["profile"].get("email"): user["id"] for user in state["users"]}
        found: Json = {}
        for role, at in (("leaves", moment), ("oncall", moment + day), ("comes", moment + week + day)):
            order = {"start": at.isoformat()}
            answer = await self._post(f"{self._at.opsgenie}/_control/on_call", order)
            found[role] = ids[answer["primary"]]
        return found

    async def _write(self, step: Step, answers: Answers) -> Json:
        thread = {"thread_ts": answers[step.thread]["ts"]} if step.thread is not None else {}
        if step.post is not None:
            query = {"bot": step.post, "channel": str(step.channel)}
            if step.edit is not None:
                query["ts"] = answers[step.edit]["ts"]
            body = filled(step.message, answers) | thread
            return await self._post(f"{self._at.slack}/services/T/B/x", body, query)
        said = {"user": filled(step.say, answers), "channel": step.channel, "text": filled(step.text, answers)}
        return await self._post(f"{self._at.slack}/ui/message", said | thread)

    async def _show(self, show: Show, answers: Answers) -> Json:
        who = filled(show.who, answers)
        channel = await asyncio.to_thread(self._direct, who) if show.direct else show.channel
        thread = answers[show.thread]["ts"] if show.thread else None
        place: Json = {"page": "home"} if show.home else {"page": "channel", "channel": channel, "thread": thread}
        self._show_place({"who": who, "place": place})
        return {}

    def _direct(self, who: str) -> str | None:
        with self._client() as http:
            return _direct_of(Person(http, who))

    def _client(self) -> httpx.Client:
        return httpx.Client(base_url=self._at.slack, timeout=20, trust_env=False, verify=certificates())

    def _act(self, step: Step, answers: Answers) -> Json:
        """Have a person do something; a thread of its own, since people are synchronous."""
        with self._client() as http:
            person, deadline = Person(http, filled(step.by, answers)), time.monotonic() + step.within
            if step.command is not None:
                return _accepted(person.command(filled(step.command, answers), str(step.channel)), step.command)
            if step.fill is not None:
                _patiently(person.view, deadline, f"a form before {person.id}")
                return _accepted(person.submit(**filled(step.fill, answers)), "the form")
            wanted = step.wait or step.on
            if step.press is not None:
                wanted = wanted.model_copy(update={"button": step.press})
            what = f"{wanted.model_dump(exclude_defaults=True)} as {person.id} sees it"
            seen: Json = _patiently(lambda: _seen(person, wanted, answers), deadline, what)
            if step.press is not None:
                _accepted(person.click(seen, step.press), step.press)
            if step.shortcut is not None:
                _accepted(person.shortcut(step.shortcut, seen), step.shortcut)
            return seen

    async def _post(self, address: str, body: Any, query: Mapping[str, str] | None = None) -> Json:
        response = await self._http.post(address, json=body, params=query)
        spoken = response.headers.get("content-type", "").startswith("application/json")
        answer: Json = response.json() if spoken else {}
        if response.status_code >= 400 or answer.get("ok") is False:
            raise StoryError(f"{address} answered {response.status_code}: {response.text[:300]}")
        ts = response.headers.get("X-Sandbox-Ts") or answer.get("message", {}).get("ts")
        return {**answer, "ts": ts} if ts else answer

    def _with_links(self, answer: Json) -> Json:
        """What alerts say besides the answer: the link to the log, and the day."""
        if "log_path" not in answer:
            return answer
        log_url = self._at.airflow + answer["log_path"]
        day = str(answer.get("logical_date") or "")[:10]
        return {**answer, "log_url": log_url.replace("&", "&amp;"), "day": day}


def times_of(moment: datetime) -> Json:
    """What texts call the hours of a day (`${today.h19}`, Unix seconds) and the day before (`${today.yesterday}`)."""
    day = moment.astimezone(ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    hours = {f"h{hour:02}": int(day.replace(hour=hour).timestamp()) for hour in range(24)}
    return {**hours, "yesterday": str((day - timedelta(days=1)).date())}


def _seen(person: Person, wanted: See, answers: Answers) -> Json | None:
    channel = wanted.channel or _direct_of(person)
    if channel is None:
        return None
    thread = answers[wanted.thread].get("thread_ts") or answers[wanted.thread]["ts"] if wanted.thread else None
    words = filled(wanted.has, answers)
    for message in reversed(person.messages(channel, thread)):
        buttons = {element["action_id"] for _, element in elements_in(message)}
        has_all = (not wanted.button or wanted.button in buttons) and (not wanted.picture or message.get("files"))
        if has_all and words in text_of(message):
            return message
    return None


def _direct_of(person: Person) -> str | None:
    return next((each["id"] for each in person.state()["channels"] if each["id"].startswith("D")), None)


def _patiently(look: Callable[[], Json | None], deadline: float, what: str) -> Json:
    while not (seen := look()):
        if time.monotonic() > deadline:
            raise StoryError(f"not seen in time: {what}")
        time.sleep(LOOK_EVERY_S)
    return seen


def _accepted(answer: Json, what: str) -> Json:
    if not answer.get("ok"):
        raise StoryError(f"{what} was refused: {answer}")
    return answer

"""Stories: what happens in the sandbox at which second, played over the fakes' own HTTP doors.

A story is a YAML file. Each step has a time in seconds and one thing that happens: an order to the
fake Airflow or BigQuery, a message from a tool, or words of a person.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Self

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML

FOLDER: Final = Path(__file__).with_name("stories")
PLACEHOLDER: Final = re.compile(r"\$\{(\w+)\.(\w+)\}")
ACTIONS: Final = ("airflow", "bigquery", "post", "say")


class StoryError(Exception):
    """A story cannot be read, or a step of it was refused."""


class Step(BaseModel):
    """One thing that happens. `as` keeps its answer; texts use it as `${name.field}`.

    With `each` it happens once for each of these words, which texts use as `${each.word}`, `every` seconds apart.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    at: float = Field(ge=0)
    airflow: str | None = None  # an order to the Airflow fake: break, fix, fail_run, recover_run
    bigquery: str | None = None  # an order to the BigQuery fake: load
    post: str | None = None  # the tool that posts `message`; world.yaml says whether by webhook or as an app
    say: str | None = None  # the person who writes `text`
    order: dict[str, Any] = {}
    channel: str | None = None
    message: dict[str, Any] = {}
    text: str = ""
    thread: str | None = None  # the name of an earlier message: answer in its thread
    edit: str | None = None  # the name of an earlier message of this tool: put `message` in its place
    name: str | None = Field(default=None, alias="as")
    each: tuple[str, ...] = ()
    every: float = Field(default=0.0, ge=0)

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        done = [action for action in ACTIONS if getattr(self, action) is not None]
        if len(done) != 1:
            raise ValueError(f"a step does exactly one of {', '.join(ACTIONS)}")
        if self.airflow is None and self.bigquery is None and self.channel is None:
            raise ValueError("a message needs a channel")
        return self


class Story(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    description: str
    steps: tuple[Step, ...]

    @property
    def seconds(self) -> float:
        """How long it takes at speed 1."""
        return max((at for at, _, _ in self.moments), default=0.0)

    @property
    def moments(self) -> list[tuple[float, Step, str]]:
        """Every single thing that happens, in order: its second, its step, and the word that it is about."""
        happens = [
            (step.at + number * step.every, step, word)
            for step in self.steps
            for number, word in enumerate(step.each or ("",))
        ]
        return sorted(happens, key=lambda moment: moment[0])

    @model_validator(mode="after")
    def _steps_in_order(self) -> Self:
        times = [step.at for step in self.steps]
        if times != sorted(times):
            raise ValueError("the steps of a story are written in the order of their times")
        return self


def load(folder: Path = FOLDER) -> dict[str, Story]:
    """Every story of the folder by id; StoryError names the file that is wrong."""
    found: dict[str, Story] = {}
    for path in sorted(folder.glob("*.yaml")):
        try:
            story = Story.model_validate(YAML(typ="safe").load(path.read_text(encoding="utf-8")))
        except ValidationError as error:
            raise StoryError(f"{path.name}: {error}") from error
        found[story.id] = story
    return found


class Stories:
    """Plays one story at a time against the servers at these addresses."""

    def __init__(self, *, slack_url: str, airflow_url: str, bigquery_url: str, folder: Path = FOLDER) -> None:
        self._slack = slack_url.rstrip("/")
        self._airflow = airflow_url.rstrip("/")
        self._bigquery = bigquery_url.rstrip("/")
        self._stories = load(folder)
        self._task: asyncio.Task[None] | None = None
        self._playing: str | None = None
        self._error: str | None = None

    def list(self) -> list[dict[str, Any]]:
        """What can be played, and what plays now."""
        return [
            {
                "id": story.id,
                "title": story.title,
                "description": story.description,
                "seconds": story.seconds,
                "playing": story.id == self._playing,
            }
            for story in self._stories.values()
        ]

    async def play(self, story_id: str, speed: float = 1.0) -> None:
        """Begin a story, after ending the one that plays; raises StoryError for an id or speed that is not one."""
        if story_id not in self._stories:
            raise StoryError(f"there is no story {story_id!r}; there are {', '.join(self._stories)}")
        if speed <= 0:
            raise StoryError("the speed of a story is a number above 0")
        await self.stop()
        self._playing, self._error = story_id, None
        self._task = asyncio.create_task(self._run(self._stories[story_id], speed))

    async def finished(self) -> None:
        """Wait for the end of what plays; raises StoryError if a step was refused."""
        if self._task is not None:
            await asyncio.wait([self._task])
        if self._error is not None:
            raise StoryError(self._error)

    async def stop(self) -> None:
        """End what plays; nothing more of it happens."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        self._task = self._playing = None

    async def _run(self, story: Story, speed: float) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        answers: dict[str, dict[str, Any]] = {}
        try:
            async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
                for at, step, word in story.moments:
                    await asyncio.sleep(max(0.0, began + at / speed - loop.time()))
                    answer = await self._do(http, step, answers | {"each": {"word": word}})
                    if step.name is not None:
                        answers[step.name] = answer
        except (StoryError, httpx.HTTPError) as error:
            self._error = f"{story.id}: {error}"
        finally:
            self._playing = None

    async def _do(self, http: httpx.AsyncClient, step: Step, answers: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
        if step.airflow is not None:
            answer = await _post(http, f"{self._airflow}/_control/{step.airflow}", filled(step.order, answers))
            return self._with_links(answer)
        if step.bigquery is not None:
            return await _post(http, f"{self._bigquery}/_control/{step.bigquery}", filled(step.order, answers))
        thread = {"thread_ts": answers[step.thread]["ts"]} if step.thread is not None else {}
        if step.post is not None:
            query = {"bot": step.post, "channel": str(step.channel)}
            if step.edit is not None:
                query["ts"] = answers[step.edit]["ts"]
            return await _post(http, f"{self._slack}/services/T/B/x", filled(step.message, answers) | thread, query)
        said = {"user": step.say, "channel": step.channel, "text": filled(step.text, answers), **thread}
        return await _post(http, f"{self._slack}/ui/message", said)

    def _with_links(self, answer: dict[str, Any]) -> dict[str, Any]:
        """What alerts say besides the answer: the link to the log, and the day."""
        if "log_path" not in answer:
            return answer
        log_url = self._airflow + answer["log_path"]
        day = str(answer.get("logical_date") or "")[:10]
        return {**answer, "log_url": log_url.replace("&", "&amp;"), "day": day}


async def _post(
    http: httpx.AsyncClient, address: str, body: Any, query: Mapping[str, str] | None = None
) -> dict[str, Any]:
    response = await http.post(address, json=body, params=query)
    spoken = response.headers.get("content-type", "").startswith("application/json")
    answer: dict[str, Any] = response.json() if spoken else {}
    if response.status_code >= 400 or answer.get("ok") is False:
        raise StoryError(f"{address} answered {response.status_code}: {response.text[:300]}")
    ts = response.headers.get("X-Sandbox-Ts") or answer.get("message", {}).get("ts")
    return {**answer, "ts": ts} if ts else answer


def filled(value: Any, answers: Mapping[str, dict[str, Any]]) -> Any:
    """The value with every `${name.field}` in its texts replaced; an unknown one raises StoryError."""
    if isinstance(value, dict):
        return {key: filled(one, answers) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, answers) for one in value]
    if not isinstance(value, str):
        return value

    def known(match: re.Match[str]) -> str:
        name, key = match.groups()
        if key not in answers.get(name, {}):
            raise StoryError(f"nothing has answered {match.group()} yet")
        return str(answers[name][key])

    return PLACEHOLDER.sub(known, value)

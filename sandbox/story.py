"""A story as it is written: a YAML file of steps by the second, or of scenes by the day and hour."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML

FOLDER: Final = Path(__file__).with_name("stories")
ZONE: Final = ZoneInfo("Asia/Seoul")  # in which scenes say their hour
WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
PLACEHOLDER: Final = re.compile(r"\$\{(\w+)\.(\w+)\}")
ACTIONS: Final = ("airflow", "bigquery", "post", "say", "command", "press", "shortcut", "fill", "wait", "show")


class StoryError(Exception):
    """A story cannot be read, or a step of it was refused."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class See(_Part):
    """A message that somebody sees: the newest that has all that is said of it."""

    channel: str | None = None  # none: a direct message of Baton's
    thread: str | None = None  # the name of an earlier message: in its thread
    has: str = ""  # words in it
    button: str = ""  # an action that it offers
    picture: bool = False  # with a file


class Show(_Part):
    """Where a page that follows the story goes: a channel, a thread, or the Home; and as whom."""

    who: str
    channel: str | None = None
    direct: bool = False
    thread: str | None = None
    home: bool = False


class Step(_Part):
    """One thing that happens. `as` keeps its answer; texts use it as `${name.field}`.

    With `each` it happens once for each of these words, which texts use as `${each.word}`, `every` seconds apart.
    """

    at: float = Field(default=0.0, ge=0)  # seconds since the story began; in a scene, since the step before it
    airflow: str | None = None  # an order to the Airflow fake: break, fix, fail_run, recover_run
    bigquery: str | None = None  # an order to the BigQuery fake: load
    post: str | None = None  # the tool that posts `message`; world.yaml says whether by webhook or as an app
    say: str | None = None  # the person who writes `text`
    command: str | None = None  # a slash command that `by` types
    press: str | None = None  # a button that `by` presses, as soon as a message as in `on` offers it
    shortcut: str | None = None  # a shortcut that `by` chooses in the menu of the message `on`
    fill: dict[str, Any] | None = None  # what `by` enters into the form before them, and sends
    wait: See | None = None  # go on when `by` sees it
    show: Show | None = None
    order: dict[str, Any] = {}
    channel: str | None = None
    message: dict[str, Any] = {}
    text: str = ""
    by: str = ""
    on: See = See()
    within: float = Field(default=20.0, gt=0)  # seconds of patience, whatever the speed
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
        if done[0] in {"post", "say", "command"} and self.channel is None:
            raise ValueError("a message needs a channel")
        if done[0] in {"command", "press", "shortcut", "fill", "wait"} and not self.by:
            raise ValueError(f"{done[0]} needs to say by whom")
        return self

    @property
    def moments(self) -> list[tuple[float, Step, str]]:
        """Each time that it happens: its second, itself, and the word that it is about."""
        return [(self.at + number * self.every, self, word) for number, word in enumerate(self.each or ("",))]


class Scene(_Part):
    """What happens at one moment of the story's week. The clock jumps there."""

    at: Annotated[str, Field(pattern=rf"^({'|'.join(WEEKDAYS)}) \d\d:\d\d$")]
    title: dict[str, str]  # by language
    hold: float = Field(default=2.0, ge=0)  # seconds to look at it when all has happened
    steps: tuple[Step, ...]

    def begins(self, now: datetime) -> datetime:
        """The first such moment after `now`."""
        day, _, clock = self.at.partition(" ")
        hour, minute = (int(part) for part in clock.split(":"))
        here = now.astimezone(ZONE)
        found = here.replace(hour=hour, minute=minute, second=0, microsecond=0)
        found += timedelta(days=(WEEKDAYS.index(day) - here.weekday()) % 7)
        return found if found > here else found + timedelta(days=7)


class Story(_Part):
    id: str
    title: str
    description: str
    steps: tuple[Step, ...] = ()
    scenes: tuple[Scene, ...] = ()

    @property
    def seconds(self) -> float:
        """How long it takes at speed 1; for scenes without what is waited for."""
        held = sum(scene.hold + sum(step.at for step in scene.steps) for scene in self.scenes)
        return held + max((at for at, _, _ in self.moments), default=0.0)

    @property
    def moments(self) -> list[tuple[float, Step, str]]:
        """Every single thing that happens by the second, in order: its second, its step, and its word."""
        return sorted((moment for step in self.steps for moment in step.moments), key=lambda moment: moment[0])

    @property
    def all_steps(self) -> tuple[Step, ...]:
        return (*self.steps, *(step for scene in self.scenes for step in scene.steps))

    @model_validator(mode="after")
    def _steps_in_order(self) -> Self:
        if bool(self.steps) == bool(self.scenes):
            raise ValueError("a story has either steps or scenes")
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


def filled(value: Any, answers: Mapping[str, Mapping[str, Any]]) -> Any:
    """The value with every `${name.field}` in its texts replaced; an unknown one raises StoryError.

    A text that is nothing but one becomes that answer itself, a number for example.
    """
    if isinstance(value, dict):
        return {key: filled(one, answers) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, answers) for one in value]
    if not isinstance(value, str):
        return value

    def known(match: re.Match[str]) -> Any:
        name, key = match.groups()
        if key not in answers.get(name, {}):
            raise StoryError(f"nothing has answered {match.group()} yet")
        return answers[name][key]

    if whole := PLACEHOLDER.fullmatch(value):
        return known(whole)
    return PLACEHOLDER.sub(lambda match: str(known(match)), value)

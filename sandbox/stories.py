"""Plays stories: what happens in the sandbox at which second, or scene by scene through a week."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Final, Protocol

import httpx

from sandbox.http import certificates
from sandbox.stagehand import Addresses, Answers, Stagehand, times_of
from sandbox.story import FOLDER, Scene, Step, Story, StoryError, load

FOLLOWED_S: Final = 1.5  # whoever follows the clock asks twice a second, and then vendors
Kept = dict[str, dict[str, Any]]


class Tell(Protocol):
    """Tells open pages that something about a story has changed."""

    def __call__(self, kind: str, payload: dict[str, Any]) -> None: ...


def _tell_nobody(kind: str, payload: dict[str, Any]) -> None:
    """Nobody looks."""


class Stories:
    """Plays one story at a time against the servers at these addresses."""

    def __init__(self, at: Addresses, *, folder: Path = FOLDER, tell: Tell = _tell_nobody) -> None:
        self._at = at
        self._tell = tell
        self._stories = load(folder)
        self._task: asyncio.Task[None] | None = None
        self._playing: str | None = None
        self._scene: dict[str, Any] | None = None
        self._shown = 0
        self._error: str | None = None
        self._going = asyncio.Event()
        self._next = asyncio.Event()

    def list(self) -> list[dict[str, Any]]:
        """What can be played, and what plays now."""
        return [
            {
                "id": story.id,
                "title": story.title,
                "description": story.description,
                "seconds": story.seconds,
                "playing": story.id == self._playing,
                "scene": self._scene if story.id == self._playing else None,
                "paused": story.id == self._playing and not self._going.is_set(),
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
        self._going.set()
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
        self._task = self._playing = self._scene = None

    def pause(self, *, paused: bool) -> None:
        """Hold a story of scenes before its next step, or go on."""
        if paused:
            self._going.clear()
        else:
            self._going.set()

    def skip(self) -> None:
        """Look no longer at this scene: everything left of it happens at once, and the next one begins."""
        self._next.set()
        self._going.set()

    async def _run(self, story: Story, speed: float) -> None:
        try:
            async with httpx.AsyncClient(timeout=10, trust_env=False, verify=certificates()) as http:
                stagehand = Stagehand(http, self._at, self._show)
                if story.scenes:
                    await self._play_scenes(stagehand, story, speed)
                else:
                    await self._play_steps(stagehand, story, speed)
        except (StoryError, httpx.HTTPError) as error:
            self._error = f"{story.id}: {error}"
        finally:
            self._playing = self._scene = None

    async def _play_steps(self, stagehand: Stagehand, story: Story, speed: float) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        answers: Kept = {}
        for at, step, word in story.moments:
            await asyncio.sleep(max(0.0, began + at / speed - loop.time()))
            await self._do(stagehand, step, word, answers)

    async def _play_scenes(self, stagehand: Stagehand, story: Story, speed: float) -> None:
        answers: Kept = {"cast": await stagehand.cast(story.scenes[0].begins(await stagehand.now()))}
        for number, scene in enumerate(story.scenes, 1):
            self._next.clear()
            moment = scene.begins(await stagehand.now())
            answers["today"] = times_of(moment)
            show = (self._scene or {}).get("show")
            count = {"number": number, "of": len(story.scenes)}
            self._scene = {**count, "at": scene.at, "title": scene.title, "show": show}
            self._tell("scene", {"id": story.id})
            await stagehand.move_clock(moment)
            await asyncio.sleep(FOLLOWED_S)
            await self._play_scene(stagehand, scene, speed, answers)

    def _show(self, place: dict[str, Any]) -> None:
        """Have pages go there; those that come later, too."""
        if self._scene is not None:
            self._shown += 1
            self._scene["show"] = {"number": self._shown, **place}
            self._tell("scene", {})

    async def _play_scene(self, stagehand: Stagehand, scene: Scene, speed: float, answers: Kept) -> None:
        for step in scene.steps:
            previous = 0.0
            for at, one, word in step.moments:
                await self._look((at - previous) / speed)
                await self._do(stagehand, one, word, answers)
                previous = at
        await self._look(scene.hold / speed)

    async def _look(self, seconds: float) -> None:
        """Leave people so long to read, and as long as they have paused; not where they want to see the next scene."""
        await self._going.wait()
        try:
            async with asyncio.timeout(seconds):
                await self._next.wait()
        except TimeoutError:
            await self._going.wait()

    @staticmethod
    async def _do(stagehand: Stagehand, step: Step, word: str, answers: Kept) -> None:
        given: Answers = {**answers, "each": {"word": word}}
        answer = await stagehand.do(step, given)
        if step.name is not None:
            answers[step.name] = answer

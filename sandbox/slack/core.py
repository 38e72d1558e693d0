"""The workspace with everything around it: what routes and people's actions work on."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.slack.deliver import Deliverer, Mode
from sandbox.slack.display import notices_of
from sandbox.slack.events import envelope_of, events_of
from sandbox.slack.log import TrafficLog
from sandbox.slack.pace import Pace
from sandbox.slack.people import Json
from sandbox.slack.socket import SocketHub
from sandbox.slack.state import Change, Workspace
from sandbox.slack.stream import Stream
from sandbox.slack.tickets import ResponseUrls, Triggers
from sandbox.slack.transport import Ack, HttpDoor
from sandbox.slack.views import Views
from sandbox.world import World

MESSAGE_EVENTS = {"channel": "message.channels", "im": "message.im", "mpim": "message.mpim"}


class StoryPlayer(Protocol):
    """What the page needs of the object that plays stories; `play` raises ValueError for an unknown one."""

    def list(self) -> list[dict[str, Any]]: ...
    async def play(self, story_id: str, speed: float) -> None: ...
    def pause(self, *, paused: bool) -> None: ...
    def skip(self) -> None: ...
    async def stop(self) -> None: ...


@dataclass(frozen=True)
class Settings:
    """How the sandbox treats the app.

    `manifest` is an app manifest: with one, only its slash commands, shortcuts, events and
    scopes exist; without one, everything does. `ack_seconds` is Slack's three seconds.
    """

    app_url: str | None = None
    mode: Mode = "auto"
    ack_seconds: float = 3.0
    retry_scale: float = 1.0
    enforce_limits: bool = True
    manifest: Json = field(default_factory=dict)


class Slack:
    """One workspace, one app under test."""

    def __init__(self, world: World, clock: Clock, faults: Faults, settings: Settings) -> None:
        self.world = world
        self.clock = clock
        self.faults = faults
        self.settings = settings
        self.stories: StoryPlayer | None = None
        self.workspace = Workspace(world, clock)
        self.views = Views(world)
        self.stream = Stream()
        self.log = TrafficLog(clock, self.stream.touch)
        self.pace = Pace()
        self.pace.enforce = settings.enforce_limits
        self.sockets = SocketHub(world.app.id, settings.ack_seconds)
        self.http = HttpDoor(clock, world.app.signing_secret, settings.ack_seconds)
        self.deliver = Deliverer(self.http, self.sockets, self.log, settings.mode, settings.retry_scale)
        self.deliver.app_url = settings.app_url
        self.triggers = Triggers()
        self.responses = ResponseUrls()
        self.entered: dict[str, Json] = {}  # what people entered into messages, by ts
        self.base_url = ""  # where this server is reached; known once it listens
        self.elsewhere: dict[str, str] = {}  # pages of other vendors worth a look, by what they show
        self.workspace.watchers.append(self._changed)
        clock.on_move(self._clock_moved)

    async def reset(self) -> None:
        """Back to the first moment: stories, state, limits, log, faults, repeats, clock."""
        if self.stories is not None:
            await self.stories.stop()
        await self.deliver.forget()
        self.workspace.reset()
        self.views.reset()
        self.entered.clear()
        self.pace.reset()
        self.pace.enforce = self.settings.enforce_limits
        self.log.clear()
        self.faults.clear()
        self.clock.reset()
        self.stream.publish("reset", {})

    async def close(self) -> None:
        await self.deliver.forget()
        await self.sockets.close()
        await self.http.close()

    def tell_app(self, event: Json) -> None:
        """Send an event if the app subscribes to its type."""
        if self.subscribes(event):
            self.deliver.tell(envelope_of(event, self.workspace))

    def subscribes(self, event: Json) -> bool:
        wanted = self.settings.manifest.get("settings", {}).get("event_subscriptions", {}).get("bot_events")
        if wanted is None:
            return True
        name = MESSAGE_EVENTS[event["channel_type"]] if event["type"] == "message" else event["type"]
        return name in wanted

    def failed(self, user: str, ack: Ack, what: str, channel: str | None = None, **where: Any) -> Json:
        """Show a person that the app did not answer in time; returns the answer for the page."""
        error = "operation_timeout" if ack.problem == "http_timeout" else "dispatch_failed"
        text = f'{what} failed with the error "{error}"'
        if channel in self.workspace.channels:
            self.workspace.whisper(self.workspace.channels[channel], user, {"user": "USLACKBOT", "text": text})
        self.stream.publish("error", {"error": error, "text": text, "channel": channel, **where}, [user])
        return {"ok": False, "error": error, "problem": ack.problem}

    def _changed(self, change: Change) -> None:
        for kind, payload, to in notices_of(change, self.workspace):
            self.stream.publish(kind, payload, to)
        for event in events_of(change, self.workspace):
            self.tell_app(event)

    def _clock_moved(self) -> None:
        self.stream.publish("clock", self.clock_json())

    def clock_json(self) -> Json:
        return {"now": self.clock.now().isoformat(), "offset_s": self.clock.offset.total_seconds()}

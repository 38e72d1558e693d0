"""What somebody pressed, typed or sent, parsed once: nothing behind this module knows Slack's payloads."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.actor import Actor
from bot.desk import Desk, Tx
from bot.outbox import Recipient, add_reply
from bot.text import Text
from bot.triage.redact import redact, redact_json
from bot.views import blocks
from bot.views.reader import Reader
from bot.views.words import say

VIEWS_OPEN_TIMEOUT_S = 2.5  # a trigger id lives 3 seconds


@dataclass
class Press:
    body: Mapping[str, Any]
    ack: AsyncAck
    client: AsyncWebClient

    @cached_property
    def team(self) -> str:
        return team_of(self.body)

    @cached_property
    def user(self) -> str:
        return user_of(self.body)

    @property
    def actor(self) -> Actor:
        return Actor.person(self.team, self.user)

    @property
    def action(self) -> Mapping[str, Any]:
        return (self.body.get("actions") or [{}])[0]  # type: ignore[no-any-return]

    @property
    def verb(self) -> str:
        """Return what was pressed, `run.approve`, without the suffix that makes an id unique on its card."""
        return str(self.action.get("action_id", "")).partition(":")[0]

    @property
    def value(self) -> str:
        """Return the id that the button carries. It names a thing and proves nothing."""
        return str(self.action.get("value") or "")

    @property
    def pressed_at(self) -> str:
        """Return Slack's time of the press: of one press that arrives twice it is the same."""
        return str(self.action.get("action_ts") or "")[:32]

    @property
    def chosen(self) -> str:
        """Return the id of what was chosen in a menu of a message."""
        return str((self.action.get("selected_option") or {}).get("value") or "")

    @property
    def words(self) -> str:
        """Return what was typed after the command, without the secrets in it: it is stored and shown."""
        return redact(str(self.body.get("text") or "").strip())

    @property
    def channel(self) -> str:
        channel = self.body.get("channel") or {}
        return str(self.body.get("channel_id") or channel.get("id") or "")

    @property
    def metadata(self) -> str:
        return str(self.body["view"].get("private_metadata") or "")

    @property
    def recipient(self) -> Recipient:
        return Recipient(self.team, self.user, self.channel or None, self.body.get("response_url"))

    @property
    def entered(self) -> Mapping[str, Any]:
        """Return what stands in the form's fields, without the secrets in it: it is stored and shown."""
        entered: Mapping[str, Any] = redact_json(self.body["view"]["state"]["values"])
        return entered

    def filled_in(self) -> dict[str, Any]:
        """Return the form's values by block id: text, chosen value or values; absent where left empty."""
        found = {key: _value(next(iter(elements.values()))) for key, elements in self.entered.items() if elements}
        return {key: value for key, value in found.items() if value not in (None, "", [])}

    async def open(self, view: dict[str, Any]) -> None:
        """Show a modal: the only call to Slack before the answer, since the trigger does not live longer."""
        await self.client.views_open(trigger_id=self.body["trigger_id"], view=view)

    async def turn(self, view: dict[str, Any]) -> None:
        """Show another view in the place of the modal in which something was pressed. Answer first: this may wait."""
        await self.client.views_update(view_id=self.body["view"]["id"], view=view)

    def reply(self, tx: Tx, desk: Desk, words: Text) -> None:
        """Have this person told something, after the answer."""
        add_reply(tx, self.recipient, desk.now(), words)


async def open_or_say(desk: Desk, press: Press, look: Callable[[Tx, Reader], dict[str, Any] | Text]) -> None:
    """Show the form that `look` makes, or say to whoever pressed why there is none."""
    shown = await desk.read(lambda tx: look(tx, desk.reader_of(tx, press.team, press.user)))
    if isinstance(shown, Text):
        await desk.write(lambda tx: press.reply(tx, desk, shown))
    else:
        await press.open(shown)
    await press.ack()


def team_of(body: Mapping[str, Any]) -> str:
    team = body.get("team") or {}
    return str(body.get("team_id") or team.get("id") or "")


def user_of(body: Mapping[str, Any]) -> str:
    user = body.get("user") or {}
    return str(body.get("user_id") or (user.get("id") if isinstance(user, dict) else user) or "")


Listener = Callable[[Desk, Press], Awaitable[None]]


def whispered(words: Text, reader: Reader) -> dict[str, Any]:
    """Return what answers a command in Slack's answer itself, seen by this person only."""
    return {"text": blocks.fallback(words, reader), "blocks": [blocks.raw_section(say(words, reader))]}


def _value(element: Mapping[str, Any]) -> Any:
    if "selected_options" in element:
        return [option["value"] for option in element["selected_options"] or []]
    if "selected_option" in element:
        return (element["selected_option"] or {}).get("value")
    for key in ("value", "selected_user", "selected_users", "selected_channel", "selected_date", "selected_date_time"):
        if element.get(key) is not None:
            return element[key]
    return None

"""Slack's Web API by slack_sdk: one call each, with a timeout and no hidden retry."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from bot.adapters.slack.errors import VENDOR, error_for, mapped
from bot.ports.errors import NotFound, OutcomeUnknown, RateLimited, Rejected
from bot.ports.slack import Blocks, Identity, Posted, SlackGroup, SlackPerson

TIMEOUT_S = 10
DEFAULT_URL = "https://slack.com/api/"
EVENT_TYPE = "baton"  # of the metadata that carries our key
PAGE = 200  # of a list, as Slack recommends
NEWEST = 100  # how many messages are looked through for a key


def connect(token: str, url: str = DEFAULT_URL) -> "SlackDoor":
    return SlackDoor(WebClient(token=token, base_url=url, timeout=TIMEOUT_S, retry_handlers=[]))


class SlackDoor:
    """Implements `bot.ports.slack.Slack`. Threads may share it: the client keeps no state between calls."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def identity(self) -> Identity:
        with mapped(writes=False):
            answer = self._client.auth_test()
            bot = self._client.bots_info(bot=answer["bot_id"]).get("bot") or {}
        app_id, url = bot.get("app_id", ""), answer.get("url", "")
        return Identity(answer["team_id"], answer["user_id"], answer["bot_id"], app_id, url)

    def post(
        self, channel: str, text: str, blocks: Blocks, *, thread_ts: str | None = None, key: str | None = None
    ) -> Posted:
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"id": key}} if key else None
        with mapped(writes=True):
            answer = self._client.chat_postMessage(
                channel=channel,
                text=text,
                blocks=list(blocks) or None,
                thread_ts=thread_ts,
                metadata=metadata,
                unfurl_links=False,
                unfurl_media=False,
                link_names=False,
                parse="none",
            )
        return Posted(answer["channel"], answer["ts"])

    def find(self, channel: str, thread_ts: str | None, key: str) -> Posted | None:
        for message in self._newest(channel, thread_ts):
            metadata = message.get("metadata") or {}
            if metadata.get("event_type") == EVENT_TYPE and metadata.get("event_payload", {}).get("id") == key:
                return Posted(channel, message["ts"])
        return None

    def find_file(self, channel: str, thread_ts: str | None, name: str) -> str | None:
        shared = (file for message in self._newest(channel, thread_ts) for file in message.get("files") or [])
        return next((str(file["id"]) for file in shared if file.get("name") == name), None)

    def _newest(self, channel: str, thread_ts: str | None) -> Sequence[Mapping[str, Any]]:
        """Return the thread, or the channel's newest messages, each with what Baton wrote on it."""
        with mapped(writes=False):
            if thread_ts:
                answer = self._client.conversations_replies(
                    channel=channel, ts=thread_ts, limit=1000, include_all_metadata=True
                )
            else:
                answer = self._client.conversations_history(channel=channel, limit=NEWEST, include_all_metadata=True)
        return list(answer.get("messages") or [])

    def history(self, channel: str, since: datetime, until: datetime) -> Iterator[Mapping[str, Any]]:
        return self._messages(self._client.conversations_history, since, until, channel=channel)

    def replies(self, channel: str, thread_ts: str, since: datetime, until: datetime) -> Iterator[Mapping[str, Any]]:
        return self._messages(self._client.conversations_replies, since, until, channel=channel, ts=thread_ts)

    @staticmethod
    def _messages(
        call: Callable[..., Any], since: datetime, until: datetime, **which: str
    ) -> Iterator[Mapping[str, Any]]:
        between, cursor = {"oldest": f"{since.timestamp():.6f}", "latest": f"{until.timestamp():.6f}"}, ""
        while True:
            with mapped(writes=False):
                answer = call(**which, **between, limit=PAGE, cursor=cursor, inclusive=True)
            yield from answer.get("messages") or []
            cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return

    def update(self, channel: str, ts: str, text: str, blocks: Blocks) -> None:
        with mapped(writes=True):
            self._client.chat_update(
                channel=channel, ts=ts, text=text, blocks=list(blocks), parse="none", link_names=False
            )

    def respond(self, response_url: str, text: str, blocks: Blocks, *, replace: bool = False) -> None:
        client = WebhookClient(response_url, timeout=TIMEOUT_S, retry_handlers=[])
        with mapped(writes=True):
            answer = client.send(
                text=text, blocks=list(blocks) or None, response_type="ephemeral", replace_original=replace
            )
        if answer.status_code in {404, 410}:
            raise NotFound(VENDOR, "the time to answer here is over")
        if answer.status_code != 200:
            wait = {key.lower(): value for key, value in answer.headers.items()}.get("retry-after")
            body = {"error": answer.body[:100]}
            raise error_for(body, status=answer.status_code, retry_after=float(wait) if wait else None)

    def whisper(self, channel: str, user: str, text: str, blocks: Blocks, *, thread_ts: str | None = None) -> None:
        with mapped(writes=True):
            self._client.chat_postEphemeral(
                channel=channel, user=user, text=text, blocks=list(blocks) or None, thread_ts=thread_ts
            )

    def direct_channel(self, user: str) -> str:
        with mapped(writes=False):
            return str(self._client.conversations_open(users=user)["channel"]["id"])

    def members(self, channel: str) -> Iterator[str]:
        cursor = ""
        while True:
            with mapped(writes=False):
                answer = self._client.conversations_members(channel=channel, limit=PAGE, cursor=cursor)
            yield from answer.get("members") or []
            cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return

    def react(self, channel: str, ts: str, name: str) -> None:
        self._reaction(self._client.reactions_add, channel, ts, name, fine="already_reacted")

    def unreact(self, channel: str, ts: str, name: str) -> None:
        self._reaction(self._client.reactions_remove, channel, ts, name, fine="no_reaction")

    def upload(
        self, channel: str, thread_ts: str | None, name: str, title: str, content: bytes, *, alt: str | None = None
    ) -> str:
        with mapped(writes=True):
            answer = self._client.files_upload_v2(
                channel=channel, thread_ts=thread_ts, filename=name, title=title, content=content, alt_txt=alt
            )
        return str(answer["file"]["id"])

    def publish(self, user: str, view: Mapping[str, Any], *, hash_: str | None = None) -> str:
        with mapped(writes=True):
            answer = self._client.views_publish(user_id=user, view=dict(view), hash=hash_)
        return str(answer["view"]["hash"])

    def canvas(self, title: str, markdown: str, channel: str) -> str:
        content = {"type": "markdown", "markdown": markdown}
        with mapped(writes=True):
            made = str(self._client.canvases_create(title=title, document_content=content)["canvas_id"])
        try:
            with mapped(writes=True):
                self._client.canvases_access_set(canvas_id=made, access_level="read", channel_ids=[channel])
        except RateLimited as error:  # which says that nothing was done, but the canvas is made
            raise OutcomeUnknown(error.vendor, error.detail) from error
        return made

    def rewrite_canvas(self, canvas_id: str, markdown: str) -> None:
        whole = {"operation": "replace", "document_content": {"type": "markdown", "markdown": markdown}}
        with mapped(writes=False):
            self._client.canvases_edit(canvas_id=canvas_id, changes=[whole])

    def people(self) -> Iterator[SlackPerson]:
        """Yield every account, page by page; one page is one call."""
        cursor = ""
        while True:
            with mapped(writes=False):
                answer = self._client.users_list(limit=PAGE, cursor=cursor, include_locale=True)
            yield from (person for member in answer["members"] if (person := SlackPerson.read(member)))
            cursor = (answer.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return

    def groups(self) -> list[SlackGroup]:
        with mapped(writes=False):
            answer = self._client.usergroups_list(include_users=True, include_disabled=False)
        return [
            SlackGroup(group["team_id"], group["id"], group["handle"], tuple(group.get("users") or ()))
            for group in answer["usergroups"]
        ]

    def group_members(self, group_id: str) -> tuple[str, ...]:
        with mapped(writes=False):
            return tuple(self._client.usergroups_users_list(usergroup=group_id)["users"])

    def set_group_members(self, group_id: str, members: Sequence[str]) -> tuple[str, ...]:
        with mapped(writes=True):
            answer = self._client.usergroups_users_update(usergroup=group_id, users=list(members))
        return tuple(answer["usergroup"].get("users") or ())

    def topic_of(self, channel: str) -> str:
        with mapped(writes=False):
            found = self._client.conversations_info(channel=channel)["channel"].get("topic") or {}
        return str(found.get("value") or "")

    def set_topic(self, channel: str, topic: str) -> None:
        with mapped(writes=True):
            self._client.conversations_setTopic(channel=channel, topic=topic)

    @staticmethod
    def _reaction(call: Any, channel: str, ts: str, name: str, *, fine: str) -> None:
        try:
            with mapped(writes=True):
                call(channel=channel, timestamp=ts, name=name)
        except Rejected as error:
            if error.detail != fine:
                raise

"""Who is in the workspace: people, bots, channels and user groups."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sandbox.world import World

Json = dict[str, Any]
FOUNDED = 1_735_689_600  # every channel and account of the demo dates from 2025-01-01


@dataclass
class User:
    """A person or a bot user. `bot_id` and `app_id` are a bot's."""

    id: str
    name: str
    real_name: str
    team_id: str
    email: str = ""
    locale: str = "en-US"
    tz: str = "UTC"
    is_admin: bool = False
    is_restricted: bool = False
    bot_id: str | None = None
    app_id: str | None = None
    updated: int = FOUNDED

    @property
    def is_bot(self) -> bool:
        return self.bot_id is not None

    def profile(self) -> Json:
        names = {"real_name": self.real_name, "display_name": self.name}
        normal = {f"{key}_normalized": value for key, value in names.items()}
        bot = {"bot_id": self.bot_id, "api_app_id": self.app_id} if self.is_bot else {"email": self.email}
        return {**names, **normal, **bot, "title": "", "phone": "", "team": self.team_id}

    def json(self, now: datetime, *, with_locale: bool = False) -> Json:
        """The user as users.info shows it; `locale` only where the caller asked for it."""
        offset = now.astimezone(ZoneInfo(self.tz)).utcoffset()
        body = {
            "id": self.id,
            "team_id": self.team_id,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": False,
            "tz": self.tz,
            "tz_label": self.tz,
            "tz_offset": int(offset.total_seconds()) if offset else 0,
            "profile": self.profile(),
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_primary_owner": False,
            "is_restricted": self.is_restricted,
            "is_ultra_restricted": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": self.updated,
        }
        return body | ({"locale": self.locale} if with_locale else {})


@dataclass
class Channel:
    """A channel, or a direct conversation (`is_im`, `is_mpim`). Messages are in the order of their ts."""

    id: str
    name: str
    topic: str = ""
    topic_by: str = ""
    topic_at: int = 0
    members: list[str] = field(default_factory=list)
    is_im: bool = False
    is_mpim: bool = False
    messages: dict[str, Json] = field(default_factory=dict)
    threads: dict[str, list[str]] = field(default_factory=dict)  # ts of the parent → ts of its replies
    pins: list[str] = field(default_factory=list)
    bookmarks: list[Json] = field(default_factory=list)
    read_until: dict[str, str] = field(default_factory=dict)

    @property
    def is_direct(self) -> bool:
        return self.is_im or self.is_mpim

    @property
    def event_type(self) -> str:
        """`channel_type` of its message events."""
        return "im" if self.is_im else "mpim" if self.is_mpim else "channel"

    def json(self, me: str) -> Json:
        common = {"id": self.id, "created": FOUNDED, "is_archived": False, "is_org_shared": False}
        if self.is_im:
            other = next((user for user in self.members if user != me), me)
            return common | {"is_im": True, "user": other, "is_user_deleted": False, "priority": 0}
        return common | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": not self.is_mpim,
            "is_group": False,
            "is_im": False,
            "is_mpim": self.is_mpim,
            "is_private": self.is_mpim,
            "is_general": False,
            "is_shared": False,
            "is_ext_shared": False,
            "is_pending_ext_shared": False,
            "is_member": me in self.members,
            "creator": "",
            "topic": {"value": self.topic, "creator": self.topic_by, "last_set": self.topic_at},
            "purpose": {"value": "", "creator": "", "last_set": 0},
            "num_members": len(self.members),
        }


@dataclass
class Group:
    """A user group: who is mentioned by @handle."""

    id: str
    team_id: str
    handle: str
    name: str
    users: list[str]
    enabled: bool = True
    updated: int = FOUNDED
    updated_by: str = ""

    def json(self, *, with_users: bool = False) -> Json:
        body = {
            "id": self.id,
            "team_id": self.team_id,
            "is_usergroup": True,
            "is_subteam": True,
            "is_external": False,
            "name": self.name,
            "handle": self.handle,
            "description": "",
            "date_create": FOUNDED,
            "date_update": self.updated,
            "date_delete": 0 if self.enabled else self.updated,
            "auto_type": None,
            "updated_by": self.updated_by,
            "user_count": len(self.users),
            "prefs": {"channels": [], "groups": []},
        }
        return body | ({"users": list(self.users)} if with_users else {})


def users_of(world: World) -> dict[str, User]:
    """People, the app's bot user, and the bot users of tools that post as apps."""
    team = world.team.id
    people = [User(team_id=team, **person.model_dump()) for person in world.users]
    app = world.app
    people.append(User(app.bot_user, app.name, app.name, team, bot_id=app.bot_id, app_id=app.id))
    people += [
        User(tool.user, tool.name.lower().replace(" ", "_"), tool.name, team, bot_id=tool.id, app_id=tool.app_id)
        for tool in world.tools
        if tool.user
    ]
    return {user.id: user for user in people}


def channels_of(world: World) -> dict[str, Channel]:
    return {c.id: Channel(c.id, c.name, c.topic, members=list(c.members)) for c in world.channels}


def groups_of(world: World) -> dict[str, Group]:
    return {g.id: Group(g.id, world.team.id, g.handle, g.name, list(g.users)) for g in world.user_groups}

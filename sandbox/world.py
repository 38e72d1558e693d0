"""The made-up workplace: `world.yaml` as values."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

DEFAULT = Path(__file__).with_name("world.yaml")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Team(_Part):
    id: str
    name: str
    domain: str


class App(_Part):
    """The Slack app under test: its ids, tokens and signing secret."""

    id: str
    bot_user: str
    bot_id: str
    name: str
    bot_token: str
    app_token: str
    signing_secret: str
    admin_token: str | None = None  # a user token of `admin_user`, for what only administrators may do
    admin_user: str | None = None


class User(_Part):
    id: str
    name: str
    real_name: str
    email: str
    locale: str = "en-US"
    tz: str = "UTC"
    is_admin: bool = False
    is_restricted: bool = False


class Tool(_Part):
    """What posts alerts: an incoming webhook, or, with `app_id` and `user`, an app with a bot token."""

    id: str
    name: str
    emoji: str = ":robot_face:"
    app_id: str | None = None
    user: str | None = None


class Channel(_Part):
    id: str
    name: str
    topic: str = ""
    members: list[str]


class UserGroup(_Part):
    id: str
    handle: str
    name: str
    users: list[str]


class World(_Part):
    """Everything that the sandbox starts with. Airflow, Opsgenie and BigQuery read their own sections."""

    team: Team
    app: App
    users: list[User]
    tools: list[Tool]
    channels: list[Channel]
    user_groups: list[UserGroup]
    opsgenie: dict[str, Any] = Field(default_factory=dict)
    airflow: dict[str, Any] = Field(default_factory=dict)
    bigquery: dict[str, Any] = Field(default_factory=dict)

    def tool(self, tool_id: str) -> Tool | None:
        return next((tool for tool in self.tools if tool.id == tool_id), None)


def load(path: Path = DEFAULT) -> World:
    """Read a world; an unknown key or a missing one raises pydantic.ValidationError."""
    return World.model_validate(YAML(typ="safe").load(path.read_text(encoding="utf-8")))

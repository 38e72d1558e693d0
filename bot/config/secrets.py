"""Secrets, from the environment only: `BATON_NAME`, or `BATON_NAME_FILE` with the path of a file that holds it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import SecretStr

from bot.config.problem import Problem
from bot.text import text

ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class AirflowLogin:
    """How to log in to one Airflow: a token, or a user name with its password."""

    username: str | None = None
    password: SecretStr | None = None
    token: SecretStr | None = None


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is set. SecretStr prints itself as stars; whoever needs the value asks for `get_secret_value()`."""

    slack_bot_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_groups_token: SecretStr | None = None
    """A user token of an administrator, where only such may edit user groups."""
    opsgenie_api_key: SecretStr | None = None
    jsm_api_token: SecretStr | None = None
    opsgenie_webhook_secret: SecretStr | None = None
    jsm_webhook_secret: SecretStr | None = None
    database_url: SecretStr | None = None
    airflow: Mapping[str, AirflowLogin] = field(default_factory=dict)


class Environment:
    """The variables of this process, and what went wrong in reading them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[Problem] = []

    def secret(self, name: str) -> SecretStr | None:
        """Return the value of `name`, or the content of the file that `name_FILE` points to."""
        direct, path = self.environ.get(name, "").strip(), self.environ.get(f"{name}_FILE", "").strip()
        if direct and path:
            self._say("config.secret_twice", name)
        if direct:
            return SecretStr(direct)
        return self._from_file(name, path) if path else None

    def need(self, *names: str) -> None:
        for name in names:
            if not self._has(name):
                self._say("config.missing_secret", name)

    def need_login(self, server: str) -> None:
        """Ask for `_TOKEN`, or for both `_USERNAME` and `_PASSWORD`, of one Airflow."""
        prefix = airflow_prefix(server)
        if self._has(f"{prefix}_TOKEN"):
            return
        if not (self._has(f"{prefix}_USERNAME") or self._has(f"{prefix}_PASSWORD")):
            self._say("config.missing_login", prefix)
            return
        self.need(f"{prefix}_USERNAME", f"{prefix}_PASSWORD")

    def _has(self, name: str) -> bool:
        return bool(self.environ.get(name, "").strip() or self.environ.get(f"{name}_FILE", "").strip())

    def _from_file(self, name: str, path: str) -> SecretStr | None:
        try:
            content = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError):
            content = ""
        if not content:
            self._say("config.secret_file", f"{name}_FILE")
            return None
        return SecretStr(content)

    def _say(self, msgid: str, name: str) -> None:
        self.problems.append(Problem(ENVIRONMENT, text(msgid, name=name), key=name, needs_environment=True))


def airflow_prefix(server: str) -> str:
    """Return `BATON_AIRFLOW_PROD` for `prod`."""
    return "BATON_AIRFLOW_" + re.sub(r"[^A-Za-z0-9]", "_", server).upper()


def read_secrets(environment: Environment, servers: list[str]) -> Secrets:
    """Return every secret that is set, needed or not."""
    return Secrets(
        slack_bot_token=environment.secret("BATON_SLACK_BOT_TOKEN"),
        slack_signing_secret=environment.secret("BATON_SLACK_SIGNING_SECRET"),
        slack_app_token=environment.secret("BATON_SLACK_APP_TOKEN"),
        slack_groups_token=environment.secret("BATON_SLACK_GROUPS_TOKEN"),
        opsgenie_api_key=environment.secret("BATON_OPSGENIE_API_KEY"),
        jsm_api_token=environment.secret("BATON_JSM_API_TOKEN"),
        opsgenie_webhook_secret=environment.secret("BATON_OPSGENIE_WEBHOOK_SECRET"),
        jsm_webhook_secret=environment.secret("BATON_JSM_WEBHOOK_SECRET"),
        database_url=environment.secret("BATON_DATABASE_URL"),
        airflow={server: _login(environment, server) for server in servers},
    )


def _login(environment: Environment, server: str) -> AirflowLogin:
    prefix = airflow_prefix(server)
    username = environment.secret(f"{prefix}_USERNAME")
    return AirflowLogin(
        username=username.get_secret_value() if username else None,
        password=environment.secret(f"{prefix}_PASSWORD"),
        token=environment.secret(f"{prefix}_TOKEN"),
    )

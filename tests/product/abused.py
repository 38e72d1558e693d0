"""A workplace for people who try what they may not: a second account, a policy of their own, requests by hand."""

import itertools
import json
import shutil
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import httpx
from sqlalchemy import select, update

from bot.cli.common import known_operations
from bot.config.load import Config, Source, read_policy
from bot.operations import queries
from bot.operations.lifecycle import State
from bot.operations.model import Run
from bot.store.claim import NEW
from bot.store.tables import runs, steps, ticks, user_groups
from sandbox import world as worlds
from sandbox.person import elements_in, text_of
from sandbox.world import World
from tests import loopback
from tests.handlers.front_door import FrontDoor
from tests.product.workplace import DEMO, Workplace

DAG, TASK = "users_snapshot", "load_users"
HELP = "C0HELP"
POLICY = """\
rules:
  - operation: clear-tasks
    who: group:S0ENG
    needs:
      approval: {by: group:S0ENG}
  - operation: clear-tasks
    who: member
    needs:
      approval: {by: group:S0ENG}
      reason: true
break_glass: {operation: clear-tasks, who: on-call, channel: C0ONCALL}
channel: C0ONCALL
"""
PATIENCE_S = 15.0


def crowd() -> World:
    """Return the workplace with a second account of Junho's, by the same e-mail address, in every group of his."""
    world = worlds.load()
    junho = next(user for user in world.users if user.name == "junho")
    again = junho.model_copy(update={"id": "U0JUNHOTWO", "name": "junho_two"})
    groups = [each.model_copy(update={"users": [*each.users, again.id]}) for each in world.user_groups]
    channels = [each.model_copy(update={"members": [*each.members, again.id]}) for each in world.channels]
    return world.model_copy(update={"users": [*world.users, again], "user_groups": groups, "channels": channels})


@dataclass
class Abused:
    """The workplace, the folder of its configuration, and Slack's side of the front door."""

    place: Workplace
    folder: Path
    numbers: Any = field(default_factory=lambda: itertools.count(1))
    last: "Asked | None" = None

    @classmethod
    def at(cls, directory: Path) -> Self:
        folder = directory / "config"
        shutil.copytree(DEMO, folder)
        (folder / "policy.yaml").write_text(POLICY, "utf-8")

        def configured(config: Config) -> Config:
            source = Source(folder, known_operations())
            policy = read_policy(source).policy
            assert policy is not None
            return replace(config, policy=policy, source=replace(source, policy=source.policy_now()))

        url = f"sqlite:///{directory / 'baton.sqlite3'}"
        return cls(Workplace(url, airflow_speed=50, world=crowd(), configure=configured), folder)

    # What people do

    def asks(self, name: str, **why: str) -> "Asked":
        """Have somebody ask for a clear of a run of its own; return it as soon as it is planned."""
        run_id = f"manual__abuse_{next(self.numbers)}"
        self.place.fail_run(DAG, TASK, dag_run_id=run_id, logical_date=None)
        self.place.fix(DAG)
        told = " ".join(f'{key}="{value}"' for key, value in why.items())
        self.place.people[name].command(f"/clear-tasks {DAG} {run_id} {told}", channel=HELP)
        asked = Asked(self, self.place.until(lambda: self._run_of(run_id), PATIENCE_S)).until(State.PLANNED)
        asked.until_shown("run.confirm")
        return asked

    @cached_property
    def door(self) -> FrontDoor:
        """Return Slack's side of the front door, for requests that its pages would never send."""
        return FrontDoor(loopback.Client(base_url=self.place.baton.url, timeout=30))

    def press(self, action_id: str, value: str, user: str, **more: Any) -> httpx.Response:
        """Send a click that nobody made on the page."""
        return self.door.press(action_id, value, user=user, channel={"id": HELP}, response_url=None, **more)

    def waiting(self) -> "Asked":
        """Return a run that Alex asked for and that waits for another engineer: the last one, if it still does."""
        if self.last is None or self.last.run.state is not State.AWAITING_APPROVAL:
            self.last = self.asks("alex")
            self.last.clicked("alex", "run.confirm")
            self.last.until_shown("run.approve")
        return self.last

    def write_policy(self, content: str) -> None:
        """Change the file and have Baton look at it."""
        (self.folder / "policy.yaml").write_text(content, "utf-8")
        self.place.baton.app.policy.look()

    def leaves(self, user: str, group: str) -> None:
        """Have somebody removed from a user group in Slack, and wait until Baton knows."""
        sandbox, store = self.place.sandbox, self.place.baton.app.store
        members = [each for each in self._members(group) if each != user]
        self._regroup(sandbox.slack_api_url, sandbox.world.app.admin_token, group, members)
        store.write(lambda tx: tx.execute(update(ticks).where(ticks.c.name == "groups").values(due_at=NEW)))
        self.place.until(lambda: user not in self._members(group), PATIENCE_S)

    def joins(self, user: str, group: str) -> None:
        sandbox, store = self.place.sandbox, self.place.baton.app.store
        members = [*self._members(group), user]
        self._regroup(sandbox.slack_api_url, sandbox.world.app.admin_token, group, members)
        store.write(lambda tx: tx.execute(update(ticks).where(ticks.c.name == "groups").values(due_at=NEW)))
        self.place.until(lambda: user in self._members(group), PATIENCE_S)

    def _regroup(self, url: str, token: str, group: str, members: list[str]) -> None:
        given = {"usergroup": group, "users": ",".join(members)}
        headers = {"Authorization": f"Bearer {token}"}
        answer = loopback.post(f"{url}usergroups.users.update", data=given, headers=headers, timeout=10).json()
        assert answer["ok"], answer

    def _members(self, group: str) -> list[str]:
        query = select(user_groups.c.members).where(user_groups.c.group_id == group)
        return list(self.place.baton.app.store.read(lambda tx: tx.execute(query).scalar_one()))

    # What is there

    def _run_of(self, dag_run_id: str) -> str | None:
        query = select(runs.c.id, runs.c.arguments)
        rows = self.place.baton.app.store.read(lambda tx: tx.execute(query).all())
        return next((row.id for row in rows if dag_run_id in row.arguments["runs"]), None)

    def count_of_runs(self) -> int:
        return len(self.place.baton.app.store.read(lambda tx: tx.execute(select(runs.c.id)).all()))

    def everything_shown(self, *channels: str) -> str:
        """Return all that Slack shows there, threads included, as JSON with its markup."""
        minji = self.place.people["minji"]
        parents = [each for channel in channels for each in minji.messages(channel)]
        threads = [each for parent in parents for each in minji.thread(parent)]
        return json.dumps([*parents, *threads], ensure_ascii=False)


@dataclass
class Asked:
    """One run that somebody asked for."""

    abused: Abused
    id: str

    @property
    def run(self) -> Run:
        found = self.abused.place.baton.app.store.read(lambda tx: queries.load(tx, self.id))
        assert found is not None
        return found

    @property
    def value(self) -> str:
        """Return what its buttons carry."""
        return self.button("run.confirm") or self.button("run.approve")

    def button(self, action_id: str) -> str:
        elements = [element for _, element in elements_in(self.card)]
        return next((each["value"] for each in elements if each["action_id"] == action_id), "")

    @property
    def card(self) -> dict[str, Any]:
        """Return the message that shows it now."""
        return next(each for each in self.messages() if self._is_about(each))

    def messages(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.abused.place.people["minji"].messages(HELP)
        return found

    def _is_about(self, message: dict[str, Any]) -> bool:
        return self.run.arguments["runs"][0] in text_of(message)

    def until(self, *states: State) -> Self:
        self.abused.place.until(lambda: self.run.state in states, PATIENCE_S)
        return self

    def until_shown(self, action_id: str) -> dict[str, Any]:
        """Return the card as soon as it has this button."""
        place = self.abused.place
        found = place.until(lambda: [each for each in self.messages() if self._has(each, action_id)], PATIENCE_S)
        return found[0]  # type: ignore[no-any-return]

    def _has(self, message: dict[str, Any], action_id: str) -> bool:
        return self._is_about(message) and action_id in {element["action_id"] for _, element in elements_in(message)}

    def clicked(self, name: str, action_id: str) -> str:
        """Have somebody click; return what only they were told then, if anything."""
        person = self.abused.place.people[name]
        before = len(person.ephemerals())
        person.click(self.until_shown(action_id), action_id)
        self.abused.place.sandbox.settle()
        return "\n".join(text_of(each) for each in person.ephemerals()[before:])

    def told(self, name: str, action_id: str) -> str:
        """Have somebody click and wait for what only they are told."""
        person = self.abused.place.people[name]
        before = len(person.ephemerals())
        person.click(self.until_shown(action_id), action_id)
        self.abused.place.until(lambda: len(person.ephemerals()) > before, PATIENCE_S)
        return "\n".join(text_of(each) for each in person.ephemerals()[before:])

    def sent(self) -> int:
        """Return how many steps of it were sent to Airflow."""
        query = select(steps.c.position).where(steps.c.run_id == self.id, steps.c.sent_at.is_not(None))
        return len(self.abused.place.baton.app.store.read(lambda tx: tx.execute(query).all()))

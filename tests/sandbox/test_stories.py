"""Stories play over the fakes' own doors, in time, and can be stopped."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.running import RunningSandbox
from sandbox.stagehand import Addresses
from sandbox.stories import Stories
from sandbox.story import Story, StoryError, load
from sandbox.world import load as load_world
from tests import loopback
from tests.sandbox.serving import served

WORLD = load_world()
STORIES = load()
SEOUL = ZoneInfo("Asia/Seoul")
NOWHERE = "http://127.0.0.1:1"
SECRET = "winter-Blanket-77"


@dataclass
class Recorder:
    """Answers like Slack and Airflow, and remembers what it was asked."""

    seen: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    refuse: str | None = None

    async def answer(self, request: Request) -> Response:
        path, body = request.url.path, json.loads(await request.body())
        self.seen.append((path, dict(request.query_params), body))
        if path == self.refuse:
            return JSONResponse({"ok": False, "error": "refused"}, 400)
        if path == "/ui/message":
            return JSONResponse({"ok": True, "message": {"ts": "9.1"}})
        headers = {"X-Sandbox-Ts": f"{len(self.seen)}.0"} if path.startswith("/services/") else {}
        return JSONResponse({"ok": True, "dag_run_id": "run+1", "log_path": "/dags/d?a=1&b=2"}, headers=headers)


@dataclass
class Stage:
    """A recorder that listens, and a folder for stories of one's own."""

    recorder: Recorder
    url: str
    folder: Path

    def play(self, *steps: dict[str, Any], speed: float = 1000) -> list[tuple[str, dict[str, str], Any]]:
        story = {"id": "mine", "title": "t", "description": "d", "steps": list(steps)}
        (self.folder / "mine.yaml").write_text(json.dumps(story), encoding="utf-8")
        asyncio.run(self._play(speed))
        return self.recorder.seen

    async def _play(self, speed: float) -> None:
        stories = Stories(all_at(self.url), folder=self.folder)
        await stories.play("mine", speed)
        await stories.finished()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    recorder = Recorder()
    app = Starlette(routes=[Route("/{path:path}", recorder.answer, methods=["POST"])])
    with served(app) as url:
        yield Stage(recorder, url, tmp_path)


@pytest.fixture(scope="module")
def running() -> Iterator[RunningSandbox]:
    with RunningSandbox() as running:
        yield running


@pytest.fixture
def sandbox(running: RunningSandbox) -> RunningSandbox:
    running.reset()
    control(running, "reset")
    return running


def control(sandbox: RunningSandbox, order: str, **given: Any) -> Any:
    return loopback.post(f"{sandbox.airflow_url}/_control/{order}", json=given).raise_for_status().json()


def all_at(url: str) -> Addresses:
    return Addresses(url, url, url, url)


def addresses(sandbox: RunningSandbox) -> Addresses:
    return Addresses(sandbox.page_url, sandbox.airflow_url, sandbox.bigquery_url, sandbox.opsgenie_url)


async def played(sandbox: RunningSandbox, story_id: str, speed: float) -> None:
    stories = Stories(addresses(sandbox))
    await stories.play(story_id, speed)
    await stories.finished()


def airflow(sandbox: RunningSandbox, path: str, **query: Any) -> Any:
    base = sandbox.airflow_url
    login = loopback.post(f"{base}/auth/token", json={"username": "baton", "password": "baton"}).json()
    headers = {"Authorization": f"Bearer {login['access_token']}"}
    return loopback.get(f"{base}/api/v2{path}", params=query, headers=headers).json()


def texts(sandbox: RunningSandbox, channel: str) -> list[str]:
    return [json.dumps(message, ensure_ascii=False) for message in sandbox.person("U0DANA").messages(channel)]


# The stories that come with the sandbox


def test_the_night_can_be_watched(sandbox):
    asyncio.run(played(sandbox, "night", speed=100))

    alerts, infra, asked = (texts(sandbox, channel) for channel in ("C0ALERTS", "C0INFRA", "C0HELP"))
    written = [step.channel for step in STORIES["night"].steps if step.channel and not step.thread]
    assert (len(alerts), len(infra), len(asked)) == tuple(map(written.count, ("C0ALERTS", "C0INFRA", "C0HELP")))
    assert [word for word in ("Task Failed", "[DAG 실패]", "Run #", "Task Succeeded") if word not in str(alerts)] == []
    assert [word for word in ("[FIRING:1]", "[RESOLVED]", "Grafana") if word not in str(infra)] == []
    assert "부탁드립니다" in str(asked)
    assert SECRET in str(alerts)


def test_after_the_night_every_cause_is_repaired_but_the_runs_wait_for_somebody(sandbox):
    asyncio.run(played(sandbox, "night", speed=100))

    failed = airflow(sandbox, "/dags/~/dagRuns/~/taskInstances", state="failed")["task_instances"]

    assert sorted((ti["task_id"], ti["map_index"]) for ti in failed) == [
        ("dump_users", -1),
        ("load_orders", -1),
        ("load_shard", 2),
    ]
    for dag_id in ("orders_daily", "users_snapshot", "events_shards"):
        assert control(sandbox, "fix", dag_id=dag_id)["fixed"] == 0


def test_of_two_failed_runs_one_recovers(sandbox):
    asyncio.run(played(sandbox, "two-runs", speed=100))

    runs = airflow(sandbox, "/dags/users_snapshot/dagRuns", order_by="logical_date")["dag_runs"]

    assert [run["state"] for run in runs] == ["success", "success", "failed"]


def test_the_links_in_alerts_lead_to_a_log(sandbox):
    asyncio.run(played(sandbox, "one-failure", speed=100))

    text = next(m["text"] for m in sandbox.person("U0DANA").messages("C0ALERTS")[::-1] if "Log Url" in m["text"])
    page = loopback.get(text.partition("*Log Url*: <")[2].partition(">")[0].replace("&amp;", "&"))

    assert page.status_code == 200
    assert "staging.orders_raw" in page.text


@pytest.mark.parametrize("story", STORIES.values(), ids=list(STORIES))
def test_a_shipped_story_uses_only_what_the_world_has_and_begins_at_once(story: Story):
    tools, channels = {tool.id for tool in WORLD.tools}, {channel.id for channel in WORLD.channels}
    members = {channel.id: channel.members for channel in WORLD.channels}
    people = {user.id for user in WORLD.users}
    posts = [step for step in story.all_steps if step.post is not None]
    placed = [step for step in story.all_steps if step.channel]
    acting = {step.by for step in story.all_steps if step.by and not step.by.startswith("${cast.")}

    assert {step.post for step in posts} <= tools
    assert {step.channel for step in placed} <= channels
    assert all(step.say in members[str(step.channel)] for step in placed if step.say)
    assert acting <= people
    assert story.scenes or placed[0].at <= 2
    assert story.seconds <= 120


@pytest.mark.parametrize("story", STORIES.values(), ids=list(STORIES))
def test_a_shipped_story_names_only_dags_and_tasks_that_exist(story: Story):
    known = {dag["dag_id"]: {task["task_id"] for task in dag["tasks"]} for dag in WORLD.airflow["dags"]}
    orders = [step.order for step in story.all_steps if step.airflow is not None and "dag_id" in step.order]

    assert all(order.get("task_id", next(iter(known[order["dag_id"]]))) in known[order["dag_id"]] for order in orders)


@pytest.mark.parametrize("story", STORIES.values(), ids=list(STORIES))
def test_a_shipped_story_names_only_tables_that_exist(story: Story):
    datasets = {
        f"{project}.{dataset}.{table}"
        for project, details in WORLD.bigquery["projects"].items()
        for dataset, entry in details["datasets"].items()
        for table in entry.get("tables", {})
    }

    assert {step.order["table"] for step in story.all_steps if step.bigquery is not None} <= datasets


def test_the_short_days_are_made_whole_by_a_run_of_their_dag(sandbox):
    asyncio.run(played(sandbox, "short-days", speed=100))
    table = "haneul-prod.orders.orders_daily"
    short = rows(sandbox, table, 2)
    day = sandbox.clock.now().astimezone(SEOUL) - timedelta(days=1)
    control(sandbox, "run", dag_id="orders_daily", logical_date=day.replace(hour=3).isoformat())
    control(sandbox, "advance", seconds=60)

    assert short == 877
    assert rows(sandbox, table, 2) > 48_000


def rows(sandbox: RunningSandbox, table: str, days_ago: int) -> int:
    day = sandbox.clock.now().astimezone(SEOUL) - timedelta(days=days_ago)
    project, dataset, name = table.split(".")
    sql = f"""SELECT total_rows FROM `{project}`.`{dataset}`.INFORMATION_SCHEMA.PARTITIONS
              WHERE table_name = '{name}' AND partition_id = '{day:%Y%m%d}'"""
    url = f"{sandbox.bigquery_url}/bigquery/v2/projects/{project}/queries"
    answer = loopback.post(url, json={"query": sql, "useLegacySql": False}).raise_for_status().json()
    return int(answer["rows"][0]["f"][0]["v"])


# How a story plays


def test_steps_reach_the_right_door(stage):
    seen = stage.play(
        {"at": 0, "airflow": "fix", "order": {"dag_id": "d"}},
        {"at": 0, "bigquery": "load", "order": {"table": "p.d.t"}},
        {"at": 1, "post": "B0AIRFLOW", "channel": "C1", "message": {"text": "failed"}},
        {"at": 2, "say": "U0SORA", "channel": "C1", "text": "hello"},
    )

    assert seen == [
        ("/_control/fix", {}, {"dag_id": "d"}),
        ("/_control/load", {}, {"table": "p.d.t"}),
        ("/services/T/B/x", {"bot": "B0AIRFLOW", "channel": "C1"}, {"text": "failed"}),
        ("/ui/message", {}, {"user": "U0SORA", "channel": "C1", "text": "hello"}),
    ]


def test_later_steps_use_earlier_answers(stage):
    seen = stage.play(
        {"at": 0, "airflow": "fail_run", "order": {}, "as": "run"},
        {"at": 1, "post": "B1", "channel": "C1", "message": {"blocks": [{"text": "${run.dag_run_id} ${run.log_url}"}]}},
    )

    text = seen[1][2]["blocks"][0]["text"]
    assert text == f"run+1 {stage.url}/dags/d?a=1&amp;b=2"


def test_messages_are_edited_and_answered_in_their_thread(stage):
    seen = stage.play(
        {"at": 0, "post": "B1", "channel": "C1", "message": {"text": "FIRING"}, "as": "alert"},
        {"at": 1, "post": "B1", "channel": "C1", "message": {"text": "RESOLVED"}, "edit": "alert"},
        {"at": 2, "say": "U1", "channel": "C1", "text": "mine", "thread": "alert", "as": "reply"},
        {"at": 3, "post": "B1", "channel": "C1", "message": {"text": "detail"}, "thread": "reply"},
    )

    assert seen[1][1]["ts"] == "1.0"
    assert seen[2][2]["thread_ts"] == "1.0"
    assert seen[3][2]["thread_ts"] == "9.1"


def test_a_refused_step_ends_the_story_and_says_why(stage):
    stage.recorder.refuse = "/_control/break"

    with pytest.raises(StoryError, match=r"mine: .*/_control/break answered 400"):
        stage.play(
            {"at": 0, "airflow": "break", "order": {}},
            {"at": 1, "say": "U1", "channel": "C1", "text": "never"},
        )

    assert [path for path, _, _ in stage.recorder.seen] == ["/_control/break"]


def test_a_text_that_refers_to_nothing_ends_the_story(stage):
    with pytest.raises(StoryError, match="nothing has answered"):
        stage.play({"at": 0, "say": "U1", "channel": "C1", "text": "${run.state}"})


def test_a_stopped_story_does_nothing_more_and_another_can_begin(stage):
    steps = [{"at": at, "say": "U1", "channel": "C1", "text": str(at)} for at in (0, 3600)]
    for name in ("first", "second"):
        story = {"id": name, "title": name, "description": "d", "steps": steps}
        (stage.folder / f"{name}.yaml").write_text(json.dumps(story), encoding="utf-8")

    async def play() -> list[list[str]]:
        stories = Stories(all_at(stage.url), folder=stage.folder)
        playing = []
        for name in ("first", "second"):
            await stories.play(name)
            playing.append([one["id"] for one in stories.list() if one["playing"]])
        await stories.stop()
        playing.append([one["id"] for one in stories.list() if one["playing"]])
        return playing

    assert asyncio.run(play()) == [["first"], ["second"], []]


@pytest.mark.parametrize(
    ("story_id", "speed", "why"),
    [("nope", 1, "there is no story 'nope'"), ("night", 0, "above 0")],
)
def test_what_cannot_be_played_is_refused(story_id, speed, why):
    stories = Stories(all_at(NOWHERE))

    with pytest.raises(StoryError, match=why):
        asyncio.run(stories.play(story_id, speed))


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        pytest.param([{"at": 0}], "exactly one of", id="nothing happens"),
        pytest.param([{"at": 0, "say": "U1", "text": "x"}], "needs a channel", id="no channel"),
        pytest.param([{"at": 0, "press": "run.confirm"}], "by whom", id="nobody presses"),
        pytest.param([], "either steps or scenes", id="nothing at all"),
        pytest.param(
            [{"at": 2, "airflow": "fix"}, {"at": 1, "airflow": "fix"}], "in the order of their times", id="disorder"
        ),
        pytest.param([{"at": 0, "airflow": "fix", "colour": "red"}], "colour", id="unknown key"),
    ],
)
def test_a_wrong_story_names_its_file(tmp_path, steps, why):
    story = {"id": "bad", "title": "t", "description": "d", "steps": steps}
    (tmp_path / "bad.yaml").write_text(json.dumps(story), encoding="utf-8")

    with pytest.raises(StoryError, match=rf"(?s)bad\.yaml: .*{why}"):
        load(tmp_path)

"""local-slack, a Slack that others wrote: one process, driven by its control API.

It is no strict judge: it escapes nothing, limits nothing and sends each payload to every socket. What it shows is
that Baton's main path works against a Slack that does not share our reading of the documents.
"""

import json
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx

from tests.live.airflow.processes import kill_tree, start, tail

Json = dict[str, Any]
PROGRAM = Path(__file__).parent / "node_modules" / "local-slack-linux-x64" / "bin" / "local-slack"
START_SECONDS = 60
BOT_TOKEN, APP_TOKEN, SIGNING_SECRET = "xoxb-live-bot", "xapp-live-app", "live-signing-secret"
TOOL_TOKEN = "xoxb-live-tool"
TEAM, ALICE, CHANNEL = "T01LAB", "U01ALICE", "C01ALERTS"


class LocalSlack:
    """By `http`, payloads go to `request_url`; by `socket`, to whoever connects."""

    def __init__(self, work: Path, port: int, *, transport: str, request_url: str) -> None:
        self._work, self._port = work, port
        self._world = world("events" if transport == "http" else "socket", request_url)

    def __enter__(self) -> Self:
        config = self._work / "local-slack.json"
        config.write_text(json.dumps(self._world))
        command = [str(PROGRAM), "--config", str(config), "--port", str(self._port), "--base-host", "127.0.0.1"]
        self._process = start(command, log=self._work / "local-slack.log", environment={"TMPDIR": str(self._work)})
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{self._port}", timeout=10, trust_env=False)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"local-slack did not start:\n{tail(self._work / 'local-slack.log')}")
            time.sleep(0.1)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()
        kill_tree(self._process)

    def post_alert(self, text: str) -> Json:
        """Let the tool, an app of its own, post; return the event that Slack would send to the other apps.

        local-slack sends none: an app hears of people's messages only.
        """
        headers = {"Authorization": f"Bearer {TOOL_TOKEN}"}
        answer = self._http.post("/api/chat.postMessage", json={"channel": CHANNEL, "text": text}, headers=headers)
        message = answer.json()["message"]
        event = message | {"event_ts": message["ts"], "channel_type": "channel"}
        known = {"type": "event_callback", "team_id": TEAM, "api_app_id": "A01BATON", "event_id": f"Ev{message['ts']}"}
        return known | {"event": event, "event_time": int(message["ts"].partition(".")[0])}

    def thread(self, ts: str) -> list[Json]:
        """Return the replies to a message, the oldest first."""
        return [message for message in self.messages() if message.get("thread_ts") == ts and message["ts"] != ts]

    def press(self, message: Json, action_id: str) -> None:
        """Let Alice press a button of the message."""
        elements = [element for block in message["blocks"] for element in block.get("elements", ())]
        button = next(element for element in elements if element.get("action_id") == action_id)
        action = {"type": "button", "action_id": action_id, "block_id": "", "value": button["value"]}
        self.control("interact", channel=CHANNEL, messageTs=message["ts"], user=ALICE, action=action)

    def messages(self) -> list[Json]:
        """Return everything in the channel, what only one person sees included."""
        found: list[Json] = self._http.get(f"/_control/messages/{CHANNEL}").raise_for_status().json()["messages"]
        return found

    def control(self, verb: str, **body: Any) -> Json:
        answer: Json = self._http.post(f"/_control/{verb}", json=body).raise_for_status().json()
        return answer

    def was_asked(self, method: str) -> bool:
        """Whether an app has called this method of the Web API."""
        return any(entry["summary"] == method for entry in self._http.get("/_control/log").json()["log"])

    def _answers(self) -> bool:
        try:
            return self._http.get("/_control/state").is_success
        except httpx.TransportError:
            return False


def world(mode: str, request_url: str) -> Json:
    baton = {
        "appId": "A01BATON",
        "botUserId": "U01BATON",
        "botName": "baton",
        "botToken": BOT_TOKEN,
        "appToken": APP_TOKEN,
        "signingSecret": SIGNING_SECRET,
        "mode": mode,
        "requestUrl": request_url,
    }
    tool = {
        "appId": "A01AIRFLOW",
        "botUserId": "U01AIRFLOW",
        "botName": "airflow",
        "botToken": TOOL_TOKEN,
        "appToken": "xapp-live-tool",
        "signingSecret": "another-secret",
        "mode": "socket",
    }
    return {
        "workspace": {"name": "Lab", "domain": "lab", "teamId": TEAM},
        "apps": [baton, tool],
        "users": [{"id": ALICE, "name": "alice", "real_name": "Alice", "email": "alice@example.com"}],
        "channels": [{"id": CHANNEL, "name": "alerts", "members": [ALICE, "U01BATON", "U01AIRFLOW"]}],
    }

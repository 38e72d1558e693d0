"""The same storm into Debian's prometheus-alertmanager: alerts in by its API, posts out to a small sink.

It groups by name, waits 0 s before a group's first post and 1 s between its next; it knows neither threads nor edits.
"""

import asyncio
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import aiohttp
import httpx

from benchmarks.ack import free_port
from benchmarks.storm.load import Alert, send_all

PROGRAM = "prometheus-alertmanager"
QUIET_S = 3.0  # nothing posted for so long: it is done
CONFIGURATION = """
route: {{receiver: slack, group_by: [alertname], group_wait: 0s, group_interval: 1s, repeat_interval: 4h}}
receivers:
  - name: slack
    slack_configs:
      - api_url: http://127.0.0.1:{sink}/services/T/B/x
        channel: "#alerts"
        send_resolved: false
        title: ""
        text: '{{{{ .GroupLabels.alertname }}}} {{{{ len .Alerts.Firing }}}}'
        fallback: '{{{{ .GroupLabels.alertname }}}}'
"""


class Sink:
    """Takes posts as Slack's webhooks do, and remembers when each came."""

    def __init__(self) -> None:
        self.posts: list[tuple[float, str]] = []
        posts = self.posts

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                posts.append((time.time(), body))
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def alertmanager(alerts: int, groups: int, clients: int) -> dict[str, Any]:
    if shutil.which(PROGRAM) is None:
        return {"skipped": f"{PROGRAM} is not installed (Debian: apt-get install {PROGRAM})"}
    sink = Sink()
    try:
        with running(sink.port) as url:
            sent = [Alert(number, number % groups) for number in range(alerts)]
            load = asyncio.run(send_all(sent, clients, lambda session, alert: send(session, url, alert)))
            until_quiet(sink)
    finally:
        sink.close()
    waits = sorted(
        (at - load.first_accepted[group]) * 1000
        for group in range(groups)
        if (at := next((at for at, body in sink.posts if Alert.name_of(group) in body), None)) is not None
    )
    return {
        "accepted_per_s": round(len(load.accepted) / load.took_s),
        "p99_ms": load.p99_ms,
        "slack_calls": len(sink.posts),
        "first_post_p50_ms": round(waits[len(waits) // 2]) if waits else None,
        "first_post_p99_ms": round(waits[-1]) if waits else None,
        "durable_before_the_answer": False,
    }


@contextmanager
def running(sink: int) -> Iterator[str]:
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "alertmanager.yml"
        file.write_text(CONFIGURATION.format(sink=sink), "utf-8")
        options = (f"--config.file={file}", f"--storage.path={folder}/data", "--cluster.listen-address=")
        command = [PROGRAM, *options, f"--web.listen-address=127.0.0.1:{port}", "--log.level=error"]
        process = subprocess.Popen(command)
        url = f"http://127.0.0.1:{port}"
        try:
            until_ready(url)
            yield url
        finally:
            process.terminate()
            process.wait(30)


def until_ready(url: str) -> None:
    for _ in range(100):
        try:
            if httpx.get(f"{url}/-/ready", timeout=1).is_success:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise SystemExit(f"{PROGRAM} did not start")


async def send(session: aiohttp.ClientSession, url: str, alert: Alert) -> int:
    labels = {"alertname": Alert.name_of(alert.group), "run": str(alert.number), "severity": "error", "team": "data"}
    annotations = {"description": "Consumer group orders-sink is far behind on orders.v2. " * 5}
    given = {"labels": labels, "annotations": annotations, "generatorURL": "http://prometheus.example/graph"}
    async with session.post(f"{url}/api/v2/alerts", json=[given]) as answer:
        await answer.read()
        return answer.status


def until_quiet(sink: Sink) -> None:
    count, since = len(sink.posts), time.monotonic()
    while time.monotonic() - since < QUIET_S:
        time.sleep(0.2)
        if len(sink.posts) != count:
            count, since = len(sink.posts), time.monotonic()

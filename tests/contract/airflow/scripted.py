"""A small HTTP server that answers as told and remembers what it was asked: for servers that go wrong."""

import json
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import FunctionType, MethodType
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Says:
    """An answer: `data` as JSON, or `raw` bytes as they are."""

    status: int = 200
    data: Any = None
    raw: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        return json.dumps(self.data).encode() if self.raw is None else self.raw


class Drops:
    """Takes the request and closes the connection without a word."""


class Hangs:
    """Takes the request and never answers."""


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: dict[str, list[str]]
    body: Any
    token: str


LOGIN_PAGE = Says(raw=b"<!DOCTYPE html><html><title>Sign in</title></html>", headers={"Content-Type": "text/html"})


class Scripted:
    """Answers each path by its script; the last answer of a script repeats for ever."""

    def __init__(self, version: str = "3.3.2") -> None:
        self.asked: list[Asked] = []
        self._scripts: dict[tuple[str, str], list[Any]] = defaultdict(lambda: [Says(404, {"detail": "Not Found"})])
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.script("GET", "/api/v2/version", Says(data={"version": version}))
        self.script("POST", "/auth/token", self._log_in)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def script(self, method: str, path: str, *answers: Any) -> None:
        self._scripts[method, path] = list(answers)

    def count(self, method: str, path: str) -> int:
        return sum((asked.method, asked.path) == (method, path) for asked in self.asked)

    def bodies(self, method: str, path: str) -> list[Any]:
        return [asked.body for asked in self.asked if (asked.method, asked.path) == (method, path)]

    def close(self) -> None:
        if not self._closing.is_set():
            self._closing.set()
            self._server.shutdown()
            self._server.server_close()

    def _next(self, asked: Asked) -> Any:
        with self._lock:
            self.asked.append(asked)
            if (asked.method, asked.path) == ("POST", "/auth/token") and (
                asked.method,
                asked.path,
            ) not in self._scripts:
                self._tokens += 1
                return Says(201, {"access_token": f"token-{self._tokens}"})
            script = self._scripts[asked.method, asked.path]
            answer = script.pop(0) if len(script) > 1 else script[0]
        return answer(asked) if isinstance(answer, FunctionType | MethodType) else answer

    def _log_in(self, _: Asked) -> Says:
        return Says(201, {"access_token": f"token-{self.count('POST', '/auth/token')}"})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        scripted = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def serve(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                body = _read(self.headers.get_content_type(), self.rfile.read(length)) if length else None
                place = urlsplit(self.path)
                token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
                answer = scripted._next(Asked(self.command, place.path, parse_qs(place.query), body, token))
                if answer is Hangs:
                    scripted._closing.wait(30)
                if answer is Hangs or answer is Drops:
                    self.close_connection = True
                    return
                self.send_response(answer.status)
                for name, value in {"Content-Type": "application/json", **answer.headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            do_GET = do_POST = do_PATCH = serve  # noqa: N815 - the names that http.server calls

            def log_message(self, *_: Any) -> None:
                """Say nothing: the test reads `asked`."""

        return Handler


def _read(kind: str, body: bytes) -> Any:
    return parse_qs(body.decode()) if kind == "application/x-www-form-urlencoded" else json.loads(body)

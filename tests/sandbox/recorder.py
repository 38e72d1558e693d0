"""An app that notes what it is sent and answers as told."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sandbox.running import RunningSandbox


@dataclass
class Recorder:
    """An app that notes every request and answers as told, the last answer again and again."""

    answers: list[Response | float] = field(default_factory=lambda: [PlainTextResponse("")])
    seen: list[Request] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    async def __call__(self, request: Request) -> Response:
        self.bodies.append(await request.body())
        self.seen.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, float):
            await asyncio.sleep(answer)
            return PlainTextResponse("")
        return answer


def deliveries(sandbox: RunningSandbox, kind: str = "events_api") -> list[dict[str, Any]]:
    return sandbox.log.entries("deliver", kind)

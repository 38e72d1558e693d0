"""A night of failures in which somebody presses everything; every message and view is shown to the outside judges."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import httpx
import pytest

from bot.config.load import Config
from bot.config.model import Language
from sandbox.person import Json, Person, elements_in, text_of
from tests.product.workplace import Workplace
from tests.views.checker import assert_valid_message, assert_valid_view

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]
LOCALES = {"en": "en-US", "ko": "ko-KR"}
CHANNELS = ("C0ALERTS", "C0INFRA")
SPEED = 10
PATIENCE_SECONDS = 120


@pytest.fixture(params=sorted(LOCALES))
def night(request, sqlite_url: str) -> Iterator["Night"]:
    """The workplace after the story, its channels and people speaking one language."""

    def speaking(config: Config) -> Config:
        return replace(config, baton=config.baton.model_copy(update={"language": Language(request.param)}))

    with Workplace(sqlite_url, configure=speaking) as workplace:
        night = Night(workplace, LOCALES[request.param])
        night.play("night")
        yield night


class Night:
    def __init__(self, workplace: Workplace, locale: str) -> None:
        self._workplace, self._sandbox = workplace, workplace.sandbox
        self.minji, self.guest = workplace.people["minji"], workplace.people["guest"]
        for person in workplace.people.values():
            person.settings(locale=locale)

    def play(self, story: str) -> None:
        """Play the story to its end, and wait until its cards are there."""
        page = f"{self._sandbox.page_url}/ui/stories"
        httpx.post(f"{page}/{story}/play", json={"speed": SPEED}, timeout=10).raise_for_status()
        self.until(lambda: not any(each["playing"] for each in httpx.get(page, timeout=10).json()["stories"]))
        self.until(lambda: len(self.offering("incident.resolve")) >= 4)

    def until(self, look: Any) -> Any:
        return self._sandbox.until(look, PATIENCE_SECONDS)

    def offering(self, action_id: str) -> list[Json]:
        """Return the replies in all alert threads that have this button."""
        return [reply for reply in self.replies() if action_id in actions_of(reply)]

    def press(self, action_id: str, who: Person | None = None) -> Json:
        """Press the first such button as soon as there is one; return what had it."""
        reply = self.until(lambda: self.offering(action_id))[0]
        assert (who or self.minji).click(reply, action_id) == {"ok": True}
        return reply

    def read_form(self) -> Json:
        """Return the modal in front, and close it."""
        view = self.until(self.minji.view)
        self.minji.close()
        return view

    def payloads(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield everything that Baton showed to anybody, with the way it went."""
        for entry in self._sandbox.log.entries():
            shown = entry["args"] if entry["kind"] in {"api", "hook"} else (entry["answer"] or {}).get("body")
            if entry["method"] != "webhook" and isinstance(shown, dict) and ("blocks" in shown or "view" in shown):
                yield entry["method"], shown

    def replies(self) -> list[Json]:
        """Return what stands in the threads of all alerts."""
        parents = [each for channel in CHANNELS for each in self.minji.messages(channel)]
        return [reply for parent in parents if parent.get("reply_count") for reply in self.minji.thread(parent)]


def actions_of(reply: Json) -> set[str]:
    return {element["action_id"] for _, element in elements_in(reply)}


def test_everything_that_is_shown_is_what_slack_takes(capsys, night):
    press_everything(night)
    shown = list(night.payloads())
    for _, payload in shown:
        judge(payload)

    ways = Counter(way for way, _ in shown)
    assert {"chat.postMessage", "chat.update", "views.open", "response_url", "slash_commands"} <= set(ways)
    assert ways["views.open"] >= 5
    said = capsys.readouterr().out
    assert "step failed" not in said
    assert "listener failed" not in said


def press_everything(night: Night) -> None:
    minji = night.minji
    night.press("incident.acknowledge", night.guest)
    night.press("incident.acknowledge")
    night.press("runbook.open")
    night.read_form()
    clear_from_the_thread(night)
    night.press("incident.useful")
    night.press("incident.wrong_owner")
    night.until(minji.view)
    minji.submit(owner=minji.id)
    night.press("incident.resolve")
    night.until(minji.view)
    minji.submit(cause="bad_data", remedy="other", remark="a table was gone & <nobody> saw: restored *for good*")
    use_the_commands(night)
    night.until(lambda: any("for good" in text_of(reply) for reply in night.replies()))


def clear_from_the_thread(night: Night) -> None:
    night.press("incident.clear")
    for look in ("run.details", "run.runbook", "run.change"):
        night.press(look)
        night.read_form()
    night.press("run.confirm")
    night.until(lambda: not night.offering("run.cancel"))


def use_the_commands(night: Night) -> None:
    minji = night.minji
    for words in (
        "/oncall",
        "/incidents",
        "/incidents nope since 1d dag:x",
        "/incidents state:what",
        "/baton",
        "/baton nonsense",
        "/clear-tasks nope <!channel>",
        "/clear-tasks --no-such=1",
    ):
        minji.command(words)
    minji.command("/clear-tasks")
    form = night.until(minji.view)
    refused = minji.submit()
    assert not refused["ok"]
    for _, element in elements_in(form):
        if element["type"].endswith("external_select"):
            minji.options(form, element["action_id"], "o")
    minji.close()


def judge(payload: Mapping[str, Any]) -> None:
    view, blocks = parsed(payload.get("view")), parsed(payload.get("blocks"))
    if view:
        assert_valid_view(view)
    if blocks:
        assert_valid_message(blocks)


def parsed(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value

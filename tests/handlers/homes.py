"""What people see on their Home behind the front door: the view as it would be published now."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event, insert

from bot.home.service import shown_of
from bot.ref import new_id
from bot.store.tables import homes, incidents
from tests.conftest import NOW
from tests.handlers.front_door import ALERTS, TEAM
from tests.views.checker import assert_valid_view

MINJI, SORA = "U0MINJI", "U0SORA"


def opens(served: Any, user: str = MINJI, **more: Any) -> str:
    """Have somebody open their Home, and return the words that it shows."""
    opened = {"type": "app_home_opened", "user": user, "channel": f"D{user}", "tab": "home"}
    assert served.event(opened | more).status_code == 200
    return sees(served, user)


def sees(served: Any, user: str = MINJI) -> str:
    return words_of(view(served, user))


def view(served: Any, user: str = MINJI) -> dict[str, Any]:
    """Return the Home as this person reads it, which Slack would take."""

    def render(tx: Any) -> dict[str, Any]:
        row = tx.execute(homes.select().where(homes.c.user == user)).one()
        return served.app.homes.render(tx, TEAM, user, shown_of(row))

    shown: dict[str, Any] = served.app.store.read(render)
    assert_valid_view(shown)
    return shown


def presses(served: Any, action_id: str, value: str = "", *, user: str = MINJI) -> None:
    """Have a button of the Home pressed that is there, and of which Slack is told as it is on a Home."""
    shown = {"type": "home", "id": "V1", "blocks": []}
    answer = served.press(action_id, value, user=user, channel=None, response_url=None, view=shown)
    assert answer.status_code == 200, answer.text


def words_of(shown: dict[str, Any]) -> str:
    """Return all that can be read, links as what they are called."""
    found = "\n".join(_texts(shown))
    return re.sub(r"<[^|>]*\|([^>]*)>", r"\1", found)


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("text"), str):
            yield part["text"]
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, list):
        for each in part:
            yield from _texts(each)


def buttons(shown: dict[str, Any]) -> list[str]:
    """Return the ids of all that can be pressed."""
    rows = [block for block in shown["blocks"] if block["type"] == "actions"]
    single = [block["accessory"]["action_id"] for block in shown["blocks"] if "accessory" in block]
    return [element["action_id"] for row in rows for element in row["elements"]] + single


def many_open(served: Any, count: int, **more: Any) -> list[str]:
    """Open many incidents of different things at once; return their ids, the oldest first."""
    rows = [incident_row(number) | more for number in range(count)]
    served.app.store.write(lambda tx: tx.execute(insert(incidents), rows))
    return [str(row["id"]) for row in rows]


def incident_row(number: int) -> dict[str, Any]:
    return {
        "id": new_id(NOW)[:11] + f"{number:013x}",
        "route": "data",
        "fingerprint": f"{number:064x}",
        "open_key": f"data:{number}",
        "source": "airflow",
        "resource": {"dag": f"dag_{number:04}"},
        "title": f"dag_{number:04}",
        "error": "RuntimeError",
        "severity": "error",
        "owner": "",
        "links": {},
        "state": "open",
        "team": TEAM,
        "channel": ALERTS,
        "message_ts": f"1795000000.{number:06}",
        "opened_at": NOW,
        "raised_at": NOW,
        "last_alert_at": NOW,
        "alert_count": 1,
        "called": {"ids": [], "certainty": "somebody", "name": "", "known_at": None},
    }


@contextmanager
def counted(served: Any) -> Iterator[list[str]]:
    """Collect the statements that reach the database meanwhile."""
    seen: list[str] = []

    def see(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(served.app.store.engine, "before_cursor_execute", see)
    try:
        yield seen
    finally:
        event.remove(served.app.store.engine, "before_cursor_execute", see)

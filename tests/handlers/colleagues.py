"""People of the workspace behind the front door: who they are, and what only they were told."""

from datetime import timedelta

import pytest

from bot.directory.service import keep_people
from bot.oncall import service as oncall
from bot.ports.paging import Responder, Shift, Somebody
from bot.ports.slack import SlackPerson
from bot.store.tables import incidents, replies
from bot.text import text_from_json
from bot.views.words import Markup, say
from tests.conftest import NOW
from tests.handlers.front_door import TEAM, airflow_failure

REFUSED = [
    pytest.param({"user": "U0GUEST"}, "of this workspace may not", id="a guest"),
    pytest.param({"user": "U0STRANGER"}, "게스트", id="somebody of another workspace in a shared channel"),
    pytest.param({"user": "U0ROBOT"}, "봇", id="a bot"),
    pytest.param({"user": "U0GONE"}, "비활성", id="a deactivated account"),
    pytest.param({"user": "U0NEVERSEEN"}, "could not check who you are", id="somebody unknown"),
    pytest.param(
        {"user": "U0MINJI", "team": "T0FORGED"}, "could not check who you are", id="a known id of another team"
    ),
    pytest.param({"user": ""}, "could not check who you are", id="nobody at all"),
]


def person(user, **more):
    """Return an account as Slack lists it, a Korean member unless told otherwise."""
    known = {"id": user, "team_id": TEAM, "name": user.lower(), "locale": "ko-KR", "tz": "Asia/Seoul"}
    return SlackPerson.read(known | more)


def staff(served):
    everybody = [
        person("U0MINJI", profile={"email": "minji@haneul.example"}),
        person("U0SORA", locale="en-US"),
        person("U0GUEST", is_restricted=True, locale="en-US"),
        person("U0STRANGER", is_stranger=True),
        person("U0ROBOT", is_bot=True),
        person("U0GONE", deleted=True),
    ]
    served.write(keep_people, everybody, NOW)
    minji = (Responder("minji", "minji@haneul.example"),)
    until = NOW + timedelta(days=3)
    served.write(oncall.keep, "data-platform", Somebody(minji, NOW, until), (Shift(minji, NOW, until),), NOW)
    served.event(airflow_failure())
    return served


def incident(served):
    [row] = served.rows(incidents)
    return row


def told(served):
    """Return what was said to single people, in their own words."""
    readers = served.app.readers

    def words(tx):
        rows = tx.execute(replies.select().order_by(replies.c.id)).all()
        return [say(text_from_json(r.body), readers.of_person(tx, r.team, r.user), Markup.PLAIN) for r in rows]

    return served.app.store.read(words)

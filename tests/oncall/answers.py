"""Answers of Opsgenie about schedules, in the shapes of recorded answers of the live service."""

from datetime import datetime

from tests.oncall.made import NOON, at
from tests.oncall.scripted import Answer

TEAM = {"type": "team", "id": "id-core", "name": "core"}


def user(name, **more):
    return {"type": "user", "id": f"id-{name}", "name": f"{name}@haneul.example", **more}


def stamp(hours):
    return at(hours).strftime("%Y-%m-%dT%H:%M:%SZ")


def period(recipient, start, end, kind="default", **more):
    return {"startDate": stamp(start), "endDate": stamp(end), "type": kind, "recipient": recipient, **more}


def past(recipient, start, end, *people):
    return period(recipient, start, end, "historical", flattenedRecipients=list(people) or [recipient])


def timeline(*rotations, start=-400, end=800):
    return {
        "data": {
            "_parent": {"id": "s1", "name": "data-platform", "enabled": True},
            "startDate": stamp(start),
            "endDate": stamp(end),
            "finalTimeline": {"rotations": list(rotations)},
        },
        "expandable": ["base", "forwarding", "override"],
        "took": 0.3,
        "requestId": "r1",
    }


def rotation(*periods, order=1.0, name="primary"):
    return {"id": f"id-{name}", "name": name, "order": order, "periods": list(periods)}


def says(server, on_calls=None, times=None, later=None):
    """Let the server answer on-calls (with `later` for other moments than noon) and the timeline."""

    def answer(asked):
        if asked.path.endswith("/timeline"):
            return Answer(body=times or timeline())
        now = datetime.fromisoformat(asked.query["date"]) == NOON
        return Answer(body={"data": on_calls if now or later is None else later, "took": 0.1, "requestId": "r2"})

    server.answer = answer


def participants(*people):
    return {"onCallParticipants": list(people)}

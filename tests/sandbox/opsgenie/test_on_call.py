"""Who the fake Opsgenie says is on call, now, next and over time."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.sandbox.opsgenie.conftest import ALEX, DANA, JUNHO, MINJI, NOW, SCHEDULE

BERLIN = {
    "id": "7c1f0a52-0000-4000-8000-00000000d0be",
    "name": "berlin",
    "timezone": "Europe/Berlin",
    "rotations": [
        {"id": "b1", "name": "only", "type": "weekly", "starts": "Monday 10:00", "participants": [MINJI, JUNHO]}
    ],
}


def periods(timeline, rotation="primary"):
    for shown in timeline["finalTimeline"]["rotations"]:
        if shown["name"] == rotation:
            return [(p["type"], p["recipient"]["name"], p["startDate"], p["endDate"]) for p in shown.get("periods", [])]
    raise AssertionError(rotation)


def test_everybody_of_all_rotations_is_listed_once_with_names_that_flip(opsgenie):
    nested = opsgenie.named("on-calls")
    flat = opsgenie.named("on-calls", flat="true")

    assert nested["_parent"]["name"] == "data-platform"
    assert [(p["type"], p["name"]) for p in nested["onCallParticipants"]] == [("user", MINJI), ("user", JUNHO)]
    assert flat["onCallRecipients"] == [MINJI, JUNHO]
    assert "onCallRecipients" not in nested
    assert "onCallParticipants" not in flat


def test_the_next_people_come_under_the_other_names(opsgenie):
    nested = opsgenie.named("next-on-calls")
    flat = opsgenie.named("next-on-calls", flat="true")

    assert [p["name"] for p in nested["nextOnCallRecipients"]] == [JUNHO, ALEX]
    assert flat["nextOnCallParticipants"] == flat["exactNextOnCallParticipants"] == [JUNHO, ALEX]


def test_exactly_next_is_who_changes_at_the_first_boundary(opsgenie):
    opsgenie.control("override", user=DANA, start="2026-11-19T00:00:00Z", hours=3, rotation="primary")

    found = opsgenie.named("next-on-calls", flat="true")

    assert found["nextOnCallParticipants"] == [DANA, ALEX]
    assert found["exactNextOnCallParticipants"] == [DANA]


def test_a_date_asks_for_another_moment(opsgenie):
    assert opsgenie.named("on-calls", flat="true", date="2026-11-23T10:00:00+09:00")["onCallRecipients"][0] == JUNHO
    assert opsgenie.named("on-calls", flat="true", date="2026-11-23T09:59:59+09:00")["onCallRecipients"][0] == MINJI


def test_all_schedules_are_told_in_one_request(opsgenie):
    opsgenie.control("schedule", **BERLIN)

    found = opsgenie.get("/v2/schedules/on-calls", flat="true")["data"]

    assert [(one["_parent"]["name"], one["onCallRecipients"]) for one in found] == [
        ("data-platform", [MINJI, JUNHO]),
        ("berlin", [MINJI]),
    ]


def test_a_gap_has_nobody(opsgenie):
    opsgenie.control("gap", hours=4)

    assert opsgenie.named("on-calls")["onCallParticipants"] == []
    opsgenie.clock.advance(timedelta(hours=5))
    assert len(opsgenie.named("on-calls")["onCallParticipants"]) == 2


def test_escalations_and_teams_hold_who_is_behind_them(opsgenie):
    team = {"type": "team", "name": "data", "members": [ALEX]}
    ladder = {"type": "escalation", "name": "data-escalation", "members": [MINJI, team]}
    rotation = BERLIN["rotations"][0] | {"participants": [ladder]}
    opsgenie.control("schedule", **BERLIN | {"rotations": [rotation]})

    nested = opsgenie.get("/v2/schedules/berlin/on-calls", scheduleIdentifierType="name")["data"]
    flat = opsgenie.get("/v2/schedules/berlin/on-calls", scheduleIdentifierType="name", flat="true")["data"]

    escalation = nested["onCallParticipants"][0]
    assert (escalation["type"], escalation["name"]) == ("escalation", "data-escalation")
    steps = escalation["onCallParticipants"]
    assert [(step["type"], step["escalationTime"]) for step in steps] == [("user", 0), ("team", 5)]
    assert steps[1]["onCallParticipants"][0]["name"] == ALEX
    assert flat["onCallRecipients"] == [MINJI, ALEX]


def test_the_running_shift_is_cut_in_two_at_now(opsgenie):
    found = periods(opsgenie.timeline(interval=2))

    assert found == [
        ("historical", ALEX, "2026-11-15T15:00:00Z", "2026-11-16T01:00:00Z"),
        ("historical", MINJI, "2026-11-16T01:00:00Z", found[1][3]),
        ("default", MINJI, found[1][3], "2026-11-23T01:00:00Z"),
        ("default", JUNHO, "2026-11-23T01:00:00Z", "2026-11-29T15:00:00Z"),
    ]
    assert timedelta() <= datetime.fromisoformat(found[1][3]) - NOW < timedelta(minutes=1)


def test_only_historical_periods_have_flattened_recipients(opsgenie):
    shown = opsgenie.timeline()["finalTimeline"]["rotations"][0]["periods"]

    assert [("flattenedRecipients" in period) == (period["type"] == "historical") for period in shown] == [True] * 3
    assert shown[0]["flattenedRecipients"][0]["name"] == ALEX


def test_overrides_forwarding_and_gaps_shape_the_timeline(opsgenie):
    opsgenie.control("override", user=DANA, start="2026-11-19T00:00:00Z", hours=6, rotation="primary")
    opsgenie.control("forward", from_user=MINJI, to_user=ALEX, start="2026-11-20T00:00:00Z", hours=2)
    opsgenie.control("gap", start="2026-11-21T00:00:00Z", hours=1)

    timeline = opsgenie.timeline(interval=1, expand="base,override,forwarding")
    found = periods(timeline)

    assert [(kind, name, start[:13]) for kind, name, start, _ in found[2:]] == [
        ("default", MINJI, found[2][2][:13]),
        ("override", DANA, "2026-11-19T00"),
        ("default", MINJI, "2026-11-19T06"),
        ("forwarding", ALEX, "2026-11-20T00"),
        ("default", MINJI, "2026-11-20T02"),
        ("default", MINJI, "2026-11-21T01"),
    ]
    forwarded = next(
        period for period in timeline["finalTimeline"]["rotations"][0]["periods"] if period["type"] == "forwarding"
    )
    assert forwarded["fromUser"] == MINJI
    assert [len(timeline[f"{layer}Timeline"]["rotations"]) for layer in ("base", "override", "forwarding")] == [2] * 3


def test_a_rotation_without_periods_has_no_such_key(opsgenie):
    opsgenie.control("gap", start="2026-11-01T00:00:00Z", hours=24 * 60)

    rotation = opsgenie.timeline()["finalTimeline"]["rotations"][0]

    assert set(rotation) == {"id", "name", "order"}


@pytest.mark.parametrize(
    ("unit", "start", "end"),
    [
        ("days", "2026-11-17T15:00:00Z", "2026-11-18T15:00:00Z"),
        ("weeks", "2026-11-15T15:00:00Z", "2026-11-22T15:00:00Z"),
        ("months", "2026-10-31T15:00:00Z", "2026-11-30T15:00:00Z"),
    ],
)
def test_the_window_begins_with_its_unit_in_the_zone_of_the_schedule(opsgenie, unit, start, end):
    timeline = opsgenie.timeline(intervalUnit=unit)

    assert (timeline["startDate"], timeline["endDate"]) == (start, end)


def test_the_handover_keeps_its_hour_over_a_change_of_clocks(opsgenie):
    opsgenie.clock.set(datetime(2026, 3, 25, 12, tzinfo=UTC))  # clocks in Berlin go forward on the 29th
    opsgenie.control("schedule", **BERLIN)

    timeline = opsgenie.get("/v2/schedules/berlin/timeline", identifierType="name", interval=2)["data"]

    starts = [start for _, _, start, _ in periods(timeline, "only")]
    assert starts[1] == "2026-03-23T09:00:00Z"
    assert starts[-1] == "2026-03-30T08:00:00Z"


def test_shifts_go_on_as_the_business_clock_moves(opsgenie):
    seen = []
    for _ in range(4):
        seen.append(opsgenie.named("on-calls", flat="true")["onCallRecipients"][0])
        opsgenie.clock.advance(timedelta(weeks=1))

    assert seen == [MINJI, JUNHO, ALEX, MINJI]


def test_schedules_and_rotations_are_listed(opsgenie):
    plain = opsgenie.get("/v2/schedules")["data"][0]
    expanded = opsgenie.get("/v2/schedules", expand="rotation")["data"][0]
    one = opsgenie.get(f"/v2/schedules/{plain['id']}")["data"]

    assert "rotations" not in plain
    assert one == expanded
    assert [rotation["name"] for rotation in opsgenie.named("rotations")] == ["primary", "secondary"]


def test_an_override_is_created_read_changed_and_deleted(opsgenie):
    window = {"startDate": "2026-11-18T02:00:00Z", "endDate": "2026-11-18T06:00:00Z"}
    user = {"type": "user", "username": DANA}
    path, by_name = f"{SCHEDULE}/overrides", {"scheduleIdentifierType": "name"}

    made = opsgenie.http.post(
        path, params=by_name, json={"user": user, **window, "alias": "swap", "rotations": [{"name": "primary"}]}
    )
    on_call = opsgenie.named("on-calls", flat="true")["onCallRecipients"]
    listed = opsgenie.named("overrides")
    changed = opsgenie.http.put(f"{path}/swap", params=by_name, json={"user": user, **window})
    both = opsgenie.named("on-calls", flat="true")["onCallRecipients"]
    deleted = opsgenie.http.delete(f"{path}/swap", params=by_name)

    assert (made.status_code, made.json()["data"]) == (201, {"alias": "swap"})
    assert on_call == [DANA, JUNHO]
    assert (listed[0]["user"]["username"], listed[0]["rotations"][0]["name"]) == (DANA, "primary")
    assert (changed.status_code, both) == (200, [DANA])
    assert (deleted.status_code, opsgenie.named("overrides")) == (200, [])

"""Sentry, PagerDuty, Opsgenie."""

import pytest

from tests.triage.slack import app, attached, case, check, context, edited, says, section


def issue(short_id, emoji=":red_circle:", title="ValueError: x"):
    return app(
        "Sentry",
        f"[loader] {title}",
        blocks=[
            section(f"{emoji} <https://acme.sentry.io/issues/55/?referrer=slack|*{title}*>"),
            context("etl.load in run"),
            section(f"```{title}```"),
            context("Events: *9*   State: *Ongoing*"),
            context(
                f"Project: <https://acme.sentry.io/projects/loader/|loader>    Alert: oncall    Short ID: {short_id}"
            ),
        ],
    )


SENTRY = [
    case("issue", issue("LOADER-1A2"), "alert", "error", project="loader", short_id="LOADER-1A2"),
    case(
        "yellow",
        issue("LOADER-1A2", ":large_yellow_circle:"),
        "alert",
        "warning",
        project="loader",
        short_id="LOADER-1A2",
    ),
    case("blue", issue("LOADER-1A2", ":large_blue_circle:"), "alert", "info", project="loader", short_id="LOADER-1A2"),
    case(
        "marked as resolved",
        app(
            "Sentry",
            "Issue marked as resolved",
            blocks=[section("ana@x.io marked <https://acme.sentry.io/issues/55/|LOADER-1A2> as resolved")],
        ),
        "resolved",
        None,
        short_id="LOADER-1A2",
    ),
    case(
        "archived",
        app(
            "Sentry", "", blocks=[section("ana@x.io marked <https://acme.sentry.io/issues/55/|LOADER-1A2> as ignored")]
        ),
        "noise",
    ),
    case(
        "metric alert",
        app(
            "Sentry",
            "<https://acme.sentry.io/alerts/rules/details/9/|*Critical: Error rate of loader*>",
            attachments=[{"blocks": [section("120 errors in the last hour\n<!date^1795136400^{date}^x|Nov 20>")]}],
        ),
        "alert",
        "critical",
        rule="Error rate of loader",
    ),
    case(
        "metric alert over",
        app("Sentry", "<https://acme.sentry.io/alerts/rules/details/9/|*Resolved: Error rate of loader*>"),
        "resolved",
        None,
        rule="Error rate of loader",
    ),
]


def pager(state, title="[FIRING:1] Lag a (critical)", urgency="High"):
    line = f"{state} #77: {title}"
    return app(
        "PagerDuty",
        line,
        attachments=[
            {
                "blocks": [
                    section(f"*{state}* <https://acme.pagerduty.com/incidents/Q1|#77: {title}>"),
                    section("", "*Service:*\nkafka", f"*Urgency:*\n{urgency}", "*Assigned:*\n<@U0ANA>"),
                ]
            }
        ],
    )


PAGING = [
    case("triggered", pager("Triggered"), "alert", "critical", incident="77"),
    case("low urgency", pager("Triggered", urgency="Low"), "alert", "warning", incident="77"),
    case("acknowledged by an edit", edited(pager("Triggered"), pager("Acknowledged")), "noise"),
    case(
        "resolved by an edit, though the title quotes FIRING",
        edited(pager("Acknowledged"), pager("Resolved")),
        "resolved",
        None,
        incident="77",
    ),
    case(
        "Opsgenie's new alert",
        app(
            "Opsgenie",
            "New alert: <https://opsg.in/a/i/x|#1843>: Lag is high",
            attachments=attached(
                "", "", fields=[{"title": "Priority", "value": "P2"}, {"title": "Routed Teams", "value": "data"}]
            ),
        ),
        "alert",
        "error",
        alert="1843",
    ),
    case(
        "Opsgenie closed",
        app("Opsgenie", 'ana@x.io closed alert <https://opsg.in/a/i/x|#1843> "Lag is high"'),
        "resolved",
        None,
        alert="1843",
    ),
    case(
        "Opsgenie acknowledged",
        app("Opsgenie", 'ana@x.io acknowledged alert <https://opsg.in/a/i/x|#1843> "Lag is high"'),
        "noise",
    ),
]


@pytest.mark.parametrize(("event", "kind", "severity", "resource"), [*SENTRY, *PAGING])
def test_paging_is_read(event, kind, severity, resource):
    check(event, kind, severity, resource)


@pytest.mark.parametrize(("event", "source"), [(issue("A-1B"), "sentry"), (pager("Triggered"), "pagerduty")])
def test_the_source_is_the_tool_that_posted(event, source):
    assert says(event).source == source

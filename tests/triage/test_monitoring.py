"""Datadog, Google Cloud Monitoring, Amazon Q (CloudWatch, EMR), Sentry, PagerDuty, Opsgenie."""

import pytest

from tests.triage.slack import app, attached, case, check, header, says, section, webhook


def monitor(title, url="https://app.datadoghq.eu/monitors/77?group=cluster%3Aetl&from_ts=1&event_id=2", **more):
    return app(
        "Datadog", "", attachments=attached(title, "It is bad @slack-data\n\nMetric value: 4.2", title_link=url, **more)
    )


def page(status, urgency="High"):
    return app(
        "Datadog",
        "Page #812: Loader dead",
        attachments=[
            {
                "blocks": [
                    section(
                        "", f"*Status:*\n{status}", f"*Urgency:*\n{urgency}", "*Team:*\ndata", "*Responder:*\n<@U0ANA>"
                    )
                ]
            }
        ],
    )


DATADOG = [
    case(
        "triggered",
        monitor("Triggered: Queue is long on cluster:etl"),
        "alert",
        "error",
        monitor="Queue is long",
        scope="cluster:etl",
    ),
    case(
        "triggered again",
        monitor("Re-Triggered: Queue is long on cluster:etl"),
        "alert",
        "error",
        monitor="Queue is long",
        scope="cluster:etl",
    ),
    case(
        "warn",
        monitor("Warn: Queue is long on cluster:etl"),
        "alert",
        "warning",
        monitor="Queue is long",
        scope="cluster:etl",
    ),
    case(
        "no data",
        monitor("No data: Queue is long on cluster:etl"),
        "alert",
        "warning",
        monitor="Queue is long",
        scope="cluster:etl",
    ),
    case(
        "recovered",
        monitor("Recovered: Queue is long on cluster:etl"),
        "resolved",
        None,
        monitor="Queue is long",
        scope="cluster:etl",
    ),
    case(
        "two tags",
        monitor(
            "Triggered: Lag on group:a,topic:b", "https://app.datadoghq.com/monitors/1?group=group%3Aa%2Ctopic%3Ab"
        ),
        "alert",
        "error",
        monitor="Lag",
        scope="group:a,topic:b",
    ),
    case(
        "no scope",
        monitor("Triggered: Nightly export late", "https://us3.datadoghq.com/monitors/5"),
        "alert",
        "error",
        monitor="Nightly export late",
    ),
    case(
        "on in the name",
        monitor(
            "Triggered: Writes on primary are slow on db:core", "https://app.datadoghq.com/monitors/5?group=db%3Acore"
        ),
        "alert",
        "error",
        monitor="Writes on primary are slow",
        scope="db:core",
    ),
    case("a page", page("Triggered"), "alert", "critical", page="812"),
    case("a page of low urgency", page("Triggered", "Low"), "alert", "warning", page="812"),
    case("a page acknowledged", page("Acknowledged"), "noise"),
    case("a page resolved", page(":white_check_mark: Resolved"), "resolved", None, page="812"),
    case(
        "handover", app("Datadog", ":arrows_counterclockwise: Handover Summary\n<@U1|a> :arrow_right: <@U2|b>"), "noise"
    ),
]


def gcp(
    title,
    policy="Disk nearly full",
    summary="Disk utilization for prj db-1 is above the threshold of 0.9 with a value of 0.95.",
    **fields,
):
    url = "https://console.cloud.google.com/monitoring/alerting/incidents/0.abc?project=prj"
    named = [{"title": key.title(), "value": value, "short": True} for key, value in fields.items()]
    return app(
        "Google Cloud Monitoring",
        "",
        attachments=attached(title, f"*<{url}|{policy}>*\n\n*Summary*\n{summary}", title_link=url, fields=named),
    )


GCP = [
    case(
        "firing",
        gcp("Alert firing", resource="db-1", severity="Critical"),
        "alert",
        "critical",
        policy="Disk nearly full",
        resource="db-1",
    ),
    case(
        "recovered",
        gcp(
            "Alert recovered",
            resource="db-1",
            summary="Disk utilization for prj db-1 returned to normal with a value of 0.1.",
        ),
        "resolved",
        None,
        policy="Disk nearly full",
        resource="db-1",
    ),
    case(
        "no level", gcp("Alert firing", resource="db-1"), "alert", "error", policy="Disk nearly full", resource="db-1"
    ),
    case(
        "resource only in the summary",
        gcp(
            "Alert firing",
            summary=(
                "CPU utilization for prj etl-vm-3 with system labels {a=b} is above the threshold of 0.8 "
                "with a value of 0.9."
            ),
        ),
        "alert",
        "error",
        policy="Disk nearly full",
        resource="etl-vm-3",
    ),
]


def alarm(name, state, region="eu-west-1", emoji=":rotating_light:"):
    url = f"https://console.aws.amazon.com/cloudwatch/home?region={region}#alarmsV2:alarm/{name}"
    head = f"{emoji} *<{url}|CloudWatch Alarm | {name} | {region} | Account: 1234>*"
    return app(
        "Amazon Q Developer",
        "",
        attachments=[
            {
                "blocks": [
                    section(head),
                    section("Threshold Crossed: 1 datapoint [9.0] was greater than the threshold (5.0)."),
                    section("", f"*State*\n{state}"),
                ]
            }
        ],
    )


EMR = "Step s-1ABC (compact clicks) in Amazon EMR cluster j-9XYZ (nightly-etl) failed at 2026-11-20 01:00 UTC."
AWS = [
    case("alarm", alarm("msk-lag", "ALARM"), "alert", "error", alarm="msk-lag", region="eu-west-1"),
    case(
        "ok", alarm("msk-lag", "OK", emoji=":white_check_mark:"), "resolved", None, alarm="msk-lag", region="eu-west-1"
    ),
    case(
        "insufficient data",
        alarm("msk-lag", "INSUFFICIENT_DATA"),
        "alert",
        "warning",
        alarm="msk-lag",
        region="eu-west-1",
    ),
    case(
        "a sentence",
        app("AWS Chatbot", "The alarm msk-lag changed state to ALARM: Threshold Crossed: 1 datapoint"),
        "alert",
        "error",
        alarm="msk-lag",
    ),
    case(
        "a sentence that it is over",
        app("AWS Chatbot", "The alarm msk-lag changed state to OK: Threshold Crossed: 1 datapoint was not greater"),
        "resolved",
        None,
        alarm="msk-lag",
    ),
    case(
        "EMR step",
        app("Amazon Q Developer", f"*EMR Step Status Change*\n{EMR}"),
        "alert",
        "error",
        cluster="nightly-etl",
        step="compact clicks",
    ),
    case(
        "EMR step done",
        app("Amazon Q Developer", EMR.replace("failed", "completed")),
        "resolved",
        None,
        cluster="nightly-etl",
        step="compact clicks",
    ),
]


@pytest.mark.parametrize(("event", "kind", "severity", "resource"), [*DATADOG, *GCP, *AWS])
def test_monitoring_is_read(event, kind, severity, resource):
    check(event, kind, severity, resource)


@pytest.mark.parametrize(
    ("event", "source"),
    [
        (monitor("Triggered: a on b:c"), "datadog"),
        (gcp("Alert firing"), "gcp_monitoring"),
        (alarm("a", "ALARM"), "cloudwatch"),
    ],
)
def test_the_source_is_the_tool_that_posted(event, source):
    assert says(event).source == source


def test_a_script_that_links_to_a_dashboard_is_still_a_script():
    alert = says(
        webhook("watcher", "Table `dw.orders` is late, see <https://app.datadoghq.com/dashboard/abc|dashboard>")
    )

    assert (alert.kind, alert.source, dict(alert.resource)) == ("alert", "script", {"table": "dw.orders"})


def test_blocks_of_a_header_alone_say_enough():
    assert says(webhook("GCP", "", blocks=[header("x")])).kind == "noise"

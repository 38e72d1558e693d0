"""Grafana unified alerting (default_template.go) and the older form."""

import pytest

from tests.triage.slack import attached, case, check, says, webhook


def alert(status, **labels):
    named = "\n".join(f" - {key} = {value}" for key, value in labels.items())
    return (
        f"**{status}**\n\nValue: A=1, C=0\nLabels:\n{named}\nAnnotations:\n - summary = it is "
        f"{status}\nSource: https://g.corp/alerting/grafana/u1/view?orgId=1\nSilence: "
        f"https://g.corp/alerting/silence/new?x=1\n"
    )


def grafana(title, text="", color="D63232", name="Grafana", **more):
    return webhook(
        name,
        "",
        attachments=attached(
            title, text, title_link="https://g.corp/alerting/list", color=color, footer="Grafana v12.1.0", **more
        ),
    )


LAG = {"alertname": "Lag", "grafana_folder": "Kafka", "severity": "critical", "team": "data", "topic": "orders.v1"}
TWO = alert("Firing", **LAG, partition="1") + alert("Firing", **LAG, partition="2").partition("\n")[2]
TABLE = [
    case(
        "labels name it",
        grafana("[FIRING:1] Lag Kafka (critical data orders.v1)", alert("Firing", **LAG)),
        "alert",
        "critical",
        alertname="Lag",
        topic="orders.v1",
    ),
    case(
        "resolved",
        grafana("[RESOLVED] Lag Kafka (critical data orders.v1)", alert("Resolved", **LAG), "36a64f"),
        "resolved",
        None,
        alertname="Lag",
        topic="orders.v1",
    ),
    case(
        "two alerts share their labels",
        grafana("[FIRING:2] Lag Kafka (critical data orders.v1)", TWO),
        "alert",
        "critical",
        alertname="Lag",
        topic="orders.v1",
    ),
    case(
        "firing and resolved in one",
        grafana(
            "[FIRING:1, RESOLVED:1] Lag Kafka (data)",
            alert("Firing", **LAG) + alert("Resolved", **LAG | {"severity": "warning"}),
        ),
        "alert",
        "critical",
        alertname="Lag",
        topic="orders.v1",
    ),
    case(
        "the worst that fires counts",
        grafana(
            "[FIRING:2] X F",
            alert("Firing", alertname="X", severity="warning", db="a")
            + alert("Firing", alertname="X", severity="critical", db="a"),
        ),
        "alert",
        "critical",
        alertname="X",
        db="a",
    ),
    case(
        "spaces and signs in a name",
        grafana(
            "[FIRING:1] Disk &gt; 90% Infra (n1)",
            alert("Firing", alertname="Disk &gt; 90%", grafana_folder="Infra", instance="n1:9100", severity="warning"),
        ),
        "alert",
        "warning",
        alertname="Disk > 90%",
        instance="n1:9100",
    ),
    case(
        "no level stated",
        grafana("[FIRING:1] X F", alert("Firing", alertname="X", grafana_folder="F", namespace="etl")),
        "alert",
        "error",
        alertname="X",
        namespace="etl",
    ),
    case(
        "a Deployment's pod",
        grafana("[FIRING:1] X F", alert("Firing", alertname="X", namespace="etl", pod="loader-6d9f7c8b5-k2xvq")),
        "alert",
        "error",
        alertname="X",
        namespace="etl",
        pod="loader",
    ),
    case(
        "region and environment stay",
        grafana("[FIRING:1] X F", alert("Firing", alertname="X", region="eu-1", env="prod")),
        "alert",
        "error",
        alertname="X",
        region="eu-1",
        env="prod",
    ),
    case(
        "no data",
        grafana(
            "[FIRING:1] DatasourceNoData F",
            alert("Firing", alertname="DatasourceNoData", rulename="Lag", datasource_uid="u", ref_id="A"),
        ),
        "alert",
        "error",
        alertname="DatasourceNoData",
        rulename="Lag",
    ),
    case(
        "a custom text without labels",
        grafana("[FIRING:1] Orders late (prod)", "see the dashboard"),
        "alert",
        "error",
        alertname="Orders late",
    ),
    case(
        "no sender's name, known by its footer",
        grafana("[FIRING:1] Lag Kafka", alert("Firing", **LAG), name=""),
        "alert",
        "critical",
        alertname="Lag",
        topic="orders.v1",
    ),
    case(
        "the older form",
        webhook("grafana", "", attachments=attached("[Alerting] Queue depth", "Too deep", color="#D63232")),
        "alert",
        "error",
        alertname="Queue depth",
    ),
    case(
        "the older form, over",
        webhook("grafana", "", attachments=attached("[OK] Queue depth", "", color="#36a64f")),
        "resolved",
        None,
        alertname="Queue depth",
    ),
    case(
        "the older form, no data",
        webhook("grafana", "", attachments=attached("[No Data] Queue depth", "")),
        "alert",
        "error",
        alertname="Queue depth",
    ),
    case(
        "mentions stand before it",
        grafana("[FIRING:1] Lag Kafka", alert("Firing", **LAG), pretext="<!here|here> <@U0ANA>"),
        "alert",
        "critical",
        alertname="Lag",
        topic="orders.v1",
    ),
]


@pytest.mark.parametrize(("event", "kind", "severity", "resource"), TABLE)
def test_grafana_is_read(event, kind, severity, resource):
    check(event, kind, severity, resource)


def test_summary_and_links_are_found():
    said = says(grafana("[FIRING:1] Lag Kafka", alert("Firing", **LAG)))

    assert said.error == "it is Firing"
    assert said.links["source"] == "https://g.corp/alerting/grafana/u1/view?orgId=1"
    assert said.topic == "consumer-lag"

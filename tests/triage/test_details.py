"""What is read besides kind, severity and names: the error, where it leads, the topic; what the tables do not hold."""

from tests.triage.slack import app, attached, context, header, says, webhook

LAG = """**Firing**

Value: A=1, C=0
Labels:
 - alertname = Lag
 - grafana_folder = Kafka
 - severity = critical
 - topic = orders.v1
Annotations:
 - summary = the group falls behind
Source: https://g.corp/alerting/grafana/u1/view?orgId=1
Silence: https://g.corp/alerting/silence/new?x=1
"""
CUSTOM = (
    "*Alert:* Consumer lag - `warning`\n*Description:* lag of indexer is 120k\n*Details:*\n"
    " • *alertname:* `KafkaLag`\n • *consumergroup:* `indexer`\n • *severity:* `warning`\n"
)


def test_the_description_of_an_alertmanager_s_custom_text_is_the_error():
    alert = says(webhook("AlertManager", "", attachments=attached("[FIRING:1] KafkaLag for indexer", CUSTOM)))

    assert "lag of indexer is 120k" in alert.error


def test_summary_and_links_of_grafana_are_found():
    alert = says(webhook("Grafana", "", attachments=attached("[FIRING:1] Lag Kafka", LAG, footer="Grafana v12.1.0")))

    assert alert.error == "the group falls behind"
    assert alert.links["source"] == "https://g.corp/alerting/grafana/u1/view?orgId=1"
    assert alert.topic == "consumer-lag"


def test_context_blocks_are_read():
    assert "from eks" in says(app("x", "", blocks=[header("Job a_b failed"), context("from eks")])).error


def test_a_script_that_links_to_a_dashboard_is_still_a_script():
    alert = says(
        webhook("watcher", "Table `dw.orders` is late, see <https://app.datadoghq.com/dashboard/abc|dashboard>")
    )

    assert (alert.kind, alert.source, dict(alert.resource)) == ("alert", "script", {"table": "dw.orders"})


def test_a_header_that_says_nothing_is_noise():
    assert says(webhook("GCP", "", blocks=[header("x")])).kind == "noise"

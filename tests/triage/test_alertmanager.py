"""Alertmanager: the default template's title, custom texts, and chat.update (update and thread strategies)."""

import pytest

from tests.triage.slack import attached, case, check, edited, says, webhook

URL = "http://am.mon:9093/#/alerts?receiver=data"


def am(title, text="", name="AlertManager", **more):
    return webhook(
        name, "", attachments=attached(title, text, title_link=URL, fallback=f"{title} | {URL}", color="danger"), **more
    )


CUSTOM = (
    "*Alert:* Consumer lag - `warning`\n*Description:* lag of indexer is 120k\n*Details:*\n "
    "• *alertname:* `KafkaLag`\n"
    " • *consumergroup:* `indexer`\n • *severity:* `warning`\n"
)
TABLE = [
    case(
        "default title",
        am("[FIRING:1] KafkaLag payments (exporter topic.x warning)"),
        "alert",
        "warning",
        alertname="KafkaLag",
        scope="payments",
    ),
    case(
        "resolved",
        am("[RESOLVED] KafkaLag payments (exporter warning)"),
        "resolved",
        None,
        alertname="KafkaLag",
        scope="payments",
    ),
    case(
        "more alerts joined",
        am("[FIRING:14] KafkaLag payments (warning)"),
        "alert",
        "warning",
        alertname="KafkaLag",
        scope="payments",
    ),
    case(
        "nothing in common",
        am("[FIRING:3] KafkaLag payments "),
        "alert",
        "error",
        alertname="KafkaLag",
        scope="payments",
    ),
    case(
        "only the alert's name in the group",
        am("[FIRING:1] TargetDown (node critical)"),
        "alert",
        "critical",
        alertname="TargetDown",
    ),
    case(
        "several values in the group",
        am("[FIRING:1] PvcFull kafka data-0-kafka-2 (kubelet warning)"),
        "alert",
        "warning",
        alertname="PvcFull",
        scope="kafka data-0-kafka-2",
    ),
    case(
        "major means error",
        am("[FIRING:2] ConnectContainersDown kafka (strimzi major)"),
        "alert",
        "error",
        alertname="ConnectContainersDown",
        scope="kafka",
    ),
    case("page means critical", am("[FIRING:2] ApiDown (page)"), "alert", "critical", alertname="ApiDown"),
    case(
        "none means info",
        am("[FIRING:1] Watchdog monitoring (none)"),
        "alert",
        "info",
        alertname="Watchdog",
        scope="monitoring",
    ),
    case(
        "brackets in a value",
        am("[FIRING:1] DiskFull /data (ch-1 (rack 4) critical)"),
        "alert",
        "critical",
        alertname="DiskFull",
        scope="/data",
    ),
    case("no group at all", am("[FIRING:1]  (NodeDown node-3 critical)"), "alert", "critical", alertname="NodeDown"),
    case(
        "custom text with labels",
        am("[FIRING:1] KafkaLag for indexer", CUSTOM),
        "alert",
        "warning",
        alertname="KafkaLag",
        scope="indexer",
    ),
    case(
        "custom title in the text",
        webhook("alertmanager", f"<{URL}|[FIRING:2] KafkaLag payments (warning)>"),
        "alert",
        "warning",
        alertname="KafkaLag",
        scope="payments",
    ),
    case(
        "no sender's name, known by its link",
        am("[FIRING:1] KafkaLag payments (warning)", name=""),
        "alert",
        "warning",
        alertname="KafkaLag",
        scope="payments",
    ),
    case(
        "thread strategy: parent",
        webhook("AlertManager", "", attachments=attached("FIRING (2): KafkaLag payments")),
        "alert",
        "error",
        alertname="KafkaLag",
        scope="payments",
    ),
    case(
        "thread strategy: partly resolved",
        webhook("AlertManager", "", attachments=attached("PARTIAL RESOLVE (1/2): KafkaLag payments")),
        "alert",
        "error",
        alertname="KafkaLag",
        scope="payments",
    ),
    case(
        "thread strategy: resolved",
        webhook("AlertManager", "", attachments=attached("RESOLVED: KafkaLag payments")),
        "resolved",
        None,
        alertname="KafkaLag",
        scope="payments",
    ),
    case(
        "an edit to resolved",
        edited(am("[FIRING:1] KafkaLag a (warning)"), am("[RESOLVED] KafkaLag a (warning)")),
        "resolved",
        None,
        alertname="KafkaLag",
        scope="a",
    ),
    case(
        "an edit that fires again",
        edited(am("[RESOLVED] KafkaLag a (warning)"), am("[FIRING:1] KafkaLag a (warning)")),
        "alert",
        "warning",
        alertname="KafkaLag",
        scope="a",
    ),
    case(
        "an edit of the count",
        edited(am("[FIRING:1] KafkaLag a (warning)"), am("[FIRING:4] KafkaLag a (warning)")),
        "noise",
    ),
    case(
        "a cut title",
        am("[FIRING:1] KafkaLag payments (exporter a-very-long-val..."),
        "alert",
        "error",
        alertname="KafkaLag",
        scope="payments",
    ),
]


@pytest.mark.parametrize(("event", "kind", "severity", "resource"), TABLE)
def test_alertmanager_is_read(event, kind, severity, resource):
    check(event, kind, severity, resource)


def test_the_description_of_a_custom_text_is_the_error():
    assert "lag of indexer is 120k" in says(am("[FIRING:1] KafkaLag for indexer", CUSTOM)).error

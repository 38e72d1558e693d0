"""Robusta, Botkube, kubewatch: every name of a pod carries hashes."""

import pytest

from tests.triage.slack import app, attached, case, check, context, header, says, section, webhook


def robusta(title, level="high", firing=""):
    return app(
        "Robusta",
        title,
        blocks=[section(f"🔴 {firing}`{level}` *{title}*"), section("*Source:* `eks`")],
        attachments=[
            {"color": "EF311F", "fallback": "[no preview available]", "blocks": [section("```\nrestarts   4\n```")]}
        ],
    )


K8S = [
    case(
        "Robusta crash",
        robusta("Crashing pod loader-6b7f9d8c5-x2klm in namespace data"),
        "alert",
        "error",
        namespace="data",
        workload="loader",
    ),
    case(
        "Robusta, a StatefulSet",
        robusta("Crashing pod kafka-0 in namespace data"),
        "alert",
        "error",
        namespace="data",
        workload="kafka-0",
    ),
    case(
        "Robusta OOM",
        robusta("Pod trino-worker-2 in namespace q OOMKilled results"),
        "alert",
        "error",
        namespace="q",
        workload="trino-worker-2",
    ),
    case(
        "Robusta resolved",
        app(
            "Robusta",
            "[RESOLVED] Crashing pod loader-6b7f9d8c5-x2klm in namespace data",
            blocks=[section("✅ `resolved` 🟢 `low` *Crashing pod loader-6b7f9d8c5-x2klm in namespace data*")],
        ),
        "resolved",
        None,
        namespace="data",
        workload="loader",
    ),
    case(
        "Botkube error",
        app(
            "Botkube",
            "",
            blocks=[
                section("*❗ v1/pods error*"),
                section(
                    "",
                    "*Kind:* Pod",
                    "*Name:* loader-6b7f9d8c5-x2klm",
                    "*Namespace:* data",
                    "*Type:* error",
                    "*Cluster:* eks",
                ),
                section("*Messages*\n• Back-off restarting"),
            ],
        ),
        "alert",
        "error",
        namespace="data",
        workload="loader",
    ),
    case(
        "Botkube create",
        app(
            "Botkube",
            "",
            blocks=[
                section("*💡 v1/pods created*"),
                section("", "*Kind:* Pod", "*Name:* a", "*Namespace:* data", "*Type:* create"),
            ],
        ),
        "noise",
    ),
    case(
        "kubewatch",
        webhook(
            "kubewatch",
            "",
            attachments=attached(
                "", "", fields=[{"title": "kubewatch", "value": "A `pod` in namespace `n` has been `updated`:\n`n/x`"}]
            ),
        ),
        "noise",
    ),
]


@pytest.mark.parametrize(("event", "kind", "severity", "resource"), K8S)
def test_kubernetes_is_read(event, kind, severity, resource):
    check(event, kind, severity, resource)


def test_unused_context_blocks_are_read():
    assert "from eks" in says(app("x", "", blocks=[header("Job a_b failed"), context("from eks")])).error

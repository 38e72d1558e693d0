"""Argo CD's catalogue, three GitHub actions, Jenkins."""

import pytest

from tests.triage.slack import app, attached, case, check, webhook


def github(text, **fields):
    return webhook(
        "8398a7@action-slack",
        text,
        attachments=attached("", "", fields=[{"title": key, "value": value} for key, value in fields.items()]),
    )


REPO = {
    "repo": "<https://github.com/acme/dw|acme/dw>",
    "message": "fix failed load",
    "ref": "refs/heads/main",
    "workflow": "<https://github.com/acme/dw/commit/abc/checks|ci>",
}
CI = [
    case(
        "Argo CD sync failed",
        app(
            "Argo CD",
            (
                ":exclamation:  The sync operation of application etl-prod has failed at "
                "2026-11-20T01:00:00Z with the following error: boom"
            ),
            attachments=attached("etl-prod", color="#E96D76"),
        ),
        "alert",
        "error",
        app="etl-prod",
    ),
    case(
        "Argo CD degraded",
        app(
            "argocd",
            ":exclamation: Application etl-prod has degraded.",
            attachments=attached("etl-prod", color="#f4c030"),
        ),
        "alert",
        "warning",
        app="etl-prod",
    ),
    case(
        "Argo CD synced",
        app(
            "Argo CD", (":white_check_mark: Application etl-prod has been successfully synced at 2026-11-20T01:00:00Z.")
        ),
        "resolved",
        None,
        app="etl-prod",
    ),
    case(
        "Argo CD running",
        app("Argo CD", "The sync operation of application etl-prod has started at 2026. The operation is running"),
        "noise",
    ),
    case(
        "GitHub failed",
        github(":no_entry: Failed GitHub Actions\n", **REPO),
        "alert",
        "error",
        repo="acme/dw",
        workflow="ci",
    ),
    case(
        "GitHub succeeded though the commit says failed",
        github(":white_check_mark: Succeeded GitHub Actions\n", **REPO),
        "resolved",
        None,
        repo="acme/dw",
        workflow="ci",
    ),
    case("GitHub cancelled", github(":warning: Cancelled GitHub Actions\n", **REPO), "noise"),
    case(
        "rtCamp",
        webhook(
            "rtBot",
            "",
            attachments=attached(
                "",
                "",
                color="danger",
                fields=[
                    {"title": "Ref", "value": "refs/heads/main"},
                    {"title": "Event", "value": "push"},
                    {"title": "Actions URL", "value": "<https://github.com/acme/dw/actions/runs/9/attempts/1|deploy>"},
                    {"title": "Message", "value": "Deploy failed"},
                ],
            ),
        ),
        "alert",
        "error",
        repo="acme/dw",
        workflow="deploy",
    ),
    case(
        "Jenkins failed",
        webhook(
            "jenkins",
            "",
            attachments=attached(
                "",
                "data » load - #8 Failure after 2 min 1 sec (<https://j.corp/job/data/job/load/8/|Open>)",
                color="danger",
            ),
        ),
        "alert",
        "error",
        job="data » load",
    ),
    case(
        "Jenkins still failing",
        webhook(
            "", "", attachments=attached("", "load - #9 Still Failing after 2 min (<https://j.corp/job/load/9/|Open>)")
        ),
        "alert",
        "error",
        job="load",
    ),
    case(
        "Jenkins unstable",
        webhook(
            "jenkins",
            "",
            attachments=attached("", "load - #9 Unstable after 2 min (<https://j.corp/job/load/9/|Open>)"),
        ),
        "alert",
        "warning",
        job="load",
    ),
    case(
        "Jenkins back to normal",
        webhook(
            "jenkins", "", attachments=attached("", "load - #10 Back to normal after 2 min (<https://j.corp/|Open>)")
        ),
        "resolved",
        None,
        job="load",
    ),
    case(
        "Jenkins started",
        webhook("jenkins", "", attachments=attached("", "load - #10 Started by timer (<https://j.corp/|Open>)")),
        "noise",
    ),
]


@pytest.mark.parametrize(("event", "kind", "severity", "resource"), CI)
def test_ci_is_read(event, kind, severity, resource):
    check(event, kind, severity, resource)

"""Airbyte, Dagster, Prefect: the formats of their own templates."""

import pytest

from tests.triage.slack import app, case, check, says, section, webhook


def airbyte(head, name="pg → bq"):
    link = f"<https://airbyte.corp/workspaces/1/connections/9/timeline|{name}>"
    return webhook(
        "",
        f"Your connection {name} from pg to bq just failed...\nThis happened with x",
        blocks=[
            section(f"{head} {link}"),
            section("", "*Source:*", "<https://airbyte.corp/s|pg>", "*Destination:*", "<https://airbyte.corp/d|bq>"),
            section("*Failure reason:*\n\n```\n[system_error] boom\n```"),
        ],
    )


INGESTION = [
    case("Airbyte failed", airbyte("Sync failure occurred:"), "alert", "error", connection="pg → bq"),
    case("Airbyte with a tag", airbyte("[prod] Sync failure occurred:"), "alert", "error", connection="pg → bq"),
    case(
        "Airbyte repeated", airbyte("Warning - repeated connection failures:"), "alert", "warning", connection="pg → bq"
    ),
    case("Airbyte disabled", airbyte("Connection disabled:"), "alert", "error", connection="pg → bq"),
    case("Airbyte completed", airbyte("Sync completed:"), "resolved", None, connection="pg → bq"),
    case("Airbyte queued", airbyte("Sync queued:"), "noise"),
    case(
        "Airbyte schema",
        webhook(
            "", ("Airbyte detected schema changes for '<https://airbyte.corp/workspaces/1/connections/9|pg → bq>'.")
        ),
        "alert",
        "warning",
        connection="pg → bq",
    ),
    case(
        "Dagster job",
        app(
            "Dagster",
            "Error: ```boom```",
            blocks=[section('*Job "load_sales" failed. `1a2b3c4d`*'), section("```boom```")],
        ),
        "alert",
        "error",
        job="load_sales",
    ),
    case(
        "Dagster op",
        app("dagster", "Op extract on job load_sales failed!\nRun ID: 1a2b3c4d-0000-0000-0000-000000000000"),
        "alert",
        "error",
        job="load_sales",
        op="extract",
    ),
    case(
        "Dagster op over",
        app("dagster", "Op extract on job load_sales succeeded!"),
        "resolved",
        None,
        job="load_sales",
        op="extract",
    ),
    case(
        "Prefect failed",
        webhook(
            "prefect",
            (
                "Flow run sync-crm/brave-otter entered state `Failed` at "
                "2026-11-20T01:00:00+00:00.\nFlow ID: 1\nState message: boom"
            ),
        ),
        "alert",
        "error",
        flow="sync-crm",
    ),
    case(
        "Prefect late",
        webhook("", "Flow run sync-crm/calm-bee entered state `Late` at 2026-11-20."),
        "alert",
        "warning",
        flow="sync-crm",
    ),
    case(
        "Prefect completed",
        webhook("", "Flow run sync-crm/calm-bee entered state `Completed` at 2026-11-20."),
        "resolved",
        None,
        flow="sync-crm",
    ),
    case("Prefect running", webhook("", "Flow run sync-crm/calm-bee entered state `Running` at 2026-11-20."), "noise"),
]


@pytest.mark.parametrize(("event", "kind", "severity", "resource"), INGESTION)
def test_ingestion_is_read(event, kind, severity, resource):
    check(event, kind, severity, resource)


def test_a_schema_change_and_a_failed_sync_end_apart():
    failed, changed = says(airbyte("Sync failure occurred:")), says(airbyte("The schema of 'x' has changed."))

    assert failed.resource == changed.resource
    assert failed.aspect != changed.aspect

"""Airbyte, Dagster, Prefect: the formats of their own templates."""

from tests.triage.slack import says, section, webhook


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


def test_a_schema_change_and_a_failed_sync_end_apart():
    failed, changed = says(airbyte("Sync failure occurred:")), says(airbyte("The schema of 'x' has changed."))

    assert failed.resource == changed.resource
    assert failed.aspect != changed.aspect

"""Elementary, Great Expectations and re_data (compared with their renderers); Monte Carlo, Soda, Metabase."""

import pytest

from tests.triage.slack import app, attached, case, check, header, says, section, webhook


def elementary(head, status="fail", table="dw.ods.orders", column="order_id", result="Got 3 results", rows=()):
    details = [
        section("ℹ️ *Details*"),
        section(f"*Table*\n{table}"),
        section("", f"*Column*\n{column}", "*Tags*\n_No tags_"),
    ]
    sample = (
        [{"type": "table", "rows": [[{"type": "raw_text", "text": cell} for cell in row] for row in rows]}]
        if rows
        else []
    )
    return app(
        "Elementary",
        "This content can't be displayed.",
        blocks=[header(head), section(f"*Test:* x | *Status:* {status} | *Time:* 2026-11-20")],
        attachments=[
            {
                "color": "#ff0000",
                "fallback": "[no preview available]",
                "blocks": [*details, section("*Result Message*"), section(f"```{result}```"), *sample],
            }
        ],
    )


def gx(state, checkpoint="hourly", asset="ods_orders"):
    return webhook(
        "",
        "This content can't be displayed.",
        blocks=[
            header(f"notify - {checkpoint} - {state}"),
            section("Runtime: 2026/11/20 02:04 AM"),
            section(
                f"\n*Asset*: `{asset}`  \n*Expectation Suite*: orders_suite  <https://gx.corp/x.html"
                f"|View Results>\n*Summary*: *17* of *19* Expectations were met"
            ),
        ],
    )


QUALITY = [
    case(
        "Elementary: test",
        elementary('Failure: "unique" test failed on dw.ods.orders.order_id'),
        "alert",
        "error",
        table="dw.ods.orders",
        column="order_id",
        test="unique",
    ),
    case(
        "Elementary: warning",
        elementary('Warning: "not_null" test failed on dw.ods.orders.order_id', "warn"),
        "alert",
        "warning",
        table="dw.ods.orders",
        column="order_id",
        test="not_null",
    ),
    case(
        "Elementary: no column",
        elementary('Failure: "volume_anomalies" test failed on dw.ods.orders', column="_No column_"),
        "alert",
        "error",
        table="dw.ods.orders",
        test="volume_anomalies",
    ),
    case(
        "Elementary: schema change",
        elementary("Column Removed on dw.ods.orders.order_id", "warn"),
        "alert",
        "warning",
        table="dw.ods.orders",
        column="order_id",
    ),
    case(
        "Elementary: freshness",
        elementary('Failure: Freshness exceeded the acceptable times on source "dw.raw.pay"'),
        "alert",
        "error",
        table="dw.raw.pay",
    ),
    case(
        "Elementary: model",
        elementary('Error: dbt failed to build table "fct_pay"', "error"),
        "alert",
        "error",
        model="fct_pay",
    ),
    case(
        "GX failed",
        gx("Failure :no_entry:"),
        "alert",
        "error",
        checkpoint="hourly",
        asset="ods_orders",
        suite="orders_suite",
    ),
    case(
        "GX succeeded",
        gx("Success :white_check_mark:"),
        "resolved",
        None,
        checkpoint="hourly",
        asset="ods_orders",
        suite="orders_suite",
    ),
    case(
        "re_data",
        webhook(
            "re_data",
            "",
            blocks=[
                section("Table: `dw.orders`"),
                section("Owners: ana"),
                section("", ":warning: 2 anomalies", ":bangbang: 0 failed tests"),
            ],
        ),
        "alert",
        "warning",
        table="dw.orders",
    ),
    case(
        "re_data: failed tests",
        webhook(
            "re_data",
            "",
            blocks=[section("Table: dw.orders"), section("", ":warning: 0 anomalies", ":bangbang: 3 failed tests")],
        ),
        "alert",
        "error",
        table="dw.orders",
    ),
    case("re_data: all good", webhook("re_data", "All Good! :tada:"), "noise"),
    case(
        "Monte Carlo, by hearsay",
        app(
            "Monte Carlo",
            (
                "Freshness anomaly in `dw.mart.sales`\n*Table:* dw.mart.sales\n<https://getmontecarlo.com/alerts/abc"
                "|View alert>"
            ),
        ),
        "alert",
        "warning",
        table="dw.mart.sales",
    ),
    case(
        "Soda, by hearsay",
        app(
            "Soda",
            "Check evaluation: fail",
            attachments=attached(
                "", "", fields=[{"title": "Check", "value": "row_count > 0"}, {"title": "Dataset", "value": "orders"}]
            ),
        ),
        "alert",
        "error",
        dataset="orders",
    ),
    case(
        "Metabase alert",
        app("Metabase", "", attachments=[{"blocks": [header("🔔 Orders below 10")]}]),
        "alert",
        "warning",
        card="Orders below 10",
    ),
    case(
        "Metabase subscription",
        app("Metabase", "", attachments=[{"blocks": [header("Daily sales"), section("*Sent from Acme by Ana*")]}]),
        "noise",
    ),
]


@pytest.mark.parametrize(("event", "kind", "severity", "resource"), QUALITY)
def test_data_quality_is_read(event, kind, severity, resource):
    check(event, kind, severity, resource)


def test_sample_rows_of_a_test_are_not_shown():
    alert = says(
        elementary(
            'Failure: "unique" test failed on dw.ods.orders.order_id',
            rows=[["order_id", "name"], ["9001", "Kim Minho"]],
        )
    )

    assert "Kim Minho" not in alert.title + alert.error
    assert alert.error == "Got 3 results"

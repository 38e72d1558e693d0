"""Elementary, Great Expectations and re_data (compared with their renderers); Monte Carlo, Soda, Metabase."""

from tests.triage.slack import app, header, says, section


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


def test_sample_rows_of_a_test_are_not_shown():
    alert = says(
        elementary(
            'Failure: "unique" test failed on dw.ods.orders.order_id',
            rows=[["order_id", "name"], ["9001", "Kim Minho"]],
        )
    )

    assert "Kim Minho" not in alert.title + alert.error
    assert alert.error == "Got 3 results"

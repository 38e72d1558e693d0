"""Team rules and tools' replies over the wire, in the demo's workplace with the demo's rules."""

import pytest
from sqlalchemy import select

from bot.store.tables import incidents
from sandbox.person import text_of
from tests.product.test_main_story import Thread

pytestmark = [pytest.mark.xdist_group("team-rules"), pytest.mark.timeout(180)]


def incident(place, message_ts):
    query = select(incidents).where(incidents.c.message_ts == message_ts)
    return place.baton.app.store.read(lambda tx: tx.execute(query).one())


def test_a_script_is_read_as_the_team_says_and_ends_with_its_own_good_news(workplace):
    words = "[심각] 정산 배치 중단 | 작업: 정산_일마감 | 사유: 원장 테이블 잠금"
    ts = workplace.sandbox.post_alert("B0SCRIPT", "C0ALERTS", {"text": words})
    thread = Thread(workplace, "C0ALERTS", ts)

    card = thread.until_card_says("원장 테이블 잠금")
    opened = incident(workplace, ts)
    assert "critical" in card
    assert "settlement" in card
    assert (opened.route, opened.topic, opened.resource) == ("infra", "batch-job-failed", {"job": "정산_일마감"})

    workplace.sandbox.post_alert("B0SCRIPT", "C0ALERTS", {"text": "[정상] 정산 배치 재개 | 작업: 정산_일마감"})
    thread.until(lambda: thread.reactions() == ["white_check_mark"])
    assert incident(workplace, ts).state == "resolved"


def test_the_error_that_dbt_posts_into_the_thread_stands_on_the_card_above(workplace):
    failed = {"text": '<https://cloud.getdbt.com/x|Run #5 failed on Job "Nightly">'}
    ts = workplace.sandbox.post_alert("B0DBT", "C0ALERTS", failed)
    thread = Thread(workplace, "C0ALERTS", ts)
    thread.card()

    detail = {"text": "Database Error in model fct_pay\n column x does not exist", "thread_ts": ts}
    workplace.sandbox.post_alert("B0DBT", "C0ALERTS", detail)

    thread.until_card_says("column x does not exist")
    cards = [each for each in thread.replies() if "fct_pay" in text_of(each) and each.get("bot_id") == "B0BATON"]
    assert len(cards) == 1
    assert incident(workplace, ts).alert_count == 2

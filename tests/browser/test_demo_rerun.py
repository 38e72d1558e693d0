"""The demo's story of short days: two dates of a load are loaded again, one after another, and proven in BigQuery."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import loopback
from tests.browser.demo import RERUN_MS, STORY_MS, act_as, command, opened, picture, press, running_demo, say_yes


@pytest.fixture(scope="module")
def demo_url() -> Iterator[str]:
    with running_demo("short-days") as url:
        yield url


@pytest.fixture
def page(demo_url: str, browser: Browser) -> Iterator[Page]:
    with opened(browser, demo_url, "C0HELP") as page:
        yield page


def short_days(demo_url: str) -> tuple[str, str]:
    """The two business dates of which the story took rows away."""
    now = datetime.fromisoformat(loopback.get(f"{demo_url}/control/clock").json()["now"])
    today = now.astimezone(ZoneInfo("Asia/Seoul")).date()
    return str(today - timedelta(days=3)), str(today - timedelta(days=2))


def test_two_dates_of_a_load_are_rerun_and_proven(page: Page, demo_url: str):
    act_as(page, "U0MINJI")
    expect(page.locator("#channel")).to_contain_text("건수가", timeout=STORY_MS)
    first, second = short_days(demo_url)
    command(page, f"/rerun-load orders {first}..{second}")
    card = page.locator("#channel .message:has(.card)").last
    expect(card).to_contain_text(first, timeout=STORY_MS)
    expect(card).to_contain_text(second)
    picture(page, "rerun-plan")
    press(card, "run.confirm")
    say_yes(page)
    expect(card).to_contain_text("1 of 2", timeout=RERUN_MS)
    picture(page, "rerun-running")

    expect(card).to_contain_text("done and verified", timeout=RERUN_MS)
    expect(card).to_contain_text("1,204 →")
    expect(card).to_contain_text("877 →")
    picture(page, "rerun-done")

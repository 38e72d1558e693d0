"""The demo's story of access: an analyst asks, the owner says yes, it is extended, and it ends by itself."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.demo import (
    STORY_MS,
    act_as,
    command,
    may_read,
    move_clock,
    opened,
    picture,
    press,
    running_demo,
    say_yes,
)

SORA, ORDERS_MART = "sora@haneul.example", "haneul-prod.orders_mart"


@pytest.fixture(scope="module")
def demo_url() -> Iterator[str]:
    with running_demo("access") as url:
        yield url


@pytest.fixture
def page(demo_url: str, browser: Browser) -> Iterator[Page]:
    with opened(browser, demo_url, "C0HELP") as page:
        yield page


def ask_and_agree(page: Page) -> None:
    """Ask for approval as Sora; as Minji, who owns the data, say yes."""
    press(page, "run.confirm")
    say_yes(page)
    act_as(page, "U0MINJI")
    press(page, "run.approve")
    say_yes(page)
    expect(page.locator("[data-action-id='run.approve']")).to_have_count(0, timeout=STORY_MS)
    act_as(page, "U0SORA")


def test_access_is_asked_for_agreed_extended_and_ends(page: Page, demo_url: str):
    act_as(page, "U0SORA")
    assert not may_read(demo_url, SORA, ORDERS_MART)
    command(page, f'/grant-access {ORDERS_MART} 7d reason="월말 결산"')
    card = page.locator("#channel .message:has(.card)").last
    expect(card).to_contain_text("has none of this", timeout=STORY_MS)
    picture(page, "access-plan")
    ask_and_agree(page)
    expect(card).to_contain_text("done and verified", timeout=STORY_MS)
    assert may_read(demo_url, SORA, ORDERS_MART)

    card.locator(".thread-link").click()
    thread = page.locator("#thread")
    for _ in range(6):
        move_clock(page, "1 days later")
    reminder = thread.locator(".message", has_text="Ask for more time")
    expect(reminder).to_be_visible(timeout=STORY_MS)
    picture(page, "access-reminder")

    press(reminder, "grant.extend")
    form = page.locator("dialog.modal")
    form.get_by_label("For how long").fill("14d")
    form.get_by_label("Reason").fill("결산 검토가 길어짐")
    form.get_by_role("button").last.click()
    expect(form).to_be_hidden()
    ask_and_agree(page)
    expect(thread).to_contain_text("for 14 d", timeout=STORY_MS)
    expect(thread.locator(".message", has_text="for 14 d").first).to_contain_text("done and verified", timeout=STORY_MS)

    move_clock(page, "7 days later")
    assert may_read(demo_url, SORA, ORDERS_MART)  # without the extension it would be over
    move_clock(page, "7 days later")
    expect(thread).to_contain_text("is over", timeout=STORY_MS)
    picture(page, "access-over")
    assert not may_read(demo_url, SORA, ORDERS_MART)

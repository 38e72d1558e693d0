"""The page in a storm: thousands of messages in a channel neither freeze it nor make it unreadable."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from sandbox.running import RunningSandbox
from tests import loopback

Visit = Callable[..., Page]
ALERTS, MANY = "C0ALERTS", 10_000
PROMPTLY_S = 5


def flood(sandbox: RunningSandbox, n: int, first: int = 0) -> None:
    """Have a tool post so many messages, as fast as it can."""
    with loopback.Client(base_url=sandbox.page_url, timeout=30) as http:
        for number in range(first, first + n):
            words = {"text": f"[FIRING:1] Load{number % 50} high load, number {number}"}
            http.post("/services/T0/B0/x", params={"bot": "B0GRAFANA", "channel": ALERTS}, json=words)


def test_a_channel_of_ten_thousand_messages_opens_at_once_at_its_end(visit: Visit, sandbox: RunningSandbox) -> None:
    sandbox.app_url = None
    flood(sandbox, MANY)
    began = time.monotonic()
    page = visit(f"#/channel/{ALERTS}")
    messages = page.locator("#channel .message")
    expect(messages.last).to_contain_text(f"number {MANY - 1}")
    took = time.monotonic() - began

    assert took < PROMPTLY_S
    expect(messages).to_have_count(200)
    page.get_by_role("button", name="Show earlier messages (9800)").click()
    expect(messages).to_have_count(400)
    expect(messages.first).to_contain_text(f"number {MANY - 400}")
    if folder := os.environ.get("BATON_SCREENSHOTS"):
        page.screenshot(path=str(Path(folder) / "many.png"))


def test_while_a_storm_comes_in_the_page_follows_it_and_answers(visit: Visit, sandbox: RunningSandbox) -> None:
    sandbox.app_url = None
    page = visit(f"#/channel/{ALERTS}")
    flood(sandbox, 1000)
    messages = page.locator("#channel .message")

    expect(messages.last).to_contain_text("number 999")
    expect(messages).to_have_count(200)
    began = time.monotonic()
    page.locator("#channel textarea").fill("I am on it")
    page.keyboard.press("Enter")
    expect(messages.last).to_contain_text("I am on it")
    assert time.monotonic() - began < PROMPTLY_S


def test_who_reads_earlier_messages_stays_where_they_are(visit: Visit, sandbox: RunningSandbox) -> None:
    sandbox.app_url = None
    flood(sandbox, 400)
    page = visit(f"#/channel/{ALERTS}")
    page.locator("#channel .scroller").evaluate("node => node.scrollTo(0, 0)")
    page.get_by_role("button", name="Show earlier messages").click()

    expect(page.locator("#channel .message")).to_have_count(400)
    read = page.locator("#channel .message").filter(has_text="number 200").first
    expect(read).to_be_in_viewport()

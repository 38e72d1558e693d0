"""`baton demo` as somebody meets it: the story, the thread, the plan, the rerun, the commands, both languages.

With BATON_SCREENSHOTS=docs/images it also takes the pictures of the README.
"""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

ROOT = Path(__file__).parents[2]
START_MS, STORY_MS, RERUN_MS = 90_000, 60_000, 120_000
Visit = Callable[..., Page]


@pytest.fixture(scope="module")
def demo_url() -> Iterator[str]:
    port = five_free_ports()
    command = [sys.executable, "-m", "bot", "demo", "--port", str(port), "--story", "one-failure"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        line = next(line for line in process.stdout if "http://" in line)
        yield line.split()[-1]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


def five_free_ports() -> int:
    """Return a port that is free with the four after it."""
    for first in range(18300, 19300, 10):
        sockets = [socket.socket(socket.AF_INET, socket.SOCK_STREAM) for _ in range(5)]
        try:
            for number, each in enumerate(sockets):
                each.bind(("127.0.0.1", first + number))
        except OSError:
            continue
        else:
            return first
        finally:
            for each in sockets:
                each.close()
    raise RuntimeError("no five ports in a row are free")


@pytest.fixture
def page(demo_url: str, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1360, "height": 1080})
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.set_default_timeout(START_MS)
    page.goto(f"{demo_url}/#/channel/C0ALERTS")
    page.locator("body.ready").wait_for()
    yield page
    context.close()
    assert problems == []


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("BATON_SCREENSHOTS"):
        page.wait_for_timeout(1500)
        page.screenshot(path=str(ROOT / folder / f"{name}.png"))


def command(page: Page, text: str) -> None:
    page.locator("#channel textarea").fill(text)
    page.keyboard.press("Enter")
    if page.locator("#channel .completions").is_visible():
        page.keyboard.press("Enter")


def card(page: Page, number: int) -> Locator:
    return page.locator("#thread .card").nth(number)


def offered(page: Page, typed: str, name: str) -> Locator:
    """Type until the name is offered: just after its start Baton may not have asked Airflow yet."""
    box, option = page.get_by_role("combobox", name="DAG"), page.locator(".choices").get_by_role("option", name=name)
    for _ in range(30):
        box.fill("")
        box.fill(typed)
        try:
            option.wait_for(timeout=2000)
        except PlaywrightTimeout:
            continue
        break
    return option


def test_an_alert_becomes_a_thread_and_its_task_is_cleared_from_there(page: Page):
    page.locator("#who").select_option("U0MINJI")
    alert = page.locator("#channel .message", has_text="load_orders").first
    alert.locator(".thread-link").click(timeout=STORY_MS)
    incident, run = card(page, 0), card(page, 1)
    expect(incident).to_contain_text("orders_daily.load_orders", timeout=STORY_MS)
    expect(incident).to_contain_text("김민지")

    incident.locator("[data-action-id='incident.clear']").click()
    expect(run).to_contain_text("build_orders_mart", timeout=STORY_MS)
    picture(page, "incident")
    expect(page.locator("#channel")).to_contain_text("can be rerun", timeout=STORY_MS)  # the cause is gone
    run.locator("[data-action-id='run.confirm']").click()
    page.locator("dialog.confirm").get_by_role("button").last.click()

    expect(run).to_contain_text("done and verified", timeout=RERUN_MS)
    expect(incident).to_contain_text("resolved", timeout=RERUN_MS)
    picture(page, "resolved")


def test_oncall_answers_in_the_language_of_the_person(page: Page):
    page.goto(f"{page.url.partition('#')[0]}#/channel/C0ONCALL")
    page.locator("#who").select_option("U0MINJI")
    command(page, "/oncall")
    answer = page.locator("#channel .message.ephemeral").last
    expect(answer).to_contain_text("당직")
    page.locator("#locale").select_option("en-US")
    command(page, "/oncall")

    expect(page.locator("#channel .message.ephemeral").last).to_contain_text("On call for data-platform until")
    picture(page, "oncall")


def test_clear_tasks_asks_in_a_form_what_to_clear(page: Page):
    page.goto(f"{page.url.partition('#')[0]}#/channel/C0ONCALL")
    page.locator("#who").select_option("U0ALEX")
    command(page, "/clear-tasks")
    form = page.locator("dialog.modal")
    form.get_by_role("button", name="DAG").click()
    offered(page, "orders", "orders_daily").click()
    picture(page, "form")

    expect(form).to_contain_text("orders_daily")
    page.keyboard.press("Escape")
    expect(form).to_be_hidden()

"""`baton demo` as a process, and what somebody does on its page."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page

from tests import loopback

ROOT = Path(__file__).parents[2]
START_MS, STORY_MS, RERUN_MS = 90_000, 60_000, 120_000


@contextmanager
def running_demo(story: str) -> Iterator[str]:
    """Yield the address of the page of a demo that begins with this story."""
    port = five_free_ports()
    command = [sys.executable, "-m", "bot", "demo", "--port", str(port), "--story", story]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert process.stdout is not None
        line = next(line for line in process.stdout if "http://" in line)
        yield line.split()[-1]
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=20)


def five_free_ports() -> int:
    """Return a port that is free with the four after it; each process that tests looks in its own range."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    begin = 18300 + 500 * worker
    for first in range(begin, begin + 500, 10):
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


@contextmanager
def opened(browser: Browser, url: str, channel: str) -> Iterator[Page]:
    """Yield the page, at a channel; an error in its console fails the test."""
    context = browser.new_context(viewport={"width": 1360, "height": 1080})
    page = context.new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.set_default_timeout(START_MS)
    page.goto(f"{url}/#/channel/{channel}")
    page.locator("body.ready").wait_for()
    yield page
    context.close()
    assert problems == []


def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("BATON_SCREENSHOTS"):
        page.wait_for_timeout(1500)
        page.screenshot(path=str(ROOT / folder / f"{name}.png"))


def act_as(page: Page, user: str) -> None:
    """Be somebody else of the workplace, reading English."""
    page.locator("#who").select_option(user)
    page.locator("#locale").select_option("en-US")


def command(page: Page, text: str) -> None:
    page.locator("#channel textarea").fill(text)
    page.keyboard.press("Enter")
    if page.locator("#channel .completions").is_visible():
        page.keyboard.press("Enter")


def say_yes(page: Page) -> None:
    """Confirm what the page asks once more."""
    page.locator("dialog.confirm").get_by_role("button").last.click()


def press(where: Page | Locator, action: str) -> None:
    where.locator(f"[data-action-id='{action}']").last.click()


def move_clock(page: Page, label: str) -> None:
    """Choose a step in the menu of the page's clock, such as `7 days later`."""
    page.locator("button.clock").click()
    page.get_by_role("menuitem", name=label).click()


def vendor(url: str, number: int) -> str:
    """The address of what listens on a port after the page: 1 Airflow, 2 Opsgenie, 3 BigQuery."""
    host, _, port = url.rpartition(":")
    return f"{host}:{int(port) + number}"


def may_read(url: str, person: str, dataset: str) -> bool:
    """Whether the person can read the dataset in the demo's BigQuery at this moment of its clock."""
    query = {"person": person, "dataset": dataset}
    return bool(loopback.get(f"{vendor(url, 3)}/_control/may_read", params=query).raise_for_status().json()["may"])

"""`baton demo` as somebody meets it: the story, the thread, the plan, the rerun, the commands, both languages.

With BATON_SCREENSHOTS=docs/images it also takes the pictures of the README.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.demo import RERUN_MS, STORY_MS, command, opened, picture, running_demo, say_yes


@pytest.fixture(scope="module")
def demo_url() -> Iterator[str]:
    with running_demo("one-failure") as url:
        yield url


@pytest.fixture
def page(demo_url: str, browser: Browser) -> Iterator[Page]:
    with opened(browser, demo_url, "C0ALERTS") as page:
        yield page


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
    say_yes(page)

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

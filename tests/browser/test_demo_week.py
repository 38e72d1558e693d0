"""A week on call as the page tells it, from one change of shift to the next; and what people do meanwhile.

With BATON_SCREENSHOTS=docs/images it also takes the pictures of the README and the docs.
"""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests import loopback
from tests.browser.demo import STORY_MS, act_as, opened, picture, press, running_demo, vendor

SEOUL = ZoneInfo("Asia/Seoul")
WEEK_MS = 240_000  # what the whole week may take on a machine that does other things, too


@pytest.fixture(scope="module")
def demo_url() -> Iterator[str]:
    with running_demo("") as url:
        yield url


@pytest.fixture
def page(demo_url: str, browser: Browser) -> Iterator[Page]:
    with opened(browser, demo_url, "C0HELP") as page:
        yield page


def on_call(demo_url: str) -> str:
    """Who is first on call now, as Slack knows them."""
    now = loopback.get(f"{demo_url}/control/clock").json()["now"]
    asked = loopback.post(f"{vendor(demo_url, 2)}/_control/on_call", json={"start": now})
    users = loopback.get(f"{demo_url}/ui/state").json()["users"]
    email = asked.raise_for_status().json()["primary"]
    return next(str(user["id"]) for user in users if user["profile"].get("email") == email)


def let_it_be_monday(demo_url: str, hour: int) -> None:
    """Move the clock on to ten past this hour of a Monday; the shift changes at ten."""
    now = datetime.fromisoformat(loopback.get(f"{demo_url}/control/clock").json()["now"]).astimezone(SEOUL)
    monday = (now + timedelta(days=-now.weekday() % 7)).replace(hour=hour, minute=10)
    monday += timedelta(days=7 if monday <= now else 0)
    loopback.post(f"{demo_url}/control/clock", json={"set": monday.isoformat()}).raise_for_status()


def form(page: Page) -> Locator:
    return page.locator("dialog.modal")


def test_a_wish_becomes_a_request_by_the_shortcut_and_its_form_is_prefilled(page: Page):
    act_as(page, "U0SORA")
    page.locator("#channel textarea").fill("혹시 orders 11월 20일 데이터는 언제 오나요?")
    page.keyboard.press("Enter")
    message = page.locator("#channel .message", has_text="11월 20일").last
    message.hover()
    message.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Ask Baton").click()
    form(page).get_by_role("button").last.click()
    expect(form(page)).to_be_hidden()
    message.locator(".thread-link").click(timeout=STORY_MS)
    card = page.locator("#thread .message:has(.card)").first
    expect(card).to_contain_text("orders", timeout=STORY_MS)
    act_as(page, "U0MINJI")
    press(card, "request.take")
    expect(card).to_contain_text("김민지", timeout=STORY_MS)


def test_a_home_shows_each_what_is_theirs(page: Page, demo_url: str):
    page.goto(f"{page.url.partition('#')[0]}#/home")
    page.locator("#who").select_option("U0SORA")
    home = page.locator("#home")
    expect(home).to_contain_text(re.compile("내 요청|Your requests"), timeout=STORY_MS)
    act_as(page, on_call(demo_url))

    expect(home).to_contain_text("You are on call", timeout=STORY_MS)


def test_whoever_hands_over_edits_and_signs_in_a_form(page: Page, demo_url: str):
    let_it_be_monday(demo_url, 9)
    act_as(page, on_call(demo_url))
    page.locator("#sidebar .name", has_text=re.compile("^baton$")).click(timeout=STORY_MS)
    draft = page.locator("#channel .message:has([data-action-id='handoff.write'])").last
    press(draft, "handoff.write")
    form(page).get_by_label("What to do first").fill("Look whether the lag shrinks")
    picture(page, "handoff-form")
    form(page).get_by_role("button").last.click()

    expect(form(page)).to_be_hidden()
    expect(page.locator("#channel")).to_contain_text("Signed by", timeout=STORY_MS)
    expect(page.locator("#channel")).to_contain_text("Look whether the lag shrinks")
    let_it_be_monday(demo_url, 12)  # a week that begins now has a draft of its own


def held_at(page: Page, when: str, what: Locator, name: str) -> None:
    """Wait for what a scene of the week shows, and hold it there while its picture is taken.

    Whoever is on call may read in either language.
    """
    pause = f"{page.url.partition('#')[0]}ui/stories/pause"
    expect(page.locator("#scene")).to_contain_text(re.compile(when), timeout=WEEK_MS)
    expect(what).to_be_visible(timeout=STORY_MS)
    loopback.post(pause, json={"paused": True}).raise_for_status()
    picture(page, name)
    loopback.post(pause, json={"paused": False}).raise_for_status()


def what_a_story_cut_short_leaves(demo_url: str) -> None:
    """A load that nobody has repaired."""
    broken = {"dag_id": "orders_daily", "task_id": "load_orders", "message": "NotFound: 404 Not found"}
    loopback.post(f"{vendor(demo_url, 1)}/_control/break", json=broken).raise_for_status()


@pytest.mark.timeout(300)
def test_a_week_is_played_and_handed_over_also_when_it_cuts_another_story_short(page: Page, demo_url: str):
    what_a_story_cut_short_leaves(demo_url)
    page.get_by_role("button", name=re.compile("Play the week|일주일 재생")).click()
    scene = page.locator("#scene")
    expect(scene).to_contain_text("1 / ", timeout=STORY_MS)
    scene.get_by_role("button").first.click()
    expect(scene.get_by_role("button").first).to_have_text(re.compile("Continue|계속"))
    scene.get_by_role("button").first.click()
    held_at(page, "(화요일|Tue) 02:29", page.locator("#thread", has_text="second on call"), "week")
    held_at(page, "(화요일|Tue) 11:00", form(page), "request")
    held_at(page, "(수요일|Wed) 16:40", page.locator("#home .blocks"), "home")
    expect(scene).to_be_hidden(timeout=WEEK_MS)

    handoff = page.locator("#channel .message:has(.card)", has_text="Handoff of data-platform").last
    expect(handoff).to_contain_text("Accepted by", timeout=STORY_MS)
    expect(handoff).to_contain_text("billing-sync")
    picture(page, "handoff")

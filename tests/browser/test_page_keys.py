"""The page without a mouse, and addresses that lead back to a place."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from sandbox.running import RunningSandbox

Visit = Callable[..., Page]
HELP = "#/channel/C0HELP"


def title(page: Page) -> str:
    return page.locator("#channel h1").inner_text()


@pytest.mark.parametrize(("down", "up"), [("j", "k"), ("Alt+ArrowDown", "Alt+ArrowUp")])
def test_keys_go_from_channel_to_channel(visit: Visit, down: str, up: str) -> None:
    page = visit("#/channel/C0ALERTS")

    page.keyboard.press(down)
    expect(page.locator("#channel h1")).to_have_text("#data-infra-alerts")
    page.keyboard.press(up)
    page.keyboard.press(up)

    expect(page.locator("#home h1")).to_have_text("baton · App Home")


def test_letters_are_letters_in_the_composer(visit: Visit) -> None:
    page = visit(HELP)

    page.keyboard.press("/")
    page.keyboard.type("jk/?")

    expect(page.locator("#channel textarea")).to_have_value("jk/?")
    assert title(page) == "#data-help"


def test_escape_closes_the_thread_and_returns_to_its_message(visit: Visit, sandbox: RunningSandbox) -> None:
    asked = sandbox.person("U0SORA").say("C0HELP", "Where is the table?")
    page = visit(HELP)

    page.locator("#channel .message").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#thread .message")).to_have_count(1)
    page.keyboard.press("/")
    expect(page.locator("#thread textarea")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.locator("#thread")).to_be_hidden()
    expect(page.locator(f"#channel [data-ts='{asked['ts']}']")).to_be_focused()


def test_arrows_walk_through_the_messages(visit: Visit, sandbox: RunningSandbox) -> None:
    for text in ("one", "two", "three"):
        sandbox.person("U0SORA").say("C0HELP", text)
    page = visit(HELP)
    messages = page.locator("#channel .message")
    expect(messages).to_have_count(3)

    messages.last.focus()
    page.keyboard.press("ArrowUp")
    expect(messages.nth(1)).to_be_focused()
    page.keyboard.press("Home")

    expect(messages.first).to_be_focused()
    expect(page.locator("#channel .message[tabindex='0']")).to_have_count(1)


def test_the_switcher_goes_to_channels_and_people(visit: Visit) -> None:
    page = visit(HELP)

    page.keyboard.press("Control+k")
    page.keyboard.type("onc")
    page.keyboard.press("Enter")
    expect(page.locator("#channel h1")).to_have_text("#data-oncall")
    page.keyboard.press("Control+k")
    page.keyboard.type("dana")
    page.keyboard.press("Enter")

    expect(page.locator("#who")).to_have_value("U0DANA")
    page.keyboard.press("Alt+1")
    expect(page.locator("#who")).to_have_value("U0MINJI")


def test_the_focus_stays_inside_a_modal(visit: Visit) -> None:
    page = visit(HELP)
    page.locator("#channel textarea").fill("/steps ")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Note")).to_be_focused()

    for _ in range(8):
        page.keyboard.press("Tab")
        inside = page.evaluate("document.activeElement === document.body || !!document.activeElement.closest('dialog')")
        assert inside
    page.keyboard.press("Control+k")

    expect(page.locator("dialog.switcher")).to_have_count(0)


def test_the_composer_completes_commands_and_names(visit: Visit) -> None:
    page = visit(HELP)
    area, offered = page.locator("#channel textarea"), page.locator("#channel .completion b")

    area.press_sequentially("/")
    expect(offered).to_have_text(["/clear", "/whoami", "/steps"])
    area.press_sequentially("st")
    page.keyboard.press("Tab")
    expect(area).to_have_value("/steps ")
    area.fill("")
    area.press_sequentially("ask @소라")
    expect(offered).to_have_text(["@sora"])
    page.keyboard.press("Enter")
    expect(area).to_have_value("ask @sora ")
    page.keyboard.press("Enter")

    expect(page.locator("#channel .mention")).to_have_text("@이소라")


def test_what_was_begun_in_a_channel_waits_there(visit: Visit) -> None:
    page = visit(HELP)
    area = page.locator("#channel textarea")

    area.fill("half a tho")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#channel h1")).to_have_text("#data-oncall")
    expect(area).to_have_value("")
    page.keyboard.press("Alt+ArrowUp")

    expect(area).to_have_value("half a tho")


def test_an_address_leads_back_to_its_thread(visit: Visit, sandbox: RunningSandbox) -> None:
    asked = sandbox.person("U0SORA").say("C0HELP", "Where is the table?")
    first = visit(HELP)
    first.locator("#channel .message").focus()
    first.keyboard.press("Enter")
    expect(first.locator("#thread .message")).to_have_count(1)

    second = visit(first.url.split("/", 3)[3])

    expect(second.locator("#thread .message")).to_contain_text("Where is the table?")
    assert asked["ts"] in second.url

"""From a person's click in the page to the app, and from the app back into the page."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from sandbox.running import RunningSandbox
from tests import loopback

Visit = Callable[..., Page]
HELP = "#/channel/C0HELP"


def command(page: Page, text: str) -> None:
    page.locator("#channel textarea").fill(text)
    page.keyboard.press("Enter")
    if page.locator("#channel .completions").is_visible():
        page.keyboard.press("Enter")


def choose_dag(page: Page, typed: str, name: str) -> None:
    modal = page.locator("dialog.modal")
    modal.get_by_role("button", name="DAG").click()
    page.get_by_role("combobox", name="DAG").fill(typed)
    page.locator(".choices").get_by_role("option", name=name).click()


def clear(page: Page, why: str = "the table was fixed") -> None:
    """Post a card about orders_daily by filling in the form."""
    command(page, "/clear")
    choose_dag(page, "orders", "orders_daily")
    page.get_by_label("Why").fill(why)
    page.get_by_role("button", name="Go").click()


def test_a_command_becomes_a_form_the_form_a_card_and_the_card_an_edited_one(visit: Visit) -> None:
    page = visit(HELP)
    modal, cards = page.locator("dialog.modal"), page.locator("#channel .card")

    clear(page, why="because")
    expect(modal.locator(".block-input.invalid .error")).to_have_text("Say a better reason.")
    expect(page.get_by_label("Why")).to_be_focused()
    page.get_by_label("Why").fill("the table was fixed")
    page.get_by_role("button", name="Go").click()
    expect(modal).to_be_hidden()
    expect(cards.get_by_role("heading")).to_have_text("orders_daily failed")
    cards.get_by_role("button", name="Acknowledge").click()

    expect(cards.locator(".block-section")).to_have_text("Acknowledged by @Alex Rivera")
    expect(page.locator("#channel .edited")).to_be_visible()
    expect(page.locator("#channel .message.ephemeral")).to_contain_text("Only visible to you")
    expect(page.locator("#channel .message.ephemeral")).to_contain_text("It is yours now.")


def test_a_card_that_is_edited_under_a_pressed_button_still_hears_the_click(
    visit: Visit, sandbox: RunningSandbox
) -> None:
    page = visit(HELP)
    clear(page)
    card = page.locator("#channel .card")
    box = card.get_by_role("button", name="Acknowledge").bounding_box()
    assert box

    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    edit_newest(sandbox, "orders_daily failed again")
    page.wait_for_timeout(500)  # the edit reaches the page, which shows nothing of it yet
    page.mouse.up()

    expect(card.locator(".block-section")).to_have_text("Acknowledged by @Alex Rivera")


def edit_newest(sandbox: RunningSandbox, text: str) -> None:
    (message,) = sandbox.person("U0ALEX").messages("C0HELP")
    blocks = [{**message["blocks"][0], "text": {"type": "plain_text", "text": text}}, *message["blocks"][1:]]
    answer = loopback.post(
        f"{sandbox.slack_api_url}chat.update",
        headers={"Authorization": f"Bearer {sandbox.world.app.bot_token}"},
        json={"channel": "C0HELP", "ts": message["ts"], "text": text, "blocks": blocks},
    )
    assert answer.json()["ok"], answer.json()


def test_required_fields_are_asked_for_before_the_app_hears_of_the_form(visit: Visit, sandbox: RunningSandbox) -> None:
    page = visit(HELP)
    command(page, "/clear")
    page.locator("dialog.modal").wait_for()
    before = sandbox.log.last()

    page.get_by_role("button", name="Go").click()

    expect(page.locator(".block-input .error")).to_have_text(["Please fill this in.", "Please fill this in."])
    assert sandbox.log.entries("deliver", since=before) == []


def test_typeahead_asks_the_app_once_enough_is_typed(visit: Visit) -> None:
    page = visit(HELP)
    command(page, "/clear")
    page.locator("dialog.modal").get_by_role("button", name="DAG").press("ArrowDown")
    search = page.get_by_role("combobox", name="DAG")

    search.fill("o")
    expect(page.locator(".choices .note")).to_have_text("Type at least 2 characters.")
    search.fill("orders")
    expect(page.locator(".choices [role=option]")).to_have_text(["orders_daily", "orders_hourly"])
    search.press("ArrowDown")
    search.press("Enter")

    expect(page.locator("dialog.modal .select-face")).to_have_text("orders_hourly")
    expect(page.get_by_role("button", name="DAG")).to_be_focused()


def test_a_confirmation_comes_before_the_action(visit: Visit) -> None:
    page = visit(HELP)
    clear(page)
    card = page.locator("#channel .card")

    card.get_by_role("button", name="Resolve").click()
    expect(page.locator("dialog.confirm")).to_contain_text("Nothing has run.")
    page.locator("dialog.confirm").get_by_role("button", name="No").click()
    expect(page.locator("dialog.confirm")).to_have_count(0)
    expect(card.get_by_role("button", name="Acknowledge")).to_be_visible()
    card.get_by_role("button", name="Resolve").click()
    page.locator("dialog.confirm").get_by_role("button", name="Yes").click()

    expect(card.locator(".block-section")).to_have_text("Resolved")


def test_a_form_keeps_what_was_typed_when_it_is_changed_and_when_another_lies_on_it(visit: Visit) -> None:
    page = visit(HELP)
    command(page, "/steps")
    modal = page.locator("dialog.modal")

    modal.get_by_label("Note").fill("seven")
    modal.get_by_role("button", name="More").click()
    expect(modal.locator(".block-section")).to_have_text("You wrote seven")
    expect(modal.get_by_label("Note")).to_have_value("seven")
    modal.get_by_role("button", name="Go").click()
    expect(modal.get_by_role("heading")).to_have_text("Second")
    modal.get_by_role("button", name="Back").click()

    expect(modal.get_by_role("heading")).to_have_text("First")
    expect(modal.get_by_label("Note")).to_have_value("seven")


def test_an_open_form_is_still_there_after_a_reload_and_escape_closes_it(visit: Visit, sandbox: RunningSandbox) -> None:
    page = visit(HELP)
    command(page, "/steps")
    modal = page.locator("dialog.modal")
    expect(modal.get_by_role("heading")).to_have_text("First")

    page.reload()
    expect(modal.get_by_role("heading")).to_have_text("First")
    page.keyboard.press("Escape")

    expect(modal).to_be_hidden()
    sandbox.until(lambda: sandbox.person("U0ALEX").view() is None)


def test_a_message_shortcut_answers_in_the_thread(visit: Visit, sandbox: RunningSandbox) -> None:
    sandbox.person("U0SORA").say("C0HELP", "Please reload orders")
    page = visit(HELP)
    message = page.locator("#channel .message")

    message.hover()
    message.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Track it").click()
    message.get_by_role("link", name="1 reply").click()

    expect(page.locator("#thread .message").last).to_contain_text("Tracked 👀")


def test_replies_stay_in_the_thread_and_reactions_are_counted(visit: Visit, sandbox: RunningSandbox) -> None:
    asked = sandbox.person("U0SORA").say("C0HELP", "Where is the table?")
    page = visit(f"{HELP}/thread/{asked['ts']}")

    page.locator("#thread textarea").fill("In *raw*, see @minji & #data-help")
    page.keyboard.press("Enter")
    expect(page.locator("#thread .message").last).to_contain_text("In *raw*, see @김민지 & #data-help")
    page.locator("#channel .message").hover()
    page.locator("#channel").get_by_role("button", name="Add a reaction").click()
    page.get_by_role("menuitem", name="eyes").click()

    expect(page.locator("#channel .reaction")).to_have_text("👀1")
    expect(page.locator("#channel .message")).to_have_count(1)
    page.locator("#channel .reaction").click()
    expect(page.locator("#channel .reaction")).to_have_count(0)


def test_home_is_published_when_it_is_opened_and_its_buttons_work(visit: Visit) -> None:
    page = visit("#/home", user="U0MINJI", locale="en-US")

    expect(page.locator("#home .block-section")).to_have_text("Home of @김민지")
    page.get_by_role("button", name="Refresh").click()

    expect(page.locator("#home .block-section")).to_have_text("Refreshed")


def test_an_app_that_does_not_answer_is_said_once(visit: Visit, sandbox: RunningSandbox) -> None:
    page = visit(HELP)
    clear(page)
    card = page.locator("#channel .card")
    expect(card).to_be_visible()
    sandbox.app_url = None

    card.get_by_role("button", name="Acknowledge").click()

    expect(page.get_by_role("alert")).to_have_text('That action failed with the error "dispatch_failed"')
    expect(card.locator("[aria-busy]")).to_have_count(0)


def test_an_unknown_command_is_kept_so_that_it_can_be_corrected(visit: Visit) -> None:
    page = visit(HELP)

    command(page, "/cleer now")

    expect(page.locator("#channel .message.ephemeral")).to_contain_text("/cleer is not a valid command.")
    expect(page.locator("#channel textarea")).to_have_value("/cleer now")

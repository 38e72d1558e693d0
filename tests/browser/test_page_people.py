"""Acting as several people: places, languages, zones, and who sees what."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from sandbox.running import RunningSandbox

Visit = Callable[..., Page]


def say(page: Page, text: str) -> None:
    page.locator("#channel textarea").fill(text)
    page.keyboard.press("Enter")


def test_switching_the_person_keeps_the_place(visit: Visit, sandbox: RunningSandbox) -> None:
    asked = sandbox.person("U0SORA").say("C0HELP", "Where is the table?")
    page = visit(f"#/channel/C0HELP/thread/{asked['ts']}", user="U0ALEX")

    page.get_by_label("You are:").select_option("U0DANA")
    page.locator("#thread textarea").fill("Here.")
    page.keyboard.press("Enter")

    expect(page.locator("#thread .message").last).to_contain_text("Dana Cho")
    assert page.url.endswith(f"#/channel/C0HELP/thread/{asked['ts']}")


def test_the_app_answers_in_the_language_that_the_person_has_chosen(visit: Visit) -> None:
    page = visit("#/channel/C0HELP", user="U0ALEX")
    answers = page.locator("#channel .message.ephemeral .body")

    say(page, "/whoami ")
    expect(answers).to_have_text(["Hello"])
    page.get_by_label("Language").select_option("ko-KR")
    expect(page.get_by_label("언어")).to_have_value("ko-KR")
    say(page, "/whoami ")

    expect(answers).to_have_text(["Hello", "안녕하세요"])
    expect(page.locator("#channel .message.ephemeral").first).to_contain_text("나에게만 보임")
    expect(page.locator("html")).to_have_attribute("lang", "ko")


def test_times_are_in_the_zone_of_the_person(visit: Visit, sandbox: RunningSandbox) -> None:
    said = sandbox.person("U0SORA").say("C0HELP", "Hello")
    page = visit("#/channel/C0HELP", user="U0ALEX")
    shown = page.locator("#channel .message header time")

    page.get_by_label("Time zone").select_option("UTC")
    utc = int(float(said["ts"])) // 60 % (24 * 60)
    expect(shown).to_have_text(f"{utc // 60:02d}:{utc % 60:02d}")
    page.get_by_label("Time zone").select_option("Asia/Seoul")

    seoul = (utc + 9 * 60) % (24 * 60)
    expect(shown).to_have_text(f"{seoul // 60:02d}:{seoul % 60:02d}")


def test_two_people_in_two_windows_see_each_other_but_not_what_is_private(visit: Visit) -> None:
    alex, sora = visit("#/channel/C0HELP", user="U0ALEX"), visit("#/channel/C0HELP", user="U0SORA")

    say(alex, "Good morning")
    expect(sora.locator("#channel .message")).to_contain_text("Good morning")
    say(sora, "/whoami ")

    expect(sora.locator("#channel .message.ephemeral")).to_have_count(1)
    say(sora, "And to you")
    expect(alex.locator("#channel .message")).to_have_count(2)


def test_unread_messages_are_counted_until_the_channel_is_opened(visit: Visit, sandbox: RunningSandbox) -> None:
    page = visit("#/channel/C0HELP", user="U0ALEX")
    place = page.get_by_role("link", name="data-alerts")
    expect(page.locator("#channel .empty")).to_be_visible()

    sandbox.person("U0MINJI").say("C0ALERTS", "one")
    sandbox.person("U0MINJI").say("C0ALERTS", "two")
    expect(place.locator(".unread")).to_have_text("2")
    place.click()

    expect(page.locator("#channel .message")).to_have_count(2)
    expect(place.locator(".unread")).to_have_count(0)


def test_what_was_on_the_screen_is_not_unread_afterwards(visit: Visit, sandbox: RunningSandbox) -> None:
    page = visit("#/channel/C0HELP", user="U0ALEX")
    expect(page.locator("#channel .empty")).to_be_visible()
    sandbox.person("U0MINJI").say("C0HELP", "Look")
    expect(page.locator("#channel .message")).to_contain_text("Look")

    page.get_by_role("link", name="data-alerts").click()
    sandbox.person("U0MINJI").say("C0ONCALL", "Here too")

    expect(page.get_by_role("link", name="data-oncall").locator(".unread")).to_have_text("1")
    expect(page.get_by_role("link", name="data-help").locator(".unread")).to_have_count(0)


def test_who_is_not_in_a_channel_can_only_read_there(visit: Visit, sandbox: RunningSandbox) -> None:
    sandbox.person("U0MINJI").say("C0ALERTS", "Look")

    page = visit("#/channel/C0ALERTS", user="U0GUEST")

    expect(page.locator("#channel .message")).to_contain_text("Look")
    expect(page.locator("#channel textarea")).to_be_disabled()
    expect(page.locator("#channel textarea")).to_have_attribute(
        "placeholder", "Guest Vendor is not in this channel and can only read."
    )


def test_the_clock_is_moved_from_the_page(visit: Visit, sandbox: RunningSandbox) -> None:
    page = visit("#/channel/C0HELP", user="U0ALEX")
    before = sandbox.clock.now()
    shown = page.locator(".clock time").text_content()

    page.locator(".clock").click()
    page.get_by_role("menuitem", name="7 days later").click()

    expect(page.locator(".clock time")).not_to_have_text(shown or "")
    assert 7 <= (sandbox.clock.now() - before).total_seconds() / 86_400 < 7.01


def test_a_story_plays_until_it_ends(visit: Visit) -> None:
    page = visit("#/channel/C0ALERTS", user="U0ALEX")

    page.get_by_label("Story").select_option("one-failure")
    page.get_by_label("Speed").select_option("60")
    page.get_by_role("button", name="Play", exact=True).click()

    expect(page.locator("#channel .message").first).to_contain_text("Task Failed.")
    expect(page.locator("#channel .message").last).to_contain_text("load_orders can be rerun")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_enabled()


def test_a_story_can_be_stopped(visit: Visit) -> None:
    page = visit("#/channel/C0ALERTS", user="U0ALEX")

    page.get_by_label("Story").select_option("one-failure")
    page.get_by_label("Speed").select_option("1")
    page.get_by_role("button", name="Play", exact=True).click()
    expect(page.get_by_label("Story")).to_be_disabled()
    page.get_by_role("button", name="Stop").click()

    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect(page.get_by_label("Story")).to_be_enabled()


def test_a_lost_connection_is_said_and_nothing_is_missed(visit: Visit, sandbox: RunningSandbox) -> None:
    page = visit("#/channel/C0HELP", user="U0ALEX")
    page.context.set_offline(True)
    sandbox._sandbox.slack.stream.close()
    expect(page.locator("#connection")).to_have_text("Connection lost. Trying again…")

    sandbox.person("U0SORA").say("C0HELP", "Said meanwhile")
    page.context.set_offline(False)

    expect(page.locator("#channel .message")).to_contain_text("Said meanwhile")
    expect(page.locator("#connection")).to_be_hidden()

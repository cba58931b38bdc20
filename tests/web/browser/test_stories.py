"""What people do with the console from beginning to end, each with screens and phones of their own."""

from __future__ import annotations

import asyncio
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.browser import in_one_browser
from tests.web.browser.stage import Stage, a_stage, at_home, enter, go_to, press, reads_codes, say, tab_to, told
from tests.web.senders import answers
from tests.web.site import NOW
from watcher.core.accounts import Registration
from watcher.web.console import scanning

pytestmark = [*in_one_browser, reads_codes]

_PAGE = re.compile(rb"/Type\s*/Page\b")
_PUT_AWAY = "Object.defineProperty(document, 'hidden', { value: true, configurable: true })"
_TAKE_OUT = "delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))"
_GOOD, _BAD_TOKEN = 1000, 1001
_SECONDS = 30


@pytest.mark.faults
async def test_an_owner_scans_prints_a_poster_sees_a_message_shown_and_resets_the_token_of_a_script(
    browser: Browser, tmp_path: Path
) -> None:
    async with a_stage(browser, tmp_path, Registration.OPEN, NOW) as stage:
        desk, reader = await _owner_at_home(stage), await stage.phone()
        app, first = await _make_app(desk)
        topic = await _make_topic(desk)
        poster = await _print(desk)
        assert await stage.scan(reader, poster) == await desk.locator(".address a").get_attribute("href")
        await press(reader, "follow")
        await expect(reader.get_by_role("status")).to_have_text(say("live"))

        await _leave_poster(desk)
        await desk.clock.install()
        await reader.evaluate(_PUT_AWAY)
        await _compose(desk, "Sale today", "**Everything** for half the price")
        await _see_it_shown(desk, reader)

        await desk.goto(app)
        await expect(desk.get_by_text(first)).to_have_count(0)
        await press(desk, "app_token_reset")
        await desk.get_by_label(say("app_token_grace")).select_option(label=say("grace_hour"))
        await press(desk, "app_token_reset")
        await told(desk, "said_app_token_reset")
        second = await _copied(desk)
        assert await _script(stage, topic, first, second) == [_GOOD, _GOOD]
        stage.clock.at += timedelta(hours=1)
        assert await _script(stage, topic, first, second) == [_BAD_TOKEN, _GOOD]
        await expect(reader.get_by_role("link", name="From a script")).to_have_count(3)


@pytest.mark.faults
async def test_the_operator_lets_an_owner_in_finds_why_a_mail_did_not_arrive_and_sends_it_again(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanning, "_WAIT_SECONDS", 3_600.0)  # so the desk goes on because the phone's yes wakes it
    async with a_stage(browser, tmp_path, Registration.APPROVAL, NOW) as stage:
        operator, desk, phone, reader = [*[await stage.desk() for _ in "12"], *[await stage.phone() for _ in "12"]]
        await stage.register(desk, phone, "Grace")
        await expect(phone.get_by_role("heading")).to_have_text(say("phone_title_asked"))
        await stage.log_in(operator)
        await go_to(operator, "accounts")
        await press(operator, "account_approve")
        await told(operator, "said_account_approved")
        await phone.get_by_role("link", name=say("phone_look_again")).click()
        await expect(phone.get_by_role("heading")).to_have_text(say("phone_title_welcome"))
        await press(desk, "scan_show")
        await stage.scan(phone, desk.locator(".scan .qr"))
        await press(phone, "in_yes")
        await at_home(desk)

        await _make_app(desk)
        await _make_topic(desk, "topic_mode_approval")
        await stage.scan(reader, await _print(desk))
        await press(reader, "follow")
        await expect(reader.locator(".prompt")).to_be_visible()
        await _approve_with_a_slip(desk)
        await _give_mail_address(stage, reader)
        stage.mails.answers["MAIL"] = "550 5.7.1 we do not relay for this sender"
        await _compose(desk, "Closed on Monday", "Back on Tuesday.")
        assert [mail.parsed["Subject"] for mail in stage.mails.mails][1:] == []

        await go_to(operator, "messages")
        await operator.locator("summary", has_text=say("messages_filter_more")).click()
        await operator.get_by_label(say("state")).select_option(label=say("message_state_failed"))
        await press(operator, "search")
        await operator.clock.install()
        await operator.get_by_role("link", name="Closed on Monday").click()
        await expect(operator.get_by_text("look at WATCHER_MAIL_FROM")).to_be_visible()
        del stage.mails.answers["MAIL"]
        await press(operator, "message_again")
        await press(operator, "message_again_yes", count=1)
        await told(operator, "said_message_sent_again")
        email = operator.locator(".readers li", has_text=say("channel_email")).last
        await operator.clock.fast_forward(5_000)
        await expect(email).to_contain_text(say("way_sent"))
        assert [mail.parsed["Subject"] for mail in stage.mails.mails][1:] == ["Closed on Monday"]


@pytest.mark.faults
async def test_by_keyboard_alone_an_owner_makes_an_application_and_a_topic_writes_and_finds_the_message(
    browser: Browser, tmp_path: Path
) -> None:
    async with a_stage(browser, tmp_path, Registration.OPEN, NOW) as stage:
        desk, reader = await _owner_at_home(stage), await stage.phone()
        keys = desk.keyboard
        await _room_by_keys(desk, "a", "apps")
        await tab_to(desk, say("app_new"))
        await enter(desk)
        await tab_to(desk, say("name"))
        await keys.type("Backups")
        await enter(desk)
        await told(desk, "said_app_made")

        await _room_by_keys(desk, "t", "topics")
        await tab_to(desk, say("topic_new"))
        await enter(desk)
        await tab_to(desk, say("name"))
        await keys.type("Nightly")
        await enter(desk)
        await told(desk, "said_topic_made")
        await tab_to(desk, say("poster"))
        await enter(desk)
        await stage.scan(reader, desk.locator(".poster .qr"))
        await tab_to(reader, say("follow"))
        await enter(reader)
        await expect(reader.get_by_role("status")).to_have_text(say("live"))

        await tab_to(desk, say("topic_back"))
        await enter(desk)
        await _room_by_keys(desk, "m", "messages")
        await tab_to(desk, say("compose_title"))
        await enter(desk)
        await tab_to(desk, f"Nightly {say('compose_followers', count=1)}")
        await keys.press("Space")
        await tab_to(desk, say("compose_summary"))
        await keys.type("Done")
        await tab_to(desk, say("compose_content"))
        await keys.type("42 GB in 11 minutes")
        await tab_to(desk, say("compose_show"))
        await enter(desk)
        await expect(desk.get_by_role("status")).to_have_text(say("compose_people", count=1))
        await tab_to(desk, say("compose_send", count=1))
        await enter(desk)
        await told(desk, "said_message_sent")

        await _room_by_keys(desk, "m", "messages")
        await keys.press("/")
        await keys.type("don")
        await enter(desk)
        await tab_to(desk, "Done")
        await enter(desk)
        await expect(desk.locator(".told-reach")).to_contain_text(say("came_to_seen", count=1))
        await expect(reader.get_by_role("link", name="Done")).to_be_visible()


async def _owner_at_home(stage: Stage) -> Page:
    """Register an owner by a phone of theirs; return their desk, on its first page."""
    desk = await stage.desk()
    await stage.register(desk, await stage.phone(), "Grace")
    await at_home(desk)
    return desk


async def _make_app(desk: Page) -> tuple[str, str]:
    """Make an application; return its page and its token, which the page copies once."""
    await go_to(desk, "apps")
    await press(desk, "app_new")
    await desk.get_by_label(say("name")).fill("The library")
    await press(desk, "app_make")
    await told(desk, "said_app_made")
    return desk.url.partition("?")[0], await _copied(desk)


async def _make_topic(desk: Page, mode: str = "topic_mode_open") -> str:
    """Make a topic of the one application; return its number."""
    await go_to(desk, "topics")
    await press(desk, "topic_new")
    await desk.get_by_label(say("name"), exact=True).fill("New books")
    await desk.get_by_label(say(mode), exact=True).check()
    await press(desk, "topic_make")
    await told(desk, "said_topic_made")
    return desk.url.partition("?")[0].rpartition("/")[2]


async def _approve_with_a_slip(desk: Page) -> None:
    """Approve who waits at the topic, remove them by mistake, and undo that."""
    await _leave_poster(desk)
    await expect(desk.get_by_text(say("topic_waiting", count=1))).to_be_visible()
    await press(desk, "approve")
    await told(desk, "said_subscriber_approved")
    await press(desk, "remove")
    await press(desk, "undo")
    await told(desk, "said_removal_undone")


async def _print(desk: Page) -> Locator:
    """Print the topic's poster; return the code that is on the paper."""
    await press(desk, "poster")
    assert len(_PAGE.findall(await desk.pdf(prefer_css_page_size=True))) == 1
    await desk.emulate_media(media="print")
    await expect(desk.locator("header")).to_be_hidden()
    return desk.locator(".poster .qr")


async def _leave_poster(desk: Page) -> None:
    await desk.emulate_media(media="null")
    await desk.get_by_role("link", name=say("topic_back")).click()


async def _compose(desk: Page, summary: str, content: str) -> None:
    """Write to the topic's readers, look at the preview, and send."""
    await go_to(desk, "messages")
    await press(desk, "compose_title")
    await desk.get_by_role("checkbox", name="New books").check()
    await desk.get_by_label(say("compose_summary")).fill(summary)
    await desk.get_by_label(say("content_kind_markdown")).check()
    await desk.get_by_label(say("compose_content"), exact=True).fill(content)
    await press(desk, "compose_show")
    await expect(desk.get_by_role("status")).to_have_text(say("compose_people", count=1))
    await expect(desk.frame_locator("iframe").locator("p")).to_have_text(content.replace("*", ""))
    await press(desk, "compose_send", count=1)
    await told(desk, "said_message_sent")


async def _see_it_shown(desk: Page, reader: Page) -> None:
    """Bring a phone's inbox to the front, and see the page of the message at the desk go on by itself."""
    shown = desk.locator(".told-reach").filter(has_text=say("came_to_seen", count=1))
    await expect(shown).to_have_count(0)
    async with reader.expect_response("**/inbox/shown"):
        await reader.evaluate(_TAKE_OUT)
    await desk.clock.fast_forward(5_000)
    await expect(shown).to_be_visible()


async def _script(stage: Stage, topic: str, *tokens: str) -> list[int]:
    """Let a program send by each token to the topic; return the codes of WxPusher's API that it gets."""
    files = [stage.directory / f"{number}.json" for number, _ in enumerate(tokens)]
    for file, token in zip(files, tokens, strict=True):
        file.write_text(json.dumps({"appToken": token, "content": "From a script", "topicIds": [int(topic)]}))
    return [answer["code"] for answer in await answers("requests", f"{stage.base}/api/send/message", files)]


async def _copied(page: Page) -> str:
    """Press the button beside the token; return what is in the clipboard once it is something new."""
    before = await page.evaluate("navigator.clipboard.readText()")
    await page.locator(".once").get_by_role("button", name=say("app_token_copy")).click()
    copied: str = before
    async with asyncio.timeout(_SECONDS):
        while copied == before:
            copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("AT_")
    return copied


async def _give_mail_address(stage: Stage, reader: Page) -> None:
    """Let a reader be reached by mail as well, by the link in the first mail."""
    await reader.goto(f"{stage.base}/reach")
    await reader.get_by_label(say("mail_address")).fill("ann@example.org")
    await press(reader, "mail_ask")
    await told(reader, "mail_told")
    await reader.goto(stage.link_of_mail())
    await press(reader, "confirm_yes")
    await expect(reader.get_by_role("heading", level=1)).to_have_text(say("confirm_done_title"))


async def _room_by_keys(page: Page, key: str, room: str) -> None:
    await page.wait_for_load_state()  # until its script knows the keys
    async with page.expect_navigation():  # the page before may have the same heading
        await page.keyboard.type(f"g{key}")
    await expect(page.get_by_role("heading", level=1)).to_have_text(say(f"room_{room}"))

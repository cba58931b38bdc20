"""What each kind of device is offered, in a real browser: one sentence, the best that it can do."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from playwright.async_api import Browser, Page, expect

from tests.browser import in_one_browser
from tests.web.pages.phone import IPHONE, NO_PUSH, SILENT_PUSH_SERVICE, WECHAT, open_phone, push_service
from tests.web.pages.test_reach import KEY, subscription
from tests.web.site import Site
from watcher.core.channels import ChannelName
from watcher.core.settings import Settings
from watcher.push.channels.offered import Channels

pytestmark = in_one_browser
WORKING = push_service(subscription().decode(), KEY)
DENYING = "Notification.requestPermission = async () => 'denied'"
DENIED = "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, base_url="https://push.example")


@pytest.fixture
def channels() -> Channels:
    return Channels(push_key=KEY)


async def _open(page: Page, site: Site, host: str = "localhost") -> None:
    await page.goto(f"http://{host}:{site.server.port}/t/{(await site.topic()).slug}")


async def _subscribe(page: Page) -> None:
    await page.get_by_role("button", name="Subscribe").click()
    await expect(page.get_by_role("status")).to_have_text("Live")


async def _offered(page: Page, words: str) -> None:
    """Look that this is offered, and nothing else."""
    offers = page.locator("[data-offer]:not([hidden])")
    await expect(offers).to_contain_text(words)
    await expect(offers).to_have_count(1)


@pytest.mark.faults
@pytest.mark.parametrize(
    ("host", "user_agent", "script", "before", "after"),
    [
        pytest.param(
            "push.example",
            None,
            "",
            "must serve this site over https",
            "must serve this site over https",
            id="plain http",
        ),
        pytest.param("push.example", IPHONE, "", "over https", "over https", id="plain http comes before all advice"),
        pytest.param("localhost", WECHAT, "", "Open in browser", "Open in browser", id="WeChat's browser"),
        pytest.param("localhost", IPHONE, "", "Subscribe, then add", "Choose “Add to Home Screen”", id="iPhone"),
        pytest.param("localhost", None, NO_PUSH, "has no notifications", "has no notifications", id="no Web Push"),
        pytest.param("localhost", None, DENIED, "blocks our notifications", "blocks our notifications", id="blocked"),
    ],
)
async def test_a_device_is_told_what_it_can_do_before_and_after_it_subscribes(
    whole_browser: Browser, site: Site, host: str, user_agent: str | None, script: str, before: str, after: str
) -> None:
    async with open_phone(whole_browser, user_agent=user_agent, script=script) as page:
        # The cookie of a server that is reached over https is no cookie on the LAN's plain http.
        await _open(page, site, host)
        await _offered(page, before)
        if host == "localhost":
            await _subscribe(page)
            await _offered(page, after)


async def test_one_tap_subscribes_and_switches_notifications_on(whole_browser: Browser, site: Site) -> None:
    async with open_phone(whole_browser, script=WORKING, may_notify=True) as page:
        await _open(page, site)
        await _subscribe(page)
        await _offered(page, "This device is notified")
        assert await page.evaluate("window.subscribedWith === window.expectedKey")
    [(subscriber, _, _)] = await site.push.subscribers.all()
    [address] = await site.push.addresses.of(subscriber)
    assert address.channel is ChannelName.WEB_PUSH


@pytest.mark.faults
async def test_who_says_no_to_notifications_is_subscribed_all_the_same(whole_browser: Browser, site: Site) -> None:
    async with open_phone(whole_browser, script=f"{DENYING};{_permission('default')}") as page:
        await _open(page, site)
        await _offered(page, "Your browser then asks")
        await _subscribe(page)
        await page.get_by_role("button", name="Notify this device").click()
        await _offered(page, "blocks our notifications")
    assert (await site.topic()).subscribers == 1


@pytest.mark.faults
async def test_who_never_answers_the_browsers_question_is_subscribed_before(whole_browser: Browser, site: Site) -> None:
    never = "Notification.requestPermission = () => new Promise(() => {})"
    async with open_phone(whole_browser, script=f"{never};{_permission('default')}") as page:
        await page.clock.install()
        await _open(page, site)
        async with page.expect_response(lambda answer: "/inbox?followed=" in answer.url):
            await page.get_by_role("button", name="Subscribe").click()
        await _offered(page, "You are subscribed")
        assert (await site.topic()).subscribers == 1
        await page.clock.fast_forward(20_000)
        await expect(page.get_by_role("status")).to_be_visible()


@pytest.mark.faults
async def test_a_push_service_that_never_answers_is_waited_for_ten_seconds(whole_browser: Browser, site: Site) -> None:
    async with open_phone(whole_browser, script=SILENT_PUSH_SERVICE, may_notify=True) as page:
        await page.clock.install(time=0)
        await page.clock.pause_at(1_000)
        await _open(page, site)
        await page.get_by_role("button", name="Subscribe").click()
        await _offered(page, "Switching notifications on")
        await page.clock.fast_forward(10_000)
        await _offered(page, "push service did not answer")


@pytest.mark.faults
async def test_a_subscription_that_fails_can_be_tried_again(whole_browser: Browser, site: Site) -> None:
    failing = "let tries = 0; const works = PushManager.prototype.subscribe;"
    failing += (
        "PushManager.prototype.subscribe = async (o) => { if (!tries++) throw new Error('x'); return works(o); };"
    )
    async with open_phone(whole_browser, script=WORKING + failing, may_notify=True) as page:
        await _open(page, site)
        await _subscribe(page)
        await _offered(page, "could not be switched on")
        await page.get_by_role("button", name="Try again").click()
        await _offered(page, "This device is notified")


@pytest.mark.faults
async def test_a_subscription_of_another_key_is_made_anew(whole_browser: Browser, site: Site) -> None:
    old = "PushManager.prototype.getSubscription = async () => window.subscribedWith ? null : "
    old += "({ options: { applicationServerKey: new Uint8Array(65).buffer }, "
    old += "unsubscribe: async () => { window.left = 1 } })"
    async with open_phone(whole_browser, script=f"{WORKING};{old}", may_notify=True) as page:
        await _open(page, site)
        await _subscribe(page)
        await _offered(page, "This device is notified")
        assert await page.evaluate("window.left === 1")


@pytest.mark.faults
async def test_an_address_that_was_lost_is_given_again_when_the_inbox_is_opened(
    whole_browser: Browser, site: Site
) -> None:
    async with open_phone(whole_browser, script=WORKING, may_notify=True) as page:
        await _open(page, site)
        await _subscribe(page)
        await _offered(page, "This device is notified")
        [(subscriber, _, _)] = await site.push.subscribers.all()
        [address] = await site.push.addresses.of(subscriber)
        await site.push.addresses.remove(subscriber, address.id)
        await page.reload()
        await _offered(page, "This device is notified")
        assert len(await site.push.addresses.of(subscriber)) == 1


@pytest.mark.faults
async def test_what_a_person_removes_here_does_not_come_back_by_itself(whole_browser: Browser, site: Site) -> None:
    async with open_phone(whole_browser, script=WORKING, may_notify=True) as page:
        await _open(page, site)
        await _subscribe(page)
        await _offered(page, "This device is notified")
        await page.goto(f"http://localhost:{site.server.port}/reach")
        await expect(page.get_by_text("(this device)")).to_be_visible()
        await page.get_by_role("button", name="Remove").click()
        await _offered(page, "Be told even with the screen locked")
    [(subscriber, _, _)] = await site.push.subscribers.all()
    assert await site.push.addresses.of(subscriber) == []


@pytest.mark.faults
async def test_the_icon_that_an_iphone_puts_on_its_home_screen_opens_the_same_inbox(
    whole_browser: Browser, site: Site
) -> None:
    async with open_phone(whole_browser, user_agent=IPHONE) as page:
        await _open(page, site)
        await _subscribe(page)
        await expect(page.locator("link[rel=manifest][href*=claim]")).to_have_count(1)
        manifest = await page.evaluate("fetch(document.querySelector('link[rel=manifest]').href).then(a => a.json())")
    # Cookies of its own, and no second tap when it is opened from there.
    async with open_phone(whole_browser, user_agent=IPHONE, script="navigator.standalone = true") as page:
        await page.goto(f"http://localhost:{site.server.port}{manifest['start_url']}")
        await expect(page.get_by_role("status")).to_have_text("Live")
        assert page.url.endswith("/inbox")
        await page.goto(f"http://localhost:{site.server.port}{manifest['start_url']}")
        assert page.url.endswith("/inbox")
    assert len(await site.push.subscribers.all()) == 1


def _permission(value: str) -> str:
    return f"Object.defineProperty(Notification, 'permission', {{ get: () => '{value}' }})"

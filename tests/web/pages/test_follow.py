from __future__ import annotations

import re
from datetime import timedelta
from http.cookies import SimpleCookie

import pytest
from msgspec.structs import replace

from tests.web.api.v1.api import Api
from tests.web.serving import a_site
from tests.web.site import Site
from watcher.config.load import parse
from watcher.core.pace import RateLimit
from watcher.core.push import AppProfile, TopicMode
from watcher.core.settings import Settings
from watcher.core.watch import ADMIN_TOPIC
from watcher.push.channels.offered import Channels
from watcher.push.service import PushService
from watcher.web.sessions.device import DEVICE_COOKIE


async def test_a_get_shows_the_topic_and_subscribes_nobody(site: Site) -> None:
    topic = await site.topic()
    answer = await site.get(f"/t/{topic.slug}")
    html = await answer.text()
    for words in (
        "Price drops",
        "Books that get cheaper",
        "Subscribe",
        "the operator must serve this site over https",
    ):
        assert words in html
    assert "Set-Cookie" not in answer.headers
    assert (await site.topic()).subscribers == 0


async def test_a_topic_that_is_not_described_says_what_subscribing_does(site: Site) -> None:
    other = await site.push.topics.add("Other")
    assert "You get a message when there is news." in await (await site.get(f"/t/{other.slug}")).text()


async def test_a_post_subscribes_and_makes_the_device_known(site: Site) -> None:
    topic = await site.topic()
    answer = await site.post(f"/t/{topic.slug}")
    assert (answer.status, answer.headers["Location"]) == (303, f"/inbox?followed=t/{topic.slug}")
    cookie = SimpleCookie(answer.headers["Set-Cookie"])[DEVICE_COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", str(400 * 86_400))
    assert not cookie["secure"]
    assert await site.push.devices.owner(cookie.value) is not None
    assert (await site.topic()).subscribers == 1


async def test_a_known_device_stays_the_same_subscriber(site: Site) -> None:
    reader, other = await site.reader(), await site.push.topics.add("Other")
    answer = await site.post(f"/t/{other.slug}", device=reader)
    assert "Set-Cookie" not in answer.headers
    topics, _ = await site.push.subscriptions.following(reader.subscriber)
    assert [topic.name for topic in topics] == ["Price drops", "Other"]
    assert "You are subscribed" in await (await site.get(f"/t/{other.slug}", device=reader)).text()


async def test_one_tap_leaves_and_one_tap_brings_it_back(site: Site) -> None:
    reader, topic = await site.reader(), await site.topic()
    await site.post(f"/t/{topic.slug}/mute", device=reader)
    answer = await site.post(f"/t/{topic.slug}/leave", device=reader)
    assert (answer.status, answer.headers["Location"]) == (303, f"/subscriptions?left=t/{topic.slug}")
    assert (await site.topic()).subscribers == 0
    html = await (await site.get(answer.headers["Location"], device=reader)).text()
    assert "You are no longer subscribed to “Price drops”." in html
    assert f'action="/t/{topic.slug}/undo"' in html
    back = await site.post(f"/t/{topic.slug}/undo", device=reader)
    assert (back.status, back.headers["Location"]) == (303, f"/subscriptions#{topic.slug}")
    found = await site.push.subscriptions.find(reader.subscriber, topic_id=topic.id)
    assert found is not None
    assert not found.is_receiving  # as it was
    assert (
        "You are no longer subscribed to"
        not in await (await site.get(answer.headers["Location"], device=reader)).text()
    )


async def test_who_left_nothing_is_told_of_nothing_and_comes_back_to_nothing(site: Site) -> None:
    reader, topic = await site.push.subscribers.add(), await site.topic()
    for left in (f"t/{topic.slug}", "t/", "a/x", "../x", "t/%00", ""):
        answer = await site.get(f"/subscriptions?left={left}", device=reader)
        assert answer.status == 200
        assert "You are no longer subscribed to" not in await answer.text()
    back = await site.post(f"/t/{topic.slug}/undo", device=reader)
    assert (back.status, back.headers["Location"]) == (303, f"/t/{topic.slug}")
    assert (await site.topic()).subscribers == 0


async def test_the_operator_is_named_where_one_subscribes_and_leaves(
    push: PushService, settings: Settings, channels: Channels
) -> None:
    named = replace(settings, operator_name="<b>Ada</b>")
    async with a_site(push, named, channels) as site:
        topic, (app, _), reader = await site.topic(), await site.app(), await site.reader()
        assert "Run by &lt;b&gt;Ada&lt;/b&gt;" in await (await site.get(f"/t/{topic.slug}")).text()
        page = await (await site.get(f"/a/{app.slug}")).text()
        assert "From the application “Shop”" in page
        assert "This server is run by &lt;b&gt;Ada&lt;/b&gt;" in page
        claim = await site.push.claims.add(reader.subscriber)
        for path in ("/subscriptions", f"/claim/{claim}"):
            html = await (await site.get(path, device=reader if path == "/subscriptions" else None)).text()
            assert "This server is run by &lt;b&gt;Ada&lt;/b&gt;" in html


async def test_where_the_operator_is_not_named_nobody_is(site: Site) -> None:
    assert "Run by" not in await (await site.get(f"/t/{(await site.topic()).slug}")).text()


async def test_an_application_has_its_page_with_its_prompt(site: Site) -> None:
    app, _ = await site.push.apps.add(AppProfile(name="<b>Shop</b>", contact="me@x", follow_prompt="Your id: {UID}"))
    html = await (await site.get(f"/a/{app.slug}")).text()
    assert "&lt;b&gt;Shop&lt;/b&gt;" in html
    assert "me@x" in html
    reader = await site.push.subscribers.add()
    assert (await site.post(f"/a/{app.slug}", device=reader)).status == 303
    html = await (await site.get(f"/a/{app.slug}", device=reader)).text()
    assert f"Your id: {reader.subscriber.uid}" in html


@pytest.mark.parametrize(
    ("path", "headers", "words"),
    [
        ("", {"Accept-Language": "zh-CN"}, "订阅"),
        ("?lang=zh", {"Accept-Language": "en"}, "订阅"),
        ("", {"Cookie": "watcher_lang=zh"}, "订阅"),
        ("?lang=xx", {}, "Subscribe"),
    ],
)
async def test_the_page_speaks_the_readers_language(site: Site, path: str, headers: dict[str, str], words: str) -> None:
    answer = await site.get(f"/t/{(await site.topic()).slug}{path}", headers=headers)
    assert words in await answer.text()
    assert ("watcher_lang=zh" in answer.headers.get("Set-Cookie", "")) == (path == "?lang=zh")


@pytest.mark.parametrize(
    ("topics", "language", "title", "text"),
    [
        ("", "en", "Alerts to the operator", "You are told when a watch stops working"),
        ("{admin: {language: zh}}", "zh", "运维通知", "监控失效、恢复"),
        ("{admin: {name: Ops, description: For us.}}", "en", "Ops", "For us."),
    ],
)
async def test_the_operators_topic_has_one_name_everywhere_and_says_what_it_is_for(
    site: Site, topics: str, language: str, title: str, text: str
) -> None:
    file = parse(f"topics: {topics}\nwatches: {{}}" if topics else "watches: {}", file="w", environ={})
    await site.push.topics.declare([*file.topics.values()])
    topic = next(topic for topic in await site.push.topics.all() if topic.key == ADMIN_TOPIC)
    assert topic.name == title  # as the inbox, the menu and the messages show it
    reader = await site.push.subscribers.add(topic_ids=[topic.id])
    for path in (f"/t/{topic.slug}", "/subscriptions"):
        page = await (await site.get(path, device=reader, headers={"Accept-Language": language})).text()
        assert f">{title}<" in page
        assert text in page or path == "/subscriptions"


async def test_after_following_the_owner_has_a_word_with_the_readers_id(site: Site) -> None:
    app, _ = await site.push.apps.add(AppProfile(name="Shop", follow_prompt="Your id: {UID}"))
    reader = await site.reader()
    answer = await site.post(f"/a/{app.slug}", device=reader)
    assert (answer.status, answer.headers["Location"]) == (303, f"/a/{app.slug}")
    assert f"Your id: {reader.subscriber.uid}" in await (await site.get(f"/a/{app.slug}", device=reader)).text()


async def test_a_topic_with_approval_says_that_its_owner_has_to_say_yes(site: Site) -> None:
    topic = await site.push.topics.add("News", mode=TopicMode.APPROVAL)
    path, reader = f"/t/{topic.slug}", await site.reader()
    assert (await site.post(path, device=reader)).headers["Location"] == path
    assert "has to approve it" in await (await site.get(path, device=reader)).text()
    stranger = await site.post(path)
    assert (stranger.status, stranger.headers["Location"]) == (303, path)
    await site.post(f"{path}/leave", device=reader)
    assert "Subscribe</button>" in await (await site.get(path, device=reader)).text()


async def test_a_closed_topic_offers_nothing_and_obeys_nobody(site: Site) -> None:
    topic = await site.push.topics.add("News", mode=TopicMode.CLOSED)
    page = await (await site.get(f"/t/{topic.slug}")).text()
    assert "takes no new subscribers" in page
    assert "Subscribe</button>" not in page
    answer = await site.post(f"/t/{topic.slug}")
    assert (answer.status, "Set-Cookie" in answer.headers) == (400, False)
    assert await site.push.subscribers.all() == []


async def test_who_is_rejected_is_told_so(site: Site) -> None:
    topic, reader = await site.topic(), await site.reader()
    [followed] = (await site.push.subscriptions.page()).subscriptions
    await site.push.subscriptions.reject(followed.id)
    page = await (await site.get(f"/t/{topic.slug}", device=reader)).text()
    assert "blocked you from subscribing" in page
    assert (await site.post(f"/t/{topic.slug}", device=reader)).status == 400


async def test_a_rotated_code_leads_nowhere(site: Site) -> None:
    topic = await site.topic()
    rotated = await site.push.topics.rotate(topic.id)
    for path in (f"/t/{topic.slug}", f"/t/{topic.slug}/qr.svg"):
        assert (await site.get(path)).status == 404
    assert (await site.get(f"/t/{rotated.slug}")).status == 200


async def test_the_settings_page_of_an_application_is_one_tap_away(site: Site) -> None:
    app, _ = await site.push.apps.add(AppProfile(name="Shop", settings_url="https://x.example/s"))
    reader = await site.push.subscribers.add(app_ids=[app.id])
    page = await (await site.get("/subscriptions", device=reader)).text()
    assert f"https://x.example/s?uid={reader.subscriber.uid}&amp;ts=" in page


class TestAStrangerWhoSubscribesAgainAndAgain:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, address_calls=RateLimit(calls=3, per=timedelta(minutes=1)))

    async def test_makes_no_more_subscribers_than_one_address_may(self, site: Site) -> None:
        topic = await site.topic()
        statuses = [(await site.post(f"/t/{topic.slug}")).status for _ in range(5)]
        assert statuses == [303, 303, 303, 429, 429]
        assert (await site.topic()).subscribers == 3


# WxPusher's old links, which name an application or a topic by its number


@pytest.mark.parametrize(("noun", "kind", "page"), [("apps", 1, "a"), ("topics", 2, "t")])
async def test_a_link_by_number_leads_to_what_its_owner_opened_and_to_nothing_else(
    site: Site, noun: str, kind: int, page: str
) -> None:
    api = await Api.of(site)
    made = (await api("POST", f"/{noun}", {"name": "Bread"})).said
    link = f"/wxuser/?type={kind}&id={made['id']}"
    assert (await site.get(link)).status == 404
    assert (await api("PATCH", f"/{noun}/{made['id']}", {"by_number": True})).said["by_number"] is True
    answer = await site.get(link)
    assert (answer.status, answer.headers["Location"]) == (302, made["link"].removeprefix("http://push.example"))
    assert answer.headers["Location"].startswith(f"/{page}/")
    assert "Bread" in await (await site.get(answer.headers["Location"])).text()
    assert (await site.get(link.replace("/?", "?"))).status == 302
    assert (await site.get(f"/wxuser/?type={3 - kind}&id={made['id']}")).status == 404
    await api("PATCH", f"/{noun}/{made['id']}", {"by_number": False})
    assert (await site.get(link)).status == 404


async def test_what_is_not_open_by_number_is_answered_as_what_is_not_there(site: Site) -> None:
    topic, (app, _) = await site.topic(), await site.app()
    asked = [f"type=2&id={topic.id}", f"type=1&id={app.id}", "type=2&id=999", "type=1&id=999", f"type=3&id={topic.id}"]
    asked += ["", "type=2", "type=2&id=x", "type=2&id=-1", f"type=2&id={'9' * 40}", "type=2&id=%00", "type=2&id=²"]
    answers = [await site.get(f"/wxuser/?{query}") for query in asked]
    assert {answer.status for answer in answers} == {404}
    # The links to other languages have the query that the page was asked with.
    pages = {re.sub(r'href="[^"]*[?&;]lang=[^"]*"', "", await answer.text()) for answer in answers}
    assert len(pages) == 1
    varying = {"Date", "Content-Length"}
    headers = [{name: value for name, value in answer.headers.items() if name not in varying} for answer in answers]
    assert all(one == headers[0] for one in headers)


async def test_a_topic_whose_link_was_changed_is_found_by_its_number_no_more(site: Site) -> None:
    topic = await site.topic()
    await site.push.topics.edit(topic.id, by_number=True)
    assert (await site.push.topics.rotate(topic.id)).by_number is False
    assert (await site.get(f"/wxuser/?type=2&id={topic.id}")).status == 404


async def test_nobody_looks_for_numbers_without_end(site: Site) -> None:
    answers = [await site.get(f"/wxuser/?type=2&id={number}") for number in range(101)]
    assert [answer.status for answer in answers] == [404] * 100 + [429]

from __future__ import annotations

import re

import pytest

from tests.web.site import Site
from watcher.core.push import AppProfile, TopicMode


async def test_a_subscriber_sees_what_they_follow_and_the_way_out(site: Site) -> None:
    app, _ = await site.app()
    topic = await site.topic()
    reader = await site.push.subscribers.add(topic_ids=[topic.id], app_ids=[app.id])
    html = await (await site.get("/subscriptions", device=reader)).text()
    assert f'data-copy="{reader.subscriber.uid}"' in html
    for path in (f"/t/{topic.slug}", f"/a/{app.slug}"):
        assert f'action="{path}/leave"' in html
        assert f'action="{path}/mute"' in html
    assert 'action="/subscriptions/mute"' in html


async def test_who_follows_nothing_is_told_so(site: Site) -> None:
    html = await (await site.get("/subscriptions", device=await site.push.subscribers.add())).text()
    assert "You have no subscriptions." in html
    assert "/mute" not in html


async def test_one_subscription_is_switched_off_and_on_again(site: Site) -> None:
    reader, topic = await site.reader(), await site.topic()
    await site.tell("before")
    answer = await site.post(f"/t/{topic.slug}/mute", device=reader)
    assert (answer.status, answer.headers["Location"]) == (303, f"/subscriptions#{topic.slug}")
    await site.tell("while it is off")
    html = await (await site.get("/subscriptions", device=reader)).text()
    assert f'action="/t/{topic.slug}/unmute"' in html
    assert re.search(r'aria-checked="false"[^>]+aria-label="Messages from Price drops"', html)
    await site.post(f"/t/{topic.slug}/unmute", device=reader)
    await site.tell("after")
    assert [item.message.draft.content for item in await site.push.inbox.items(reader.subscriber)] == [
        "before",
        "after",
    ]


async def test_everything_is_switched_off_with_one_switch_and_the_inbox_says_so(site: Site) -> None:
    reader = await site.reader()
    assert (await site.post("/subscriptions/mute", device=reader)).status == 303
    await site.tell("while it is off")
    assert await site.push.inbox.items(reader.subscriber) == []
    assert "switched off all messages" in await (await site.get("/inbox", device=reader)).text()
    await site.post("/subscriptions/unmute", device=reader)
    await site.tell("after")
    assert len(await site.push.inbox.items(reader.subscriber)) == 1
    assert "switched off all messages" not in await (await site.get("/inbox", device=reader)).text()


@pytest.mark.faults
@pytest.mark.parametrize("path", ["/subscriptions/mute", "/t/{slug}/mute", "/t/{slug}/unmute"])
async def test_a_get_switches_nothing(site: Site, path: str) -> None:
    reader, topic = await site.reader(), await site.topic()
    answer = await site.get(path.replace("{slug}", topic.slug), device=reader)
    assert answer.status in {404, 405}
    await site.tell("still here")
    assert len(await site.push.inbox.items(reader.subscriber)) == 1


async def test_a_switch_of_what_was_left_meanwhile_is_no_error(site: Site) -> None:
    reader, topic = await site.push.subscribers.add(), await site.topic()
    assert (await site.post(f"/t/{topic.slug}/mute", device=reader)).status == 303
    assert (await site.post("/t/" + "A" * 28 + "/mute", device=reader)).status == 404


async def test_who_waits_for_approval_finds_it_here_too(site: Site) -> None:
    topic = await site.push.topics.add("Board", mode=TopicMode.APPROVAL)
    reader = await site.push.subscribers.add(topic_ids=[topic.id])
    html = await (await site.get("/subscriptions", device=reader)).text()
    assert "Its owner has to approve it" in html
    assert f'action="/t/{topic.slug}/leave"' in html
    assert f'action="/t/{topic.slug}/mute"' not in html


async def test_an_application_leads_to_its_own_settings(site: Site) -> None:
    app, _ = await site.push.apps.add(AppProfile(name="<b>Shop</b>", settings_url="https://shop.example/set?a=1"))
    reader = await site.push.subscribers.add(app_ids=[app.id])
    html = await (await site.get("/subscriptions", device=reader)).text()
    assert f'href="https://shop.example/set?a=1&amp;uid={reader.subscriber.uid}&amp;ts=' in html
    assert "<b>Shop" not in html

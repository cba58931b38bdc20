from __future__ import annotations

from tests.web.site import Site


async def test_a_subscriber_sees_what_they_follow_and_the_way_out(site: Site) -> None:
    app, _ = await site.app()
    topic = await site.topic()
    reader = await site.push.add_subscriber(topic_ids=[topic.id], app_ids=[app.id])
    html = await (await site.get("/subscriptions", device=reader)).text()
    assert reader.subscriber.uid in html
    assert f'action="/t/{topic.slug}/leave"' in html
    assert f'action="/a/{app.slug}/leave"' in html


async def test_who_follows_nothing_is_told_so(site: Site) -> None:
    html = await (await site.get("/subscriptions", device=await site.push.add_subscriber())).text()
    assert "You follow nothing right now." in html

"""The feed of a topic at the console."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.web.console_desk import desk_of_operator, desk_of_owner, shown
from tests.web.site import Site


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("Create a feed", "Replace the link", "End the feed")), ("zh", ("创建 Feed", "更换链接", "停用 Feed"))],
)
async def test_a_feed_is_made_renewed_and_ended(
    site: Site, tmp_path: Path, language: str, words: tuple[str, str, str]
) -> None:
    desk, topic = await desk_of_operator(site, tmp_path), await site.topic()
    path = f"/console/topics/{topic.id}"
    make, renew, end = words
    assert make in shown(await desk.page(path, language))
    assert make in shown(await desk.page(f"{path}/feed", language))
    links = []
    for _ in range(2):
        html = await desk.page(await desk.done(f"{path}/feed"), language)
        links.append(re.findall(r"<code>http://push\.example(/feed/\w+/(?:atom\.xml|feed\.json))</code>", html))
        assert renew in shown(html)
    for number, status in enumerate((404, 200)):
        assert [(await site.get(link)).status for link in links[number]] == [status, status]
    assert renew in shown(await desk.page(f"{path}/feed", language))
    assert end in shown(await desk.page(f"{path}/feed/end", language))
    html = await desk.page(await desk.done(f"{path}/feed/end"), language)
    assert (await site.get(links[1][0])).status == 404
    assert "/feed/" not in re.sub(rf"{path}/feed", "", html)


async def test_to_an_owner_the_feed_of_a_foreign_topic_is_not_there(site: Site, tmp_path: Path) -> None:
    desk, topic = await desk_of_owner(site, tmp_path), await site.topic()
    for path in ("feed", "feed/end"):
        assert (await desk.get(f"/console/topics/{topic.id}/{path}")).status == 404
        assert (await desk.send(f"/console/topics/{topic.id}/{path}")).status == 404

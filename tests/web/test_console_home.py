"""The console's first page, as an owner sees it, and what it adds to the operator's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.web.console_desk import desk_of_operator, desk_of_owner, shown
from tests.web.site import Site
from watcher.core.push import AppProfile
from watcher.push.draft import make_draft


async def test_an_owner_with_nothing_is_told_what_to_do_first(site: Site, tmp_path: Path) -> None:
    await site.tell("of the operator")
    owner = await desk_of_owner(site, tmp_path)
    html = await owner.page("/console")
    assert "Get started" in html
    assert html.count('class="button small"') == 1
    assert 'class="button small" href="/console/apps/new"' in html
    assert "of the operator" not in html
    assert "Watches" not in html


async def test_each_step_that_is_done_gives_way_to_the_next(site: Site, tmp_path: Path) -> None:
    owner = await desk_of_owner(site, tmp_path)
    app, _ = await site.push.apps.add(AppProfile(name="Shop <b>"), account_id=owner.account_id)
    html = await owner.page("/console")
    assert f'class="button small" href="/console/apps/{app.id}"' in html
    assert "Shop &lt;b&gt;" in html

    reader = await site.push.subscribers.add(app_ids=[app.id])
    assert 'class="button small" href="/console/compose"' in await owner.page("/console")

    await site.push.messages.send(app, make_draft("Hello <i>"), uids=[reader.subscriber.uid])
    html = await owner.page("/console")
    assert "Get started" not in html
    assert "Hello &lt;i&gt;" in html
    assert "1 reader" in shown(html)


async def test_an_owner_sees_nothing_of_another(site: Site, tmp_path: Path) -> None:
    owner, other = await desk_of_owner(site, tmp_path), await desk_of_owner(site, tmp_path, "Mei")
    app, _ = await site.push.apps.add(AppProfile(name="Foreign"), account_id=other.account_id)
    reader = await site.push.subscribers.add(app_ids=[app.id])
    await site.push.messages.send(app, make_draft("Secret"), uids=[reader.subscriber.uid])
    html = await owner.page("/console")
    assert "Foreign" not in html
    assert "Secret" not in html


@pytest.mark.on_both
async def test_the_operators_figures_lead_on_and_the_newest_messages_are_below(site: Site, tmp_path: Path) -> None:
    await site.reader()
    await site.tell("The price fell")
    html = await (await desk_of_operator(site, tmp_path)).page("/console")
    assert '<dt>Applications</dt><dd><a href="/console/apps">' in html
    assert "Newest messages" in html
    assert "The price fell" in html


async def test_no_letter_leads_to_two_rooms(site: Site, tmp_path: Path) -> None:
    letters = re.findall(r' data-go="(.)"', await (await desk_of_operator(site, tmp_path)).page("/console"))
    assert len(letters) > 5
    assert len({*letters}) == len(letters)

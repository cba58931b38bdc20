"""What the rooms of the console offer to choose from, and the pages of their lists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.web.console_desk import desk_of_operator, desk_of_owner
from tests.web.places import run
from tests.web.site import Site
from watcher.push.draft import make_draft
from watcher.push.sending import SimpleSendRequest


async def test_of_many_applications_the_newest_200_are_offered_and_always_the_chosen_one(
    site: Site, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    """Else a filter that is sent once more would lose its application."""
    app, _ = await site.app()
    desk = await desk_of_owner(site, tmp_path, "Lin", app)
    run(
        tmp_path / "push.sqlite3",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250) INSERT INTO apps "
        "(slug, name, contact, description, follow_prompt, callback_url, settings_url, created_at, account_id) "
        "SELECT CAST(i AS text), 'App ' || i, '', '', '', '', '', 0, account_id FROM n, apps WHERE apps.id = ?",
        app.id,
    )
    for path in ("messages?app=", "topics?app=", "subscribers?app=", "topics/new?app="):
        with subtests.test(path):
            page = await desk.page(f"/console/{path}{app.id}")
            assert len(re.findall(r">App \d+</option>", page)) == 200
            assert f'<option value="{app.id}" selected>' in page
    page = await desk.page("/console/compose")
    assert len(re.findall(r"<bdi>App \d+<", page)) == 200
    assert "App 250<" in page


async def test_no_form_offers_an_application_that_nobody_sends_by(
    site: Site, tmp_path: Path, subtests: pytest.Subtests
) -> None:
    await site.app()
    reader = await site.push.subscribers.add()
    await site.push.messages.send_simple(SimpleSendRequest(spts=[reader.spt], draft=make_draft("hi")))
    await site.push.trials.begin()
    desk = await desk_of_operator(site, tmp_path)
    built_in = [app for app in await site.push.apps.all() if not app.has_senders]
    assert len(built_in) == 2
    for app in built_in:
        for path in ("topics/new", f"topics/new?app={app.id}", "tokens/new", f"tokens/new?app={app.id}", "compose"):
            with subtests.test(path, app=app.key):
                page = await desk.page(f"/console/{path}")
                assert f'<option value="{app.id}"' not in page
                assert f"/console/compose?app={app.id}" not in page
        for path in ("topics/new", "tokens/new"):
            with subtests.test(path, app=app.key, sent=True):
                fields = {"app": str(app.id), "name": "News", "mode": "open", "scope-apps:read": "1"}
                assert (await desk.send(f"/console/{path}", fields)).status == 422
    assert {topic.app_id for topic in await site.push.topics.all()}.isdisjoint(app.id for app in built_in)


async def test_a_page_of_a_list_of_which_nothing_is_left_leads_to_the_first(site: Site, tmp_path: Path) -> None:
    app, _ = await site.app()
    desk = await desk_of_owner(site, tmp_path, "Lin", app)
    for path, first in (
        ("/console/topics?before=1", "/console/topics"),
        (f"/console/subscribers?app={app.id}&q=a&before=1", f"/console/subscribers?app={app.id}&q=a"),
        ("/console/acts?after=999", "/console/acts"),
    ):
        answer = await desk.get(path)
        assert (answer.status, answer.headers["Location"]) == (303, first)

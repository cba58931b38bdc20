"""The console's applications, their callbacks, and API tokens, over a real server."""

from __future__ import annotations

import json
import re
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest
from msgspec.structs import replace

from tests.push.callback_server import a_callback_server
from tests.push.prepared import place_tables
from tests.running import meanwhile
from tests.web.console_desk import Desk, desk_of_operator, desk_of_owner, shown
from tests.web.places import place_of
from tests.web.serving import a_site
from tests.web.site import NOW, Site
from watcher.core.access import Scope
from watcher.core.accounts import LimitOverrides
from watcher.core.callbacks import CallbackState
from watcher.core.caps import DailyCaps
from watcher.core.push import App, AppProfile, Slice
from watcher.core.settings import Settings
from watcher.net import Sessions
from watcher.push.channels.offered import Channels
from watcher.push.draft import make_draft
from watcher.push.ids import new_slug
from watcher.push.opening import open_push_service
from watcher.store.push.store import open_push_store

_SCRIPT = "<script>window.pwned=1</script>"
_FIELDS = {"name": "Backups", "contact": "ops@example.org", "description": "What they say", "follow_prompt": "",
           "callback_url": "", "settings_url": ""}  # fmt: skip


@pytest.fixture
async def operator(site: Site, tmp_path: Path) -> Desk:
    return await desk_of_operator(site, tmp_path)


@pytest.fixture
async def owner(site: Site, tmp_path: Path) -> Desk:
    return await desk_of_owner(site, tmp_path)


async def _app(desk: Desk, name: str = "Shop", **fields: str) -> App:
    return (await desk.site.push.apps.add(AppProfile(name=name, **fields), account_id=desk.account_id))[0]


def _token(html: str) -> str | None:
    found = re.search(r'data-copy="((?:AT|WT)_\w+)"', html)
    return found and found[1]


async def test_a_new_application_shows_its_token_once(owner: Desk) -> None:
    assert "No applications yet" in await owner.page("/console/apps")
    path = await owner.done("/console/apps/new", _FIELDS)
    first, again = await owner.page(path), await owner.page(path)
    token = _token(first)
    assert token is not None
    assert token not in path
    assert token not in again
    app = await owner.site.push.apps.of_token(token)
    assert app is not None
    assert (app.profile.name, app.account_id) == ("Backups", owner.account_id)
    assert "The application is created." in first
    assert f"http://push.example/a/{app.slug}" in first
    assert f'src="/a/{app.slug}/qr.svg"' in first
    assert "Backups" in await owner.page("/console/apps")


async def test_a_secret_is_shown_to_the_session_alone_that_asked(operator: Desk, tmp_path: Path) -> None:
    other = await desk_of_operator(operator.site, tmp_path)
    path = await operator.done("/console/apps/new", _FIELDS)
    assert _token(await other.page(path)) is None
    assert _token(await operator.page(path)) is not None


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("name", "  ", "Enter a name"),
        ("name", "x" * 501, "Enter a name"),
        ("contact", "y" * 501, "At most 500 characters"),
        ("callback_url", "javascript:alert(1)", "not an http or https address"),
        ("settings_url", "ftp://x.example", "not an http or https address"),
    ],
)
async def test_a_field_that_is_refused_says_why_and_keeps_what_was_typed(
    owner: Desk, field: str, typed: str, words: str
) -> None:
    answer = await owner.send("/console/apps/new", _FIELDS | {field: typed, "follow_prompt": f"Hi {_SCRIPT}"})
    html = await answer.text()
    assert answer.status == 422
    assert words in html
    assert "Hi &lt;script&gt;" in html
    assert html.count('aria-invalid="true"') == 1
    assert await owner.site.push.apps.page(Slice(), account_id=owner.account_id) == []


async def test_an_owner_who_has_as_many_applications_as_they_may_is_told(owner: Desk, tmp_path: Path) -> None:
    account = owner.account_id
    assert account is not None
    store = await open_push_store(place_of(tmp_path / "push.sqlite3"))
    await store.write(lambda tx: tx.accounts.set_limits(account, LimitOverrides(apps=0)))
    await store.close()
    answer = await owner.send("/console/apps/new", _FIELDS)
    assert answer.status == 422
    assert "The operator can allow more." in await answer.text()


async def test_an_application_is_edited(owner: Desk) -> None:
    app = await _app(owner)
    path = f"/console/apps/{app.id}"
    seen = re.search(r'name="seen" value="(\w+)"', await owner.page(f"{path}/edit"))
    assert seen
    assert await owner.done(f"{path}/edit", _FIELDS | {"seen": seen[1]}) == f"{path}?said=app_edited"
    assert "ops@example.org" in await owner.page(path)
    late = await owner.send(f"{path}/edit", _FIELDS | {"name": "Late", "seen": seen[1]})
    html = await late.text()
    assert late.status == 409
    assert "Somebody changed this application" in html
    assert 'value="Late"' in html
    again = re.search(r'name="seen" value="(\w+)"', html)
    assert again
    await owner.done(f"{path}/edit", _FIELDS | {"name": "Late", "seen": again[1]})
    assert "Late" in await owner.page(path)


async def test_the_link_by_number_is_opened_and_closed(owner: Desk) -> None:
    app = await _app(owner)
    path = f"/console/apps/{app.id}"
    assert "The link by number is closed." in await owner.page(path)
    assert await owner.done(f"{path}/number", {"by_number": "1"}) == f"{path}?said=app_number_opened"
    assert await owner.site.push.apps.of_number(app.id) is not None
    assert f"http://push.example/wxuser/?type=1&amp;id={app.id}" in await owner.page(path)
    await owner.done(f"{path}/number", {"by_number": "0"})
    assert await owner.site.push.apps.of_number(app.id) is None


async def test_a_reset_token_is_shown_once_and_the_old_one_lives_as_long_as_was_chosen(owner: Desk) -> None:
    app, old = await owner.site.push.apps.add(AppProfile(name="Shop"), account_id=owner.account_id)
    path = f"/console/apps/{app.id}"
    assert "1 hour" in await owner.page(f"{path}/token")
    assert (await owner.send(f"{path}/token", {"grace": "for ever"})).status == 400
    html = await owner.page(await owner.done(f"{path}/token", {"grace": "day"}))
    new = _token(html)
    assert new is not None
    assert f'<time datetime="{(NOW + timedelta(days=1)).isoformat()}" data-clock>' in html
    for token in (old, new):
        found = await owner.site.push.apps.of_token(token)
        assert found is not None
        assert found.id == app.id
    await owner.done(f"{path}/token", {"grace": "none"})
    assert await owner.site.push.apps.of_token(new) is None


async def test_the_signing_key_is_shown_and_renewed(owner: Desk) -> None:
    app = await _app(owner)
    path = f"/console/apps/{app.id}/key"
    assert app.signing_key is not None
    assert app.signing_key in await owner.page(path)
    assert app.signing_key not in await owner.page(f"/console/apps/{app.id}")
    await owner.done(f"{path}/renew")
    renewed = await owner.site.push.apps.of_id(app.id)
    assert renewed is not None
    assert renewed.signing_key is not None
    assert renewed.signing_key != app.signing_key
    assert renewed.signing_key in await owner.page(path)


async def test_an_application_is_removed_after_its_owner_was_told_what_ends(owner: Desk) -> None:
    push, app = owner.site.push, await _app(owner, f"Shop {_SCRIPT}")
    topic = await push.topics.add("News", app_id=app.id)
    await push.subscribers.add(topic_ids=[topic.id], app_ids=[app.id])
    await push.messages.send(app, make_draft("Hello"), topic_ids=[topic.id])
    path = f"/console/apps/{app.id}/remove"
    html = await owner.page(path)
    assert _SCRIPT not in html
    said = shown(html)
    assert "1 topic goes with it" in said
    assert "2 subscriptions end." in said
    assert "1 message disappears" in said
    assert "This cannot be undone." in said
    assert await owner.done(path) == "/console/apps?said=app_removed"
    assert await push.apps.of_id(app.id) is None


async def test_the_log_leads_to_an_application_as_long_as_it_is_there(owner: Desk) -> None:
    path = (await owner.done("/console/apps/new", _FIELDS | {"name": "Shop <b>"})).partition("?")[0]
    assert f'<a href="{path}">Shop &lt;b&gt;</a>' in await owner.page("/console/acts")
    await owner.site.push.apps.remove(int(path.rpartition("/")[2]))
    assert path not in await owner.page("/console/acts")


async def test_a_built_in_application_says_what_it_is_and_has_nothing_to_reset_or_remove(operator: Desk) -> None:
    [built_in] = await operator.site.push.apps.all()
    path = f"/console/apps/{built_in.id}"
    html = await operator.page(path)
    assert "Sends what the watches of this server find." in html
    for route in ("token", "key", "remove", "callbacks"):
        assert f"{path}/{route}" not in html
        missing = await operator.get(f"{path}/{route}")
        assert missing.status == 404
        assert '<a class="button quiet" href="/console">To the overview</a>' in await missing.text()
    assert [(await operator.send(f"{path}/{route}")).status for route in ("token", "key/renew", "remove")] == [404] * 3


async def test_what_others_wrote_is_escaped(operator: Desk) -> None:
    app = await _app(
        operator, _SCRIPT, contact=_SCRIPT, description=_SCRIPT, follow_prompt=_SCRIPT,
        callback_url=f"https://x.example/{_SCRIPT}",
    )  # fmt: skip
    push = operator.site.push
    reader = await push.subscribers.add(app_ids=[app.id])
    await push.messages.send(app, make_draft(_SCRIPT), uids=[reader.subscriber.uid])
    await push.commands.run(reader.subscriber, _SCRIPT)
    await push.callbacks.send_test(app.id)
    await push.tokens.add(_SCRIPT, [Scope.APPS_READ], app_id=app.id)
    path = f"/console/apps/{app.id}"
    for each in ("/console/apps", path, *(f"{path}/{part}" for part in ("edit", "token", "key", "remove", "callbacks")),
                 "/console/tokens", f"/console/tokens/new?app={app.id}"):  # fmt: skip
        html = await operator.page(each)
        assert _SCRIPT not in html, each
        assert not re.search(r"<script(?![^>]+src=)|<style| style=| on\w+=", html), each


async def test_an_owner_sees_and_changes_nothing_of_others(owner: Desk, operator: Desk, tmp_path: Path) -> None:
    other = await desk_of_owner(owner.site, tmp_path, "Wang")
    mine = await _app(owner, "Mine")
    push = owner.site.push
    token, _ = await push.tokens.add("mine", [Scope.APPS_READ], app_id=mine.id, account_id=owner.account_id)
    for foreign in (await _app(other, "Theirs", callback_url="https://x.example"),
                    await _app(operator, "Operators", callback_url="https://x.example")):  # fmt: skip
        await push.callbacks.send_test(foreign.id)
        [callback] = await push.callbacks.newest(foreign.id)
        theirs, _ = await push.tokens.add("theirs", [Scope.APPS_READ], app_id=foreign.id, account_id=foreign.account_id)
        before = [await push.apps.of_id(foreign.id), await push.tokens.all(), await push.callbacks.newest(foreign.id)]
        path = f"/console/apps/{foreign.id}"
        gets = [path, *(f"{path}/{part}" for part in ("edit", "token", "key", "remove", "callbacks"))]
        gets += [f"/console/tokens/{theirs.id}/remove", f"/console/tokens/new?app={foreign.id}"]
        posts = [f"{path}/{part}" for part in ("edit", "number", "token", "key/renew", "remove", "callbacks/test")]
        posts += [f"{path}/callbacks/{callback.id}/retry", f"/console/tokens/{theirs.id}/remove"]
        posts += [f"/console/apps/{mine.id}/callbacks/{callback.id}/retry"]
        for each in gets:
            assert (await owner.get(each)).status == 404, each
        for each in posts:
            fields = _FIELDS | {"grace": "none", "by_number": "1"}
            assert (await owner.send(each, fields)).status == 404, each
        made = await owner.send("/console/tokens/new", {"name": "x", "app": str(foreign.id), "scope-apps:read": "1"})
        assert made.status == 404
        after = [await push.apps.of_id(foreign.id), await push.tokens.all(), await push.callbacks.newest(foreign.id)]
        assert after == before
    listed = await owner.page("/console/apps") + await owner.page("/console/tokens")
    assert "Mine" in listed
    assert not re.search("Theirs|Operators|theirs", listed)
    everything = await operator.page("/console/apps")
    assert '<td data-label="Owner">Wang</td>' in everything
    assert all(name in everything for name in ("Mine", "Theirs", "Operators"))
    assert await owner.done(f"/console/tokens/{token.id}/remove") == "/console/tokens?said=token_removed"


async def test_the_log_of_callbacks_says_what_came_of_each_and_lets_one_be_tried_again(
    operator: Desk, tmp_path: Path
) -> None:
    push = operator.site.push
    async with a_callback_server() as server, Sessions() as sessions:
        app = await _app(operator, callback_url=server.url)
        path = f"/console/apps/{app.id}/callbacks"
        assert "No callbacks yet" in await operator.page(path)
        assert await operator.done(f"{path}/test") == f"{path}?said=callback_tested"
        store = await open_push_store(place_of(tmp_path / "push.sqlite3"))
        await store.write(lambda tx: tx.callbacks.give_up(app.id, f"answered 503 {_SCRIPT}"))
        await store.close()
        said = shown(await operator.page(path))
        assert "Given up" in said
        assert "answered 503" in said
        [dead] = await push.callbacks.newest(app.id)
        sender = push.callbacks.sender(sessions, chance=lambda: 0.5, allow_private=True)
        async with meanwhile(sender.run()):
            await operator.done(f"{path}/{dead.id}/retry")
            await server.hears(1)
            while (await push.callbacks.newest(app.id))[0].state is CallbackState.PENDING:
                await push.queues()
        html = await operator.page(path)
        assert "Delivered" in html
        assert f"{dead.id}/retry" not in html
    assert (await operator.send(f"{path}/999/retry")).status == 404


async def test_without_a_callback_url_the_log_says_what_to_do(owner: Desk) -> None:
    path = f"/console/apps/{(await _app(owner)).id}/callbacks"
    html = await owner.page(path)
    assert "No callback URL" in html
    assert f"{path}/test" not in html
    assert (await owner.send(f"{path}/test")).status == 422


async def test_a_token_of_the_api_is_made_shown_once_and_removed(owner: Desk) -> None:
    app = await _app(owner)
    assert "No API tokens yet" in await owner.page("/console/tokens")
    fields = {"name": "backup script", "app": str(app.id), "scope-messages:send": "1"}
    html = await owner.page(await owner.done("/console/tokens/new", fields))
    secret = _token(html)
    assert secret is not None
    assert secret not in await owner.page("/console/tokens")
    caller = await owner.site.push.tokens.caller(secret)
    assert caller is not None
    assert (caller.scopes, caller.app_id) == ({Scope.MESSAGES_SEND}, app.id)
    [token] = await owner.site.push.tokens.page(Slice(), account_id=owner.account_id)
    path = f"/console/tokens/{token.id}/remove"
    assert "Programs that use it are refused at once." in await owner.page(path)
    await owner.done(path)
    assert await owner.site.push.tokens.caller(secret) is None


async def test_a_token_without_a_name_or_a_scope_is_refused_and_an_owner_gets_no_scope_of_the_operators(
    owner: Desk, operator: Desk
) -> None:
    assert "Create an application first" in await owner.page("/console/tokens/new")
    app = str((await _app(owner)).id)
    form = await owner.page("/console/tokens/new")
    assert "scope-watches:read" not in form
    assert '<option value="">' not in form
    assert "scope-watches:read" in await operator.page("/console/tokens/new")
    for fields, words in (
        ({"name": " ", "app": app, "scope-apps:read": "1"}, "Enter a name"),
        ({"name": "x", "app": app}, "Choose at least one"),
        ({"name": "x", "app": app, "scope-watches:read": "1", "scope-root": "1"}, "Choose at least one"),
        ({"name": "x", "scope-apps:read": "1"}, "Choose the application"),
    ):
        answer = await owner.send("/console/tokens/new", fields)
        assert (answer.status, words in await answer.text()) == (422, True)
    assert await owner.site.push.tokens.all() == []


async def test_a_thousand_applications_come_in_pages_that_are_small_and_quick(operator: Desk, tmp_path: Path) -> None:
    store = await open_push_store(place_of(tmp_path / "push.sqlite3"))
    names = [f"Application {nth:04}" for nth in range(1_000)]
    profiles = [AppProfile(name=name, description="d" * 200) for name in names]
    await store.write(
        lambda tx: [tx.apps.add(profile, slug=new_slug(), created_at=NOW) for profile in profiles] and None
    )
    await store.close()
    worked, html = [], ""
    for _ in range(3):  # one of them may pay for a collection of what all earlier tests have left behind
        began = time.process_time()
        html = await operator.page("/console/apps")
        worked.append(time.process_time() - began)
    assert min(worked) < 1  # 60 ms on a quiet machine: see docs/performance.md
    assert len(html.encode()) < 150_000
    listed = re.findall(r"Application \d{4}", html)
    assert listed == names[:-51:-1]
    [older] = re.findall(r'rel="next" href="([^"]+)"', html)
    second = await operator.page(older)
    assert re.findall(r"Application \d{4}", second) == names[-51:-101:-1]
    [newer] = re.findall(r'rel="prev" href="([^"]+)"', second)
    assert re.findall(r"Application \d{4}", await operator.page(newer)) == listed
    for odd in ("before=x", "after=-1", f"before={'9' * 40}", f"after={quote('٣')}"):
        assert re.findall(r"Application \d{4}", await operator.page(f"/console/apps?{odd}")) == listed


async def test_the_pages_speak_chinese(owner: Desk) -> None:
    app = await _app(owner)
    pages = ["/console/apps", "/console/apps/new", "/console/tokens", "/console/tokens/new"]
    pages += [f"/console/apps/{app.id}{part}" for part in ("", "/edit", "/token", "/key", "/remove", "/callbacks")]
    for path in pages:
        html = await owner.page(path, language="zh")
        assert re.search(r"应用|令牌", html), path
        assert "Application" not in html, path


async def test_an_owner_changes_something_a_hundred_times_in_ten_seconds_from_all_browsers(
    owner: Desk, operator: Desk, tmp_path: Path
) -> None:
    for _ in range(100):
        await owner.done("/console/me/name", {"name": "Lin"})
    refused = await owner.send("/console/me/name", {"name": "Lin"})
    assert refused.status == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 10
    assert (await owner.get("/console/me")).status == 200
    assert (await operator.send("/console/me/sessions/end-others")).status == 303
    another = await desk_of_owner(owner.site, tmp_path, "Ann")
    await another.done("/console/me/name", {"name": "Ann"})


async def test_an_owners_calls_of_the_api_are_counted_over_all_their_tokens(owner: Desk) -> None:
    app = await _app(owner)
    tokens = owner.site.push.tokens
    made = [await tokens.add("x", [Scope.APPS_READ], app_id=app.id, account_id=owner.account_id) for _ in range(2)]
    headers = [{"Authorization": f"Bearer {secret}"} for _, secret in made]
    for nth in range(100):
        assert (await owner.site.get("/api/v1/apps", headers=headers[nth % 2])).status == 200
    refused = [await owner.site.get("/api/v1/apps", headers=each) for each in headers]
    assert [answer.status for answer in refused] == [429, 429]


async def test_an_owner_who_has_as_many_tokens_as_they_may_is_told(owner: Desk) -> None:
    app = await _app(owner)
    for _ in range(50):
        await owner.site.push.tokens.add("x", [Scope.APPS_READ], app_id=app.id, account_id=owner.account_id)
    fields = {"name": "one more", "app": str(app.id), "scope-apps:read": "1"}
    answer = await owner.send("/console/tokens/new", fields)
    assert (answer.status, "as many tokens as" in await answer.text()) == (422, True)


@pytest.mark.parametrize(
    ("most", "most_of_all", "made"), [(30, 10_000, 10), (10_000, 5, 5)], ids=["a tenth", "all together"]
)
async def test_an_owner_makes_no_more_subscribers_by_the_api_than_strangers_may(
    settings: Settings, tmp_path: Path, most: int, most_of_all: int, made: int
) -> None:
    push = await open_push_service(
        await place_tables(tmp_path / "push.sqlite3"), now=lambda: NOW, caps=DailyCaps(subscribers=most_of_all)
    )
    async with a_site(push, replace(settings, caps=DailyCaps(subscribers=most)), Channels()) as site:
        owner = await desk_of_owner(site, tmp_path)
        app, scopes = await _app(owner), [Scope.SUBSCRIBERS_WRITE]
        _, secret = await push.tokens.add("x", scopes, app_id=app.id, account_id=owner.account_id)
        body = json.dumps({"app_ids": [app.id]}).encode()
        headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        answers = [await site.post("/api/v1/subscribers", body=body, headers=headers) for _ in range(made + 1)]
        assert [answer.status for answer in answers] == [201] * made + [429]
        assert int(answers[-1].headers["Retry-After"]) > 0
        await push.subscribers.add(app_ids=[app.id])
    await push.close()


async def test_strangers_at_an_owner_s_address_use_up_none_of_what_the_owner_may_make(
    settings: Settings, tmp_path: Path
) -> None:
    push = await open_push_service(await place_tables(tmp_path / "push.sqlite3"), now=lambda: NOW)
    async with a_site(push, replace(settings, caps=DailyCaps(subscribers=30)), Channels()) as site:
        owner = await desk_of_owner(site, tmp_path)
        app, scopes = await _app(owner), [Scope.SUBSCRIBERS_WRITE]
        _, secret = await push.tokens.add("x", scopes, app_id=app.id, account_id=owner.account_id)
        strangers = [(await site.post(f"/a/{app.slug}")).status for _ in range(11)]
        assert strangers == [303] * 10 + [429]
        headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
        body = json.dumps({"app_ids": [app.id]}).encode()
        assert (await site.post("/api/v1/subscribers", body=body, headers=headers)).status == 201
    await push.close()

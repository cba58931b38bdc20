"""Webhooks at the console: added, with the secret once, tested, disabled and enabled, removed; without scripts."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from msgspec.structs import replace

from tests.web.console_desk import desk_of_operator, desk_of_owner, shown
from tests.web.login import FORM, as_operator
from tests.web.site import Site
from watcher.core.push import Slice
from watcher.core.webhooks import WebhookEvent
from watcher.push.service import PushService

_URL = "https://hooks.example/told"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("New webhook", "Secret of this webhook", "Remove webhook", "at least one")),
        ("zh", ("新建 Webhook", "这个 Webhook 的密钥", "删除 Webhook", "至少选择一项")),
    ],
)
async def test_a_webhook_is_made_shown_once_and_removed(
    site: Site, tmp_path: Path, language: str, words: tuple[str, ...]
) -> None:
    new, secret, remove, one = words
    desk, topic = await desk_of_operator(site, tmp_path), await site.topic()
    assert new in shown(await desk.page(f"/console/topics/{topic.id}", language))
    assert f"/console/apps/{topic.app_id}/webhooks" in await desk.page(f"/console/apps/{topic.app_id}", language)
    form = f"/console/apps/{topic.app_id}/webhooks/new"
    assert new in shown(await desk.page(f"{form}?topic={topic.id}", language))
    refused = await desk.send(form, {"url": "nowhere", "event-change": "1"})
    assert refused.status == 422
    headers = {**as_operator(desk.session), **FORM, "Accept-Language": language}
    empty = await site.post(form, body=urlencode({"url": _URL}).encode(), headers=headers)
    assert one in shown(await empty.text())
    path = await desk.done(form, {"url": _URL, "event-change": "1", "topic": str(topic.id)})
    html = await desk.page(path, language)
    assert secret in shown(html)
    assert re.search(r"<code>whsec_[\w+/=]{44}</code>", html)
    path = path.partition("?")[0]
    assert "whsec_" not in await desk.page(path, language)
    for page in (f"/console/topics/{topic.id}", f"/console/apps/{topic.app_id}/webhooks"):
        assert _URL in await desk.page(page, language)
    html = await desk.page(await desk.done(f"{path}/secret"), language)
    assert "whsec_" in html
    assert remove in shown(await desk.page(f"{path}/remove", language))
    await desk.done(f"{path}/remove")
    assert (await desk.get(path)).status == 404


async def test_a_test_is_sent_and_a_disabled_one_says_why_until_it_is_enabled(
    site: Site, push: PushService, tmp_path: Path
) -> None:
    desk = await desk_of_operator(site, tmp_path)
    app, _ = await site.app()
    hook, _ = await push.webhooks.add(app.id, _URL, [WebhookEvent.MESSAGE_SENT])
    path = f"/console/webhooks/{hook.id}"
    assert "Test" in shown(await desk.page(await desk.done(f"{path}/test")))
    assert len(await push.webhooks.deliveries(hook.id, Slice())) == 1
    disabled = replace(hook, disabled="the endpoint answered 410: it wants no more")
    await push.webhooks._store.write(lambda tx: tx.webhooks.save(disabled))
    html = shown(await desk.page(path))
    assert "Disabled" in html
    assert "answered 410" in html
    assert (await desk.send(f"{path}/test")).status == 422
    assert "answered 410" not in shown(await desk.page(await desk.done(f"{path}/enable")))


async def test_to_an_owner_a_foreign_webhook_is_not_there_and_changes_are_not_offered(
    site: Site, push: PushService, tmp_path: Path
) -> None:
    own, _ = await site.app()
    foreign, _ = await site.app()
    hook, _ = await push.webhooks.add(foreign.id, _URL, [WebhookEvent.MESSAGE_SENT])
    desk = await desk_of_owner(site, tmp_path, "Lin", own)
    for path in (f"/console/webhooks/{hook.id}", f"/console/apps/{foreign.id}/webhooks"):
        assert (await desk.get(path)).status == 404
    for act in ("test", "enable", "secret", "remove"):
        assert (await desk.send(f"/console/webhooks/{hook.id}/{act}")).status == 404
    html = await desk.page(f"/console/apps/{own.id}/webhooks/new")
    assert "event-message.sent" in html
    assert "event-change" not in html

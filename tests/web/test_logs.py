"""No log names what opens something."""

from __future__ import annotations

import logging

import pytest

from tests.web.site import Site


async def test_no_log_names_a_page_that_its_address_opens(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    reader, topic = await site.reader(), await site.topic()
    await site.tell("Dune 12.00 → 8.50")
    [item] = await site.push.inbox.items(reader.subscriber)
    app, _ = await site.app()
    code, trial = await site.push.codes.add(app, "extra"), await site.push.trials.begin()
    pages = {
        f"/m/{item.message.slug}": item.message.slug,
        f"/api/message/{item.message.slug}": item.message.slug,
        f"/t/{topic.slug}/qr.svg": topic.slug,
        f"/a/{app.slug}": app.slug,
        f"/q/{code.slug}": code.slug,
        f"/api/qrcode/{code.code}.jpg": code.code,
        f"/try/{trial.code}": trial.code,
        f"/m/{item.message.slug[:-1]}": item.message.slug[:-1],
    }
    with caplog.at_level(logging.DEBUG):
        for path in pages:
            await site.get(path)
    assert "GET /m/*** 200" in caplog.text
    assert [path for path, secret in pages.items() if secret in caplog.text] == []


async def test_no_log_quotes_a_simple_push(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    reader = await site.reader()
    with caplog.at_level(logging.DEBUG):
        answer = await site.get(f"/api/send/message/{reader.spt}/my%20PIN%20is%201234")
        assert (await answer.json())["code"] == 1000
    assert "GET /api/send/message/SPT_*** 200" in caplog.text
    assert "1234" not in caplog.text

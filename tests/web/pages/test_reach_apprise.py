"""Apprise at `/reach`: offered where the operator allows a scheme, and confirmed by a code."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest
from aiohttp import ClientResponse

from tests.push.channels.test_apprise import SECRET, Receiver, a_receiver
from tests.web.login import FORM
from tests.web.site import Site
from watcher.core.push import NewSubscriber
from watcher.push.channels.apprise.channel import AppriseChannel
from watcher.push.channels.offered import Channels


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with a_receiver() as found:
        yield found


@pytest.fixture
def channels() -> Channels:
    channel = AppriseChannel(["json"])
    return Channels(by_name={channel.name: channel}, asking={channel.name: channel}, apprise=channel.schemes)


async def _send(site: Site, path: str, reader: NewSubscriber, **fields: str) -> ClientResponse:
    return await site.post(path, body=urlencode(fields).encode(), headers=FORM, device=reader)


async def test_an_address_is_used_once_its_code_is_typed_in(site: Site, receiver: Receiver) -> None:
    reader = await site.reader()
    asked = await _send(site, "/reach/apprise", reader, apprise_url=receiver.address)
    assert (asked.status, asked.headers["Location"]) == (303, "/reach?told=apprise#apprise")
    code = next(word for word in receiver.got[0]["title"].split() if word.isdigit())
    assert (await _send(site, "/reach/code", reader, channel="apprise", code=code)).status == 303
    assert [address.value for address in await site.push.addresses.of(reader.subscriber)] == [receiver.address]
    html = await (await site.get("/reach", device=reader)).text()
    assert "Apprise · json://…" in html
    assert "This server takes: json." in html
    assert SECRET not in html


async def test_another_scheme_is_refused_and_what_is_no_address_is_named(site: Site) -> None:
    reader = await site.reader()
    for given, said in (
        ("tgram://verysecret/1", "does not take this address"),
        ("verysecret", "no address of Apprise"),
        ("json://verysecret/1?rto=9", "a parameter that this server does not take"),
    ):
        answer = await _send(site, "/reach/apprise", reader, apprise_url=given)
        html = await answer.text()
        assert (answer.status, said in html, "verysecret" in html) == (422, True, False)

"""Addresses that need a yes: what a subscriber does on the page, over a real mail server and a real upstream."""

from __future__ import annotations

import dataclasses
import logging
import re
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import pytest
from aiohttp import ClientResponse, web
from msgspec.structs import replace

from tests.push.channels.test_upstream import NOT_FOLLOWING, TAKEN, UID, a_channel, an_upstream, envelope, target
from tests.push.emulators.mail import MailServer, a_mail_server
from tests.web.site import Site
from watcher.core.channels import ChannelName
from watcher.core.masking import masked
from watcher.core.push import NewSubscriber
from watcher.core.settings import Settings
from watcher.push.channels.asking import AskingChannel
from watcher.push.channels.email.channel import EmailChannel
from watcher.push.channels.offered import Channels
from watcher.web.transport.proxies import read_proxy

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclasses.dataclass(slots=True, kw_only=True)
class Elsewhere:
    """The other WxPusher: what it answers, and what it was sent."""

    answer: bytes = TAKEN
    status: int = 200
    bodies: list[dict[str, object]] = dataclasses.field(default_factory=list)

    @property
    def code(self) -> str:
        """The code that it was sent last."""
        return str(self.bodies[-1]["summary"]).removeprefix("Your code is ")


@pytest.fixture
async def mails() -> AsyncIterator[MailServer]:
    async with a_mail_server() as server:
        yield server


@pytest.fixture
def elsewhere() -> Elsewhere:
    return Elsewhere()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, trusted_proxies=[read_proxy("127.0.0.1")])


@pytest.fixture
async def channels(mails: MailServer, elsewhere: Elsewhere) -> AsyncIterator[Channels]:
    async def take(request: web.Request) -> web.StreamResponse:
        elsewhere.bodies.append(await request.json())
        return web.Response(body=elsewhere.answer, status=elsewhere.status)

    async with an_upstream(take) as url, a_channel(url) as channel:
        mail = EmailChannel(mails.settings(), "http://push.example/subscriptions")
        here: dict[ChannelName, AskingChannel] = {channel.name: channel, mail.name: mail}
        yield Channels(by_name={**here}, asking=here)


async def _send(
    site: Site, path: str, reader: NewSubscriber, headers: dict[str, str] | None = None, **form: str
) -> ClientResponse:
    return await site.post(path, device=reader, body=urlencode(form).encode(), headers=FORM | (headers or {}))


def _link(mails: MailServer) -> str:
    body = mails.mails[-1].parsed.get_body()
    assert body is not None
    found = re.search(r"http://push\.example(/confirm/\w{32})\s", body.get_content())
    assert found
    return found[1]


async def _values(site: Site, reader: NewSubscriber) -> list[str]:
    return [address.value for address in await site.push.addresses.of(reader.subscriber)]


async def test_a_mail_address_is_used_after_its_owner_pressed_the_button_behind_the_link(
    site: Site, mails: MailServer
) -> None:
    reader = await site.reader()
    answer = await _send(site, "/reach/mail", reader, address=" ann@example.org ")
    assert (answer.status, answer.headers["Location"]) == (303, "/reach?told=mail#mail")
    assert [mail.recipients for mail in mails.mails] == [["ann@example.org"]]
    assert "A link was sent there" in await (await site.get("/reach?told=mail", device=reader)).text()

    for _ in range(2):
        page = await site.get(_link(mails))
        assert (page.status, page.headers["Cache-Control"]) == (200, "no-store")
        assert "ann@example.org" in await page.text()
    assert await _values(site, reader) == []

    assert "Confirmed" in await (await site.post(_link(mails))).text()
    assert await _values(site, reader) == ["ann@example.org"]
    assert "Email · ann@example.org" in await (await site.get("/reach", device=reader)).text()
    assert (await site.post(_link(mails))).status == (await site.get(_link(mails))).status == 410


async def test_the_mail_and_its_page_say_whose_messages_would_come(site: Site, mails: MailServer) -> None:
    reader = await site.reader()
    uid = reader.subscriber.uid
    await _send(site, "/reach/mail", reader, address="ann@example.org")
    body = mails.mails[-1].parsed.get_body()
    assert body is not None
    assert f"the messages of the inbox {uid} to be sent to this address too" in body.get_content()
    page = await (await site.get(_link(mails))).text()
    assert (
        f'will also be sent to ann@example.org: <code class="whole">{uid}</code>, subscribed to “Price drops”.' in page
    )
    page = await (await site.get(f"{_link(mails)}?lang=zh")).text()
    assert f"{uid}</code>，已订阅“Price drops”" in page


async def test_who_confirms_on_the_device_that_asked_is_led_back(site: Site, mails: MailServer) -> None:
    reader, stranger = await site.reader(), await site.reader()
    for device, is_theirs in ((stranger, False), (reader, True)):
        await _send(site, "/reach/mail", reader, address="ann@example.org")
        html = await (await site.post(_link(mails), device=device)).text()
        assert ('href="/reach"' in html) == is_theirs


async def test_the_mail_and_its_readers_later_ones_are_in_the_language_of_the_page(
    site: Site, mails: MailServer
) -> None:
    reader = await site.reader()
    await _send(site, "/reach/mail", reader, {"Accept-Language": "zh"}, address="ann@example.org")
    assert mails.mails[-1].parsed["Subject"] == "请确认您的邮箱地址"
    assert (await site.push.preferences.of(reader.subscriber)).lang == "zh"


@pytest.mark.parametrize(
    "address", ["", "ann", "ann@example", "<b>@example.org", "a@example.org\r\nBcc: b@example.org"]
)
async def test_what_is_no_mail_address_is_said_beside_the_field(site: Site, mails: MailServer, address: str) -> None:
    answer = await _send(site, "/reach/mail", await site.reader(), address=address)
    assert answer.status == 422
    html = await answer.text()
    assert re.search(r'<input id="address"[^>]+aria-invalid="true" aria-describedby="address-wrong"', html)
    assert '<p class="wrong" id="address-wrong"' in html
    assert "<b>" not in html
    assert mails.mails == []


async def _ask(
    site: Site, address: str = "ann@example.org", *, network: str = "192.0.2.1", reader: NewSubscriber | None = None
) -> str:
    """Ask by mail from this address of the network; return what the page says of it."""
    headers = {"X-Forwarded-For": network}
    answer = await _send(site, "/reach/mail", reader or await site.reader(), headers, address=address)
    found = re.fullmatch(r"/reach\?told=(\w+)#mail", answer.headers.get("Location", ""))
    return found[1] if found else str(answer.status)


async def test_nobody_floods_a_mailbox(site: Site, mails: MailServer) -> None:
    for number in range(5):
        for _ in range(3):
            await _ask(site, network=f"192.0.2.{number}")
    assert len(mails.mails) == 3


async def test_a_stranger_locks_no_mailbox_out(site: Site, mails: MailServer) -> None:
    for number in range(5):
        await _ask(site, network=f"2001:db8:1:{number:x}::1")
    before, owner = len(mails.mails), await site.reader()
    assert await _ask(site, network="198.51.100.7", reader=owner) == "mail"
    assert len(mails.mails) == before + 1
    await site.post(_link(mails))
    assert await _values(site, owner) == ["ann@example.org"]


async def test_many_strangers_lock_no_mailbox_out(site: Site, mails: MailServer) -> None:
    for number in range(8):
        await _ask(site, network=f"192.0.2.{number}")
    before, owner = len(mails.mails), await site.reader()
    assert await _ask(site, network="198.51.100.7", reader=owner) == "mail_waits"
    assert len(mails.mails) == before
    html = await (await site.get("/reach?told=mail_waits", device=owner)).text()
    assert "No mail was sent" in html
    assert owner.subscriber.uid in await (await site.get(_link(mails), device=owner)).text()
    assert owner.subscriber.uid not in await (await site.get(_link(mails))).text()
    assert 'href="/reach"' in await (await site.post(_link(mails), device=owner)).text()
    assert await _values(site, owner) == ["ann@example.org"]


async def test_dots_and_case_make_no_other_mailbox_at_gmail(site: Site, mails: MailServer) -> None:
    for number, name in enumerate(["ann.lee", "a.nn.lee", "ANNLEE", "annlee+1", "an.nlee+2"]):
        await _ask(site, f"{name}@gmail.com", network=f"192.0.2.{number}")
    assert len(mails.mails) == 3


@pytest.mark.parametrize(
    ("step", "said"),
    [("RCPT", "550 5.1.1 no such user"), ("RCPT", "550 no"), ("RCPT", "451 later"), ("MAIL", "421 no")],
)
async def test_a_refusal_by_the_relay_counts_for_nobody(site: Site, mails: MailServer, step: str, said: str) -> None:
    reader = await site.reader()
    mails.answers[step] = said
    for _ in range(7):
        await _ask(site, reader=reader)
    del mails.answers[step]
    before = len(mails.mails)
    assert await _ask(site, reader=reader) == "mail"
    assert len(mails.mails) == before + 1


@pytest.mark.faults
async def test_one_place_tries_sixty_times_an_hour_though_nothing_is_sent(site: Site, mails: MailServer) -> None:
    mails.answers["RCPT"] = "550 5.1.1 no such user"
    assert [await _ask(site, f"a{n}@example.org") for n in range(61)] == ["422"] * 60 + ["429"]


async def test_one_subscriber_asks_five_times_an_hour(site: Site, mails: MailServer) -> None:
    reader = await site.reader()
    answers = [await _send(site, "/reach/mail", reader, address=f"a{n}@example.org") for n in range(6)]
    assert [answer.status for answer in answers] == [303] * 5 + [429]
    assert int(answers[-1].headers["Retry-After"]) > 3_000
    assert len(mails.mails) == 5


@pytest.mark.faults
async def test_one_place_asks_thirty_times_an_hour_whoever_it_says_it_is(site: Site, mails: MailServer) -> None:
    statuses = [
        (await _send(site, "/reach/mail", await site.reader(), address=f"a{n}@example.org")).status for n in range(31)
    ]
    assert statuses == [303] * 30 + [429]
    assert len(mails.mails) == 30


@pytest.mark.parametrize("said", ["550 5.1.1 no such user", "550 no"])
async def test_sent_is_said_only_when_it_was(site: Site, mails: MailServer, said: str) -> None:
    mails.answers["RCPT"] = said
    answer = await _send(site, "/reach/mail", await site.reader(), address="ann@example.org")
    assert answer.status == 422
    assert "does not accept this address" in await answer.text()


@pytest.mark.parametrize("said", ["451 later", "530 5.7.0 Authentication required"])
async def test_a_mail_server_that_takes_nothing_is_said_and_logged_without_the_address(
    site: Site, mails: MailServer, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    mails.answers["MAIL"] = said
    answer = await _send(site, "/reach/mail", await site.reader(), address="ann@example.org")
    assert answer.status == 503
    assert "No mail can be sent right now" in await answer.text()
    assert "was not sent: 127.0.0.1" in caplog.text
    assert "ann@" not in caplog.text


@pytest.mark.parametrize("token", ["x", "A" * 32, "%00", "%ff"])
async def test_a_link_that_nobody_was_sent_is_over(site: Site, token: str) -> None:
    assert (await site.get(f"/confirm/{token}")).status == (await site.post(f"/confirm/{token}")).status == 410


async def test_no_log_names_a_link(site: Site, mails: MailServer, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        await _send(site, "/reach/mail", await site.reader(), address="ann@example.org")
        await site.get(_link(mails))
        await site.post(_link(mails))
    assert _link(mails) not in caplog.text
    assert masked(_link(mails)) == "/confirm/***"


async def test_a_uid_elsewhere_is_used_after_the_code_that_came_there_was_typed(
    site: Site, elsewhere: Elsewhere
) -> None:
    reader = await site.reader()
    answer = await _send(site, "/reach/upstream", reader, uid=UID)
    assert (answer.status, answer.headers["Location"]) == (303, "/reach?told=upstream#upstream")
    assert elsewhere.bodies[0]["uids"] == [UID]
    assert 'action="/reach/code"' in await (await site.get("/reach?told=upstream", device=reader)).text()
    wrong = await _send(site, "/reach/code", reader, code="no")
    assert wrong.status == 422
    assert '<p class="wrong" id="code-wrong"' in await wrong.text()
    assert await _values(site, reader) == []
    done = await _send(site, "/reach/code", reader, code=f" {elsewhere.code} ")
    assert (done.status, done.headers["Location"]) == (303, "/reach?told=added#addresses")
    assert f"WxPusher · {UID}" in await (await site.get("/reach?told=added", device=reader)).text()


async def test_each_code_is_a_message_of_its_own_there(site: Site, elsewhere: Elsewhere) -> None:
    reader = await site.reader()
    codes = []
    for _ in range(2):
        await _send(site, "/reach/upstream", reader, uid=UID)
        codes.append(elsewhere.code)
    assert all(re.fullmatch("[0-9]{6}", code) for code in codes)
    assert len(elsewhere.bodies) == 2


async def test_who_does_not_follow_the_application_there_is_told_to(site: Site, elsewhere: Elsewhere) -> None:
    elsewhere.answer = envelope(1000, "处理成功", [target(1001, NOT_FOLLOWING)])
    answer = await _send(site, "/reach/upstream", await site.reader(), uid=UID)
    assert answer.status == 422
    assert "does not follow the application" in await answer.text()


async def test_another_server_that_takes_nothing_is_said(site: Site, elsewhere: Elsewhere) -> None:
    elsewhere.status = 502
    answer = await _send(site, "/reach/upstream", await site.reader(), uid=UID)
    assert answer.status == 503
    assert "takes no messages right now" in await answer.text()


async def test_a_refusal_elsewhere_counts_for_nobody(site: Site, elsewhere: Elsewhere) -> None:
    reader = await site.reader()
    elsewhere.answer = envelope(1000, "处理成功", [target(1001, NOT_FOLLOWING)])
    for _ in range(7):
        assert (await _send(site, "/reach/upstream", reader, uid=UID)).status == 422
    elsewhere.answer = TAKEN
    answer = await _send(site, "/reach/upstream", reader, uid=UID)
    assert (answer.status, answer.headers["Location"]) == (303, "/reach?told=upstream#upstream")


async def test_a_stranger_locks_no_uid_out(site: Site, elsewhere: Elsewhere) -> None:
    owner = await site.reader()
    for _ in range(5):
        await _send(site, "/reach/upstream", await site.reader(), {"X-Forwarded-For": "192.0.2.1"}, uid=UID)
    assert len(elsewhere.bodies) == 2
    assert "No code was sent" in await (await site.get("/reach?told=upstream_often", device=owner)).text()
    await _send(site, "/reach/upstream", owner, {"X-Forwarded-For": "198.51.100.7"}, uid=UID)
    assert (await _send(site, "/reach/code", owner, code=elsewhere.code)).status == 303
    assert await _values(site, owner) == [UID]


async def test_what_is_no_uid_is_said_beside_the_field(site: Site, elsewhere: Elsewhere) -> None:
    answer = await _send(site, "/reach/upstream", await site.reader(), uid="UID_../admin")
    assert answer.status == 422
    assert 'value="UID_../admin"' in await answer.text()
    assert elsewhere.bodies == []


class TestWithoutChannels:
    @pytest.fixture
    def channels(self) -> Channels:
        return Channels()

    async def test_nothing_is_offered_and_nothing_taken(self, site: Site) -> None:
        reader = await site.reader()
        html = await (await site.get("/reach", device=reader)).text()
        assert "/reach/mail" not in html
        assert "/reach/upstream" not in html
        assert (await _send(site, "/reach/mail", reader, address="ann@example.org")).status == 404
        assert (await _send(site, "/reach/upstream", reader, uid=UID)).status == 404


async def test_a_code_cannot_be_guessed_in_the_place_of_a_link(site: Site, elsewhere: Elsewhere) -> None:
    reader = await site.reader()
    await _send(site, "/reach/upstream", reader, uid=UID)
    guess = f"/confirm/{reader.subscriber.uid}%20{elsewhere.code}"
    assert (await site.get(guess)).status == (await site.post(guess)).status == 410
    assert await _values(site, reader) == []

"""Notifications through Apprise: the real library, which posts to a server of ours."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from tests.push.builders import NOON
from tests.push.channels.notices import a_notification, an_address
from tests.running import serving
from watcher.core.channels import Address, ChannelName, Refused, Retry, Sent, Strikes
from watcher.core.settings import Settings
from watcher.errors import ConfigError, InvalidRequestError
from watcher.net import Sessions
from watcher.push.channels.apprise import address as addresses
from watcher.push.channels.apprise import set_up
from watcher.push.channels.apprise.address import hint, valid_url
from watcher.push.channels.apprise.channel import AppriseChannel
from watcher.push.channels.apprise.sending import is_named
from watcher.push.channels.apprise.settings import allowed_schemes
from watcher.push.channels.offered import Channels, Deployment
from watcher.push.channels.places import read_place

SECRET = "path/of/a/secret"


@dataclass(slots=True)
class Receiver:
    url: str = ""
    status: int = 200
    got: list[dict[str, Any]] = field(default_factory=list)
    answer: bytes = b""
    """Compressed by gzip; empty: none."""

    @property
    def address(self) -> str:
        return self.url.replace("http://", "json://") + f"/{SECRET}"

    async def take(self, request: web.Request) -> web.Response:
        self.got.append(await request.json())
        headers = {"Content-Encoding": "gzip"} if self.answer else {}
        return web.Response(status=self.status, body=self.answer, headers=headers)


@dataclass(slots=True)
class Hanging:
    """Takes a notification, and never answers."""

    address: str = ""
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        self.reached.set()
        await reader.read()
        self.left.set()
        writer.close()


@asynccontextmanager
async def one_that_hangs() -> AsyncIterator[Hanging]:
    hanging = Hanging()
    async with await asyncio.start_server(hanging.take, "127.0.0.1", 0) as server:
        hanging.address = f"json://127.0.0.1:{server.sockets[0].getsockname()[1]}/{SECRET}"
        yield hanging


@asynccontextmanager
async def a_receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/{path:.*}", receiver.take)
    async with serving(app) as url:
        receiver.url = url
        yield receiver


def elsewhere(value: str) -> Address:
    return an_address(value, ChannelName.APPRISE)


async def test_a_notification_is_handed_to_the_service_with_its_link(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        async with a_receiver() as receiver:
            channel = AppriseChannel(["json"])
            assert await channel.send(a_notification(), elsewhere(receiver.address)) == Sent()
            receiver.status = 500
            refused = await channel.send(a_notification(), elsewhere(receiver.address))
    assert [(got["title"], got["message"]) for got in receiver.got[:1]] == [
        ("Deals · Dune 12.00 → 8.50", "The price fell.\nhttps://push.example/m/abc")
    ]
    assert isinstance(refused, Retry)
    assert SECRET not in caplog.text
    assert SECRET not in refused.reason


async def test_nothing_that_a_page_says_calls_a_whole_group() -> None:
    calls = ["@everyone", "@here", "@channel", "@All", "@room", "@所有人", "<@all>", "<@1234>", "<@&5>", "<#6>"]
    calls += ["<!channel>", "< !here>", "!channel>", "@U6TTX1F9R>", "<at id=all></at>", "<AT user_id='all'>"]
    async with a_receiver() as receiver:
        page = a_notification("now @everyone 8.50", topic="Deals <!here>", content="\n".join([*calls, "ann@b.example"]))
        assert await AppriseChannel(["json"]).send(page, elsewhere(receiver.address)) == Sent()
    [said] = receiver.got
    assert [call for call in calls if call in said["message"]] == []
    assert said["title"] == "Deals ＜！here> · now ＠everyone 8.50"
    assert "ann@b.example" in said["message"]


@pytest.mark.faults
async def test_an_answer_that_decompresses_to_more_than_there_is_memory_for_ends_its_process_alone() -> None:
    async with a_receiver() as receiver:
        channel, address = AppriseChannel(["json"]), elsewhere(receiver.address)
        receiver.answer = gzip.compress(bytes(1_000_000))
        assert await channel.send(a_notification(), address) == Sent()  # the control
        receiver.answer = gzip.compress(bytes(10_000_000)) * 60
        assert isinstance(await channel.send(a_notification(), address), Retry)
        receiver.answer = b""
        assert await channel.send(a_notification(), address) == Sent()


async def test_a_scheme_that_the_operator_does_not_allow_is_asked_for_nothing() -> None:
    async with a_receiver() as receiver:
        answer = await AppriseChannel(["tgram"]).send(a_notification(), elsewhere(receiver.address))
    assert isinstance(answer, Refused)
    assert answer.strikes is not None
    assert receiver.got == []


async def test_what_apprise_does_not_know_is_refused() -> None:
    answer = await AppriseChannel(["nosuch"]).send(a_notification(), elsewhere("nosuch://a/b"))
    assert isinstance(answer, Refused)


@pytest.mark.parametrize("between", [",", ";", "%2C", "?to="])
async def test_an_address_within_an_allowed_one_is_asked_for_nothing(between: str) -> None:
    async with a_receiver() as receiver:
        address = elsewhere(f"xml://127.0.0.1:9/a{between}{receiver.address}")
        answer = await AppriseChannel(["xml"]).send(a_notification(), address)
    assert isinstance(answer, Refused)
    assert answer.strikes is not None
    assert receiver.got == []


@pytest.mark.faults
@pytest.mark.parametrize("value", ["zulip://bot@127.0.0.1/{token}", "acs://a@b.example/{token}/internal.localhost"])
async def test_an_address_of_a_service_reaches_no_host_of_its_own_choice(value: str) -> None:
    value = valid_url(value.format(token="a" * 32))
    scheme = value.partition(":")[0]
    answer = await AppriseChannel([scheme]).send(a_notification(), elsewhere(value))
    assert answer == Refused(reason=f"Apprise does not know this address of {scheme}", strikes=Strikes(most=3))


@pytest.mark.faults
async def test_whatever_host_an_address_of_any_service_chooses_is_told_from_those_of_the_service() -> None:
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.push.channels.apprise_hosts", stdout=asyncio.subprocess.PIPE
    )
    said, _ = await program.communicate()
    found: list[tuple[str, str, str]] = json.loads(said)
    # New ones, in another version of Apprise, are no fault: these show that something is found.
    assert {"acs", "zulip"} <= {scheme for scheme, _, _ in found}
    assert [each for each in found if not is_named(each[1], each[2])] == []


@pytest.mark.parametrize(
    ("host", "url", "is_its_own"),
    [
        ("api.telegram.org", "tgram://123:secret/456", False),
        ("discord.com", "discord://discord/token?to=general", False),
        ("evil.test", "acs://a/b/c?from=a@evil.test", True),
        ("evil.test", "x://%25EF%25BD%2585VIL.test/", True),
        ("127.0.0.1", "x://a/0/127/1", True),
        ("2130706433", "x://a@2130706433/", True),
        ("bsky.social", "bluesky://ann.bsky.social@password", False),
        ("org.zulipchat.com", "zulip://bot@org.zulipchat.com/token", False),
    ],
)
def test_a_host_that_an_address_says_is_told_from_one_of_its_service(host: str, url: str, is_its_own: bool) -> None:
    source = "https://bsky.social/xrpc zulipchat.com version 0.1"
    assert is_named(host, url, source) is is_its_own


async def test_a_service_that_hangs_keeps_nothing_once_its_send_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "_PARAMETERS", {"rto"})  # else nobody has a say in how long Apprise itself waits
    async with one_that_hangs() as hanging, asyncio.timeout(60):
        channel, patient = AppriseChannel(["json"], send_seconds=3_600), elsewhere(f"{hanging.address}?rto=3600")
        sending = asyncio.create_task(channel.send(a_notification(), patient))
        await hanging.reached.wait()
        sending.cancel()
        await hanging.left.wait()
        with pytest.raises(asyncio.CancelledError):
            await sending


async def test_a_service_that_hangs_is_tried_again() -> None:
    async with a_receiver() as receiver:
        channel = AppriseChannel(["json"], send_seconds=0.0)
        assert isinstance(await channel.send(a_notification(), elsewhere(receiver.address)), Retry)


@pytest.mark.parametrize(
    "text", ["", "tgram", "https://example.org/x", "tgram://", "tgram://a b", "x://" + "y" * 1_001]
)
def test_what_is_no_address_of_apprise_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequestError):
        valid_url(text)


@pytest.mark.parametrize(
    "query",
    [
        "rto=99999", "cto=99999", "retry=9", "wait=99", "template=/etc/passwd", "keyfile=x.json", "to=//x",
        "from=a%2Fb", "to=a%252Fb", "RTO=9", "%72to=9", "to=a;rto=9", "to=a?rto=9", "+Host=a", "-a=b", ":a=b",
        "verify=no", "redirect=yes", "smtp=127.0.0.1", "to=a&pgppub=x",
    ],
)  # fmt: skip
def test_an_address_says_neither_what_is_opened_nor_how_long_is_waited(query: str) -> None:
    with pytest.raises(InvalidRequestError):
        valid_url(f"tgram://123:secret/456?{query}")


def test_an_address_says_whom_a_message_is_for_and_how_it_looks() -> None:
    for address in ("tgram://123:secret/-456?silent=yes&thread=7", "slack://a/b/c/#general?to=@ann,%2Bbob&image=no"):
        assert valid_url(f" {address} ") == address


def test_a_topic_is_posted_where_the_operator_allows_it_alone() -> None:
    place = read_place("tgram://123:secret/456", schemes=["tgram"])
    assert (place.channel, place.value, place.label) == (ChannelName.APPRISE, "tgram://123:secret/456", "tgram://…")
    with pytest.raises(InvalidRequestError):
        read_place("tgram://123:secret/456")
    assert hint("tgram://123:secret/456") == "tgram://…"


async def test_without_the_setting_there_is_none_and_without_the_package_the_error_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    async with Sessions() as sessions:

        def with_environment(**environ: str) -> Channels:
            offered = Channels()
            set_up(
                Deployment(
                    settings=settings, sessions=sessions, environ=environ, now=lambda: NOON, seconds=lambda: 0.0
                ),
                offered,
            )
            return offered

        assert with_environment().by_name == {}
        allowed = with_environment(WATCHER_APPRISE="tgram, Discord")
        assert (list(allowed.by_name), allowed.apprise) == ([ChannelName.APPRISE], ["discord", "tgram"])
        monkeypatch.setitem(sys.modules, "apprise", None)
        with pytest.raises(ConfigError, match=r"pip install 'pagewatcher\[apprise\]'"):
            with_environment(WATCHER_APPRISE="tgram")
    with pytest.raises(ConfigError, match="WATCHER_APPRISE"):
        allowed_schemes({"WATCHER_APPRISE": "tgram://"})


@pytest.fixture
def settings(tmp_path: Any) -> Settings:
    return Settings(data=tmp_path, base_url="http://push.example")

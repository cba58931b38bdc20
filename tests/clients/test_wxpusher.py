"""`wxpusher` from PyPI, as it is: its own test suite, and each of its calls."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from hashlib import sha256
from importlib.metadata import PackagePath, distribution
from pathlib import Path
from typing import TypeAlias
from xml.etree import ElementTree as ET

import pytest

from tests.clients.proxy import serving_proxy
from tests.clients.server import HOST, PushServer, run_client

pytestmark = pytest.mark.asyncio(loop_scope="module")

ClientProxy: TypeAlias = Callable[[PushServer], AbstractAsyncContextManager[str]]
"""What gives the value of HTTP_PROXY."""

ASKS_FOR_A_RANDOM_MESSAGE = "test_query_message"
"""It wants 1000 for a message id drawn from a million; here, as at WxPusher's, only what was sent can be asked for."""
CONFIG = """
TOKEN = {token!r}
UIDS = [{uid!r}]
TOPIC_IDS = [{topic!r}]
"""
CALLS = """
import json, sys
from wxpusher import WxPusher
WxPusher.default_token, uid, topic = sys.argv[1:]
sent = WxPusher.send_message("**hello**", uids=[uid], topic_ids=[topic], content_type=3, summary="hi", verify=False)
queried = [WxPusher.query_message(target["messageId"]) for target in sent["data"]]
code, users = WxPusher.create_qrcode("from=poster", valid_time=60), WxPusher.query_user(1, 10)
print(json.dumps({"sent": sent, "queried": queried, "code": code, "users": users}))
"""


def released_files() -> list[PackagePath]:
    """The package's files, none of which differs from the release's."""
    files = [file for file in distribution("wxpusher").files or [] if file.parts[0] == "wxpusher" and file.hash]
    for file in files:
        assert file.hash is not None
        digest = urlsafe_b64encode(sha256(file.read_binary()).digest()).rstrip(b"=").decode()
        assert (file.hash.mode, file.hash.value) == ("sha256", digest), file
    return files


def configured_package(folder: Path, server: PushServer) -> None:
    """Lay the package out with the config module that its tests import from their own folder."""
    for file in released_files():
        place = folder / file
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.read_binary())
    config = CONFIG.format(token=server.token, uid=server.uid, topic=server.topic)
    (folder / "wxpusher" / "tests" / "config.py").write_text(config, encoding="utf-8")


@asynccontextmanager
async def forward_proxy(server: PushServer) -> AsyncIterator[str]:
    """A proxy that sends what is for WxPusher to the server."""
    async with serving_proxy({f"{HOST}:80": server.port}) as (proxy, url):
        yield url
    assert proxy.asked
    assert all(f" http://{HOST}/api/" in asked for asked in proxy.asked)


@asynccontextmanager
async def the_server_itself(server: PushServer) -> AsyncIterator[str]:
    """The server, which takes absolute-form as well as a proxy does."""
    yield server.url


@pytest.mark.faults
@pytest.mark.parametrize("proxy", [forward_proxy, the_server_itself])
async def test_its_own_tests_pass_but_the_one_that_asks_for_a_random_message(
    server: PushServer, tmp_path: Path, proxy: ClientProxy
) -> None:
    configured_package(tmp_path, server)
    before = len(await server.messages())
    async with proxy(server) as url:
        run = await run_client(
            *("-m", "pytest", "--pyargs", "wxpusher.tests", "--junitxml=results.xml", "-p", "no:cacheprovider"),
            directory=tmp_path,
            PYTHONPATH=str(tmp_path),
            HTTP_PROXY=url,
        )
    cases = ET.parse(tmp_path / "results.xml").getroot().iter("testcase")
    results = {str(case.get("name")): next((child.tag for child in case), "passed") for case in cases}
    assert results == {
        "test_create_qrcode": "passed",
        ASKS_FOR_A_RANDOM_MESSAGE: "failure",
        "test_query_user": "passed",
        "test_send_message_uid": "passed",
        "test_send_message_topic_id": "passed",
    }, run.out
    told = [(message["content"], message["topic"], message["url"]) for message in (await server.messages())[before:]]
    assert sorted(told) == [
        ("Positive case for sending message with topic_id.", "News", "http://example.com/"),
        ("Positive case for sending message with uid.", None, "http://example.com/"),
    ]


async def test_each_of_its_calls_is_answered(server: PushServer, tmp_path: Path) -> None:
    async with forward_proxy(server) as url:
        run = await run_client(
            "-c", CALLS, server.token, server.uid, str(server.topic), directory=tmp_path, HTTP_PROXY=url
        )
    answers = json.loads(run.out)
    assert [target["code"] for target in answers["sent"]["data"]] == [1000, 1000]
    assert [answer["code"] for answer in answers["queried"]] == [1000, 1000]
    assert answers["code"]["data"]["extra"] == "from=poster"
    assert server.uid in {user["uid"] for user in answers["users"]["data"]["records"]}
    message = (await server.messages())[-1]
    assert (message["content"], message["summary"], message["app"]) == ("**hello**", "hi", "Client")

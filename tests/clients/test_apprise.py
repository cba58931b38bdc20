"""`apprise` from PyPI, as it is: over https, through a tunnel, trusting the operator's own authority."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TypeAlias

import pytest
import pytest_asyncio

from tests.cli.command import Result
from tests.clients.authority import Identity, identity_of
from tests.clients.proxy import Proxy, serving_proxy, tls_before
from tests.clients.server import HOST, PushServer, run_client

pytestmark = pytest.mark.asyncio(loop_scope="module")

Tunnel: TypeAlias = tuple[Proxy, str]

APPRISE = "from apprise.cli import main; main()"


@pytest.fixture(scope="module")
def identity(tmp_path_factory: pytest.TempPathFactory) -> Identity:
    return identity_of(HOST, tmp_path_factory.mktemp("authority"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tunnel(server: PushServer, identity: Identity) -> AsyncIterator[Tunnel]:
    async with tls_before(server.port, identity.context) as port, serving_proxy({f"{HOST}:443": port}) as running:
        yield running


async def notify(tunnel: Tunnel, directory: Path, *arguments: str, **environment: str) -> Result:
    """Run the `apprise` command; all that it asks for is the tunnel."""
    proxy, url = tunnel
    proxy.asked.clear()
    result = await run_client("-c", APPRISE, *arguments, directory=directory, HTTPS_PROXY=url, **environment)
    assert set(proxy.asked) == {f"CONNECT {HOST}:443"}
    return result


@pytest.mark.faults
@pytest.mark.parametrize(
    ("targets", "topic"),
    [("{uid}", None), ("{topic}", "News"), ("{topic}/{uid}", "News"), ("{uid}?format=markdown", None)],
    ids=["to a user", "to a topic", "to both", "as markdown"],
)
async def test_a_notification_arrives(
    server: PushServer, tunnel: Tunnel, identity: Identity, tmp_path: Path, targets: str, topic: str | None
) -> None:
    url = f"wxpusher://{server.token}/{targets.format(uid=server.uid, topic=server.topic)}"
    before = len(await server.messages())
    result = await notify(
        tunnel,
        tmp_path,
        "--title",
        "Dune: 12 → 8",
        "--body",
        "降价 now 8",
        url,
        REQUESTS_CA_BUNDLE=str(identity.authority),
    )
    assert result.status == 0, result.out + result.err
    (message,) = (await server.messages())[before:]
    assert (message["summary"], message["content"], message["topic"]) == ("Dune: 12 → 8", "降价 now 8", topic)
    assert message["deliveries"] == {"queued": 0, "sent": 1, "shown": 0, "opened": 0, "failed": 0}


@pytest.mark.faults
async def test_a_wrong_token_is_a_failure_that_says_so(
    server: PushServer, tunnel: Tunnel, identity: Identity, tmp_path: Path
) -> None:
    url = f"wxpusher://AT_wrong/{server.uid}"
    before = await server.messages()
    result = await notify(tunnel, tmp_path, "-v", "--body", "x", url, REQUESTS_CA_BUNDLE=str(identity.authority))
    assert result.status == 1
    assert "code=200/1001: appToken不正确" in result.out + result.err
    assert await server.messages() == before


@pytest.mark.faults
async def test_a_server_whose_authority_is_not_trusted_is_told_nothing(
    server: PushServer, tunnel: Tunnel, tmp_path: Path
) -> None:
    before = await server.messages()
    result = await notify(tunnel, tmp_path, "--body", "x", f"wxpusher://{server.token}/{server.uid}")
    assert result.status == 1
    assert await server.messages() == before

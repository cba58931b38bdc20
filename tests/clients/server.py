"""A push server as its operator runs it, with what a sender needs, all made by the command."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.cli.command import SECONDS, Command, Result

HOST = "wxpusher.zjiecode.com"
"""Where clients of WxPusher send."""
_NETWORK_SETTINGS = ("_proxy", "_ca_bundle", "ssl_cert_file", "ssl_cert_dir")


@dataclass(frozen=True, slots=True, kw_only=True)
class PushServer:
    """A running `watcher serve`; someone with this `uid` follows the application and its topic."""

    command: Command
    port: int
    token: str
    uid: str
    topic: int

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def messages(self) -> list[dict[str, Any]]:
        """What was sent, as `watcher messages` says it."""
        return (await self.command("messages", "--json", "--limit", "2000")).records


@asynccontextmanager
async def serving(command: Command) -> AsyncIterator[int]:
    """Run `watcher serve`; yield its port."""
    async with command.running("serve", "--port", "0", "--call-limit", "1000") as (_, first):
        yield port_of(first)


def port_of(first: str) -> int:
    """Return the port that the first line of `watcher serve` names."""
    port = urlsplit(first.split()[1].removesuffix(";")).port
    assert port is not None, first
    return port


@asynccontextmanager
async def serving_a_sender(command: Command) -> AsyncIterator[PushServer]:
    """Run `watcher serve` with an application, its topic and someone who follows both."""
    async with serving(command) as port:
        app = (await command("apps", "add", "Client", "--json")).record
        number = str(app["app_id"])
        topic = (await command("topics", "add", "News", "--app", number, "--json")).record["topic_id"]
        reader = (await command("subscribers", "add", "--app", number, "--topic", str(topic), "--json")).record
        yield PushServer(command=command, port=port, token=app["app_token"], uid=reader["uid"], topic=topic)


async def run_client(*arguments: str, directory: Path, **environment: str) -> Result:
    """Run Python with these arguments; of the network, and of pytest, its environment says only what is given here."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=directory,
        env={**_inherited(), "HOME": str(directory), "PYTHONUTF8": "1", **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(SECONDS):
            out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode is not None
    return Result(process.returncode, out.decode(), err.decode())


def _inherited() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if not name.lower().endswith(_NETWORK_SETTINGS) and not name.startswith("PYTEST_")
    }

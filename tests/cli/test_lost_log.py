"""A write-ahead log that is gone is seen by whoever runs a command."""

from __future__ import annotations

from pathlib import Path

import aiohttp

from tests.cli.command import Command


async def test_what_a_lost_log_held_is_missed(tmp_path: Path) -> None:
    watcher = Command(tmp_path)
    uid = (await watcher("subscribers", "add", "--json")).record["uid"]
    token = (await watcher("apps", "add", "Backups", "--json")).record["app_token"]
    async with watcher.running("serve", "--port", "0") as (server, first), aiohttp.ClientSession() as client:
        url = f"{first.split()[1].rstrip(';')}/api/send/message"
        async with client.post(url, json={"appToken": token, "content": "done", "uids": [uid]}) as answer:
            assert (await answer.json())["code"] == 1000
        server.kill()
        await server.wait()
    (tmp_path / ".watcher" / "push.db-wal").unlink()
    listed = await watcher("messages")
    assert (listed.status, listed.out) == (1, "")
    assert "write-ahead log (-wal) is gone" in listed.err

"""Every command says over a PostgreSQL what it says over a file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.command import Command
from tests.cli.test_database import WATCHES
from tests.site import Site
from watcher.cli.app import app

_STORY = """\
check
apps add Shop --callback-url https://shop.example.org/hook
apps edit 2 --contact somebody --by-number
apps
apps --json
apps qr 2
apps callbacks 2
apps reset-token 2 --grace 1d
apps reset-key 2
topics add News --app 2
topics add Old --app 2
topics edit News --name Fresh
topics
topics --json
topics feed Fresh
topics mirrors Fresh
topics mirror Fresh wecom https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=00000000-0000-0000-0000-000000000000
topics mirrors Fresh --json
topics unmirror Fresh nobody
topics rotate Old
topics merge Old Fresh
subscribers add --topic deals
subscribers
subscribers invite
subscribers forget-browsers
subscribers approve UID --topic deals
subscribers reject UID --topic deals
qr deals
send deals a-text --summary in-short
send nowhere a-text
messages
messages --json
events --json
webhooks add 2 https://shop.example.org/hook
webhooks
webhooks deliveries 1
webhooks renew 1
webhooks enable 1
webhooks remove 1
tokens add prometheus --scope metrics:read
tokens
tokens remove 1
accounts
accounts limits 1
accounts sessions 1
accounts approvers 1
accounts block 2
accounts hand-over 2
password --generate
status
history shop
replay shop
validate
outbox
pause shop
mute shop
resume shop
accept shop
losses
healthcheck
topics remove Fresh
subscribers remove UID
"""
_ELSEWHERE = {
    "add", "completions", "demo", "edit", "export", "import", "init", "list", "man", "remove", "rename",
    "run", "schema", "serve", "suggest", "try",  # no subscribers
    "apply", "backup", "cluster", "database", "doctor", "restore", "worker",  # tests of their own
}  # fmt: skip
_CHANCE = re.compile(
    r"\b(?:AT|WT|UID|SPT|whsec)_[\w+/=-]+|\b[A-Za-z0-9_-]{20,}=?|\d{4}-\d\d-\d\d[T ][\d:.+Z-]+|\d\d:\d\d(?::\d\d)?"
    r"|127\.0\.0\.1:\d+|[▀▄█ ]{20,}"
)
"""What chance, the time or a port has made."""


def test_the_story_has_every_command_that_knows_subscribers() -> None:
    told = {line.split()[0] for line in _STORY.splitlines()}
    assert told | _ELSEWHERE == set(app.commands)
    assert not told & _ELSEWHERE


@pytest.mark.faults
async def test_every_command_says_what_it_says_over_a_file(tmp_path: Path, site: Site, postgresql_url: str) -> None:
    site.show("/shop", "<p class=price>€8.50</p>")
    said = []
    for name, environment in (("file", {}), ("database", {"WATCHER_DATABASE": postgresql_url})):
        (tmp_path / name).mkdir()
        watcher = Command(tmp_path / name)
        watcher.write(WATCHES.format(url=f"{site.url}/shop"))
        (watcher.directory / ".watcher" / "watches").mkdir(parents=True)  # it has its own, which no worker checks
        said.append(await _told(watcher, environment))
    place = re.compile(r"\.watcher/push\.db|postgresql://\S+?(?= is)")
    over_file, over_database = ([f"$ {line}\n{place.sub('PLACE', told)}" for line, told in each] for each in said)
    assert [each for each in over_database if each not in over_file] == []
    assert over_database == over_file


async def _told(watcher: Command, environment: dict[str, str]) -> list[tuple[str, str]]:
    """Return each command of the story, and what it says."""
    said: list[tuple[str, str]] = []
    uid = "UID_nobody"
    for line in _STORY.splitlines():
        arguments = [uid if word == "UID" else word for word in line.split()]
        done = await watcher(*arguments, **environment)
        if line.startswith("subscribers add"):
            uid = (await watcher("subscribers", "--json", **environment)).records[-1]["uid"]
        text = f"{done.status} {done.out} {done.err}".replace(str(watcher.directory), "HERE")
        said.append((line, _CHANCE.sub("*", text)))
    return said

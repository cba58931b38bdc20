"""
The guides, followed line by line: each command that they show is run in a directory of its own, and must end well.

| a block of         | with the title | is                                                                   |
|--------------------|----------------|----------------------------------------------------------------------|
| html, json, xml    | a URL          | what the page shows from now on; the hosts are a site on loopback    |
| yaml               | a file         | written to that file                                                 |
| sh                 |                | commands, run one after the other; `run` and `serve` start and stop  |
| text               |                | lines that the commands above it have printed, in this order         |

`…` in a line of text stands for anything.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.cli.command import Command
from tests.docs.markdown import DOCS, Fence, fences, name_of
from tests.site import Site, serve_site

GUIDES = sorted((DOCS / "guides").glob("*.md"))
LOCAL = "defaults: {allow_private: true, per_host: {min_delay: 0s}}\n"
KINDS = {"html": "text/html; charset=utf-8", "json": "application/json", "xml": "application/rss+xml"}
HOST = re.compile(r"https://[\w.-]+\.example\b")


class Reader:
    """Who follows a guide."""

    def __init__(self, watcher: Command, site: Site) -> None:
        """Begin in the command's directory, with nothing done."""
        self._watcher = watcher
        self._site = site
        self._printed = ""

    async def follow(self, fence: Fence) -> None:
        """Do what one block says."""
        match fence.language:
            case "html" | "json" | "xml":
                path = urlsplit(fence.title).path
                self._site.content_types[path] = KINDS[fence.language]
                self._site.show(path, self._here(fence.text))
            case "yaml":
                (self._watcher.directory / fence.title).write_text(LOCAL + self._here(fence.text), encoding="utf-8")
            case "sh":
                self._printed = "\n".join([await self._run(line) for line in fence.text.splitlines() if line])
            case "text":
                printed = _plain(self._printed.replace(self._site.url, "https://shown.example"))
                shown = _plain(HOST.sub("https://shown.example", fence.text))
                assert re.search(".*?".join(map(re.escape, shown.split("…"))), printed), self._printed
            case other:
                raise AssertionError(f"nobody follows a block of {other}")

    async def _run(self, line: str) -> str:
        program, *arguments = shlex.split(self._here(line), comments=True)
        assert program == "watcher", line
        if arguments[0] in ("run", "serve"):
            async with self._watcher.running(arguments[0], "--port", "0") as (_, first):
                return first
        done = await self._watcher(*arguments)
        assert done.status == 0, (line, done.out, done.err)
        return done.out

    def _here(self, text: str) -> str:
        return HOST.sub(self._site.url, text)


def _plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("guide", GUIDES, ids=name_of)
async def test_a_guide_can_be_followed(tmp_path: Path, guide: Path) -> None:
    async with serve_site() as site:
        reader = Reader(Command(tmp_path), site)
        for fence in fences(guide.read_text(encoding="utf-8")):
            await reader.follow(fence)


def test_there_is_a_guide_for_each_story() -> None:
    assert {"tickets", "courses", "prices", "json-api", "feed"} <= {guide.stem for guide in GUIDES}

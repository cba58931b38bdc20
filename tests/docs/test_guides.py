"""
The guides, followed line by line: each command that they show is run in a directory of its own, and must end well.

| a block of         | with the title | is                                                                     |
|--------------------|----------------|------------------------------------------------------------------------|
| html, json, xml    | a URL          | what the page shows from now on; the hosts are a site on loopback      |
| yaml               | a file         | written to that file                                                   |
| yml                |                | the file of another program, and not looked at                         |
| sh                 |                | commands, run one after the other; what serves goes on to the end      |
| bash               |                | commands that change the machine, and are not run                      |
| text               |                | words that the commands above it have printed, in this order           |

`make test` follows some of them, `make site` and `make faults` all.
In a line of text `…` stands for anything, in a command `AT_…` and `WT_…` for the token that was printed last.
"""

from __future__ import annotations

import re
import shlex
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import aiohttp
import pytest

from tests.cli.command import Command
from tests.docs.markdown import DOCS, Fence, fences, name_of
from tests.site import Site, serve_site
from tests.sizes import FAULTS

GUIDES = sorted([*DOCS.glob("guides/*.md"), *DOCS.glob("coming-from/*.md"), *DOCS.rglob("first-steps.md")])
QUICK = {"tickets", "courses", "wxpusher"}
LOCAL = "defaults:\n  allow_private: true\n  per_host: {min_delay: 0s}\n"
KINDS = {"html": "text/html; charset=utf-8", "json": "application/json", "xml": "application/rss+xml"}
HOST = re.compile(r"https://[\w.-]+\.example\b")
SERVED = "http://127.0.0.1:8400"
SECONDS = 60


class Reader(AsyncExitStack):
    """Who follows a guide, from an empty directory."""

    async def __aenter__(self) -> Self:
        """Open the site on which the guide's pages are."""
        self._site: Site = await self.enter_async_context(serve_site())
        self._served = SERVED
        self._printed = ""
        self._tokens: dict[str, str] = {}
        return self

    def __init__(self, directory: Path) -> None:
        """Begin in this directory."""
        super().__init__()
        self._watcher = Command(directory)

    async def follow(self, fence: Fence) -> None:
        """Do what one block says."""
        match fence.language:
            case "html" | "json" | "xml":
                path = urlsplit(fence.title).path
                self._site.content_types[path] = KINDS[fence.language]
                self._site.show(path, self._here(fence.text))
            case "yaml":
                text = LOCAL + self._here(fence.text).removeprefix("defaults:\n")
                (self._watcher.directory / fence.title).write_text(text, encoding="utf-8")
            case "yml" | "bash":
                pass
            case "sh":
                lines = fence.text.replace("\\\n", " ").splitlines()
                self._printed = "\n".join([await self._run(line) for line in lines if line])
            case "text":
                printed = _plain(self._printed.replace(self._site.url, "https://shown.example"))
                shown = _plain(HOST.sub("https://shown.example", fence.text))
                assert re.search(".*?".join(map(re.escape, shown.split("…"))), printed), self._printed
            case other:
                raise AssertionError(f"nobody follows a block of {other}")

    async def _run(self, line: str) -> str:
        program, *arguments = shlex.split(self._here(line), comments=True)
        match program, arguments:
            case "watcher", [("run" | "serve" | "demo") as command, *_]:
                printed = await self._serve(command)
            case "watcher", _:
                done = await self._watcher(*arguments)
                assert done.status == 0, (line, done.out, done.err)
                printed = done.out
            case "curl", [url, *options]:
                printed = await _request(url, options)
            case _:
                raise AssertionError(f"nobody runs {line}")
        self._tokens |= {token.partition("_")[0]: token for token in re.findall(r"\b[AW]T_\w+", printed)}
        return printed

    async def _serve(self, command: str) -> str:
        arguments = (command, "--host", "127.0.0.1", "--port", "0")
        _, first = await self.enter_async_context(self._watcher.running(*arguments))
        if found := re.search(r"http://[\d.:]+", first):
            self._served = found[0]
        return first

    def _here(self, text: str) -> str:
        text = HOST.sub(self._site.url, text).replace(SERVED, self._served)
        return re.sub(r"\b([AW]T)_…", lambda found: self._tokens[found[1]], text)


async def _request(url: str, options: list[str]) -> str:
    """Send what curl would; it knows -H and -d."""
    given = list(zip(options[::2], options[1::2], strict=True))
    headers = dict(value.split(": ", 1) for flag, value in given if flag == "-H")
    (body,) = [value for flag, value in given if flag == "-d"]
    assert len(given) == len(headers) + 1
    async with (
        aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as session,
        session.post(url, headers=headers, data=body.encode()) as response,
    ):
        answer = await response.text()
        assert response.ok, answer
        return answer


def _plain(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.faults
@pytest.mark.sized
@pytest.mark.parametrize("guide", FAULTS.sized([one for one in GUIDES if one.stem in QUICK], GUIDES), ids=name_of)
async def test_a_guide_can_be_followed(tmp_path: Path, guide: Path) -> None:
    async with Reader(tmp_path) as reader:
        for fence in fences(guide.read_text(encoding="utf-8")):
            await reader.follow(fence)


def test_there_is_a_guide_for_each_story() -> None:
    assert {"tickets", "courses", "prices", "json-api", "feed"} | QUICK <= {guide.stem for guide in GUIDES}

"""Programs that people send with: each posts several bodies, one after the other, and prints each answer on a line."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sys
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pytest

_REQUESTS: Final = """
import os, sys, requests
url, mode, *paths = sys.argv[1:]
headers = {"Content-Type": "application/json"}
if os.environ["CODING"]:
    headers["Content-Encoding"] = os.environ["CODING"]
with requests.Session() as session:
    for path in paths:
        body = open(path, "rb").read()
        data = iter([body[:1000], body[1000:]]) if mode == "chunked" else body
        answer = session.post(url, data=data, headers=headers, timeout=30)
        print(answer.text)
"""
_NODE: Final = """
const [url, mode, ...paths] = process.argv.slice(1);
const headers = {"Content-Type": "application/json"};
if (process.env.CODING) headers["Content-Encoding"] = process.env.CODING;
const pieces = body => new ReadableStream({start(to) {
  to.enqueue(body.subarray(0, 1000)); to.enqueue(body.subarray(1000)); to.close();
}});
(async () => {
  for (const path of paths) {
    const body = require("fs").readFileSync(path);
    const options = mode === "chunked" ? {body: pieces(body), duplex: "half"} : {body};
    console.log(await (await fetch(url, {method: "POST", headers, ...options})).text());
  }
})();
"""
_CURL: Final = ("-sS", "--max-time", "15", "-w", "\n", "-H", "Content-Type: application/json")
_CURLS: Final = {
    "curl": (),
    "curl, chunked": ("-H", "Transfer-Encoding: chunked"),
    "curl that waits to go on": ("-H", "Expect: 100-continue"),
    "curl that does not wait": ("-H", "Expect:"),
    "curl of HTTP/1.0": ("--http1.0",),
    "curl that would like HTTP/2": ("--http2",),
}
SENDERS: Final = ("requests", "requests, chunked", "fetch of node", "fetch of node, chunked", *_CURLS)
_SECONDS: Final = 60


async def answers(sender: str, url: str, bodies: Sequence[Path], *, coding: str = "") -> Sequence[Any]:
    """
    Return what each body was answered with. Skips the test where the program is not installed.

    Args:
        coding: what the program says in Content-Encoding.
    """
    command = _command(sender, url, bodies, coding)
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, env={**os.environ, "CODING": coding}
    )
    async with asyncio.timeout(_SECONDS):
        told, _ = await process.communicate()
    assert process.returncode == 0
    return [json.loads(line) for line in told.splitlines()]


def _command(sender: str, url: str, bodies: Sequence[Path], coding: str) -> Sequence[str]:
    if sender in _CURLS:
        coded = ("-H", f"Content-Encoding: {coding}") if coding else ()
        each = [("--next", *_CURL, *_CURLS[sender], *coded, "--data-binary", f"@{path}", url) for path in bodies]
        return ["curl", *[*chain.from_iterable(each)][1:]]
    script = ("node", "-e", _NODE) if "node" in sender else (sys.executable, "-c", _REQUESTS)
    return [*script, url, "chunked" if "chunked" in sender else "plain", *map(str, bodies)]

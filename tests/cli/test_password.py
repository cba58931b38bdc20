"""The operator's first password, and `watcher password`."""

from __future__ import annotations

import asyncio
import os
import re
import sys

import pytest

from tests.cli.command import SECONDS, Command
from tests.cli.press import Process
from tests.cli.terminal import at_terminal, heard
from tests.cli.test_serve import session, url_of

_TOLD = re.compile(r"the console is at (http://127\.0\.0\.1:\d+)/console; its password, not shown again: (\w{20})\n")


async def _lines(process: Process, until: str) -> str:
    """Return what it printed, as far as a line that contains this."""
    assert process.stdout is not None
    said = ""
    async with asyncio.timeout(SECONDS):
        while until not in said:
            line = (await process.stdout.readline()).decode()
            assert line, said
            said += line
    return said


async def _typed(watcher: Command, text: str) -> tuple[int | None, str, str]:
    """Return how `watcher password` ends, and what it prints, when this is its input."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "watcher", "password"),
        cwd=watcher.directory,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(SECONDS):
        out, err = await process.communicate(text.encode())
    return process.returncode, out.decode(), err.decode()


async def _opens(base: str, password: str) -> bool:
    async with session() as client:
        form = {"password": password}
        async with client.post(f"{base}/console/login", data=form, allow_redirects=False) as answer:
            return answer.status == 303


@pytest.mark.faults
@pytest.mark.parametrize("command", ["serve", "run"])
async def test_the_first_start_tells_a_password_once(watcher: Command, command: str) -> None:
    watcher.write("watches: {a: {url: 'http://127.0.0.1:1/', topic: x, allow_private: true, every: 1h}}")
    async with watcher.running("--verbose", command, "--port", "0") as (process, _):
        base, password = _TOLD.findall(await _lines(process, "password"))[0]
        assert await _told_and_saved(base, password)
        process.terminate()
        _, logged = await process.communicate()
    assert password not in logged.decode()
    async with watcher.running(command, "--port", "0") as (process, _):
        process.terminate()
        said, _ = await process.communicate()
    assert "password" not in said.decode()


async def _told_and_saved(base: str, password: str) -> bool:
    """Return whether it opens the console: it is told a moment before it is saved."""
    async with asyncio.timeout(SECONDS):
        while not await _opens(base, password):  # noqa: ASYNC110 another process cannot set our event
            await asyncio.sleep(0.1)
    return True


async def test_a_new_password_is_good_at_once_and_ends_what_the_old_one_opened(watcher: Command) -> None:
    async with watcher.running("serve", "--port", "0") as (_, first), session() as client:
        base = url_of(first)
        made = await watcher("password", "--generate")
        assert re.fullmatch(r"\w{20}\nIt is not shown again\.\n", made.out)
        async with client.post(
            f"{base}/console/login", data={"password": made.out.split()[0]}, allow_redirects=False
        ) as answer:
            cookie = answer.headers["Set-Cookie"].partition(";")[0]
        async with client.get(f"{base}/console", headers={"Cookie": cookie}, allow_redirects=False) as answer:
            assert answer.status == 200
        typed = await _typed(watcher, "a password of my own\nmore\n")
        assert typed == (0, "the password is set; all sessions have ended\n", "")
        async with client.get(f"{base}/console", headers={"Cookie": cookie}, allow_redirects=False) as answer:
            assert answer.status == 303
        assert [await _opens(base, word) for word in (made.out.split()[0], "a password of my own")] == [False, True]


@pytest.mark.faults
async def test_on_a_terminal_it_is_asked_for_twice_and_not_shown(watcher: Command) -> None:
    said = b""
    async with at_terminal(watcher, "password") as (process, ours):
        for prompt in (b"Password: ", b"The same again: "):
            while prompt not in said:
                said += await heard(ours)
            os.write(ours, b"a password of my own\n")
        while b"ended" not in said:
            said += await heard(ours)
        assert await process.wait() == 0
    assert b"of my own" not in said


@pytest.mark.faults
@pytest.mark.parametrize(
    ("typed", "said"), [("short\n", "5 characters; at least 12"), ("x" * 1_001, "at most 1000"), ("", "at least 12")]
)
async def test_a_password_that_is_none_is_refused_in_one_line(watcher: Command, typed: str, said: str) -> None:
    status, _, err = await _typed(watcher, typed)
    assert status == 2
    assert said in err
    assert len(err.splitlines()) == 1

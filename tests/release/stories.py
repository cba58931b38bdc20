"""What a newcomer does with the installed wheel, in an empty directory, with a phone-sized browser beside it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from tests.browser import open_browser
from tests.release.installed import Environment
from tests.release.steps import ROOT, StepFailedError
from tests.running import free_port
from tests.site import serve_site

SECONDS = 60
"""For each wait; the demo's first message comes within half a minute."""
MOST_COMMANDS = 4
_PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "locale": "en-US"}
_WORDS = "It works"


@dataclass(frozen=True)
class Newcomer:
    """Somebody with the installed command in a directory; `typed` holds the commands that were typed."""

    directory: Path
    path: Path
    port: int = field(default_factory=free_port)
    typed: list[str] = field(default_factory=list)

    async def types(self, line: str) -> str:
        """Type a command that ends, and return what it prints."""
        async with self.started(line) as process, asyncio.timeout(SECONDS):
            out, _ = await process.communicate()
        if process.returncode != 0:
            raise StepFailedError(f"`{line}` ended with {process.returncode}:\n{out.decode()}")
        return out.decode()

    @asynccontextmanager
    async def started(self, line: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """Type a command; one that still runs at the end is interrupted, as by Ctrl-C, and ends well."""
        self.typed.append(line)
        environment = {
            "PATH": f"{self.path}:/usr/bin:/bin",
            "HOME": str(self.directory),
            "LANG": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
            "WATCHER_HOST": "127.0.0.1",  # the only address that tests listen on
            "WATCHER_PORT": str(self.port),
        }
        process = await asyncio.create_subprocess_shell(
            f"exec {line}",
            cwd=self.directory,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            yield process
            if process.returncode is None:
                process.send_signal(signal.SIGINT)
                async with asyncio.timeout(SECONDS):
                    await process.communicate()
                if process.returncode != 0:
                    raise StepFailedError(f"`{line}` ended with {process.returncode} when it was told to stop")
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await process.wait()

    async def reads(self, process: asyncio.subprocess.Process, pattern: str) -> str:
        """Return what a pattern's group finds in what a command prints."""
        assert process.stdout is not None
        said = ""
        async with asyncio.timeout(SECONDS):
            while not (found := re.search(pattern, said)):
                line = (await process.stdout.readline()).decode()
                if not line:
                    raise StepFailedError(f"{self.typed[-1]} printed no {pattern}:\n{said}")
                said += line
        return found[1]


async def see_the_demo(environment: Environment, directory: Path) -> str:
    """Start the demo, subscribe on a phone, and read what comes."""
    newcomer = _newcomer(environment, directory / "demo")
    async with _phone() as phone, newcomer.started("watcher demo") as running:
        await _subscribe(phone, await newcomer.reads(running, r"(http://127\.0\.0\.1:\d+/t/\w+)"))
        summary = phone.locator("[data-inbox] .summary").first
        await expect(summary).not_to_be_empty(timeout=SECONDS * 1000)
        return f"the phone shows: {await summary.inner_text()}"


async def watch_a_page(environment: Environment, directory: Path) -> str:
    """
    Go from nothing to a message on a phone, by four commands at most; then let a page change, and check it.

    Only the starter file's address is another: the site is on this machine.
    """
    newcomer = _newcomer(environment, directory / "own")
    newcomer.typed.append("pip install 'pagewatcher[pinned]'")  # which made the environment
    async with serve_site() as site, _phone() as phone:
        site.show("/", "<h1>first</h1>")
        await newcomer.types("watcher init")
        _point_at(newcomer.directory / "watches.yaml", f"{site.url}/")
        async with newcomer.started("watcher run") as running:
            await _subscribe(phone, await newcomer.reads(running, r"\bnews\b.*?(http://127\.0\.0\.1:\d+/t/\w+)"))
            await newcomer.types(f"watcher send news '{_WORDS}'")
            await expect(phone.locator("[data-inbox] .summary").first).to_have_text(_WORDS, timeout=SECONDS * 1000)
            await _fits(phone)
            typed = list(newcomer.typed)
        if len(typed) > MOST_COMMANDS:
            raise StepFailedError(f"a message on a phone took {len(typed)} commands: {typed}")
        await newcomer.types("watcher check")
        site.show("/", "<h1>second</h1>")
        await newcomer.types("watcher check")
        told = [json.loads(line)["summary"] for line in (await newcomer.types("watcher messages --json")).splitlines()]
    if len(told) < 2 or "second" not in told[-1]:
        raise StepFailedError(f"a change was not told: {told}")
    await _looks_sound(newcomer)
    return f"on the phone after {len(typed)} commands: {' · '.join(typed)}; then told: {told[-1]}"


async def _looks_sound(newcomer: Newcomer) -> None:
    """Look whether the doctor finds the installed files as they were installed."""
    async with newcomer.started("watcher doctor --json") as process, asyncio.timeout(SECONDS):
        out, _ = await process.communicate()
    found = {each["check"]: each for each in map(json.loads, out.decode().splitlines())}
    if found.get("package", {}).get("state") != "ok":
        raise StepFailedError(f"watcher doctor says of the package: {found.get('package')}")


def _newcomer(environment: Environment, directory: Path) -> Newcomer:
    directory.mkdir(parents=True)
    return Newcomer(directory, environment.command.parent)


def _point_at(file: Path, url: str) -> None:
    text = file.read_text(encoding="utf-8")
    if text.count("https://example.com/") != 1:
        raise StepFailedError("the starter file does not watch https://example.com/ once")
    file.write_text(text.replace("https://example.com/", f"{url}\n    allow_private: true"), encoding="utf-8")


@asynccontextmanager
async def _phone() -> AsyncIterator[Page]:
    async with open_browser() as browser:
        yield await _a_page(browser)


async def _a_page(browser: Browser) -> Page:
    context = await browser.new_context(**_PHONE)  # type: ignore[arg-type]  # a dict of what it takes
    context.set_default_timeout(SECONDS * 1000)
    return await context.new_page()


async def _subscribe(phone: Page, link: str) -> None:
    await phone.goto(link)
    await _fits(phone)
    await phone.locator("form[data-follow] button").tap()
    await phone.wait_for_url("**/inbox*")


async def _fits(phone: Page) -> None:
    """Look whether a page is as wide as the phone."""
    widths: Sequence[int] = await phone.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    if widths[0] > widths[1]:
        raise StepFailedError(f"{phone.url} is {widths[0]} pixels wide on a phone of {widths[1]}")


CONTAINED = r"""
set -e
mount --make-rprivate /
mkdir -p "$STAGE/data" "$STAGE/config/watches.d"
mount --bind "$ENVIRONMENT" /opt
mount --bind "$STAGE/config" /media
mount --bind "$STAGE/config/watches.d" /media/watches.d
mount --bind "$STAGE/data" /srv
chown 10001:10001 /srv /media/watches.d
chmod 700 /srv
mount -t tmpfs tmpfs /tmp
for place in / /opt /media; do mount -o remount,ro,bind $place; done
exec setpriv --reuid 10001 --regid 10001 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all \
    env -i PATH=/usr/bin:/bin LANG=C.UTF-8 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    WATCHER_CONFIG=/media/watches.yaml WATCHER_DATA=/srv WATCHER_HOST=127.0.0.1 WATCHER_PORT="$PORT" \
    sh -c 'cd / && exec sh -c "$1"' sh "$SCRIPT"
"""
"""A container's root without an engine: read-only but for data and watches.d, as user 10001 without capabilities."""
_IN_IT = r"""
set -e
! touch /etc/x 2>/dev/null
! touch /media/watches.yaml 2>/dev/null
touch /media/watches.d/more.yaml && rm /media/watches.d/more.yaml
/opt/bin/python -m watcher run & run=$!
for second in $(seq 40); do
    /opt/bin/python -m watcher healthcheck 2>/dev/null && break
done
/opt/bin/python -m watcher healthcheck
/opt/bin/python -m watcher send news hello
kill -TERM $run
wait $run
test -s /srv/push.db
echo contained
"""


async def run_contained(environment: Environment, directory: Path) -> str:
    """Serve as in the image, where the system lets us make such a place: nothing else may be written."""
    if shutil.which("unshare") is None or shutil.which("setpriv") is None or os.geteuid() != 0:
        return "NOT TRIED: it takes root, unshare and setpriv"
    stage = directory / "contained"
    (stage / "config").mkdir(parents=True)
    starter = (ROOT / "watcher" / "config" / "starter.yaml").read_text(encoding="utf-8")
    (stage / "config" / "watches.yaml").write_text(starter, encoding="utf-8")
    async with serve_site() as site:
        site.show("/", "<h1>first</h1>")
        _point_at(stage / "config" / "watches.yaml", f"{site.url}/")
        around = {
            **os.environ,
            "STAGE": str(stage),
            "ENVIRONMENT": str(environment.directory),
            "PORT": str(free_port()),
            "SCRIPT": _IN_IT,
        }
        process = await asyncio.create_subprocess_exec(
            *("unshare", "--mount", "sh", "-c", CONTAINED),
            env=around,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(3 * SECONDS):
                out, _ = await process.communicate()
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    said = out.decode()
    if "not permitted" in said.lower() and "contained" not in said:
        return "NOT TRIED: the system lets nobody mount here"
    if process.returncode != 0 or not said.endswith("contained\n"):
        raise StepFailedError(f"in a place like the image it ended with {process.returncode}:\n{said}")
    return "user 10001, read-only root, no capabilities: serves, is healthy, sends, stops"

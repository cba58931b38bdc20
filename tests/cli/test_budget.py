"""What a pass over many watches costs, counted by the operating system over the whole process."""

from __future__ import annotations

import asyncio
import os
import resource
import subprocess
import sys
from pathlib import Path

from tests.cli.command import Command
from tests.site import Site

WATCHES = 1_000
CPU_SECONDS = 1.0
"""1 ms a check, the start of the process included."""
MEMORY_KB = 150_000


def write_watches(watcher: Command, site: Site) -> None:
    """Make as many pages, and a watch for each."""
    lines = [
        "defaults:",
        "  topic: news",
        "  allow_private: true",
        "  per_host: {concurrency: 100, min_delay: 0s}",
        "watches:",
    ]
    for number in range(WATCHES):
        site.show(f"/{number}", f"<html><body><h1 class=title>Page {number}</h1></body></html>")
        lines += [f"  w{number}:", f"    url: {site.url}/{number}", "    extract: h1.title"]
    watcher.write("\n".join(lines))


def measure(directory: Path) -> tuple[int, resource.struct_rusage]:
    """Run one pass; return its exit status and what it used."""
    process = subprocess.Popen([sys.executable, "-m", "watcher", "check"], cwd=directory, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, used


async def test_a_pass_over_a_thousand_unchanged_pages_costs_a_millisecond_each(watcher: Command, site: Site) -> None:
    write_watches(watcher, site)
    assert (await watcher("check")).status == 0
    status, used = await asyncio.to_thread(measure, watcher.directory)
    assert status == 0
    assert site.not_modified.total() == WATCHES
    cpu = used.ru_utime + used.ru_stime
    print(f"{WATCHES} checks, all 304: {cpu / WATCHES * 1000:.2f} ms CPU each, {used.ru_maxrss / 1000:.0f} MB at most")
    assert cpu <= CPU_SECONDS
    assert used.ru_maxrss <= MEMORY_KB

"""What a pass over many watches costs, counted by the operating system over the whole process."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from tests.cli.command import Command
from tests.site import Site

WATCHES = 1_000
CPU_SECONDS = 1.3
"""Meant: 1 ms a check, the start of the process included. Browsers beside it on the same cores cost up to a tenth."""
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


# A child's peak begins with the memory of the process it was forked from, so a small one stands in between.
MEASURED = """
import json, resource, subprocess, sys
status = subprocess.run([sys.executable, "-m", "watcher", "check"], stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps([status, used.ru_utime + used.ru_stime, used.ru_maxrss]))
"""


async def measure(directory: Path) -> tuple[int, float, int]:
    """Run one pass; return its exit status, its CPU time in seconds and its peak memory in KB."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", MEASURED, cwd=directory, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    status, cpu, memory_kb = json.loads(out)
    return status, cpu, memory_kb


NOT_NEEDED = frozenset(
    {
        "aiohttp.web",
        "alembic",
        "bs4",
        "cronsim",
        "jinja2",
        "jsonpath",
        "markdown_it",
        "multiprocessing",
        "nh3",
        "pebble",
    }
    | {"price_parser", "pydantic", "pydantic_core", "regex", "rich", "segno", "soupsieve", "sqlalchemy", "turbohtml"}
    | {"typer", "watchfiles", "watcher.push", "watcher.web", "watcher.core.channels", "watcher.core.push"}
    | {
        "watcher.cli.apps",
        "watcher.cli.run",
        "watcher.cli.server_options",
        "watcher.cli.status",
        "watcher.config.advice",
    }
    | {"watcher.config.schema", "watcher.extract.dates", "watcher.extract.money", "watcher.extract.stock"}
    | {
        "watcher.runtime.demonstrating",
        "watcher.runtime.process.health",
        "watcher.runtime.running",
        "watcher.runtime.serving.server",
    }
)
NOT_NEEDED_BY_A_NOUN = frozenset(
    {"aiohttp", "bs4", "jinja2", "multiprocessing", "segno", "turbohtml", "typer", "watchfiles", "yaml"}
    | {"watcher.config", "watcher.net", "watcher.push.channels.kinds", "watcher.push.background.callback_sender"}
    | {"watcher.push.background.deliverer", "watcher.watching", "watcher.web"}
)
IMPORTED = """
import json, sys
from watcher.cli.app import app
try:
    app()
finally:
    print(json.dumps(sorted(sys.modules)))
"""


async def imported_by(*words: str, directory: Path | None = None) -> set[str]:
    """Run a command of watcher; return the names of all modules that it imported."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", IMPORTED, *words, cwd=directory, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    return set(json.loads(out.splitlines()[-1]))


@pytest.mark.faults
async def test_a_pass_in_which_nothing_changes_imports_only_what_it_needs(watcher: Command, site: Site) -> None:
    site.show("/", "<h1>Dune</h1>")
    watcher.write(f"watches: {{a: {{url: {site.url}/, topic: news, allow_private: true, extract: h1}}}}")
    assert (await watcher("check")).status == 0
    imported = await imported_by("check", directory=watcher.directory)
    assert site.not_modified.total() == 1
    assert "aiohttp" in imported
    assert imported & NOT_NEEDED == set()


@pytest.mark.faults
async def test_a_command_of_the_push_side_imports_neither_the_watches_nor_what_sends(watcher: Command) -> None:
    await watcher("apps", "add", "Shop")
    imported = await imported_by("apps", "list", directory=watcher.directory)
    assert "watcher.push.service" in imported
    assert imported & NOT_NEEDED_BY_A_NOUN == set()


async def test_help_is_quick_for_it_imports_no_command() -> None:
    imported = await imported_by("--help")
    assert imported & {"aiohttp", "yaml", "rich", "watcher.cli.options", "watcher.config", "watcher.runtime"} == set()


@pytest.mark.faults
@pytest.mark.alone
async def test_a_pass_over_a_thousand_unchanged_pages_costs_a_millisecond_each(watcher: Command, site: Site) -> None:
    write_watches(watcher, site)
    assert (await watcher("check")).status == 0
    passes = [await measure(watcher.directory) for _ in range(3)]
    assert [status for status, _, _ in passes] == [0, 0, 0]
    assert site.not_modified.total() == 3 * WATCHES
    cpu = min(cpu for _, cpu, _ in passes)  # other work on the machine only ever adds to it
    memory_kb = max(memory_kb for _, _, memory_kb in passes)
    print(f"{WATCHES} checks, all 304: {cpu / WATCHES * 1000:.2f} ms CPU each, {memory_kb / 1000:.0f} MB at most")
    assert cpu <= CPU_SECONDS
    assert memory_kb <= MEMORY_KB

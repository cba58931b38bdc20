"""A real process of a former version, and one of this version after it: what changed between them is told."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final

import pytest

import watcher
from tests.cli.command import Command
from tests.faults.tally import Tally
from tests.site import serve_site
from watcher.extract.plan import READING

WATCHES: Final = 24
WITHOUT_PAGE: Final = 8
_READING: Final = re.compile(r"^READING = \d+$", re.MULTILINE)
_WATCH: Final = """
  page-{number}:
    url: {url}/{number}
    topic: news
    allow_private: true
    keep_page: {is_kept}
    per_host: {{min_delay: 0s}}
    extract: h1
"""


def former_version(directory: Path) -> Path:
    """Copy the program into a directory as the version before it was: with a former reading of pages."""
    shutil.copytree(Path(watcher.__path__[0]), directory / "watcher", ignore=shutil.ignore_patterns("__pycache__"))
    module = directory / "watcher" / "extract" / "plan.py"
    text, places = _READING.subn(f"READING = {READING - 1}", module.read_text(encoding="utf-8"))
    assert places == 1
    module.write_text(text, encoding="utf-8")
    return directory


@pytest.mark.faults
async def test_what_changed_while_the_program_was_upgraded_is_told(tmp_path: Path, tally: Tally) -> None:
    tally.what = "an upgrade by real processes of two versions: pages that changed meanwhile, a third of them not kept"
    former = {"PYTHONPATH": str(former_version(tmp_path / "former"))}
    command = Command(tmp_path, is_warm=False)
    async with serve_site() as site:
        watched = [
            _WATCH.format(number=number, url=site.url, is_kept=str(number >= WITHOUT_PAGE).lower())
            for number in range(WATCHES)
        ]
        command.write("watches:" + "".join(watched))
        for number in range(WATCHES):
            site.show(f"/{number}", f"<h1>before {number}</h1>")
        assert (await command("check", **former)).status == 0
        for number in range(WATCHES):
            site.show(f"/{number}", f"<h1>after {number}</h1>")
        for _ in range(2):
            checked = await command("check")
            assert checked.status == 0, checked.err
    told = [message["summary"] for message in (await command("messages", "--json")).records]
    expected = {f"page-{number}: before {number} → after {number}" for number in range(WATCHES)}
    tally.tried, tally.failed = WATCHES, len(expected - set(told))
    assert sorted(told) == sorted(expected)

"""urlwatch: one run, its report on standard output."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from benchmarks.costs import Command
from benchmarks.pages import PRICE, Phase
from benchmarks.tools.tool import Place, Said

_VERDICT: Final = re.compile(r"^\d+\. (NEW|CHANGED|ERROR): ", re.MULTILINE)
"""Of the summary at the head of its report."""


@dataclass(slots=True, kw_only=True)
class Urlwatch:
    """urlwatch as it comes: ten threads, SQLite; a report of which nothing is sent."""

    name: ClassVar = "urlwatch"
    settles_in: ClassVar[frozenset[Phase]] = frozenset()
    place: Place
    bin: Path

    async def prepare(self) -> None:
        """Write its two files."""
        more = "" if self.place.is_believed else "ssl_no_verify: true\n"
        jobs = (f"url: {url}\n{more}filter:\n- css: '{PRICE}'\n- html2text\n- strip\n" for url in self.place.urls)
        (self.place.directory / "urls.yaml").write_text("---\n".join(jobs), encoding="utf-8")
        (self.place.directory / "urlwatch.yaml").write_text(
            "report: {stdout: {enabled: true, color: false}}\n", encoding="utf-8"
        )

    def one_pass(self) -> Command:
        """Return `urlwatch`."""
        files = ("--urls", "urls.yaml", "--config", "urlwatch.yaml", "--cache", "cache.db")
        return Command(line=(str(self.bin / "urlwatch"), *files), directory=self.place.directory, environment={})

    def said(self, output: str) -> Said:
        """Count its verdicts."""
        verdicts = _VERDICT.findall(output)
        return Said(changed=verdicts.count("CHANGED"), failed=verdicts.count("ERROR"))

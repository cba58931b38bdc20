"""The tools and ours, with the same jobs: set up once, run at each step, and asked which jobs told something."""

from __future__ import annotations

import asyncio
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from benchmarks.costs import Command, run, running
from benchmarks.moves.site import Site
from benchmarks.tools.ours import watcher_command

_LIMIT_SECONDS: Final = 600
_TOLD: Final = re.compile(r"^\d+\. (CHANGED|ERROR)\b[^:\n]*: (job-\d+)", re.MULTILINE)


class Batch:
    """urlwatch or webchanges: a run each step, its report on standard output."""

    def __init__(self, program: Path, directory: Path, jobs: Sequence[Mapping[str, Any]]) -> None:
        self.name = program.name
        self._directory = directory
        self._program = program
        self.jobs_file = directory / ("urls.yaml" if self.name == "urlwatch" else "jobs.yaml")
        self.jobs_file.write_text(yaml.safe_dump_all(jobs, sort_keys=False), encoding="utf-8")
        report: dict[str, Any] = {"report": {"stdout": {"enabled": True, "color": False}}}
        if self.name == "webchanges":
            report["version_check"] = {"enabled": False}
        (directory / "config.yaml").write_text(yaml.safe_dump(report), encoding="utf-8")

    async def step(self) -> tuple[set[str], set[str]]:
        """Run once; return the names of the jobs that told a change, and of those that failed."""
        names = ("--urls", "--config", "--cache") if self.name == "urlwatch" else ("--jobs", "--config", "--database")
        files = (str(self.jobs_file), "config.yaml", "snapshots.db")
        options = [word for pair in zip(names, files, strict=True) for word in pair]
        command = Command(line=(str(self._program), *options), directory=self._directory, environment={})
        await run(command, limit_seconds=_LIMIT_SECONDS)
        said = _TOLD.findall(command.output.read_text(encoding="utf-8", errors="replace"))
        return {name for verdict, name in said if verdict == "CHANGED"}, {
            name for verdict, name in said if verdict == "ERROR"
        }


class Ours:
    """watcher, with the watches that an import made of a file."""

    def __init__(self, directory: Path, file: Path) -> None:
        self._directory = directory
        self._file = file
        self.fates: dict[str, str] = {}
        self._names: dict[str, str] = {}

    async def prepare(self) -> None:
        """Import the file; the watches may ask loopback."""
        settings = {"allow_private": True, "per_host": {"concurrency": 50, "min_delay": "0s"}}
        main = {"include": ["watches.d/*.yaml"], "defaults": settings}
        (self._directory / "watches.yaml").write_text(yaml.safe_dump(main), encoding="utf-8")
        for record in await self._records("import", str(self._file), "--json"):
            if "job" in record:
                self.fates[record["title"]] = record["fate"]
                self._names[record["id"]] = record["title"]

    async def step(self) -> tuple[set[str], set[str]]:
        """Run `watcher check`; return the names of the jobs that told a change, and of those that failed."""
        told: set[str] = set()
        failed: set[str] = set()
        for record in await self._records("check", "--json"):
            name = self._names[record["watch"]]
            if record["messages"]:
                told.add(name)
            if record["outcome"] == "failed":
                failed.add(name)
        return told, failed

    async def _records(self, *words: str) -> list[dict[str, Any]]:
        command = watcher_command(self._directory, *words)
        await run(command, limit_seconds=_LIMIT_SECONDS)
        lines = command.output.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]


class Rounds:
    """changedetection.io: one process in its batch mode, which checks all of its watches in rounds."""

    def __init__(self, program: Path, directory: Path, jobs: Sequence[Mapping[str, Any]]) -> None:
        self._program = program
        self._directory = directory
        self._jobs = jobs
        self.store = directory / "datastore"
        self.store.mkdir()

    def command(self, rounds: int) -> Command:
        """Return the command that adds the watches, and checks them so often."""
        adding: list[str] = []
        for number, job in enumerate(self._jobs):
            options = {"title": job["name"], "fetch_backend": "html_requests"}
            options |= {key: value for key, value in job.items() if key not in ("name", "url")}
            adding += ["-u", job["url"], f"-u{number}", json.dumps(options)]
        always = (str(self._program), "-d", "datastore", "-h", "127.0.0.1", "-p", "0", "-b")
        environment = {
            "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",
            "FETCH_WORKERS": "10",
            "LOGGER_LEVEL": "WARNING",
            "DISABLE_VERSION_CHECK": "true",
        }
        line = (*always, *adding, "-r", "all", str(rounds))
        return Command(line=line, directory=self._directory, environment=environment)

    def archive(self) -> bytes:
        """Return the archive that it would make of its datastore."""
        written = io.BytesIO()
        with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as made:
            for path in sorted(self.store.glob("*.json")):
                made.write(path, path.name)
            for path in sorted(self.store.glob("*/*.json")):
                made.write(path, f"{path.parent.name}/{path.name}")
        return written.getvalue()

    def counts(self) -> tuple[dict[str, int], set[str]]:
        """Return how many texts each watch has kept, and which watches failed."""
        kept: dict[str, int] = {}
        failed: set[str] = set()
        for path in self.store.glob("*/watch.json"):
            try:
                watch = json.loads(path.read_bytes())
            except ValueError:  # it is being written
                continue
            histories = path.parent.glob("history*.txt")  # each processor has one
            kept[watch["title"]] = sum(len(each.read_text().splitlines()) for each in histories)
            if watch.get("last_error"):
                failed.add(watch["title"])
        return kept, failed

    async def all_steps(self, site: Site, steps: int) -> tuple[list[set[str]], list[set[str]]]:
        """Run all steps within one process; return what was told at each, and what failed."""
        told: list[set[str]] = []
        failed: list[set[str]] = []
        site.step, site.requests = 0, 0
        command = self.command(steps + 1)
        async with running(command, limit_seconds=_LIMIT_SECONDS) as process:
            before: dict[str, int] = {}
            for step in range(steps + 1):
                await process.during(self._round(site, (step + 1) * len(self._jobs)))
                kept, wrong = self.counts()
                if step + 1 <= steps:
                    site.step = step + 1
                told.append({name for name, count in kept.items() if count > max(before.get(name, 0), 1)})
                failed.append(wrong)
                before = kept
        return told, failed

    async def _round(self, site: Site, requests: int) -> None:
        """Wait until so many pages were asked for, and what came of them is saved."""
        async with asyncio.timeout(_LIMIT_SECONDS):
            while site.requests < requests:
                site.was_asked.clear()
                await site.was_asked.wait()
        # It queues the next round two seconds after the last check has ended.
        last = (-1, -1.0)
        for _ in range(30):
            await asyncio.sleep(0.1)
            now = self._state()
            if now == last:
                return
            last = now

    def _state(self) -> tuple[int, float]:
        files = [*self.store.glob("*/history*.txt"), *self.store.glob("*/watch.json")]
        return len(files), max((path.stat().st_mtime for path in files), default=0.0)

"""What becomes of the files of other watchers: the watches and the report, word for word."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from tests.config.importing.archive import old_file, parts, zipped
from watcher.config.importing.report import Report
from watcher.config.importing.source import read
from watcher.config.importing.watches import watches_of
from watcher.config.importing.written import texts

JOBS = Path(__file__).parents[1] / "config" / "importing" / "jobs"


def sources() -> Mapping[str, tuple[bytes, bytes | None]]:
    """Return each file by its name, with the settings that go with it."""
    found = {path.name: (path.read_bytes(), None) for path in sorted(JOBS.iterdir()) if path.name != "urlwatch.yaml"}
    settings = (JOBS / "urlwatch.yaml").read_bytes()
    return {
        **found,
        "urls.yaml": ((JOBS / "urls.yaml").read_bytes(), settings),
        "backup.zip": (zipped(parts()), None),
        "url-watches.json": (json.dumps(old_file()).encode(), None),
    }


async def freeze(directory: Path) -> Mapping[str, str]:
    """Return the file and the report of each."""
    del directory
    found: dict[str, str] = {}
    for name, (content, settings) in sources().items():
        source = read(content, settings=settings)
        report = Report(source=source, watches=watches_of(source, topic="imported"))
        (text,) = texts(source, report.watches, name=name, topic="imported", declares=True)
        stem = name.replace(".", "-")
        found[f"imports.{stem}.yaml"] = text
        found[f"imports.{stem}.report.txt"] = "\n".join(report.lines()) + "\n"
    return found

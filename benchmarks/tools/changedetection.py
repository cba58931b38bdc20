"""changedetection.io: its batch mode, which checks every watch once and ends, without its web pages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from benchmarks.costs import Command
from benchmarks.pages import PRICE, Phase
from benchmarks.tools.tool import Place, Said

_ENVIRONMENT: Final = {
    "ALLOW_IANA_RESTRICTED_ADDRESSES": "true",  # it may ask loopback
    "FETCH_WORKERS": "10",
    "LOGGER_LEVEL": "WARNING",
    "DISABLE_VERSION_CHECK": "true",
}


@dataclass(slots=True, kw_only=True)
class Changedetection:
    """changedetection.io with its plain fetcher and ten workers; nothing is sent."""

    name: ClassVar = "changedetection.io"
    # It sends no validators, so that a 304 never comes.
    is_conditional: ClassVar = False
    settles_in: ClassVar[frozenset[Phase]] = frozenset()
    place: Place
    bin: Path
    _seen: int = 0

    async def prepare(self) -> None:
        """Make its directory; the first pass adds the watches."""
        self._store.mkdir()

    @property
    def _store(self) -> Path:
        return self.place.directory / "datastore"

    def one_pass(self) -> Command:
        """Return its batch mode: the first time it adds the watches and checks them, later it checks them again."""
        is_first = not any(self._store.iterdir())
        work = self._adding() if is_first else ["-r", "all"]
        return Command(
            line=(str(self.bin / "changedetection.io"), "-d", str(self._store), "-h", "127.0.0.1", "-b", *work),
            directory=self.place.directory,
            environment=_ENVIRONMENT,
        )

    def _adding(self) -> list[str]:
        options = json.dumps({"include_filters": [PRICE], "fetch_backend": "html_requests"})
        return [word for number, url in enumerate(self.place.urls) for word in ("-u", url, f"-u{number}", options)]

    def said(self, output: str) -> Said:
        """Count the snapshots that it added, beyond the first of each watch, and the watches with an error."""
        del output
        watches = list(self._store.glob("*/watch.json"))
        failed = sum(bool(json.loads(each.read_bytes())["last_error"]) for each in watches)
        before = self._seen
        self._seen = sum(_snapshots(each.with_name("history.txt")) - 1 for each in watches)
        return Said(changed=self._seen - before, failed=failed)


def _snapshots(history: Path) -> int:
    return len(history.read_text().splitlines()) if history.exists() else 0

"""
The last page of note of each watch, a file for each: `pages/` in the data directory (0700), the files 0600.

They are no state: no backup has them, a full disk costs a line in the log, and a file that cannot be read is no page.
"""

from __future__ import annotations

import hashlib
import logging
import os
import secrets
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from watcher.core.kept_page import MOST_BYTES, KeptPage
from watcher.errors import StoreError
from watcher.store.files import make_private_directory

PAGES: Final = "pages"
_MOST_READ: Final = 8 * MOST_BYTES
"""Of a file: JSON writes some characters as six bytes."""
_log = logging.getLogger(__name__)


class _File(Struct):
    page: KeptPage


class KeptPages:
    """Keeps the pages below a data directory, or reads them. Each blocks."""

    def __init__(self, data: Path) -> None:
        self._directory = data / PAGES

    def keep(self, page: KeptPage) -> None:
        """Put a page in the place of the last one of its watch. What the disk refuses is logged, and nothing else."""
        path = self._path(page.watch)
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        try:
            make_private_directory(self._directory)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(msgspec.json.encode(_File(page=page)))
            draft.replace(path)
        except (OSError, StoreError) as error:
            _log.warning("the page of %s is not kept: %s", page.watch, error)
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def page(self, watch: str) -> KeptPage | None:
        """Return the page that is kept of a watch, if one is."""
        page = _page_in(self._path(watch))
        return page if page is not None and page.watch == watch else None

    def all(self) -> Iterator[KeptPage]:
        """Yield every page that is kept and can be read."""
        with suppress(OSError):
            for path in sorted(self._directory.iterdir()):
                page = _page_in(path)
                if page is not None and path == self._path(page.watch):
                    yield page

    def forget(self, watch: str) -> None:
        """Remove the page of a watch, if one is kept."""
        with suppress(OSError):
            self._path(watch).unlink(missing_ok=True)

    def rename(self, old: str, new: str) -> None:
        """Keep the page of a watch as that of another one, too."""
        if (page := self.page(old)) is not None:
            self.keep(replace(page, watch=new))

    def keep_only(self, watches: Collection[str]) -> None:
        """Remove the pages of all watches but these, and what a kill left of others."""
        names = {self._path(watch).name for watch in watches}
        with suppress(OSError):
            for path in self._directory.iterdir():
                if path.name not in names:
                    path.unlink(missing_ok=True)

    def _path(self, watch: str) -> Path:
        return self._directory / hashlib.blake2b(watch.encode(errors="surrogatepass"), digest_size=16).hexdigest()


def _page_in(path: Path) -> KeptPage | None:
    try:
        with path.open("rb") as file:
            return msgspec.json.decode(file.read(_MOST_READ), type=_File).page
    except (OSError, msgspec.MsgspecError):
        return None

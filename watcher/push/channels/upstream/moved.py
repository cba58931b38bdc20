"""
`upstream.json` in the data directory: the tokens, on the other server, of applications that moved here from it.

    {"97123": {"token": "AT_…", "url": "https://wxpusher.zjiecode.com"}}

By number of the application here. What opens an application here is kept as a hash; to send onwards the token itself is
needed, so it stands in a file of its own, which nobody but its owner can read (0600): a copy of the database shows it
to nobody. It is never logged and never shown.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

import msgspec

from watcher.errors import ConfigError, StoreError
from watcher.push.channels.upstream.settings import UpstreamSettings, upstream_settings
from watcher.store.files import write_durably

FILE: Final = "upstream.json"
_MAX_BYTES: Final = 60_000
"""A backup takes no more of a file; about 500 applications."""


class _Account(msgspec.Struct, frozen=True, kw_only=True):
    token: str
    url: str


class MovedApps:
    """The applications of one data directory that moved here. The file is read again when it was changed."""

    def __init__(self, directory: Path) -> None:
        self._path = directory / FILE
        self._seen: tuple[int, ...] | None = None
        self._known: Mapping[int, UpstreamSettings] = {}

    def all(self) -> Mapping[int, UpstreamSettings]:
        """
        Return each application's account on the other server, by number here. It reads a small file, if it is new.

        Raises:
            StoreError: the file cannot be read, or is not what `put` writes; it is not quoted.
        """
        try:
            found = self._path.stat()
            seen = (found.st_mtime_ns, found.st_size, found.st_ino)
            if seen != self._seen:
                self._known, self._seen = _read(self._path), seen
        except FileNotFoundError:
            self._known, self._seen = {}, None
        except OSError as error:
            raise StoreError(f"cannot read {self._path}: {error.strerror}") from error
        return self._known

    def of(self, app_id: int) -> UpstreamSettings | None:
        """Return this application's account; None for one that did not move here. Raises StoreError."""
        return self.all().get(app_id)

    def put(self, app_id: int, account: UpstreamSettings) -> None:
        """Keep an application's account; on the disk when this returns. Raises StoreError."""
        known = self.all()
        if known.get(app_id) != account:
            self._write({**known, app_id: account})

    def forget_others(self, app_ids: Collection[int]) -> None:
        """Forget the accounts of applications that are not among these, for they were removed. Raises StoreError."""
        known = self.all()
        left = {app_id: account for app_id, account in known.items() if app_id in app_ids}
        if left != known:
            self._write(left)

    def _write(self, accounts: Mapping[int, UpstreamSettings]) -> None:
        rows = {str(app_id): _Account(token=each.token, url=each.url) for app_id, each in sorted(accounts.items())}
        content = msgspec.json.format(msgspec.json.encode(rows)).decode() + "\n"
        if len(content) > _MAX_BYTES:
            raise StoreError(f"{self._path} has no room for another application")
        try:
            write_durably(self._path, content)
        except OSError as error:
            raise StoreError(f"cannot write {self._path}: {error.strerror}") from error


def _read(path: Path) -> Mapping[int, UpstreamSettings]:
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_CLOEXEC), "rb") as file:
        content = file.read(_MAX_BYTES + 1)
    try:
        rows = msgspec.json.decode(content[:_MAX_BYTES], type=dict[int, _Account], strict=False)
        return {app_id: upstream_settings(row.token, row.url) for app_id, row in rows.items()}
    except (msgspec.DecodeError, ConfigError) as error:  # not the cause's words: they may quote what is in it
        raise StoreError(f"{path} is not what `watcher import wxpusher` writes; restore it, or import again") from error

"""The file of `watcher run` over a PostgreSQL, as it is read whenever it was saved."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

import pytest

from watcher.config.declared import declared_of
from watcher.config.load import load
from watcher.core.settings import Settings
from watcher.core.watch import WatchFile
from watcher.errors import ConfigError
from watcher.runtime.live import follow
from watcher.runtime.workers.running import AppliedFile, FileApplier

WATCHES = """\
topics: {deals: {name: Deals}}
watches:
  dune: {url: 'https://shop.example/dune', topic: deals, headers: {Cookie: '${SESSION}'}}
"""


def applier_of(config: Path, environ: Mapping[str, str], read: list[WatchFile]) -> FileApplier:
    """Return what applies this file; what it reads beside the declaration is put here."""

    def read_again() -> WatchFile:
        read.append(load(config, environ))
        return read[-1]

    applied_file = AppliedFile(read=partial(declared_of, config, environ), timezone=None)
    live = follow(WatchFile(topics={}, watches={}), read_again)
    return FileApplier(Settings(data=config.parent), applied_file, live)


async def test_a_saved_file_is_read_once(tmp_path: Path) -> None:
    config, read, environ = tmp_path / "watches.yaml", list[WatchFile](), {"SESSION": "secret"}
    config.write_text(WATCHES, encoding="utf-8")
    assert await applier_of(config, environ, read).read() == load(config, environ)
    assert not read


async def test_a_file_that_names_a_variable_which_is_not_set_is_refused_at_its_place(tmp_path: Path) -> None:
    config = tmp_path / "watches.yaml"
    config.write_text(WATCHES, encoding="utf-8")
    with pytest.raises(ConfigError, match=r"watches\.yaml:3.*SESSION"):
        await applier_of(config, {}, []).read()

"""Edits that are taken back: within their time, in their session, and within bounds."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from aiohttp import web

from watcher.config.edits import FileEdit, WatchEdit
from watcher.web.console.editing.kept import (
    EDITS_KEPT,
    MOST_EDITS,
    KeptEdits,
)
from watcher.web.keys import SESSION


class _Session:
    def __init__(self, id: int) -> None:  # noqa: A002 - as a session has it
        self.id = id


def _request(session: int = 1) -> web.Request:
    return cast("web.Request", {SESSION: _Session(session)})


def _edit(watch: str) -> WatchEdit:
    return WatchEdit(watch=watch, files=(FileEdit(path=Path("x"), before="", after="a"),))


def test_an_edit_is_kept_for_its_session_until_it_is_taken_back() -> None:
    now = [0.0]
    edits = KeptEdits(lambda: now[0])
    names = [edits.keep(_request(), _edit(str(number))) for number in range(MOST_EDITS + 1)]
    assert edits.find(_request(), names[0]) is None
    assert edits.find(_request(2), names[1]) is None
    assert edits.find(_request(), names[1]) is not None
    edits.forget(_request(), names[1])
    assert edits.find(_request(), names[1]) is None
    now[0] = EDITS_KEPT.total_seconds() + 1
    assert edits.find(_request(), names[-1]) is None

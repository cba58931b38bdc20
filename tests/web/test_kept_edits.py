"""What an editor comes back to: within its time, in its session, and within bounds."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from aiohttp import web

from watcher.config.edits import FileEdit, WatchEdit
from watcher.core.page import Response, Validators
from watcher.web.console.editing.kept import (
    EDITS_KEPT,
    MOST_BYTES,
    MOST_EDITS,
    MOST_PAGES,
    PAGES_KEPT,
    KeptEdits,
    KeptPages,
)
from watcher.web.keys import SESSION


class _Session:
    def __init__(self, id: int) -> None:  # noqa: A002 - as a session has it
        self.id = id


def _request(session: int = 1) -> web.Request:
    return cast("web.Request", {SESSION: _Session(session)})


def _page(size: int = 10) -> Response:
    given: dict[str, Any] = {"content_encoding": (), "media_type": None, "charset": None, "validators": Validators()}
    return Response(url="https://x.example/", wire=b"x" * size, digest="", **given)


def _edit(watch: str) -> WatchEdit:
    return WatchEdit(watch=watch, files=(FileEdit(path=Path("x"), before="", after="a"),))


def test_a_page_is_kept_for_its_session_and_its_time() -> None:
    now = [0.0]
    pages = KeptPages(lambda: now[0])
    pages.keep(_request(), "a", _page())
    assert pages.find(_request(), "a") is not None
    assert pages.find(_request(2), "a") is None
    now[0] = PAGES_KEPT.total_seconds()
    assert pages.find(_request(), "a") is not None
    now[0] += 1
    assert pages.find(_request(), "a") is None


def test_pages_make_room_by_number_and_by_size() -> None:
    pages = KeptPages()
    for number in range(MOST_PAGES + 1):
        pages.keep(_request(), str(number), _page())
    assert [pages.find(_request(), str(number)) is None for number in (0, 1, MOST_PAGES)] == [True, False, False]
    pages.keep(_request(), "large", _page(MOST_BYTES))
    assert pages.find(_request(), str(MOST_PAGES)) is None
    assert pages.find(_request(), "large") is not None


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

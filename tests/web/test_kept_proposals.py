"""What was proposed for a watch: within its time, and in its session."""

from __future__ import annotations

from typing import cast

from aiohttp import web

from watcher.web.console.watch.proposed import PROPOSED_KEPT, KeptProposals
from watcher.web.keys import SESSION


class _Session:
    def __init__(self, id: int) -> None:  # noqa: A002 - as a session has it
        self.id = id


def _request(session: int = 1) -> web.Request:
    return cast("web.Request", {SESSION: _Session(session)})


def test_what_was_proposed_is_kept_for_its_session_and_its_time() -> None:
    now = [0.0]
    proposals = KeptProposals(lambda: now[0])
    proposals.keep(_request(), "dune", {("price", ".amount")})
    assert ("price", ".amount") in proposals.find(_request(), "dune")
    assert not proposals.find(_request(2), "dune")
    now[0] = PROPOSED_KEPT.total_seconds() + 1
    assert not proposals.find(_request(), "dune")

"""What commands ask of the watcher that runs."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from tests.outbox.recording import BOUND_SECONDS
from tests.watching.room import working
from tests.watching.shop import Shop
from tests.watching.test_operator import careful
from watcher.core.check import Verdict
from watcher.errors import StoreError
from watcher.store.watch_store import DiskWatchStore
from watcher.watching.check import CheckTools
from watcher.watching.control_requests import ControlRequests, answer_requests

LONGEST_ID = "演" * 100


def test_requests_are_read_oldest_first_and_removed_when_done(tmp_path: Path) -> None:
    control = ControlRequests(tmp_path)
    assert control.requests() == []
    for age, watch in enumerate(["gpu", LONGEST_ID, "../../etc/passwd"]):
        file = control.post(watch)
        assert file.parent == tmp_path / "requests"
        os.utime(file, (age, age))
    assert control.requests() == ["gpu", LONGEST_ID, "../../etc/passwd"]
    control.done("gpu")
    control.done("never asked for")
    assert control.requests() == [LONGEST_ID, "../../etc/passwd"]


def test_the_same_request_twice_is_one(tmp_path: Path) -> None:
    control = ControlRequests(tmp_path)
    assert control.post("gpu") == control.post("gpu")
    assert control.requests() == ["gpu"]


def test_what_is_no_request_is_passed_over(tmp_path: Path) -> None:
    control = ControlRequests(tmp_path)
    control.post("gpu")
    (tmp_path / "requests" / "accept-empty").touch()
    (tmp_path / "requests" / "accept-folder").mkdir()
    (tmp_path / "requests" / ".accept-half-written").write_text("gp")
    (tmp_path / "requests" / "accept-by-hand").write_text("gpu")
    assert control.requests() == ["gpu"]


def test_where_nothing_can_be_written_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "requests").touch()
    with pytest.raises(StoreError, match="cannot write in"):
        ControlRequests(tmp_path).post("gpu")


async def test_the_watcher_that_runs_carries_out_what_is_asked(
    shop: Shop, tools: CheckTools, store: DiskWatchStore, tmp_path: Path
) -> None:
    shop.price("/dune", "12")
    control = ControlRequests(tmp_path)
    async with working(store, tools, careful(shop)) as room:
        await room.turn(0, checks=1)
        shop.price("/dune", "6")
        await room.turn(600, checks=1)
        requests = [control.post("dune"), control.post("unheard of")]
        answering = asyncio.create_task(answer_requests(control, room.runner.accept))
        await room.ledger.until(4)
        async with asyncio.timeout(BOUND_SECONDS):
            while any(request.exists() for request in requests):  # noqa: ASYNC110 - a file sets no event
                await asyncio.sleep(0.01)
        answering.cancel()
        await asyncio.wait([answering], timeout=BOUND_SECONDS)
    assert room.ledger.verdicts[-1] == ("dune", Verdict.CHANGED)


async def test_what_cannot_be_saved_is_asked_for_still(
    shop: Shop, tools: CheckTools, store: DiskWatchStore, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shop.price("/dune", "12")
    control = ControlRequests(tmp_path)
    async with working(store, tools, careful(shop)) as room:
        await room.turn(0, checks=1)
        shop.price("/dune", "6")
        await room.turn(600, checks=1)
        room.disk.is_full = True
        request = control.post("dune")
        answering = asyncio.create_task(answer_requests(control, room.runner.accept))
        await room.ledger.until(3)
        answering.cancel()
        await asyncio.wait([answering], timeout=BOUND_SECONDS)
        assert request.exists()
    assert "cannot be saved: the disk is full" in caplog.text


async def test_a_defect_of_one_request_ends_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    control, accepted = ControlRequests(tmp_path), asyncio.Event()

    async def accept(watch: str) -> bool:
        if watch == "odd":
            raise ValueError("what is this?")
        accepted.set()
        return True

    odd, _ = control.post("odd"), control.post("plain")
    answering = asyncio.create_task(answer_requests(control, accept))
    async with asyncio.timeout(BOUND_SECONDS):
        await accepted.wait()
    assert not answering.done()
    answering.cancel()
    await asyncio.wait([answering], timeout=BOUND_SECONDS)
    assert odd.exists()
    assert "odd: a defect in watcher" in caplog.text

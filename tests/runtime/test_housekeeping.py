"""What is old goes, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.clock import Clock
from tests.push.builders import NOON, a_draft, a_reader, an_app, texts
from tests.push.prepared import place_tables
from watcher.push.opening import open_push_service
from watcher.runtime.housekeeping import Housekeeper


@pytest.mark.parametrize(
    ("kept", "left"), [(timedelta(days=30), ["new"]), (None, ["new", "old"])], ids=["30 days", "for ever"]
)
async def test_messages_older_than_the_operator_keeps_are_removed(
    kept: timedelta | None, left: list[str], tmp_path: Path
) -> None:
    clock = Clock(NOON)
    service = await open_push_service(await place_tables(tmp_path / "push.db"), now=clock)
    app = await an_app(service)
    reader = await a_reader(service, apps=(app.id,))
    for text in ("old", "new"):
        await service.messages.send(app, a_draft(text), uids=[reader.uid])
        clock.at += timedelta(days=20)
    await Housekeeper(service, keep_messages=kept).remove_old()
    assert sorted(await texts(service, reader)) == left
    await service.close()

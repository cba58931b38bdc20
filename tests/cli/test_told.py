"""Whether anybody was told of a change, where the push service here cannot say."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from watcher.cli.told import Told, told_by
from watcher.core.check import Change, OutboxEntry, OutboxMessage
from watcher.core.settings import Settings

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def waiting(key: str) -> OutboxEntry:
    """A message in the outbox."""
    message = OutboxMessage(id=key, watch="w", topic="t", summary="s", content="c", url=None, created_at=NOW)
    return OutboxEntry(message=message, order=1, attempts=0, due_at=NOW)


OUTBOX = [waiting("waits"), replace(waiting("dead"), dead="refused")]


@pytest.mark.parametrize(
    ("messages", "told"),
    [
        ((), None),
        (("waits",), Told.WAITING),
        (("dead",), Told.GIVEN_UP),
        (("elsewhere",), Told.SENT),
        (("dead", "elsewhere", "waits"), Told.WAITING),
    ],
    ids=["nothing to tell", "waiting", "given up", "sent", "the best counts"],
)
def test_what_became_of_a_change(tmp_path: Path, messages: tuple[str, ...], told: Told | None) -> None:
    change = Change(watch="w", sequence=1, changed_at=NOW, old={}, new={}, messages=messages)
    assert told_by(Settings(data=tmp_path), [change], OUTBOX)(change) == told
    assert list(tmp_path.iterdir()) == []

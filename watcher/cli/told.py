"""Whether anybody was told of a change: its messages wait in the outbox, or were sent, here or elsewhere."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum

from watcher.cli.asking import ask_service
from watcher.core.check import Change, OutboxEntry
from watcher.core.settings import Settings
from watcher.errors import StoreError

_log = logging.getLogger(__name__)


class Told(StrEnum):
    """What became of the messages of a change; of several the first of these counts."""

    YES = "yes"
    """somebody has it in the inbox"""
    WAITING = "waiting"
    """it is in the outbox, or is being brought to its readers"""
    SENT = "sent"
    """to another server, or with others as one message (`group_within`); or it is so old that it is forgotten"""
    GIVEN_UP = "given up"
    NOBODY = "nobody"
    """no one listened"""


def told_by(
    settings: Settings, changes: Sequence[Change], outbox: Sequence[OutboxEntry]
) -> Callable[[Change], Told | None]:
    """Return what says of each of these changes whether anybody was told; None: there was nothing to tell."""
    entries = {entry.message.id: entry for entry in outbox}
    readers = _readers(settings, {key for change in changes for key in change.messages if key not in entries})

    def told_of(key: str) -> Told:
        if key in entries:
            return Told.GIVEN_UP if entries[key].dead is not None else Told.WAITING
        if key not in readers:
            return Told.SENT
        number = readers[key]
        return Told.WAITING if number is None else Told.YES if number else Told.NOBODY

    def told(change: Change) -> Told | None:
        found = set(map(told_of, change.messages))
        return next((each for each in Told if each in found), None)

    return told


def _readers(settings: Settings, keys: Collection[str]) -> Mapping[str, int | None]:
    """Return how many inboxes each of these messages came into, as far as it is known here; None: not all yet."""
    if not keys or (settings.database is None and not (settings.data / "push.db").exists()):
        return {}
    try:
        return ask_service(
            settings.data, lambda service: service.messages.readers_by_key(keys), database=settings.database
        )
    except StoreError as error:
        _log.warning("who was told is not known: %s", error)
        return {}

"""What subscribers want of the channels."""

from __future__ import annotations

import asyncio

from msgspec.structs import replace

from tests.push.builders import a_reader
from watcher.core.channels import ChannelName, Preferences
from watcher.core.quiet import parse_quiet_hours
from watcher.push.service import PushService


async def test_wishes_are_kept_as_they_were_given(service: PushService) -> None:
    reader = await a_reader(service)
    wished = Preferences(order=[ChannelName.EMAIL], quiet=parse_quiet_hours("22:00-07:00 Asia/Shanghai"), lang="zh")

    await service.preferences.change(reader, lambda _: wished)
    await service.preferences.note_language(reader, "en")

    kept = await service.preferences.of(reader)
    assert (kept.order, kept.quiet, kept.lang) == (wished.order, wished.quiet, "en")


async def test_of_two_wishes_at_once_both_hold(service: PushService) -> None:
    reader, quiet = await a_reader(service), parse_quiet_hours("22:00-07:00 Asia/Shanghai")
    await asyncio.gather(
        service.preferences.note_language(reader, "zh"),
        service.preferences.change(reader, lambda wanted: replace(wanted, quiet=quiet)),
        service.preferences.change(reader, lambda wanted: replace(wanted, order=[ChannelName.EMAIL])),
    )
    kept = await service.preferences.of(reader)
    assert (kept.order, kept.quiet, kept.lang) == ([ChannelName.EMAIL], quiet, "zh")

"""Many live inboxes at once."""

from __future__ import annotations

import asyncio

from tests.web.site import Site


async def test_a_message_to_a_crowd_reaches_each_once_in_its_own_language(site: Site) -> None:
    readers = [await site.reader() for _ in range(20)]
    chinese = {"Accept-Language": "zh"}
    streams = [
        await site.get("/inbox/events", device=reader, headers=chinese if number % 2 else {})
        for number, reader in enumerate(readers)
    ]
    first, second = await site.tell("first"), await site.tell("second")
    assert first.code == second.code == 1000
    for number, (reader, stream) in enumerate(zip(readers, streams, strict=True)):
        one, two = await site.push.inbox.items(reader.subscriber)
        async with asyncio.timeout(30):
            told = (await stream.content.readuntil(b"id: %d\n" % two.id)).decode()
            told += (await stream.content.readuntil(b"\n\n")).decode()
        assert told.count(f"id: {one.id}\n") == told.count(f"id: {two.id}\n") == 1
        assert ("未读" in told.encode().decode("unicode_escape")) is bool(number % 2)
        stream.close()

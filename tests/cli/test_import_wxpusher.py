"""`watcher import wxpusher`, against a fake of the hosted service."""

from __future__ import annotations

import pytest

from tests.cli.command import Command, Result
from tests.push.emulators.hosted import Hosted, a_hosted_wxpusher, a_token, a_uid
from watcher.cli.import_wxpusher import topics_of
from watcher.errors import UsageError

APP = 97123
DEALS = 40211


async def move(watcher: Command, hosted: Hosted, *more: str) -> Result:
    return await watcher("import", "wxpusher", "--app-token", a_token(APP), "--url", hosted.url, *more)


@pytest.mark.faults
async def test_an_application_moves_here_once_and_what_is_taken_is_listed(watcher: Command) -> None:
    async with a_hosted_wxpusher() as hosted:
        hosted.an_app(APP, "Shop")
        hosted.a_topic(DEALS, "Deals", APP)
        hosted.follow(a_uid(1), APP)
        hosted.follow(a_uid(3), APP, DEALS)
        shown = (await move(watcher, hosted, "--dry-run", "--json")).record
        assert (shown["app_id"], shown["name"], shown["new_subscribers"], shown["is_written"]) == (
            APP,
            "Shop",
            2,
            False,
        )
        assert not (watcher.directory / ".watcher").exists()
        await watcher("subscribers", "add", "--uid", a_uid(3))
        refused = await move(watcher, hosted)
        assert (refused.status, refused.out) == (2, "")
        assert refused.err.splitlines() == [
            f"there is a subscriber {a_uid(3)} already, who did not come by a move",
            "watcher: what is listed here is taken, so nothing was written",
        ]
        moved = await move(watcher, hosted, "--data", "moved")
        assert (moved.status, moved.err) == (0, "")
        assert moved.out.splitlines()[:3] == [
            f"application {APP} Shop: new",
            "1 topic, 1 of them new",
            "2 subscribers, 2 of them new; 2 new subscriptions",
        ]
        again = await move(watcher, hosted, "--data", "moved")
        assert again.out == f"application {APP} Shop is here already, with all that follow it; nothing changed\n"
        assert a_token(APP) not in moved.out + again.out + refused.err


@pytest.mark.parametrize("topic", ["Deals", "=Deals", "9=", "x=Deals"])
def test_a_topic_that_is_written_wrongly_is_refused(topic: str) -> None:
    with pytest.raises(UsageError, match=f"--topic {topic}: write its number and its name"):
        topics_of([topic])


async def test_a_file_of_that_name_is_meant_by_its_path(watcher: Command) -> None:
    (watcher.directory / "wxpusher").write_text("https://x.example/\n")
    assert (await watcher("import", "./wxpusher", "--dry-run")).status == 0
    assert "options go after the word" in (await watcher("import", "--json", "wxpusher")).err

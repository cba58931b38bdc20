"""What the console tells the operator of the server."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.outbox.recording import Clock
from tests.web.console_desk import desk_of_operator, desk_of_owner, shown
from tests.web.login import serving
from tests.web.site import Site
from watcher.core.channels import ChannelName
from watcher.core.findings import Check, Finding, doubtful, fine, wrong
from watcher.core.settings import Settings
from watcher.net import Sessions
from watcher.push.channels.offered import Channels, Deployment
from watcher.push.channels.upstream.settings import set_up
from watcher.push.service import PushService
from watcher.store.inspection import MAKE_ROOM, space_finding

_SCRIPT = "<script>window.pwned=1</script>"


async def test_the_operator_sees_how_the_server_is_set_up(site: Site, tmp_path: Path) -> None:
    desk = await desk_of_operator(site, tmp_path)
    said = shown(await desk.page("/console/server"))
    assert "http://push.example" in said
    assert "Without https, phones stay silent" in said
    assert said.count("not set up") == len(ChannelName) - 1, "all but the inbox"
    assert "WATCHER_SMTP_URL" in said
    assert "no limit" in said
    assert "Registration closed" in said
    assert "Check now" in said
    assert "服务器" in await desk.page("/console/server", language="zh")


@pytest.mark.parametrize(
    ("environ", "state"),
    [({}, "not set up"), ({"WATCHER_UPSTREAM_TOKEN": "AT_abc"}, "set up")],
    ids=["without", "with"],
)
async def test_the_hosted_wxpusher_is_set_up_by_its_token(
    push: PushService, settings: Settings, tmp_path: Path, environ: dict[str, str], state: str
) -> None:
    offered = Channels()
    async with Sessions() as sessions:
        set_up(
            Deployment(settings=settings, sessions=sessions, environ=environ, now=Clock().now, seconds=lambda: 0.0),
            offered,
        )
        async with serving(push, settings, channels=offered) as site:
            said = shown(await (await desk_of_operator(site, tmp_path)).page("/console/server"))
    assert f"WxPusher {state} WATCHER_UPSTREAM_TOKEN" in said


async def test_an_owner_does_not(site: Site, tmp_path: Path) -> None:
    desk = await desk_of_owner(site, tmp_path)
    assert (await desk.get("/console/server")).status == 403
    assert "/console/server" not in await desk.page("/console/apps")


async def test_what_the_doctor_finds_is_shown_on_request_with_what_needs_somebody_first(
    push: PushService, settings: Settings, tmp_path: Path
) -> None:
    async def look() -> Sequence[Finding]:
        return [
            fine(Check.SPACE, "there is room"),
            wrong(Check.MAIL, f"it refuses us {_SCRIPT}", "mend the password"),
            doubtful(Check.BACKUPS, "there is none", "make one"),
        ]

    async with serving(push, settings, look=look) as site:
        desk = await desk_of_operator(site, tmp_path)
        assert "it refuses us" not in await desk.page("/console/server")
        html = await desk.page("/console/server?look=1")
    assert _SCRIPT not in html
    said = shown(html)
    assert "2 things need attention." in said
    places = [said.index(words) for words in ("mend the password", "make one", "there is room")]
    assert places == sorted(places)


async def test_what_the_doctor_finds_is_said_in_chinese_but_for_what_others_said(
    push: PushService, settings: Settings, tmp_path: Path
) -> None:
    async def look() -> Sequence[Finding]:
        return [space_finding(Path("/data"), 5_000_000), wrong(Check.MAIL, "554 no", MAKE_ROOM)]

    async with serving(push, settings, look=look) as site:
        html = await (await desk_of_operator(site, tmp_path)).page("/console/server?look=1", language="zh")
    said = shown(html)
    assert "磁盘空间 异常： /data 所在磁盘还有 5.0 MB 可用" in said
    assert "→ 请腾出空间：磁盘写满后什么都无法保存" in said
    assert '<span lang="en">554 no</span>' in html


async def test_limits_are_said_as_they_are_set(push: PushService, settings: Settings, tmp_path: Path) -> None:
    limited = replace(settings, daily_limit=12, keep_messages=timedelta(days=30), operator_name="Ana", has_trial=False)
    async with serving(push, limited) as site:
        said = shown(await (await desk_of_operator(site, tmp_path)).page("/console/server"))
    assert "Ana" in said
    assert "30 days" in said
    assert " 12 " in said

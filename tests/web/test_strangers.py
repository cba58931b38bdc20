"""What strangers cannot do by being many: addresses, tokens and cookies cost them nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.push.prepared import place_tables
from tests.web.site import JSON, NOW, Site
from watcher.core.caps import DailyCaps
from watcher.core.pace import RateLimit
from watcher.core.settings import Settings
from watcher.core.watch import Topic
from watcher.push.opening import open_push_service
from watcher.push.service import PushService
from watcher.web.transport.proxies import read_proxy

FORTY = DailyCaps(subscribers=40, trials=40)
FIVE_AN_HOUR = RateLimit(calls=5, per=timedelta(hours=1))


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Behind a proxy, so that callers come from many addresses."""
    return replace(
        settings,
        trusted_proxies=[read_proxy("127.0.0.1")],
        address_calls=FIVE_AN_HOUR,
        app_calls=FIVE_AN_HOUR,
        caps=FORTY,
    )


def _from(address: str) -> dict[str, str]:
    return {"X-Forwarded-For": address}


async def _push(site: Site, spts: list[str], address: str = "192.0.2.1") -> bool:
    body = json.dumps({"content": "hi", "sptList": spts}).encode()
    answer = await site.post("/api/send/message/simple-push", body=body, headers=JSON | _from(address))
    return bool((await answer.json())["code"] == 1000)


@pytest.mark.faults
async def test_tokens_that_nobody_has_make_no_limit_forget(site: Site) -> None:
    spt = (await site.reader()).spt
    assert [await _push(site, [spt]) for _ in range(6)] == [True] * 5 + [False]
    for number in range(1_001):
        await _push(site, [f"SPT_{number}x{each}" for each in range(10)])
    assert not await _push(site, [spt])


async def test_tokens_that_nobody_has_are_counted_by_address_alone(site: Site) -> None:
    spt = (await site.reader()).spt
    assert not any([await _push(site, ["SPT_x"]) for _ in range(6)])
    assert await _push(site, [spt])


async def test_a_site_of_65536_networks_counts_as_four_addresses(site: Site) -> None:
    codes: Counter[bool] = Counter()
    for number in range(40):
        headers = _from(f"2001:db8:1:{number * 256:x}::1")
        answer = await (await site.get("/api/send/query/status?sendRecordId=1", headers=headers)).json()
        codes["rate limit" in answer["msg"]] += 1
    assert codes == {False: 20, True: 20}
    elsewhere = await site.get("/api/send/query/status?sendRecordId=1", headers=_from("2001:db8:2::1"))
    assert "rate limit" not in (await elsewhere.json())["msg"]


async def test_a_household_of_256_networks_counts_as_two_addresses(site: Site) -> None:
    codes: Counter[bool] = Counter()
    for number in range(40):
        headers = _from(f"2001:db8:1:{number:x}::1")
        answer = await (await site.get("/api/send/query/status?sendRecordId=1", headers=headers)).json()
        codes["rate limit" in answer["msg"]] += 1
    assert codes == {False: 10, True: 30}


async def _follow(site: Site, address: str) -> int:
    return (await site.post(f"/t/{(await site.topic()).slug}", headers=_from(address))).status


class TestFew:
    """Whoever makes readers and trials meets three limits: of the hour, of the address, of all."""

    @pytest.fixture
    async def push(self, tmp_path: Path) -> AsyncIterator[PushService]:
        service = await open_push_service(await place_tables(tmp_path / "push.sqlite3"), now=lambda: NOW, caps=FORTY)
        await service.topics.declare([Topic(key="demo", name="Price drops")])
        yield service
        await service.close()

    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, address_calls=RateLimit(calls=1_000, per=timedelta(hours=1)))

    async def test_one_address_makes_a_share_of_what_all_may(self, site: Site) -> None:
        assert Counter([await _follow(site, "192.0.2.1") for _ in range(15)]) == {303: 10, 429: 5}
        assert await _follow(site, "192.0.2.2") == 303

    async def test_one_site_of_ipv6_leaves_room_for_others(self, site: Site) -> None:
        statuses = Counter([await _follow(site, f"2001:db8:1:{number:x}::1") for number in range(60)])
        assert statuses == {303: 20, 429: 40}

    async def test_all_together_make_no_more_and_who_is_there_reads_on(self, site: Site) -> None:
        reader = await site.reader()
        statuses = Counter([await _follow(site, f"192.0.2.{number}") for number in range(50)])
        assert statuses == {303: 40, 503: 10}
        answer = await site.post(f"/t/{(await site.topic()).slug}", headers=_from("192.0.2.99"))
        assert int(answer.headers["Retry-After"]) == 1_800
        assert "Too many today" in await answer.text()
        assert (await site.get("/inbox", device=reader)).status == 200
        assert (await site.post(f"/t/{(await site.topic()).slug}", device=reader)).status == 303
        assert (await site.post("/try", headers=_from("192.0.2.99"))).status == 303

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from bs4 import BeautifulSoup

from benchmarks.pages import PRICE, ROWS, Layout, Phase, page
from benchmarks.serving import Counted, SiteProcess, serving, write_certificate


@pytest.fixture
async def site() -> AsyncIterator[SiteProcess]:
    async with serving() as site:
        yield site


async def ask(
    site: SiteProcess, path: int | str = 0, if_none_match: str | None = None
) -> tuple[int, str | None, bytes]:
    """Return status, ETag and body."""
    headers = {"If-None-Match": if_none_match} if if_none_match else {}
    connector = aiohttp.TCPConnector(ssl=False)
    async with (
        aiohttp.ClientSession(connector=connector) as client,
        client.get(f"{site.url}/{path}", headers=headers) as response,
    ):
        return response.status, response.headers.get("ETag"), await response.read()


def price(body: bytes) -> str:
    (found,) = BeautifulSoup(body, "html.parser").select(PRICE)
    return found.text


async def test_its_first_phase_answers_304_to_its_own_etag_alone(site: SiteProcess) -> None:
    await site.show(Phase.NOT_MODIFIED)
    status, etag, first = await ask(site)
    assert (status, etag) == (200, '"first"')
    assert await ask(site, if_none_match='"another"') == (200, '"first"', first)
    assert await ask(site, if_none_match='"first"') == (304, '"first"', b"")
    assert await site.counted() == Counted(requests=3, not_modified=1)


async def test_the_same_phase_has_the_bytes_of_the_first_and_no_etag(site: SiteProcess) -> None:
    await site.show(Phase.NOT_MODIFIED)
    _, _, first = await ask(site)
    await site.show(Phase.SAME)
    assert await ask(site, if_none_match='"first"') == (200, None, first)


async def test_the_parsed_phase_has_other_bytes_each_time_and_one_price(site: SiteProcess) -> None:
    await site.show(Phase.PARSED)
    (_, _, first), (_, _, second) = await ask(site), await ask(site)
    assert first != second
    assert price(first) == price(second) == "€ 00000001.00"


async def test_the_changed_phase_never_shows_a_price_twice_though_it_begins_again(site: SiteProcess) -> None:
    prices: list[str] = []
    for _ in range(2):
        await site.show(Phase.CHANGED)
        prices += [price((await ask(site))[2]), price((await ask(site))[2])]
    assert len(set(prices)) == 4


async def test_its_pages_have_three_sizes(site: SiteProcess) -> None:
    await site.show(Phase.SAME)
    sizes = [len((await ask(site, number))[2]) for number in (0, 5, 9)]
    assert sizes == pytest.approx([10_000, 100_000, 500_000], rel=0.06)


@pytest.mark.parametrize("number", [0, 5, 9])
def test_a_late_price_stands_in_the_last_tenth_of_every_size_of_page(number: int) -> None:
    body = b"".join(page(number, Layout.LATE, noise=1, price=7))
    assert price(body) == "€ 00000007.00"
    assert body.index(b"00000007.00") > 0.9 * len(body)


async def test_a_table_has_50_rows_of_which_one_changes(site: SiteProcess) -> None:
    await site.show(Phase.CHANGED)
    (_, _, first), (_, _, second) = await ask(site, "rows/0"), await ask(site, "rows/0")
    tables = [[row.text for row in BeautifulSoup(each, "html.parser").select(ROWS)] for each in (first, second)]
    assert [len(set(rows)) for rows in tables] == [50, 50]
    assert sum(before != after for before, after in zip(*tables, strict=True)) == 1


async def test_a_phase_begins_to_count_anew(site: SiteProcess) -> None:
    await site.show(Phase.SAME)
    await ask(site)
    await site.show(Phase.PARSED)
    assert await site.counted() == Counted(requests=0, not_modified=0)


async def test_it_closes_connections_when_it_is_told_to() -> None:
    async with (
        serving(is_closing=True) as site,
        aiohttp.ClientSession() as client,
        client.get(f"{site.url}/0") as response,
    ):
        await response.read()
    assert response.headers["Connection"] == "close"


async def test_it_speaks_https(tmp_path: Path) -> None:
    async with serving(certificate=write_certificate(tmp_path)) as site:
        assert site.url.startswith("https://")
        assert (await ask(site))[0] == 200

"""The room of the watches in the console: which are listed, in which order, and to whom."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.web.console_desk import desk_of_operator, desk_of_owner
from tests.web.site import NOW, Site
from tests.web.test_console import a_decision, keep
from watcher.core.check import CheckFailure, Suspect
from watcher.core.settings import Settings
from watcher.web.console.watches import path_of

_FAILED = CheckFailure(kind="status", text="HTTP 404")
_ODD = CheckFailure(kind="suspicious", text="price is 0")


@pytest.fixture
def watches(settings: Settings) -> Path:
    return settings.watches


def _names(html: str) -> list[str]:
    return re.findall(r'<strong><a href="/console/watches/[^"]+">([^<]+)</a>', html)


async def test_trouble_comes_first(site: Site, watches: Path, tmp_path: Path) -> None:
    later = {"next_check_at": NOW + timedelta(days=36_500)}
    decisions = [
        a_decision("a", **later),
        a_decision("b", **later, failures=1, failure=_ODD, suspect=Suspect(odd="x", checks=1), failing_since=NOW),
        a_decision("c", next_check_at=NOW - timedelta(days=1)),
        a_decision("d", **later, failures=3, failure=_FAILED, failing_since=NOW),
    ]
    await keep(watches, decisions)
    operator = await desk_of_operator(site, tmp_path)
    assert _names(await operator.page("/console/watches")) == ["d", "b", "c", "a"]


async def test_many_watches_come_in_pages(site: Site, watches: Path, tmp_path: Path) -> None:
    names = [f"w{number:03}" for number in range(120)]
    await keep(watches, [a_decision(name) for name in names])
    operator = await desk_of_operator(site, tmp_path)

    async def listed(page: object) -> list[str]:
        return _names(await operator.page(f"/console/watches?page={page}"))

    shown = [await listed(page) for page in (1, 2, 3, 4)]
    assert shown == [names[:50], names[50:100], names[100:], names[100:]]
    assert [await listed(odd) for odd in ("0", "-1", "x", "٣", "9" * 400)] == [names[:50]] * 5


async def test_owners_do_not_see_that_there_is_such_a_room(site: Site, tmp_path: Path) -> None:
    owner = await desk_of_owner(site, tmp_path)
    assert (await owner.get("/console/watches")).status == 403
    assert "/console/watches" not in await owner.page("/console")


def test_a_link_to_a_watch_holds_whatever_its_id_does() -> None:
    assert path_of("a.b-价格") == "/console/watches/a.b-%E4%BB%B7%E6%A0%BC"

"""The cookies by which devices are known, over https and over http."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from aiohttp import ClientResponse
from msgspec.structs import replace

from tests.web.site import JSON, Site
from watcher.core.settings import Settings
from watcher.push.service import PushService

OLD = "watcher_device"
NEW = "__Host-watcher_device"


def _cookies(answer: ClientResponse) -> SimpleCookie:
    jar = SimpleCookie()
    for line in answer.headers.getall("Set-Cookie", []):
        jar.load(line)
    return jar


def _given(answer: ClientResponse) -> dict[str, tuple[str, str]]:
    """Return by name what cookies an answer sets: value and age."""
    return {name: (morsel.value, morsel["max-age"]) for name, morsel in _cookies(answer).items()}


async def _get(site: Site, path: str, **cookies: str) -> ClientResponse:
    return await site.get(path, headers={"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())})


class TestOverHttps:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, base_url="https://push.example/below")

    async def test_no_other_host_of_our_domain_can_set_the_cookie_of_a_device(self, site: Site) -> None:
        answer = await site.post(f"/t/{(await site.topic()).slug}")
        cookie = _cookies(answer)[NEW]
        assert list(_cookies(answer)) == [NEW]
        assert (cookie["path"], cookie["domain"], cookie["secure"], cookie["httponly"]) == ("/", "", True, True)
        assert (cookie["samesite"], cookie["max-age"]) == ("Lax", str(400 * 86_400))
        assert (await _get(site, "/inbox", **{NEW: cookie.value})).status == 200

    async def test_a_cookie_that_another_host_set_makes_nobody_a_device_of_its_inbox(self, site: Site) -> None:
        """An attacker's own token, in the name that other hosts of the domain can set, in a stranger's browser."""
        topic = await site.topic()
        attackers = _cookies(await site.post(f"/t/{topic.slug}"))[NEW].value
        assert (await _get(site, "/inbox", **{OLD: attackers})).headers["Location"] == "/"
        followed = await site.post(f"/t/{topic.slug}", headers={"Cookie": f"{OLD}={attackers}"})
        assert _cookies(followed)[NEW].value != attackers

    @pytest.mark.parametrize("path", ["/inbox", "/", "/subscriptions", "/reach", "/api/v1/inbox", "/inbox/events"])
    async def test_a_device_of_before_stays_known_and_gets_the_cookie_of_today(self, site: Site, path: str) -> None:
        reader = await site.reader()
        answer = await _get(site, path, **{OLD: reader.device_token})
        assert answer.headers.get("Location") != "/"
        assert answer.status < 400
        assert _given(answer) == {NEW: (reader.device_token, str(400 * 86_400)), OLD: ("", "0")}
        answer.close()

    async def test_until_the_answer_arrived_the_old_cookie_is_good_and_then_it_is_not(
        self, site: Site, push: PushService
    ) -> None:
        reader = await site.reader()
        for _ in range(3):  # answers that got lost
            assert (await _get(site, "/inbox", **{OLD: reader.device_token})).status == 200
        answer = await _get(site, "/inbox", **{NEW: reader.device_token})
        assert (answer.status, OLD in _given(answer)) == (200, False)
        await push.devices.write_sightings()
        assert (await _get(site, "/inbox", **{OLD: reader.device_token})).headers["Location"] == "/"
        assert (await _get(site, "/inbox", **{NEW: reader.device_token})).status == 200

    async def test_the_cookie_of_today_counts_and_the_other_is_not_looked_at(self, site: Site) -> None:
        reader, attacker = await site.reader(), await site.reader()
        answer = await _get(site, "/subscriptions", **{OLD: attacker.device_token, NEW: reader.device_token})
        assert reader.subscriber.uid in await answer.text()
        answer = await _get(site, "/inbox", **{OLD: attacker.device_token, NEW: "x" * 32})
        assert answer.headers["Location"] == "/"

    async def test_who_signs_out_keeps_neither(self, site: Site) -> None:
        reader = await site.reader()
        cookie = {"Cookie": f"{OLD}={reader.device_token}"}
        answer = await site.post("/subscriptions/delete", headers=cookie)
        assert _given(answer) == {NEW: ("", "0"), OLD: ("", "0")}

    async def test_a_program_that_only_knows_the_old_name_goes_on(self, site: Site) -> None:
        reader = await site.reader()
        for _ in range(3):
            cookie = {"Cookie": f"{OLD}={reader.device_token}", **JSON}
            assert (await site.post("/inbox/shown", headers=cookie, body=b'{"ids": []}')).status == 204


async def test_over_http_the_cookie_has_the_name_that_browsers_take_there(site: Site) -> None:
    answer = await site.post(f"/t/{(await site.topic()).slug}")
    assert list(_cookies(answer)) == [OLD]
    assert not _cookies(answer)[OLD]["secure"]
    assert (await _get(site, "/inbox", **{OLD: _cookies(answer)[OLD].value})).status == 200


async def test_what_was_stored_of_devices_before_is_that_of_before(site: Site, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "push.sqlite3")) as connection, connection:
        connection.execute(
            "INSERT INTO devices (subscriber_id, token_hash, created_at) VALUES (?, 'h', 0)",
            ((await site.reader()).subscriber.id,),
        )
        found = connection.execute("SELECT kind, seen_at, is_hosted FROM devices WHERE token_hash = 'h'").fetchone()
    assert found == ("", None, 0)

"""The manifest and the service worker."""

from __future__ import annotations

import json
import struct
from urllib.parse import urlsplit

import pytest

from tests.web.site import Site


async def test_the_manifest_makes_the_inbox_an_app_with_icons_that_exist(site: Site) -> None:
    answer = await site.get("/manifest.webmanifest")
    assert answer.content_type == "application/manifest+json"
    manifest = await answer.json(content_type=None)
    assert (manifest["start_url"], manifest["scope"], manifest["display"]) == ("/inbox", "/", "standalone")
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} == {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }
    for icon in manifest["icons"]:
        picture = await site.get(icon["src"])
        assert picture.headers["Content-Type"] == "image/png"
        width, height = struct.unpack(">II", (await picture.read())[16:24])
        assert f"{width}x{height}" == icon["sizes"]


async def test_it_speaks_the_readers_language(site: Site) -> None:
    manifest = await (await site.get("/manifest.webmanifest?lang=zh")).json(content_type=None)
    assert (manifest["lang"], manifest["description"]) == ("zh-CN", "网页一变，立刻知道")


@pytest.mark.parametrize("claim", ["", "x", "/../evil", "//evil.example/" + "a" * 17, "A" * 33])
async def test_it_begins_nowhere_else(site: Site, claim: str) -> None:
    answer = await site.get(f"/manifest.webmanifest?claim={claim}")
    assert (await answer.json(content_type=None))["start_url"] == "/inbox"


async def test_each_page_leads_to_the_manifest_and_its_policy_allows_it(site: Site) -> None:
    reader = await site.reader()
    await site.tell("hello")
    [item] = await site.push.inbox.items(reader.subscriber)
    for path in ("/", "/inbox", f"/m/{item.message.slug}"):
        answer = await site.get(path, device=reader if path != "/" else None)
        assert 'rel="manifest" href="/manifest.webmanifest?lang=en"' in await answer.text()
        assert "manifest-src 'self'" in answer.headers["Content-Security-Policy"]


async def test_the_worker_is_asked_for_anew_and_knows_files_that_exist(site: Site) -> None:
    answer = await site.get("/sw.js")
    assert (answer.content_type, answer.headers["Cache-Control"]) == ("text/javascript", "no-cache")
    told = (await answer.text()).partition(";\n")[0].removeprefix("const SERVER = ")
    files = json.loads(told)["files"]
    assert "/static/time.js" in files
    for path in files:
        assert (await site.get(path)).status == 200, path
        assert urlsplit(path).netloc == ""


async def test_the_worker_is_small_enough_to_read(site: Site) -> None:
    assert len((await (await site.get("/sw.js")).text()).splitlines()) < 200

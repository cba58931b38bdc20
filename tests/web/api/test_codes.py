from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from wxpusher import WxPusher

from tests.web.site import JSON, NOW, Site
from watcher.push.codes import DEFAULT_SECONDS, MAX_SECONDS


async def _create(site: Site, fields: Mapping[str, object], path: str = "/api/fun/create/qrcode") -> Any:
    answer = await site.post(path, body=json.dumps(fields).encode(), headers=JSON)
    assert answer.status == 200
    return await answer.json()


async def _scanned(site: Site, code: str, *, query: str = "", path: str = "/api/fun/scan-qrcode-uid") -> Any:
    answer = await site.get(f"{path}?code={code}{query}")
    assert answer.status == 200
    return await answer.json()


async def _code(site: Site) -> Any:
    _, token = await site.app()
    return (await _create(site, {"appToken": token, "extra": "order 7"}))["data"]


@pytest.mark.parametrize("path", ["/api/fun/create/qrcode", "/api/fun/create/qrcode/"])
async def test_a_code_is_made_with_addresses_below_the_base_url(site: Site, path: str) -> None:
    _, token = await site.app()
    envelope = await _create(site, {"appToken": token, "extra": "order 7", "validTime": 60}, path)
    data = envelope["data"]
    assert {**envelope, "data": None} == {"code": 1000, "msg": "处理成功", "data": None, "success": True}
    assert len(data["code"]) == 64
    assert data["code"].isalnum()
    assert data == {
        "expires": int(NOW.timestamp() * 1000) + 60_000,
        "code": data["code"],
        "shortUrl": f"http://push.example/q/{data['code'][:28]}/qr.png",
        "url": f"http://push.example/api/qrcode/{data['code']}.jpg",
        "extra": "order 7",
    }


@pytest.mark.parametrize("empty", [{}, {"validTime": None}, {"validTime": ""}])
async def test_a_code_lives_for_half_an_hour_unless_told_otherwise(site: Site, empty: dict[str, object]) -> None:
    _, token = await site.app()
    data = (await _create(site, {"appToken": token, "extra": "x"} | empty))["data"]
    assert data["expires"] == int(NOW.timestamp() * 1000) + DEFAULT_SECONDS * 1000


@pytest.mark.parametrize(
    ("fields", "code", "named"),
    [
        pytest.param({"extra": None}, 1001, "extra", id="no extra"),
        pytest.param({"extra": ""}, 1001, "extra", id="an empty extra"),
        pytest.param({"extra": "x" * 65}, 1001, "extra", id="a long extra"),
        pytest.param({"extra": "a\x07"}, 1001, "extra", id="a control character"),
        pytest.param({"extra": "\ud800"}, 1005, "extra", id="half a surrogate pair"),
        pytest.param({"extra": 7}, 1005, "extra", id="a number as extra"),
        pytest.param({"extra": {"a": 1}}, 1005, "extra", id="an object as extra"),
        pytest.param({"validTime": 0}, 1001, "validTime", id="no time"),
        pytest.param({"validTime": -1}, 1001, "validTime", id="a time ago"),
        pytest.param({"validTime": MAX_SECONDS + 1}, 1001, "validTime", id="over 30 days"),
        pytest.param({"validTime": "9" * 18}, 1001, "validTime", id="for ever"),
        pytest.param({"validTime": "soon"}, 1005, "validTime", id="a word as time"),
        pytest.param({"validTime": 1.5}, 1005, "validTime", id="a fraction as time"),
        pytest.param({"validTime": True}, 1005, "validTime", id="a boolean as time"),
        pytest.param({"appToken": None}, 1001, "appToken", id="no token"),
        pytest.param({"appToken": "AT_wrong"}, 1001, "appToken", id="a wrong token"),
        pytest.param({"appToken": 5}, 1005, "appToken", id="a number as token"),
    ],
)
async def test_a_bad_field_is_named(site: Site, fields: dict[str, object], code: int, named: str) -> None:
    _, token = await site.app()
    envelope = await _create(site, {"appToken": token, "extra": "x", "validTime": 60} | fields)
    assert (envelope["code"], envelope["success"], envelope["data"]) == (code, False, None)
    assert envelope["msg"].startswith(named)


@pytest.mark.parametrize("body", [b"", b"[]", b"[" * 100_000, b"appToken=x", b'{"appToken":"AT_x" // mine\n}'])
async def test_what_is_no_json_object_is_malformed(site: Site, body: bytes) -> None:
    answer = await site.post("/api/fun/create/qrcode", body=body, headers=JSON)
    assert (await answer.json())["code"] == 1005


@pytest.mark.parametrize("tail", ["", "/"])
async def test_both_addresses_show_a_picture(site: Site, tail: str) -> None:
    data = await _code(site)
    for url in (data["url"], data["shortUrl"]):
        answer = await site.get(url.removeprefix("http://push.example") + tail)
        assert (answer.status, answer.content_type) == (200, "image/png")
        assert (await answer.read()).startswith(b"\x89PNG\r\n")


@pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg is not installed")
async def test_the_picture_leads_to_the_codes_page_and_does_not_say_the_code(site: Site, tmp_path: Path) -> None:
    data = await _code(site)
    picture = tmp_path / "qr.jpg"
    answer = await site.get(f"/api/qrcode/{data['code']}.jpg", headers={"Host": "evil.example"})
    picture.write_bytes(await answer.read())
    command = ["zbarimg", "--quiet", "--raw", str(picture)]
    read = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True, timeout=60)
    assert read.stdout.decode().strip() == f"http://push.example/q/{data['code'][:28]}"


@pytest.mark.parametrize("path", ["/api/qrcode/{}.jpg", "/q/{}/qr.png", "/q/{}"])
async def test_a_code_that_is_not_there_has_no_picture_and_no_page(site: Site, path: str) -> None:
    for name in ("x", "A" * 28, "A" * 64, "%00", "%ff"):
        assert (await site.get(path.format(name))).status == 404


@pytest.mark.parametrize("path", ["/api/fun/scan-qrcode-uid", "/api/fun/scan-qrcode-uid/"])
async def test_the_scanners_uid_is_a_bare_text_once_there_is_one(site: Site, path: str) -> None:
    data, reader = await _code(site), await site.reader()
    assert (await _scanned(site, data["code"], path=path))["code"] == 1001
    await site.post(f"/q/{data['code'][:28]}", device=reader)
    envelope = await _scanned(site, data["code"], query="&appToken=AT_x", path=path)
    assert envelope == {"code": 1000, "msg": "处理成功", "data": reader.subscriber.uid, "success": True}


@pytest.mark.parametrize("code", ["", "x", "A" * 64, "%00", "%ff", "A" * 5_000])
async def test_an_unknown_code_has_no_scanner(site: Site, code: str) -> None:
    envelope = await _scanned(site, code)
    assert (envelope["code"], envelope["data"], envelope["success"]) == (1001, None, False)


async def test_the_slug_in_the_picture_does_not_tell_who_scanned(site: Site) -> None:
    data, reader = await _code(site), await site.reader()
    await site.post(f"/q/{data['code'][:28]}", device=reader)
    assert (await _scanned(site, data["code"][:28]))["code"] == 1001


async def test_the_published_client_makes_a_code(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    _, token = await site.app()
    monkeypatch.setattr("wxpusher.wxpusher.BASEURL", f"{site.base}/api")
    envelope = await asyncio.to_thread(WxPusher.create_qrcode, "order 7", 60, token)
    assert envelope["code"] == 1000
    assert envelope["data"]["extra"] == "order 7"


async def test_an_application_that_makes_too_many_codes_is_slowed_down(site: Site) -> None:
    _, token = await site.app()
    codes = [(await _create(site, {"appToken": token, "extra": "x"}))["code"] for _ in range(101)]
    assert codes == [1000] * 100 + [1001]

from __future__ import annotations

import asyncio
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.web.site import Site


@pytest.mark.parametrize(("kind", "media_type"), [("svg", "image/svg+xml"), ("png", "image/png")])
async def test_topics_and_applications_have_pictures(site: Site, kind: str, media_type: str) -> None:
    app, _ = await site.app()
    for path in (f"/t/{(await site.topic()).slug}", f"/a/{app.slug}"):
        answer = await site.get(f"{path}/qr.{kind}")
        assert (answer.status, answer.content_type) == (200, media_type)


@pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg is not installed")
async def test_the_picture_says_the_base_url_and_not_the_host(site: Site, tmp_path: Path) -> None:
    topic = await site.topic()
    picture = tmp_path / "qr.png"
    picture.write_bytes(await (await site.get(f"/t/{topic.slug}/qr.png", headers={"Host": "evil.example"})).read())
    assert await asyncio.to_thread(_read, picture) == f"http://push.example/t/{topic.slug}"


async def test_no_other_pictures_exist(site: Site) -> None:
    assert (await site.get("/t/nothing/qr.svg")).status == 404
    assert (await site.get(f"/t/{(await site.topic()).slug}/qr.gif")).status == 404


def _read(picture: Path) -> str:
    read = subprocess.run(["zbarimg", "--quiet", "--raw", picture], capture_output=True, check=True, timeout=60)
    return read.stdout.decode().strip()

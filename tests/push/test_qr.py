from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from watcher.push.qr import qr_png, qr_svg, qr_text

LINK = "https://push.example/t/" + "aZ09" * 7

needs_zbarimg = pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg (zbar-tools) reads QR codes")


def scanned(picture: Path) -> str:
    command = ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(picture)]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def drawn(text: str) -> bytes:
    """The terminal's half blocks as a PGM picture, 4 pixels a module."""
    upper, lower = {"█", "▀"}, {"█", "▄"}
    rows = [[half in lit for half in line] for line in text.splitlines() for lit in (upper, lower)]
    pixels = [[255 * lit for lit in row for _ in range(4)] for row in rows for _ in range(4)]
    return b"P5 %d %d 255\n" % (len(pixels[0]), len(pixels)) + b"".join(map(bytes, pixels))


@needs_zbarimg
def test_a_phone_reads_the_link_from_the_picture(tmp_path: Path) -> None:
    picture = tmp_path / "qr.png"
    picture.write_bytes(qr_png(LINK))
    assert scanned(picture) == LINK


@needs_zbarimg
def test_a_phone_reads_the_link_from_a_terminal(tmp_path: Path) -> None:
    picture = tmp_path / "qr.pgm"
    picture.write_bytes(drawn(qr_text(LINK)))
    assert scanned(picture) == LINK


def test_the_svg_has_a_white_ground_of_its_own_in_a_page() -> None:
    svg = ElementTree.fromstring(qr_svg(LINK))
    assert svg.tag == "{http://www.w3.org/2000/svg}svg"
    assert "#fff" in qr_svg(LINK)


def test_a_link_too_long_for_any_code_is_an_error() -> None:
    with pytest.raises(ValueError, match="Data too large"):
        qr_svg("https://x.example/" + "a" * 3000)

"""A link as a QR code: for pages (SVG), for everything else (PNG), for the operator's terminal (text)."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import segno


def qr_svg(link: str) -> str:
    """Return an `<svg>` element as large as its place; black on white whatever the page's colours."""
    out = io.BytesIO()
    _code(link).save(out, kind="svg", xmldecl=False, omitsize=True, light="#fff")
    return out.getvalue().decode()


def qr_png(link: str) -> bytes:
    """Return a PNG picture, 8 pixels a module, with its quiet zone."""
    out = io.BytesIO()
    _code(link).save(out, kind="png", scale=8)
    return out.getvalue()


def qr_text(link: str) -> str:
    """Return lines of half blocks for a terminal of light letters on dark ground."""
    out = io.StringIO()
    _code(link).terminal(out, compact=True, border=2)
    return out.getvalue()


def _code(link: str) -> segno.QRCode:
    """Return the code, error correction M (15 %): a poster gets dirty. Raises ValueError for over 2 kB."""
    import segno

    return segno.make_qr(link, error="m")

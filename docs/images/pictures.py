"""What the pictures have in common."""

from __future__ import annotations

import base64


def as_source(picture: bytes, content_type: str = "image/png") -> str:
    """Return the picture as the `src` of an <img>."""
    return f"data:{content_type};base64,{base64.b64encode(picture).decode()}"

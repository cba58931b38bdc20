"""The routes, each with who may call it; `tests/faults/test_authorisation.py` proves that they alone may."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from watcher.web.routes import ROUTES


async def freeze(_: Path) -> Mapping[str, str]:
    """Return a line a route."""
    lines = sorted(f"{route.path} · {route.method} · {route.role}\n" for route in ROUTES)
    return {"routes.txt": "".join(lines)}

"""
Writes the frozen files anew: all, or those of the parts that are named.

Who may use which route is written by hand alone: `tests/faults/test_authorisation.py` reads it as the second opinion.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from tests import postgresql
from tests.golden import FILES
from tests.golden.parts import CLUSTER_PARTS, PARTS

BY_HAND = "routes"


async def write(name: str) -> None:
    """Write the files of one part."""
    with tempfile.TemporaryDirectory() as directory:
        for file, text in (await _made(name, Path(directory))).items():
            (FILES / file).write_text(text, encoding="utf-8")
            print(f"wrote {FILES / file}")


async def _made(name: str, directory: Path) -> Mapping[str, str]:
    if name in PARTS:
        return await PARTS[name](directory)
    with postgresql.running(is_durable=False) as server:
        return await CLUSTER_PARTS[name](directory, server.url(server.new_database()))


for part in sys.argv[1:] or [*PARTS, *CLUSTER_PARTS]:
    if part == BY_HAND:
        print(f"{FILES / BY_HAND}.txt is written by hand")
    else:
        asyncio.run(write(part))

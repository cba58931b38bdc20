"""The parts of the outside, each with what makes its texts: name of the file in `files/` → text."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final

from tests.golden import commands, outputs, schema, serving, storage

FILES: Final = Path(__file__).parent / "files"
Part = Callable[[Path], Awaitable[Mapping[str, str]]]

PARTS: Final[Mapping[str, Part]] = {
    "commands": commands.freeze,
    "outputs": outputs.freeze,
    "schema": schema.freeze,
    "serving": serving.freeze,
    "storage": storage.freeze,
}

"""The parts of the outside, each with what makes its texts: name of the file in `files/` → text."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Final

from tests.golden import cluster, commands, imports, kept, outputs, routes, schema, serving, storage, wxpusher

Part = Callable[[Path], Awaitable[Mapping[str, str]]]

PARTS: Final[Mapping[str, Part]] = {
    "commands": commands.freeze,
    "imports": imports.freeze,
    "kept": kept.freeze,
    "outputs": outputs.freeze,
    "routes": routes.freeze,
    "schema": schema.freeze,
    "serving": serving.freeze,
    "storage": storage.freeze,
    "wxpusher": wxpusher.freeze,
}

CLUSTER_PARTS: Final[Mapping[str, Callable[[Path, str], Awaitable[Mapping[str, str]]]]] = {"cluster": cluster.freeze}
"""Those that need a PostgreSQL: each is told where an empty database is."""

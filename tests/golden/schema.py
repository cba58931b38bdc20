"""What an editor is told of `watches.yaml`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from tests.golden.product import Product
from tests.golden.shapes import structure


async def freeze(directory: Path) -> Mapping[str, str]:
    """Return the JSON Schema of the file of watches."""
    printed = await Product.at(directory).done("schema")
    return {"schema.txt": structure(json.loads(printed.out))}

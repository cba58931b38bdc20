"""What commands print of a cluster: over a PostgreSQL, which the other parts need not have."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.cli.command import eventually
from tests.golden.product import Product
from tests.golden.shapes import shape

_WATCHES: Final = """
topics:
  books: {name: Books}
watches:
  dune: {url: https://books.example/dune, topic: books, extract: h1, headers: {Cookie: "${SHOP_COOKIE}"}}
  gpu: {url: https://shop.example/gpu, topic: books, extract: h1, enabled: false}
"""


async def freeze(directory: Path, url: str) -> Mapping[str, str]:
    """Return how each command over an empty database ended, and the shapes of what was printed."""
    product = Product.at(directory, WATCHER_DATABASE=url)
    await product.together("cluster status --json", "database --json")
    product.command.write(_WATCHES)
    for line in ("apply --dry-run --json", "apply --json"):
        await product(line)
    await product.together("apply --json", "apply --origin other", "database --json")
    product.command.write("watches: {}")
    await product("apply --dry-run --json")
    async with product.command.running("worker", "--data", ".worker", WATCHER_DATABASE=url, SHOP_COOKIE="a=b"):
        await eventually(lambda: _all_held(product), seconds=0.5)
        await product("cluster status --json", kind="cluster status")
    lines = [f"{status} · {line}" for line, status in product.ended]
    shapes = [
        "\n".join([f"watcher {kind} --json", *(f"  {line}" for line in shape(records))])
        for kind, records in sorted(product.records.items())
    ]
    return {"cluster.exits.txt": "\n".join(lines) + "\n", "cluster.txt": "\n\n".join(shapes) + "\n"}


async def _all_held(product: Product) -> bool:
    shown = await product.command("cluster", "status", "--json", **product.environment)
    return all(shard["worker"] for kind in ("hosts", "topics") for shard in shown.record[kind])

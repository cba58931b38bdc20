"""
Open every page of the built site in a browser: `python -m tests.docs.site build/site` (make site).

Ends with 1, and says what, where a page asks another host for something, where something that it asks for is missing,
where a script fails, or where a document of docs/ has no page.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from aiohttp import web
from playwright.async_api import Browser, Request, Response

from tests.browser import open_browser
from tests.docs.markdown import DOCS, DOCUMENTS
from tests.running import serving

SECONDS: Final = 300
NOT_IN_IT: Final = ("pypi.md",)


def pages() -> list[str]:
    """Return the path of each document's page."""
    found = [one.relative_to(DOCS).with_suffix("").as_posix() for one in DOCUMENTS if one.is_relative_to(DOCS)]
    return ["" if one == "index" else f"{one}/" for one in found if f"{one}.md" not in NOT_IN_IT]


def files_of(folder: Path) -> web.Application:
    """Return an application that serves the files."""

    async def answer(request: web.Request) -> web.FileResponse:
        file = (folder / request.match_info["path"]).resolve()
        file = file / "index.html" if file.is_dir() else file
        if not file.is_relative_to(folder) or not file.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(file)

    app = web.Application()
    app.router.add_get("/{path:.*}", answer)
    return app


async def faults(browser: Browser, base: str, path: str) -> list[str]:
    """Return what is wrong with one page, once everything that it asks for is there."""
    wrong: list[str] = []

    def asked(request: Request) -> None:
        if not request.url.startswith((base, "data:", "blob:")):
            wrong.append(f"asks for {request.url}")

    def answered(response: Response) -> None:
        if response.status >= 400:
            wrong.append(f"{response.status} for {response.url}")

    page = await browser.new_page()
    page.on("request", asked)
    page.on("response", answered)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    try:
        await page.goto(base + path, wait_until="networkidle")
    finally:
        await page.close()
    return wrong


async def look(folder: Path) -> list[str]:
    """Return what is wrong, a line each."""
    async with asyncio.timeout(SECONDS), serving(files_of(folder.resolve())) as base, open_browser() as browser:
        return [f"/{path}: {fault}" for path in pages() for fault in await faults(browser, f"{base}/", path)]


def main(arguments: Sequence[str]) -> int:
    """Print what is wrong."""
    wrong = asyncio.run(look(Path(arguments[0])))
    print(*wrong or [f"{len(pages())} pages, no request to another host"], sep="\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

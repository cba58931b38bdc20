"""Lists of the console, newest first, a page at a time: `?before=` an id, or `?after=` one, is where a page begins."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Generic, TypeVar
from urllib.parse import urlencode

from aiohttp import web
from msgspec import Struct

from watcher.core.push import Slice
from watcher.web.addresses import id_in

PER_PAGE: Final = 50
T = TypeVar("T")


class Page(Struct, Generic[T], frozen=True, kw_only=True):
    """A stretch of a list. `newer`, `older`: the addresses of those beside it; empty where there is none."""

    items: Sequence[T] = ()
    newer: str = ""
    older: str = ""


async def page_of(
    request: web.Request,
    read: Callable[[Slice], Awaitable[Sequence[T]]],
    id_of: Callable[[T], int],
    *,
    kept: Sequence[str] = (),
    is_search: bool = False,
) -> Page[T]:
    """
    Return the page that the address asks for; for anything odd the first one.

    Args:
        read: gives a stretch of the list.
        kept: names of what the address narrows the list by.
        is_search: a page may be empty, and others are not.

    Raises HTTPSeeOther: what was on the page is gone; to the first page.
    """
    before, after = (id_in(request.query.get(name, "")) for name in ("before", "after"))
    found = await read(Slice(after=after or before, limit=PER_PAGE + 1, is_newest_first=not after))
    items, has_more = found[:PER_PAGE], len(found) > PER_PAGE
    if after:
        items = items[::-1]
    has_newer, has_older = (has_more, True) if after else (before > 0, has_more)
    narrowed = {name: request.query[name] for name in kept if request.query.get(name)}

    def address(**where: int) -> str:
        return f"{request.path}?{query}" if (query := urlencode({**narrowed, **where})) else request.path

    if not items:
        if (before or after) and not is_search:
            raise web.HTTPSeeOther(address())
        return Page(newer=address() if before or after else "")
    return Page(
        items=items,
        newer=address(after=id_of(items[0])) if has_newer else "",
        older=address(before=id_of(items[-1])) if has_older else "",
    )

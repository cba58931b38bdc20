"""
What a watch reads is pointed at anew: its selector alone changes, and name, rules, types and topics stay.

| the watch reads | what is taken of the choice |
|---|---|
| values | the selector of what was pointed at, for one of them |
| a list | that of the rows and of their key, and those of fields with the names that the watch has |

What would change is reviewed, saved and taken back as every edit of a watch. Before, it is read from the page that was
pointed at: a watch that would fail is not offered to be saved.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from aiohttp import web
from msgspec import Struct
from msgspec.structs import replace

from watcher.core.values import Json
from watcher.core.watch import Items, Watch
from watcher.core.witness import LIST
from watcher.errors import ConfigError, UsageError
from watcher.extract.explain import Explanation
from watcher.web.console.editing.review import review_of
from watcher.web.console.editing.writing import mended_by
from watcher.web.console.fetched import Fetched
from watcher.web.console.mistakes import told
from watcher.web.console.picking.choosing import Offer
from watcher.web.console.picking.picker import Wrong, picker
from watcher.web.keys import LocalWatcher

_KEY: Final = "key"


class Mending(Struct, frozen=True, kw_only=True):
    """
    A watch whose selector is pointed at anew.

    Attributes:
        is_list: it reads rows.
        names: of its values, those first that are not found on the page; none of a list.
        name: the value that is chosen.
    """

    watch: str
    is_list: bool
    names: Sequence[str] = ()
    name: str = ""


async def mending_of(local: LocalWatcher, page: Fetched, name: str = "") -> Mending:
    """Return what can be mended. `name`: of the value that is chosen. Raises CheckError."""
    extraction = page.watch.extraction
    if isinstance(extraction, Items):
        return Mending(watch=page.mends, is_list=True)
    found = await local.explanation(page.watch, page.response)
    lost = {each.name for each in found.findings if each.error is not None}
    names = [each for each, selector in extraction.selectors.items() if selector.query is not None]
    names.sort(key=lambda each: each not in lost)
    return Mending(watch=page.mends, is_list=False, names=names, name=name if name in names else next(iter(names), ""))


async def mend(request: web.Request, local: LocalWatcher, page: Fetched, offer: Offer, name: str) -> web.Response:
    """Return the review of the watch with what was chosen, or the picker with what is wrong. Raises CheckError."""
    mending = await mending_of(local, page, name)
    selectors = dict(_selectors(mending, page.watch, offer))
    if not selectors or local.writer is None:
        return _refused(request, page, offer, mending, "pick_wrong_kind")
    try:
        edit, mended = await asyncio.to_thread(mended_by, local.writer, page.mends, selectors)
        found = await local.explanation(replace(page.watch, extraction=mended.extraction), page.response)
    except (ConfigError, UsageError) as error:
        return _refused(request, page, offer, mending, "pick_wrong_file", told(error))
    if (why := _error_of(found, selectors)) is not None:
        return _refused(request, page, offer, mending, "pick_wrong_reads", why)
    return await review_of(request, page.mends, await asyncio.to_thread(local.writer.shown, edit))


def _error_of(found: Explanation, selectors: Mapping[str, str]) -> str | None:
    """Return why what was chosen cannot be read; of other values that are lost nothing, which come next."""
    if LIST in selectors:
        return found.error
    return next((each.error for each in found.findings if each.name in selectors and each.error is not None), None)


def _refused(
    request: web.Request, page: Fetched, offer: Offer, mending: Mending, form: str, text: str = ""
) -> web.Response:
    return picker(request, page, offer=offer, mending=mending, wrong=Wrong(form=form), text=text)


def _selectors(mending: Mending, watch: Watch, offer: Offer) -> Iterator[tuple[str, str]]:
    """Yield the selectors that change, by the names that the writer has for them; none of another kind of choice."""
    if offer.candidate is None or offer.is_list != mending.is_list:
        return
    if not isinstance(watch.extraction, Items):
        css = _first_css(offer.candidate.watch.get("extract"))
        if css is not None and mending.name:
            yield mending.name, css
        return
    items = offer.candidate.watch.get("items")
    if not isinstance(items, dict) or (rows := _css(items)) is None:
        return
    yield LIST, rows
    if (key := _css(items.get(_KEY))) is not None:
        yield _KEY, key
    fields = items.get("fields")
    for name, each in fields.items() if isinstance(fields, dict) else ():
        if name in watch.extraction.fields and (css := _css(each)) is not None:
            yield name, css


def _first_css(extract: Json) -> str | None:
    values = extract.values() if isinstance(extract, dict) else ()
    return next(filter(None, map(_css, values)), None)


def _css(selector: Json) -> str | None:
    """Return the CSS that a selector says; None where it is another language."""
    match selector:
        case str(css) | {"css": str(css)}:
            return css
    return None

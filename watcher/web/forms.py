"""What a page's form says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiohttp import web

from watcher.errors import InvalidRequestError

MAX_FIELDS = 120
"""To take thousands apart is work before anybody knows who asks."""


async def form_texts(request: web.Request) -> Mapping[str, str]:
    """Return the texts of an urlencoded form by name; of any other body none. Raises InvalidRequestError."""
    if request.content_type != "application/x-www-form-urlencoded":
        return {}
    if (await request.read()).count(b"&") >= MAX_FIELDS:
        raise InvalidRequestError(f"the form has over {MAX_FIELDS} fields")
    try:
        form = await request.post()
    except (ValueError, LookupError) as error:  # not in its charset, or in one that nobody knows
        raise InvalidRequestError("the form cannot be read; send UTF-8") from error
    return {name: text for name, text in form.items() if isinstance(text, str)}


async def form_lists(request: web.Request, name: str) -> Sequence[str]:
    """Return all texts of a form under one name, as of checkboxes. Call it after `form_texts`, which has the bounds."""
    if request.content_type != "application/x-www-form-urlencoded":
        return []
    return [text for text in (await request.post()).getall(name, []) if isinstance(text, str)]

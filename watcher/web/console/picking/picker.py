"""The page of the picker: the frame, and beside it what is chosen, with the form that saves it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from aiohttp import web
from msgspec import Struct

from watcher.web.console.fetched import Fetched
from watcher.web.console.shell import Room, render_room
from watcher.web.console.watch_list import NEW
from watcher.web.console.watch_list import PATH as WATCHES
from watcher.web.console.watch_list import path_of as path_of_watch
from watcher.web.middleware.headers import FRAMING_POLICY

if TYPE_CHECKING:
    from watcher.web.console.picking.choosing import Offer
    from watcher.web.console.picking.mending import Mending
    from watcher.web.console.picking.saving import Form

PATH: Final = f"{WATCHES}/pick"


class Wrong(Struct, frozen=True, kw_only=True):
    """
    What is wrong with what was chosen or typed: by field the key of the words, empty where all is well.

    Attributes:
        of: the choice itself.
        form: the writing of it.
    """

    of: str = ""
    form: str = ""
    name: str = ""
    topic: str = ""
    every: str = ""
    when: str = ""
    include: str = ""


ALL_WELL: Final = Wrong()


def path_of(page: Fetched) -> str:
    """Return the address of a page that was fetched."""
    return f"{PATH}/{page.key}"


def picker(
    request: web.Request,
    page: Fetched,
    *,
    offer: Offer | None = None,
    form: Form | None = None,
    mending: Mending | None = None,
    wrong: Wrong = ALL_WELL,
    text: str = "",
    refusals: Sequence[str] = (),
) -> web.Response:
    """
    Return the picker, with what is chosen already if there is something.

    Args:
        form, mending: of a new watch, or of the one that reads the page.
        text: what more is to be said of what is wrong, in English.
        refusals: why the console does not write it.
    """
    response = render_room(
        request,
        "pick.html",
        Room.WATCHES,
        status=200 if wrong == ALL_WELL else 422,
        page=page,
        base=path_of(page),
        new=NEW,
        watch_path=path_of_watch(page.mends) if page.mends else "",
        is_dressed="dressed" in request.query,
        offer=offer,
        form=form,
        mending=mending,
        wrong=wrong,
        text=text,
        refusals=refusals,
        problem="",
    )
    response.headers["Content-Security-Policy"] = FRAMING_POLICY
    return response

"""The desk on which a watch is made or changed: who asks, the files, and the page of a sheet."""

from __future__ import annotations

from aiohttp import web

from watcher.config.writing import Writer
from watcher.core.values import ValueType
from watcher.web.console.editing.form import MOST_VALUES, extraction_in, hidden
from watcher.web.console.editing.sheet import Sheet
from watcher.web.console.editing.writing import refusal_words
from watcher.web.console.shell import Room, render_room
from watcher.web.console.telling_form import KEPT, known_topics, telling_choices
from watcher.web.console.watch_list import NEW, PATH, path_of
from watcher.web.keys import LOCAL, LocalWatcher
from watcher.web.pages.language import language_of
from watcher.web.pages.view import words_in


class Desk:
    """
    One request at the desk.

    Attributes:
        watch: its id; empty of a new one.
        words: in the language of the request.
    """

    def __init__(self, request: web.Request, local: LocalWatcher, writer: Writer) -> None:
        self.request = request
        self.local = local
        self.writer = writer
        self.watch = request.match_info.get("watch", "")
        self.words = words_in(language_of(request))

    def page(self, sheet: Sheet, *, status: int = 200) -> web.Response:
        """Return the page of a sheet."""
        form = sheet.form
        return render_room(
            self.request,
            "watch-edit.html",
            Room.WATCHES,
            status=status,
            sheet=sheet,
            action=form_path(sheet.watch),
            back=page_path(sheet.watch),
            choices=telling_choices(extraction_in(form)) if form else (),
            topics=known_topics(self.local),
            types=tuple(ValueType),
            kept=KEPT,
            most=MOST_VALUES,
            hidden=hidden,
            refusals=[refusal_words(self.words, each) for each in sheet.refused],
        )

    def refused(self, said: str) -> web.Response:
        """Return the page that says why a watch cannot be changed here."""
        return self.page(Sheet(watch=self.watch, problem="edit_unreadable", said=said), status=409)


def desk_of(request: web.Request) -> Desk | None:
    """Return the desk of a request; None where no watcher runs whose files can be written."""
    local = request.app.get(LOCAL)
    writer = local.writer if local is not None else None
    return None if local is None or writer is None else Desk(request, local, writer)


def nobody_here(request: web.Request) -> web.Response:
    """Return the page that says that no watcher runs here."""
    status = 503 if request.method == "POST" else 200
    return render_room(request, "watch-edit.html", Room.WATCHES, status=status, sheet=None)


def form_path(watch: str) -> str:
    """Return where the form of a watch is sent; of a new one, whose id is empty, too."""
    return f"{path_of(watch)}/edit" if watch else NEW


def page_path(watch: str) -> str:
    """Return the page of a watch; of a new one the table."""
    return path_of(watch) if watch else PATH

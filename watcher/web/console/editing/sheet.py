"""The page of a watch that is made or changed: what was typed, what it finds, and what is wrong with it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from watcher.config.document import Plain
from watcher.config.edits import WrittenWatch
from watcher.config.reachable import OutOfReach
from watcher.config.written import as_json, text_of
from watcher.errors import Problem
from watcher.extract.suggesting import Candidate
from watcher.web.console.editing.form import UnformableError, WatchForm, body_of, form_in, form_of
from watcher.web.console.editing.trying import Tried
from watcher.web.console.mistakes import elsewhere

_ALL: Final = range(1, sys.maxsize)


class Line(Struct, frozen=True, kw_only=True):
    """What is wrong with what was written. `line`: from 1; 0 where it has none."""

    line: int
    text: str


class Sheet(Struct, frozen=True, kw_only=True):
    """
    The page of a watch that is made or changed.

    Attributes:
        watch: its id; empty of a new one.
        form, text: one of both: the fields, or YAML.
        digest: of the file, when it was shown.
        file: where the watch stands; empty of a new one.
        is_by_hand: somebody else writes that file.
        has_form: the form can say what the YAML does, comments and all.
        candidates: what the page suggests.
        tried: what it finds.
        wrong: by field, the key of the words.
        lines: what is wrong with the whole.
        is_checked: the YAML was looked at, and nothing is wrong.
        refused: why the console cannot write it.
        problem, said: a sentence of ours, and what the watcher says of that.
    """

    watch: str
    form: WatchForm | None = None
    text: str | None = None
    digest: str = ""
    file: str = ""
    is_by_hand: bool = False
    has_form: bool = True
    candidates: Sequence[Candidate] = ()
    tried: Tried | None = None
    wrong: Mapping[str, str] = {}
    lines: Sequence[Line] = ()
    is_checked: bool = False
    refused: Sequence[OutOfReach] = ()
    problem: str = ""
    said: str = ""


class RefusedError(Exception):
    """What was sent cannot be taken further; the page says why."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__(sheet.problem)
        self.sheet = sheet


def sheet_of(watch: str, written: WrittenWatch) -> Sheet:
    """Return the page of a watch that is there: its form, where that says all that its file does."""
    form = whole_form_of(watch, written.body, written.text)
    return Sheet(
        watch=watch,
        form=form,
        text=None if form else written.text,
        digest=written.digest,
        file=str(written.path),
        is_by_hand=not written.is_of_tools,
        has_form=form is not None,
    )


def whole_form_of(watch: str, body: Plain, text: str) -> WatchForm | None:
    """Return the form of a watch; None where it would leave something out, a comment too."""
    read = as_json(body)
    try:
        form = form_of(watch, read)
    except UnformableError:
        return None
    is_whole = isinstance(read, dict) and text_of(watch, read) == text and body_of(form, [*read]) == read
    return form if is_whole else None


def sheet_in(watch: str, fields: Mapping[str, str]) -> Sheet:
    """Return the page as it was sent."""
    sheet = Sheet(
        watch=watch,
        digest=fields.get("digest", "")[:64],
        file=fields.get("file", "")[:1_000],
        is_by_hand="by_hand" in fields,
    )
    if "written" in fields:
        return replace(sheet, text=fields["written"])
    form = form_in(fields)
    return replace(sheet, form=replace(form, watch=watch) if watch else form)


def lines_of(problems: Sequence[Problem], *, file: str = "", lines: range = _ALL) -> list[Line]:
    """Return problems as the page shows them. `lines`: those of `file` in which the watch stands."""
    return [
        Line(line=each.line - lines.start + 1, text=_said(each))
        if each.file == file and each.line in lines
        else Line(line=0, text=elsewhere(each))
        for each in problems
    ]


def _said(problem: Problem) -> str:
    """Return what is wrong, without file and watch: `extract.price: …`."""
    key = problem.key.removeprefix("watches.").partition(".")[2]
    return f"{key}: {problem.text}" if key else problem.text

"""What a sheet says: as a body, as YAML or as a form, and what is wrong with it by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from watcher.config.document import Plain
from watcher.config.other_rules import lines_with_rules
from watcher.config.reachable import out_of_reach, safe_of
from watcher.config.written import Written, as_json, mistakes_in, read_written, text_of
from watcher.core.values import Json
from watcher.errors import ConfigError, UsageError
from watcher.web.console.editing.desk import Desk
from watcher.web.console.editing.form import body_of, reading_of, wrong_in
from watcher.web.console.editing.sheet import Line, RefusedError, Sheet, lines_of, sheet_of, whole_form_of
from watcher.web.console.mistakes import told

_BEGUN: Final[Mapping[str, Json]] = {
    "url": "https://",
    "topic": "news",
    "extract": {"price": {"css": ".price", "type": "money"}},
    "notify_when": "changes",
}
"""What YAML begins with, where nothing is chosen yet."""
_BEGUN_ID: Final = "my-watch"


def begun_text() -> str:
    """Return the YAML that a new watch begins with."""
    return text_of(_BEGUN_ID, {**_BEGUN})


async def turned(desk: Desk, sheet: Sheet, act: str) -> Sheet:
    """Return the sheet as YAML, as a form, or as YAML that was looked at. Raises RefusedError."""
    if act == "yaml" and sheet.form is not None:
        body = await asyncio.to_thread(body_in, desk, sheet)
        if not reading_of(sheet.form).get("extract", True):
            body = {**_BEGUN, **{key: part for key, part in body.items() if key != "extract"}}
        return replace(sheet, form=None, text=text_of(sheet.form.watch or _BEGUN_ID, body))
    written, lines = await asyncio.to_thread(_read, desk, sheet)
    if act == "form" and written is not None:
        form = whole_form_of(written.watch, written.body, written.text)
        if form is None:
            raise RefusedError(replace(sheet, problem="edit_no_form", has_form=False))
        return replace(sheet, form=form, text=None)
    refused = out_of_reach(written.body, _defaults(desk)) if written else ()
    return replace(sheet, lines=lines, refused=refused, is_checked=not (lines or refused))


def as_written(desk: Desk) -> tuple[Sheet, Mapping[str, Json]]:
    """Return the watch as its file has it, and what it says. Blocks. Raises RefusedError."""
    try:
        written = desk.writer.written(desk.watch)
    except (ConfigError, UsageError) as error:
        raise RefusedError(Sheet(watch=desk.watch, problem="edit_unreadable", said=told(error))) from error
    if found := out_of_reach(written.body, _defaults(desk)):
        raise RefusedError(Sheet(watch=desk.watch, refused=found, file=str(written.path)))
    body = as_json(written.body)
    return sheet_of(desk.watch, written), body if isinstance(body, dict) else {}


def with_rules(desk: Desk, rules: str) -> Sheet:
    """Return the sheet of the watch with these entries in place of its own. Blocks. Raises RefusedError."""
    watch = desk.watch
    try:
        written = desk.writer.written(watch)
        if found := out_of_reach(written.body):
            raise RefusedError(Sheet(watch=watch, refused=found, file=str(written.path)))
        return replace(sheet_of(watch, written), form=None, text=lines_with_rules(watch, written, rules))
    except (ConfigError, UsageError) as error:
        raise RefusedError(Sheet(watch=watch, problem="edit_unreadable", said=str(error))) from error


def text_in(desk: Desk, sheet: Sheet) -> str:
    """Return the lines that go into the file. Blocks. Raises RefusedError."""
    if sheet.form is None:
        return sheet.text or ""
    if wrong := dict(wrong_in(sheet.form)):
        raise RefusedError(replace(sheet, wrong=wrong))
    body = body_in(desk, sheet)
    return text_of(sheet.form.watch, body | safe_of(_defaults(desk), body))


def body_in(desk: Desk, sheet: Sheet) -> dict[str, Json]:
    """Return what the sheet says. Blocks. Raises RefusedError."""
    if sheet.form is None:
        written, lines = _read(desk, replace(sheet, watch=""))
        if written is None or not isinstance(written.body, dict):
            raise RefusedError(replace(sheet, lines=lines))
        body = as_json(written.body)
        assert isinstance(body, dict)  # noqa: S101 - `as_json` keeps a mapping a mapping
        return body
    try:
        return body_of(sheet.form, _order(desk, sheet.watch))
    except UsageError as error:
        raise RefusedError(replace(sheet, wrong={"when": "telling_wrong_when"}, said=str(error))) from error


def other_id(desk: Desk, sheet: Sheet) -> Line:
    """Return what is wrong where the lines of a watch begin with the id of another one."""
    return Line(line=1, text=desk.words("edit_other_id", id=sheet.watch))


def _read(desk: Desk, sheet: Sheet) -> tuple[Written | None, list[Line]]:
    """Return what the YAML says, and what is wrong with it. Blocks."""
    try:
        written = read_written(sheet.text or "")
    except ConfigError as error:
        return None, lines_of(error.problems)
    if sheet.watch and written.watch != sheet.watch:
        return written, [other_id(desk, sheet)]
    return written, lines_of(mistakes_in(written, _defaults(desk)))


def _defaults(desk: Desk) -> Plain:
    try:
        return desk.writer.defaults()
    except (ConfigError, UsageError):  # which the review says
        return None


def _order(desk: Desk, watch: str) -> Sequence[str]:
    """Return the keys of a watch in the order of its file. Blocks."""
    try:
        body = desk.writer.written(watch).body if watch else None
    except (ConfigError, UsageError):  # which the review says
        return ()
    return [*body] if isinstance(body, dict) else ()

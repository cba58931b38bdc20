"""
Where a watch is made or changed: the form or its YAML, what it finds, what would change, and the file.

| `act` of the form | what comes of it |
|---|---|
| `point` | the page, to be pointed at; of a watch that is there, as its file has it, what it reads |
| `look`, `take-2` | what the page suggests; the form with the third of that |
| `try` | what it finds on the page, which is fetched once |
| `yaml`, `form` | the same watch in YAML, or in the form where that can say it |
| `check` | what is wrong with the YAML |
| `rules` | what would change with other `notify_when`, as they were replayed |
| `review` | what would change in which file, to be saved |
| `save` | the file, if it still is what was reviewed |

What is sent is one watch in both: the form's fields become its body, and the body the text that the file gets.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from aiohttp import web
from msgspec.structs import replace

from watcher.config.document import Plain
from watcher.config.edits import WatchEdit
from watcher.config.literal import literal_body
from watcher.config.other_rules import lines_with_rules
from watcher.config.reachable import out_of_reach, safe_of
from watcher.config.suggested_watch import body_of as suggested_body
from watcher.config.suggested_watch import usual_topic
from watcher.config.writing import Writer
from watcher.config.written import Written, as_json, mistakes_in, read_written, text_of
from watcher.core.acts import Act
from watcher.core.urls import looks_like_web_url
from watcher.core.values import Json, ValueType
from watcher.core.watch import Watch
from watcher.errors import ConfigError, UsageError
from watcher.extract.suggesting import Candidate
from watcher.web.console.editing.already import AlreadyTrue, already_true
from watcher.web.console.editing.form import (
    MOST_VALUES,
    WatchForm,
    body_of,
    extraction_in,
    form_of,
    hidden,
    read_from,
    reading_of,
    wrong_in,
)
from watcher.web.console.editing.kept import KEPT_EDITS
from watcher.web.console.editing.sheet import Line, RefusedError, Sheet, lines_of, sheet_in, sheet_of, whole_form_of
from watcher.web.console.editing.trying import TryError, fetched, fetched_for, suggested, tried
from watcher.web.console.editing.writing import kind_of, new_id, refusal_words, saved
from watcher.web.console.mistakes import told
from watcher.web.console.picking.picker import path_of as path_to_point_at
from watcher.web.console.shell import Room, Said, done, render_room
from watcher.web.console.taking_up import taken_up
from watcher.web.console.telling_form import KEPT, telling_choices
from watcher.web.console.topics import paths_of_keys
from watcher.web.console.watch_list import NEW, NO_WATCHES, PATH, path_of
from watcher.web.forms import form_texts
from watcher.web.keys import LOCAL, SERVICE, LocalWatcher
from watcher.web.pages.language import language_of
from watcher.web.pages.view import see_other, words_in

_BEGUN: Final[Mapping[str, Json]] = {
    "url": "https://",
    "topic": "news",
    "extract": {"price": {"css": ".price", "type": "money"}},
    "notify_when": "changes",
}
"""What YAML begins with, where nothing is chosen yet."""
_BEGUN_ID: Final = "my-watch"
_MOST_TOPICS: Final = 200
_MOST_URL: Final = 2_000
_DIGITS: Final = 4
_NOTHING_HELD: Final = AlreadyTrue()


async def show_new(request: web.Request) -> web.Response:
    """`GET /console/watches/new?url=&as=yaml`: which page? Or the YAML of a new watch."""
    desk = _desk(request)
    if desk is None:
        return _nobody_here(request)
    if request.query.get("as") == "yaml":
        return desk.page(Sheet(watch="", text=text_of(_BEGUN_ID, {**_BEGUN})))
    gone = "pick_gone" if "gone" in request.query else ""
    return desk.page(Sheet(watch="", form=WatchForm(url=request.query.get("url", "")[:_MOST_URL]), problem=gone))


async def show_edit(request: web.Request) -> web.Response:
    """`GET /console/watches/{watch}/edit`: a watch as its file has it."""
    desk = _desk(request)
    if desk is None:
        return _nobody_here(request)
    try:
        written = await asyncio.to_thread(desk.writer.written, desk.watch)
    except (ConfigError, UsageError) as error:
        return desk.refused(told(error))
    if found := out_of_reach(written.body):
        return desk.page(Sheet(watch=desk.watch, refused=found, file=str(written.path)), status=403)
    return desk.page(sheet_of(desk.watch, written))


async def work(request: web.Request) -> web.Response:
    """`POST /console/watches/new` and `…/{watch}/edit`: the next step, by the button that was pressed."""
    desk = _desk(request)
    if desk is None:
        return _nobody_here(request)
    fields = await form_texts(request)
    act, _, number = fields.get("act", "review").partition("-")
    try:
        sheet = sheet_in(desk.watch, fields)
        match act:
            case "point":
                return await desk.point(sheet)
            case "look" | "take":
                return desk.page(
                    await desk.looked(sheet, int(number) if number.isdecimal() and len(number) < _DIGITS else None)
                )
            case "fields":
                return desk.page(sheet)
            case "try":
                return desk.page(await desk.tried(sheet))
            case "yaml" | "form" | "check":
                return desk.page(await desk.turned(sheet, act))
            case "rules" if desk.watch:
                return await desk.review(await asyncio.to_thread(desk.with_rules, fields.get("rules", "")))
            case "save":
                return await desk.save(sheet)
            case _:
                return await desk.review(sheet)
    except RefusedError as refused:
        return desk.page(refused.sheet, status=422)


async def review_of(request: web.Request, watch: str, text: str) -> web.Response:
    """Return the page with what would change where another page wrote the lines of a watch anew."""
    desk = _desk(request)
    if desk is None:
        return _nobody_here(request)
    try:
        return await desk.review(Sheet(watch=watch, text=text))
    except RefusedError as refused:
        return desk.page(refused.sheet, status=422)


async def check(request: web.Request) -> web.Response:
    """`POST /console/watches/check`: what is wrong with YAML, while it is typed; lines and sentences as JSON."""
    desk = _desk(request)
    if desk is None:
        raise web.HTTPServiceUnavailable
    fields = await form_texts(request)
    sheet = await desk.turned(Sheet(watch=fields.get("watch", ""), text=fields.get("written", "")), "check")
    t = desk.words
    refused = [{"line": 0, "text": refusal_words(t, each)} for each in sheet.refused]
    return web.json_response({"lines": [*refused, *({"line": each.line, "text": each.text} for each in sheet.lines)]})


async def ask_to_remove(request: web.Request) -> web.Response:
    """`GET /console/watches/{watch}/remove`: what would change."""
    desk = _desk(request)
    return _nobody_here(request) if desk is None else await desk.review_removal()


async def remove(request: web.Request) -> web.Response:
    """`POST /console/watches/{watch}/remove`: take it out of its file."""
    desk = _desk(request)
    if desk is None:
        return _nobody_here(request)
    fields = await form_texts(request)
    return await desk.remove(fields.get("digest", ""))


async def show_saved(request: web.Request) -> web.Response:
    """`GET /console/watches/saved/{edit}`: what was written, and the button that takes it back."""
    edit = request.app[KEPT_EDITS].find(request, request.match_info["edit"])
    if edit is None:
        return see_other(PATH)
    return await _saved_page(request, edit)


async def undo(request: web.Request) -> web.Response:
    """`POST /console/watches/saved/{edit}`: put back what was there before, unless somebody wrote since."""
    desk, name = _desk(request), request.match_info["edit"]
    edit = request.app[KEPT_EDITS].find(request, name)
    if desk is None or edit is None:
        return see_other(PATH)
    try:
        await asyncio.to_thread(_write_undo, desk.writer, edit)
    except (ConfigError, UsageError) as error:
        return await _saved_page(request, edit, status=409, wrong=told(error))
    request.app[KEPT_EDITS].forget(request, name)
    await request.app[SERVICE].acts.note(Act.WATCH_RESTORED, edit.watch)
    await taken_up(desk.local, edit.watch, is_there=edit.before is not None)
    return done(PATH if edit.before is None else path_of(edit.watch), Said.WATCH_RESTORED)


def _desk(request: web.Request) -> _Desk | None:
    local = request.app.get(LOCAL)
    writer = local.writer if local is not None else None
    if local is None or writer is None:
        return None
    return _Desk(request, local, writer)


def _nobody_here(request: web.Request) -> web.Response:
    status = 503 if request.method == "POST" else 200
    return render_room(request, "watch-edit.html", Room.WATCHES, status=status, sheet=None)


async def _saved_page(request: web.Request, edit: WatchEdit, *, status: int = 200, wrong: str = "") -> web.Response:
    return render_room(
        request,
        "watch-saved.html",
        Room.WATCHES,
        status=status,
        edit=edit,
        what=kind_of(edit),
        files=[(str(each.path), each.changed_lines) for each in edit.files],
        topics=await paths_of_keys(request, _topics_of(request, edit)),
        wrong=wrong,
        home=path_of(edit.watch),
        action=request.path,
    )


def _topics_of(request: web.Request, edit: WatchEdit) -> Sequence[str]:
    """Return whom the watch tells, once the watcher has read it."""
    local = request.app.get(LOCAL)
    watch = local.watches.get(edit.watch) if local is not None and edit.after is not None else None
    return watch.topics if watch is not None else ()


def _write_undo(writer: Writer, edit: WatchEdit) -> None:
    writer.write(writer.undoing(edit))


def _not_tried(sheet: Sheet, error: TryError) -> RefusedError:
    return RefusedError(replace(sheet, problem=error.words, said=error.text, refused=error.refused))


def _with_url(sheet: Sheet) -> WatchForm:
    """Return the form of a sheet that says which page. Raises RefusedError."""
    form = sheet.form or WatchForm()
    if not looks_like_web_url(form.url) or len(form.url) > _MOST_URL:
        raise RefusedError(replace(sheet, wrong={"url": "edit_wrong_url"}))
    return form


class _Desk:
    """One request at the desk."""

    def __init__(self, request: web.Request, local: LocalWatcher, writer: Writer) -> None:
        self._request = request
        self.local = local
        self.writer = writer
        self.watch = request.match_info.get("watch", "")
        self.words = words_in(language_of(request))
        self._judged: Watch | None = None

    def page(self, sheet: Sheet, *, status: int = 200) -> web.Response:
        """Return the page of a sheet."""
        form = sheet.form
        return render_room(
            self._request,
            "watch-edit.html",
            Room.WATCHES,
            status=status,
            sheet=sheet,
            action=f"{path_of(sheet.watch)}/edit" if sheet.watch else NEW,
            back=path_of(sheet.watch) if sheet.watch else PATH,
            choices=telling_choices(extraction_in(form)) if form else (),
            topics=[*self.local.topics][:_MOST_TOPICS],
            types=tuple(ValueType),
            kept=KEPT,
            most=MOST_VALUES,
            hidden=hidden,
            refusals=[refusal_words(self.words, each) for each in sheet.refused],
        )

    def refused(self, said: str) -> web.Response:
        """Return the page that says why a watch cannot be changed here."""
        return self.page(Sheet(watch=self.watch, problem="edit_unreadable", said=said), status=409)

    async def point(self, sheet: Sheet) -> web.Response:
        """Return the redirect to the page, to be pointed at. Raises RefusedError."""
        try:
            if self.watch:
                sheet, body = await asyncio.to_thread(self._as_written)
                page = await fetched_for(self._request, self.local, self.watch, body)
            else:
                page = await fetched(self._request, self.local, _with_url(sheet).url)
        except TryError as error:
            raise _not_tried(sheet, error) from error
        return see_other(path_to_point_at(page))

    def _as_written(self) -> tuple[Sheet, Mapping[str, Json]]:
        """Return a watch as its file has it. Blocks. Raises RefusedError."""
        try:
            written = self.writer.written(self.watch)
        except (ConfigError, UsageError) as error:
            raise RefusedError(Sheet(watch=self.watch, problem="edit_unreadable", said=told(error))) from error
        body = as_json(written.body)
        if found := out_of_reach(written.body, self._defaults()):
            raise RefusedError(Sheet(watch=self.watch, refused=found, file=str(written.path)))
        return sheet_of(self.watch, written), body if isinstance(body, dict) else {}

    async def looked(self, sheet: Sheet, number: int | None) -> Sheet:
        """Return the sheet with what its page suggests. `number`: of the candidate that the form takes, from 0."""
        form = _with_url(sheet)
        try:
            found = await suggested(self._request, self.local, form.url, anew=number is None)
        except TryError as error:
            raise _not_tried(sheet, error) from error
        problem = "" if found.candidates else "edit_nothing_suggested"
        sheet = replace(sheet, candidates=found.candidates, problem=problem, said=found.problem or "")
        if number is None and not form.values and not form.rows.find:
            number = 0
        if number is None or number >= len(found.candidates):
            return sheet
        taken_form = self._taken(form, found.candidates[number], found.title)
        taken = replace(sheet, form=read_from(form, taken_form) if sheet.watch else taken_form)
        try:
            return await self.tried(taken)
        except RefusedError:  # it is shown without what it finds, and a try says why
            return taken

    def _taken(self, form: WatchForm, candidate: Candidate, title: str) -> WatchForm:
        """Return the form of a candidate; what was typed beside it stays."""
        candidate = replace(candidate, watch=literal_body(candidate.watch))
        topic = form.topic or usual_topic(self.local.watches.values())
        body = suggested_body(candidate, title, topic=topic, every=None)
        watch = form.watch or new_id(self.local, title, form.url)
        found = form_of(watch, {key: part for key, part in body.items() if key != "allow_private"})
        return replace(found, name=form.name or found.name, every=form.every)

    async def tried(self, sheet: Sheet) -> Sheet:
        """Return the sheet with what its watch finds."""
        try:
            body = await asyncio.to_thread(self._body, sheet)
            found = await tried(self._request, self.local, body)
        except TryError as error:
            raise _not_tried(sheet, error) from error
        return replace(sheet, tried=found)

    async def turned(self, sheet: Sheet, act: str) -> Sheet:
        """Return the sheet as YAML, as a form, or as YAML that was looked at."""
        if act == "yaml" and sheet.form is not None:
            body = await asyncio.to_thread(self._body, sheet)
            if not reading_of(sheet.form).get("extract", True):
                body = {**_BEGUN, **{key: part for key, part in body.items() if key != "extract"}}
            return replace(sheet, form=None, text=text_of(sheet.form.watch or _BEGUN_ID, body))
        written, lines = await asyncio.to_thread(self._read, sheet)
        if act == "form" and written is not None:
            form = whole_form_of(written.watch, written.body, written.text)
            if form is None:
                raise RefusedError(replace(sheet, problem="edit_no_form", has_form=False))
            return replace(sheet, form=form, text=None)
        refused = out_of_reach(written.body, self._defaults()) if written else ()
        return replace(sheet, lines=lines, refused=refused, is_checked=not (lines or refused))

    def _read(self, sheet: Sheet) -> tuple[Written | None, list[Line]]:
        """Return what the YAML says, and what is wrong with it. Blocks."""
        try:
            written = read_written(sheet.text or "")
        except ConfigError as error:
            return None, lines_of(error.problems)
        if sheet.watch and written.watch != sheet.watch:
            return written, [Line(line=1, text=self.words("edit_other_id", id=sheet.watch))]
        return written, lines_of(mistakes_in(written, self._defaults()))

    def _defaults(self) -> Plain:
        try:
            return self.writer.defaults()
        except (ConfigError, UsageError):  # which the review says
            return None

    def _body(self, sheet: Sheet) -> dict[str, Json]:
        """Return what the sheet says. Blocks. Raises RefusedError."""
        if sheet.form is None:
            written, lines = self._read(replace(sheet, watch=""))
            if written is None or not isinstance(written.body, dict):
                raise RefusedError(replace(sheet, lines=lines))
            body = as_json(written.body)
            assert isinstance(body, dict)  # noqa: S101 - `as_json` keeps a mapping a mapping
            return body
        try:
            return body_of(sheet.form, self._order(sheet.watch))
        except UsageError as error:
            raise RefusedError(replace(sheet, wrong={"when": "telling_wrong_when"}, said=str(error))) from error

    def _order(self, watch: str) -> Sequence[str]:
        """Return the keys of a watch in the order of its file. Blocks."""
        try:
            body = self.writer.written(watch).body if watch else None
        except (ConfigError, UsageError):  # which the review says
            return ()
        return [*body] if isinstance(body, dict) else ()

    def with_rules(self, rules: str) -> Sheet:
        """Return the sheet of the watch with these entries in place of its own. Blocks. Raises RefusedError."""
        try:
            written = self.writer.written(self.watch)
            if found := out_of_reach(written.body):
                raise RefusedError(Sheet(watch=self.watch, refused=found, file=str(written.path)))
            return replace(sheet_of(self.watch, written), form=None, text=lines_with_rules(self.watch, written, rules))
        except (ConfigError, UsageError) as error:
            raise RefusedError(Sheet(watch=self.watch, problem="edit_unreadable", said=str(error))) from error

    async def review(self, sheet: Sheet) -> web.Response:
        """Return the page with what would change. Raises RefusedError."""
        text, edit = await asyncio.to_thread(self._edit, sheet)
        if sheet.digest and edit.before is not None and sheet.digest != edit.digest:
            raise RefusedError(replace(sheet, problem="edit_changed_meanwhile", digest=edit.digest))
        before, state = self.local.watches.get(edit.watch), self.local.state(edit.watch)
        already = await asyncio.to_thread(already_true, before, self._judged, state, language_of(self._request))
        return self._review_page(sheet, edit, text, already=already)

    def _review_page(
        self,
        sheet: Sheet,
        edit: WatchEdit,
        text: str,
        *,
        status: int = 200,
        wrong: str = "",
        already: AlreadyTrue = _NOTHING_HELD,
    ) -> web.Response:
        return render_room(
            self._request,
            "watch-review.html",
            Room.WATCHES,
            status=status,
            watch=edit.watch,
            what=kind_of(edit),
            files=[(str(each.path), each.changed_lines) for each in edit.files],
            text=text,
            digest=edit.digest,
            is_by_hand=edit.is_by_hand,
            action=f"{path_of(sheet.watch)}/edit" if sheet.watch else NEW,
            back=path_of(sheet.watch) if sheet.watch else PATH,
            wrong=wrong,
            already=already,
        )

    def _edit(self, sheet: Sheet) -> tuple[str, WatchEdit]:
        """Return the text of the watch, and the files as they would be with it. Blocks. Raises RefusedError."""
        text = self._text(sheet)
        try:
            written = read_written(text)
        except ConfigError as error:
            raise RefusedError(replace(sheet, lines=lines_of(error.problems))) from error
        if sheet.watch and written.watch != sheet.watch:
            raise RefusedError(replace(sheet, lines=[Line(line=1, text=self.words("edit_other_id", id=sheet.watch))]))
        if not sheet.watch and written.watch in NO_WATCHES:
            raise RefusedError(replace(sheet, problem="edit_reserved"))
        try:
            edit = self.writer.changing(sheet.watch, text) if sheet.watch else self.writer.adding(written.watch, text)
        except (ConfigError, UsageError) as error:
            raise RefusedError(replace(sheet, problem="edit_unwritable", said=told(error))) from error
        self._refuse(sheet, edit, written.text.count("\n"))
        return text, edit

    def _refuse(self, sheet: Sheet, edit: WatchEdit, lines: int) -> None:
        """Raise RefusedError for what is out of reach, changes nothing or would be wrong. `lines`: of it. Blocks."""
        if refused := edit.out_of_reach:
            raise RefusedError(replace(sheet, refused=refused))
        if not any(each.changed_lines for each in edit.files):
            raise RefusedError(replace(sheet, problem="edit_no_change"))
        try:
            self._judged = self.writer.judge(edit)
        except ConfigError as error:
            own = range(edit.line, edit.line + lines)
            found = lines_of(error.problems, file=str(edit.path), lines=own)
            raise RefusedError(replace(sheet, lines=found or [Line(line=0, text=str(error))])) from error
        except UsageError as error:
            raise RefusedError(replace(sheet, problem="edit_unwritable", said=str(error))) from error

    def _text(self, sheet: Sheet) -> str:
        """Return the lines that go into the file. Raises RefusedError."""
        if sheet.form is None:
            return sheet.text or ""
        if wrong := dict(wrong_in(sheet.form)):
            raise RefusedError(replace(sheet, wrong=wrong))
        body = self._body(sheet)
        return text_of(sheet.form.watch, body | safe_of(self._defaults(), body))

    async def save(self, sheet: Sheet) -> web.Response:
        """Write what was reviewed, and lead to what was written. Raises RefusedError."""
        text, edit = await asyncio.to_thread(self._edit, sheet)
        if edit.is_by_hand:
            return self._review_page(sheet, edit, text, status=409)
        if sheet.digest != edit.digest:
            return self._review_page(sheet, edit, text, status=409, wrong=self.words("edit_changed_meanwhile"))
        return await self._write(edit, lambda wrong: self._review_page(sheet, edit, text, status=409, wrong=wrong))

    async def review_removal(self) -> web.Response:
        """Return the page that asks before a watch is removed."""
        try:
            edit = await asyncio.to_thread(self.writer.removing, self.watch)
        except (ConfigError, UsageError) as error:
            return self.refused(told(error))
        return self._removal_page(edit)

    def _removal_page(self, edit: WatchEdit, *, status: int = 200, wrong: str = "") -> web.Response:
        if found := edit.out_of_reach:
            return self.page(Sheet(watch=self.watch, refused=found, file=str(edit.path)), status=403)
        return render_room(
            self._request,
            "watch-review.html",
            Room.WATCHES,
            status=status,
            watch=edit.watch,
            what="removed",
            files=[(str(each.path), each.changed_lines) for each in edit.files],
            text="",
            digest=edit.digest,
            is_by_hand=edit.is_by_hand,
            action=f"{path_of(self.watch)}/remove",
            back=path_of(self.watch),
            wrong=wrong,
            already=_NOTHING_HELD,
        )

    async def remove(self, digest: str) -> web.Response:
        """Take the watch out of its file, if that is as it was shown."""
        try:
            edit = await asyncio.to_thread(self.writer.removing, self.watch)
        except (ConfigError, UsageError) as error:
            return self.refused(told(error))
        if edit.out_of_reach or edit.is_by_hand:
            return self._removal_page(edit, status=403)
        if digest != edit.digest:
            return self._removal_page(edit, status=409, wrong=self.words("edit_changed_meanwhile"))
        return await self._write(edit, lambda wrong: self._removal_page(edit, status=409, wrong=wrong))

    async def _write(self, edit: WatchEdit, otherwise: Callable[[str], web.Response]) -> web.Response:
        try:
            await asyncio.to_thread(self.writer.write, edit)
        except (ConfigError, UsageError) as error:
            return otherwise(told(error))
        return await saved(self._request, self.local, edit)

"""
The form of a watch: what it reads, when it tells, and back to the body that the file has.

| in the form                      | in the file                                                             |
|----------------------------------|-------------------------------------------------------------------------|
| address, name, topic, how often  | `url`, `name`, `topic` (several with commas), `every`; empty: left out  |
| values                           | `extract`; one without a name is its selector alone                     |
| a list                           | `items` with `key` and `fields`                                         |
| the whole page                   | neither                                                                 |
| a sentence on when to tell       | `notify_when` with one entry; none for "anything"                       |
| what the form has no field for   | kept as it is, hidden in the form; it is judged with the rest           |
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import asdict, replace

from watcher.config.models import is_single_selector
from watcher.config.names import NAME
from watcher.config.suggested_watch import extraction_of
from watcher.config.telling import entry_for
from watcher.config.yaml_reader import MAX_DEPTH
from watcher.core.urls import looks_like_web_url, with_scheme
from watcher.core.values import Json, ValueType
from watcher.core.watch import Extraction
from watcher.errors import UsageError
from watcher.web.console.telling_form import (
    KEPT,
    TellingChoice,
    TellingForm,
    entry_in,
    telling_choices,
    telling_in,
    wrong_telling,
)

MOST_VALUES: Final = 10
"""With all that belongs to each, a form has fewer fields than `forms.MAX_FIELDS`."""
MOST_URL: Final = 2_000
_CHARACTERS: Final = 4_000
_FINDERS: Final = ("css", "xpath", "jsonpath", "product", "part", "regex")
_LIST_FINDERS: Final = ("css", "xpath", "jsonpath", "feed")
_OWN: Final = frozenset({"url", "name", "topic", "every", "extract", "items", "notify_when"})
_OF_MEANING: Final = frozenset({"map", "default", "scale", "currency", "optional", "max_step"})
"""What a selector says of its value, wherever that stands."""
_ORDER: Final = ("name", "url", "topic", "every")


class Reads(StrEnum):
    """What is read of a page; `edit_reads_…` in the translations names each."""

    VALUES = "values"
    LIST = "list"
    PAGE = "page"


class Place(Struct, frozen=True, kw_only=True):
    """
    Where one value stands.

    Attributes:
        by: the language of `find`; of a feed's entries `feed`, with nothing to find.
        type: empty where nothing is said of it.
        rest: what else the file says of it.
    """

    name: str = ""
    find: str = ""
    by: str = "css"
    type: str = ""
    rest: Mapping[str, Json] = {}

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed."""
        return not (self.name or self.find) and self.by != "feed"


class WatchForm(TellingForm, frozen=True, kw_only=True):
    """
    What the form says, besides whom it tells, when and how often.

    Attributes:
        values: single ones, or the fields of a list.
        rows, key: of a list.
        kept: `notify_when` as the file has it.
        rest: keys of the watch that the form has no field for; `rest` of `rows` those of `items`.
    """

    watch: str = ""
    url: str = ""
    name: str = ""
    reads: Reads = Reads.VALUES
    values: Sequence[Place] = ()
    rows: Place = Place()
    key: Place = Place()
    kept: Json = None
    rest: Mapping[str, Json] = {}


class UnformableError(ValueError):
    """A watch says what the form cannot."""


# From a file to the form


def form_of(watch: str, body: Json) -> WatchForm:
    """Return the form of a watch. Raises UnformableError."""
    if not isinstance(body, dict):
        raise UnformableError
    reads, values, rows, key = _read(body)
    form = WatchForm(
        watch=watch,
        url=_text(body.get("url", "")),
        name=_text(body.get("name", "")),
        topic=_topics(body.get("topic", "")),
        every=_text(body.get("every", "")),
        reads=reads,
        values=values,
        rows=rows,
        key=key,
        kept=body.get("notify_when"),
        rest={name: part for name, part in body.items() if name not in _OWN},
    )
    when, what = _chosen(form)
    return replace(form, when=when, what=what)


def _read(body: Mapping[str, Json]) -> tuple[Reads, Sequence[Place], Place, Place]:
    if "items" in body:
        return (Reads.LIST, *_list(body["items"]))
    if "extract" not in body:
        return Reads.PAGE, (), Place(), Place()
    extract = body["extract"]
    if isinstance(extract, str) or (isinstance(extract, dict) and is_single_selector(extract)):
        return Reads.VALUES, [_place("", extract)], Place(), Place()
    return Reads.VALUES, _places(extract, "css"), Place(), Place()


def _list(items: Json) -> tuple[Sequence[Place], Place, Place]:
    if not isinstance(items, dict):
        raise UnformableError
    by = next((each for each in _LIST_FINDERS if each in items), None)
    if by is None:
        raise UnformableError
    find = "" if by == "feed" else _text(items[by])
    rest = {name: part for name, part in items.items() if name not in (by, "key", "fields")}
    usual = "part" if by == "feed" else by
    fields = _places(items.get("fields", {}), usual)
    return fields, Place(find=find, by=by, rest=rest), _place("", items.get("key", ""), usual)


def _places(selectors: Json, usual: str) -> Sequence[Place]:
    if not isinstance(selectors, dict) or len(selectors) > MOST_VALUES:
        raise UnformableError
    return [_place(name, selector, usual) for name, selector in selectors.items()]


def _place(name: str, selector: Json, usual: str = "css") -> Place:
    if isinstance(selector, str):
        return Place(name=name, find=selector, by=usual)
    if not isinstance(selector, dict):
        raise UnformableError
    by = next((each for each in _FINDERS if each in selector), None)
    if by is None:
        raise UnformableError
    rest = {key: part for key, part in selector.items() if key not in (by, "type")}
    return Place(name=name, find=_text(selector[by]), by=by, type=_text(selector.get("type", "")), rest=rest)


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise UnformableError
    return value


def _topics(value: Json) -> str:
    return ", ".join(map(_text, value)) if isinstance(value, list) else _text(value)


def _chosen(form: WatchForm) -> tuple[str, str]:
    """Return the choice that `notify_when` is, and what is typed behind it."""
    entry = form.kept[0] if isinstance(form.kept, list) and len(form.kept) == 1 else form.kept
    extraction = extraction_in(form)
    for choice in telling_choices(extraction):
        what = _operand(entry, choice)
        if extraction is not None and entry_for(choice.telling, what, extraction) == entry:
            return choice.value, what
    return (KEPT, "") if form.kept is not None else ("", "")


def _operand(entry: Json, choice: TellingChoice) -> str:
    """Return what stands behind the condition of a choice that asks for something."""
    if not choice.telling.sentence.asks or not isinstance(entry, dict) or len(entry) != 1:
        return ""
    [test] = entry.values()
    if not isinstance(test, dict) or len(test) != 1:
        return ""
    [operand] = test.values()
    return str(operand) if isinstance(operand, str | int | float) and not isinstance(operand, bool) else ""


def extraction_in(form: WatchForm) -> Extraction | None:
    """Return what the form reads; None where it says that wrongly."""
    read = {key: part for key, part in reading_of(form).items() if key in ("extract", "items")}
    try:
        return extraction_of(read)
    except UsageError:
        return None


# From the form to a file


def body_of(form: WatchForm, order: Sequence[str] = ()) -> dict[str, Json]:
    """
    Return the body that the form says.

    Args:
        order: of the keys that the file has; others follow in the order in which people write.

    Raises:
        UsageError: what was typed behind a condition is none.
    """
    said: dict[str, Json] = {
        "name": form.name,
        "url": form.url,
        "topic": form.topics if isinstance(form.topics, str) else [*form.topics],
        "every": form.every,
        **form.rest,
        **reading_of(form),
        "notify_when": form.kept if form.when == KEPT else entry_in(form, extraction_in(form)),
    }
    body = {key: part for key, part in said.items() if part not in ("", None, [])}
    keys = [*dict.fromkeys([*(key for key in order if key in body), *(key for key in _ORDER if key in body), *body])]
    return {key: body[key] for key in keys}


def reading_of(form: WatchForm) -> dict[str, Json]:
    """Return `extract` or `items`, or nothing for the whole page."""
    places = [each for each in form.values if not each.is_empty]
    match form.reads:
        case Reads.PAGE:
            return {}
        case Reads.LIST:
            return {"items": _items(form, places)}
        case Reads.VALUES if len(places) == 1 and not places[0].name:
            return {"extract": _selector(places[0], "css")}
        case Reads.VALUES:
            return {"extract": {each.name: _selector(each, "css") for each in places}}


def _items(form: WatchForm, places: Sequence[Place]) -> dict[str, Json]:
    by = form.rows.by
    usual = "part" if by == "feed" else by
    items: dict[str, Json] = {by: True if by == "feed" else form.rows.find}
    if form.key.find:
        items["key"] = _selector(form.key, usual)
    if places:
        items["fields"] = {each.name: _selector(each, usual) for each in places}
    return items | dict(form.rows.rest)


def _selector(place: Place, usual: str) -> Json:
    written: dict[str, Json] = {place.by: place.find, **({"type": place.type} if place.type else {}), **place.rest}
    return place.find if written.keys() == {usual} else written


def read_from(form: WatchForm, found: WatchForm) -> WatchForm:
    """
    Return the form of a watch that is there, reading what another one finds; all else is the watch's own.

    One value that takes the place of one keeps its name, so that what is asked of it stays asked.
    """
    rest = {key: part for key, part in form.rest.items() if key != "json_in"} | dict(found.rest)
    taken = replace(found, name=form.name, topic=form.topic, every=form.every, rest=rest, kept=form.kept)
    if form.reads is found.reads is Reads.VALUES and len(form.values) == len(found.values) == 1:
        [own], [other] = form.values, found.values
        meant = {key: part for key, part in own.rest.items() if key in _OF_MEANING}
        value = replace(other, name=own.name, rest=meant | dict(other.rest))
        return replace(taken, values=[value], when=form.when, what=form.what, is_unclear=form.is_unclear)
    return taken if form.kept is None else replace(taken, when=KEPT, what="")


# What a browser sends


def form_in(fields: Mapping[str, str]) -> WatchForm:
    """Return the form as it was sent; what is odd is as if it had not been sent."""
    return WatchForm(
        **asdict(telling_in(fields)),
        watch=_field(fields, "id"),
        url=with_scheme(_field(fields, "url")),
        name=_field(fields, "name"),
        reads=Reads(fields["reads"]) if fields.get("reads") in set(Reads) else Reads.VALUES,
        values=[place for number in range(MOST_VALUES) if not (place := _place_in(fields, f"v{number}")).is_empty],
        rows=_place_in(fields, "rows", _LIST_FINDERS),
        key=_place_in(fields, "key"),
        kept=_json(fields.get("kept", "")),
        rest=_mapping(fields.get("rest", "")),
    )


def _place_in(fields: Mapping[str, str], prefix: str, finders: Sequence[str] = _FINDERS) -> Place:
    by, type_ = fields.get(f"{prefix}-by", ""), fields.get(f"{prefix}-type", "")
    return Place(
        name=_field(fields, f"{prefix}-name"),
        find=_field(fields, f"{prefix}-find"),
        by=by if by in finders else "css",
        type=type_ if type_ in set(ValueType) else "",
        rest=_mapping(fields.get(f"{prefix}-rest", "")),
    )


def _field(fields: Mapping[str, str], name: str) -> str:
    return fields.get(name, "").strip()[:_CHARACTERS]


def _mapping(text: str) -> Mapping[str, Json]:
    found = _json(text)
    return found if isinstance(found, dict) else {}


def _json(text: str) -> Json:
    """Return what a hidden field holds, which any sender may have written; nothing that no file can hold."""
    try:
        found: Json = json.loads(text[:_CHARACTERS]) if text else None
        json.dumps(found, ensure_ascii=False).encode()  # half of a character is none
    except (ValueError, RecursionError):
        return None
    return None if _is_too_deep(found) else found


def _is_too_deep(value: Json) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        level = [part for each in level for part in _parts(each)]
    return bool(level)


def _parts(value: Json) -> Iterable[Json]:
    match value:
        case dict():
            return value.values()
        case list():
            return value
        case _:
            return ()


def hidden(value: object) -> str:
    """Return what a hidden field holds; nothing where there is nothing to keep."""
    return json.dumps(value, ensure_ascii=False) if value else ""


def wrong_in(form: WatchForm) -> Iterator[tuple[str, str]]:
    """Yield each field that is wrong by itself, and the key of the words that say how; the loader says the rest."""
    if not looks_like_web_url(form.url):
        yield "url", "edit_wrong_url"
    if not NAME.fullmatch(form.watch):
        yield "id", "edit_wrong_id"
    places = [each for each in form.values if not each.is_empty]
    if form.reads is Reads.VALUES and not places:
        yield "values", "edit_wrong_values"
    if len({each.name for each in places}) < len(places):
        yield "values", "edit_wrong_names"
    yield from wrong_telling(form, telling_choices(extraction_in(form)))

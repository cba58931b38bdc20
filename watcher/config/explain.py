"""pydantic's errors → problems: a place in the file and a plain sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from watcher.config.document import Document, Mistake, Path
from watcher.config.models import (
    TAGS,
    ActiveHoursModel,
    AllWellModel,
    EntryModel,
    FileModel,
    ItemsModel,
    LaneModel,
    MessageModel,
    OnErrorModel,
    PagesModel,
    QueryModel,
    SelectorModel,
    SettingsModel,
    TestModel,
    TopicModel,
    WatchModel,
)
from watcher.config.scalars import shown
from watcher.errors import Problem

_NAMES: dict[type[BaseModel], str] = {
    FileModel: "the file",
    TopicModel: "a topic",
    WatchModel: "a watch",
    SettingsModel: "`defaults`",
    SelectorModel: "a selector",
    ItemsModel: "`items`",
    EntryModel: "an entry of `notify_when`",
    TestModel: "a condition",
    LaneModel: "`per_host`",
    PagesModel: "`pages`",
    QueryModel: "`empty_when`",
    ActiveHoursModel: "`active_hours`",
    OnErrorModel: "`on_error`",
    AllWellModel: "`all_well`",
    MessageModel: "`message`",
}
_NOT_BUILT: Mapping[str | int, str] = {
    "browser": "pages are not opened in a browser; look for the JSON request that fills the page, and watch that URL",
}
"""Keys that people will look for."""
_LISTED_KEYS = 9
_FIRST_KEYS = 6
"""Of more than `_LISTED_KEYS`, where one of the first is the likeliest."""
MAX_MISTAKES = 1_000
"""Told at once. Finding what was meant takes 0.1 ms, and a file of 1 MB has room for 100,000 mistakes."""


def mistakes_of(error: ValidationError, document: Document, *, at: Path = (), note: str = "") -> list[Mistake]:
    """
    Return each mistake once, at the part of the file that it makes unusable.

    A misspelled key is a mistake of the key that was meant; that this one is missing is not told besides.
    Of more than MAX_MISTAKES only the first are returned.

    Args:
        at: the path of what was validated.
        note: follows every sentence.
    """
    told: dict[Path, Problem] = {}
    first = error.errors(include_url=False)[:MAX_MISTAKES]
    for details in sorted(first, key=lambda details: details["type"] == "missing"):
        path = (*at, *(part for part in details["loc"] if part not in TAGS))
        if details["type"] == "extra_forbidden":
            problem = document.problem(path, _unknown_key(path) + note, at_key=True)
            told[path] = problem
            if meant := _meant_key(path):
                told.setdefault((*path[:-1], meant), problem)
        elif path not in told:
            told[path] = document.problem(path, _sentence(details, path) + note)
    return list(told.items())


def did_you_mean(word: object, known: Sequence[str]) -> str:
    """Return `; did you mean …?`, or nothing when no known word is close."""
    close = _closest(word, known)
    return f"; did you mean `{close}`?" if close else ""


def _closest(word: object, known: Sequence[str]) -> str | None:
    return next(iter(get_close_matches(str(word)[:100], known, n=1)), None)


def _meant_key(path: Path) -> str | None:
    return _closest(path[-1], _keys(_model_at(path[:-1])))


def _sentence(details: ErrorDetails, path: Path) -> str:
    match details["type"]:
        case "value_error":
            return str(details["ctx"]["error"])
        case "missing":
            return "is missing"
        case "enum" | "literal_error":
            return _not_among(details["input"], details["ctx"]["expected"])
        case "model_type":
            return f"must be a mapping with {_listed(_keys(_model_at(path)))}; got {shown(details['input'])}"
        case "dict_type":
            return f"must be a mapping; got {shown(details['input'])}"
        case _:
            return details["msg"].replace("Input should be", "must be", 1) + f"; got {shown(details['input'])}"


def _not_among(value: object, expected: str) -> str:
    known = expected.replace("'", "").replace(" or ", ", ").split(", ")
    return f"must be one of {', '.join(known)}; got {shown(value)}{did_you_mean(value, known)}"


def _unknown_key(path: Path) -> str:
    key = path[-1]
    if key == "<<":
        return "merge keys are not read; what several watches share goes into `defaults`"
    if key in _NOT_BUILT:
        return _NOT_BUILT[key]
    model = _model_at(path[:-1])
    known = _keys(model)
    wrong = f"is not a key of {_NAMES[model]}"
    if close := did_you_mean(key, known):
        return wrong + close
    if owner := next((name for other, name in _NAMES.items() if key in _keys(other)), None):
        return f"{wrong}; it is one of {owner}"
    return f"{wrong}, which has {', '.join(known)}" if len(known) <= _LISTED_KEYS else wrong


def _listed(keys: Sequence[str]) -> str:
    return ", ".join(keys if len(keys) <= _LISTED_KEYS else [*keys[:_FIRST_KEYS], "…"])


def _keys(model: type[BaseModel]) -> list[str]:
    """Return the keys of a mapping, its own before those that it shares with others."""
    names = sorted(model.model_fields, key=lambda name: name not in model.__annotations__)
    return [model.model_fields[name].alias or name for name in names]


def _model_at(path: Path) -> type[BaseModel]:
    """Return the model of the mapping at `path`. Parts that are no keys of a model are names, indices or tags."""
    model: type[BaseModel] = FileModel
    for part in path:
        field = model.model_fields.get(str(part))
        if field:
            model = _model_within(field.annotation) or model
        elif model is EntryModel and isinstance(part, str):
            model = TestModel
    return model


def _model_within(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) if (model := _model_within(part))), None)

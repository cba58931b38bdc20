"""What a model could not read → problems: a place in the file and a plain sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from watcher.config import models, yaml_advice
from watcher.config.document import Document, KeyPath, Mistake
from watcher.config.keys import MissingKeyError, MistakenError, Model, NoMappingError, NotAmongError, UnknownKeyError
from watcher.config.scalars import shown
from watcher.errors import Problem

_NAMES: dict[type[Model], str] = {
    models.FileModel: "the file",
    models.TopicModel: "a topic",
    models.WatchModel: "a watch",
    models.DefaultsModel: "`defaults`",
    models.SelectorModel: "a selector",
    models.ItemsModel: "`items`",
    models.AuthModel: "`auth`",
    models.EntryModel: "an entry of `notify_when`",
    models.TestModel: "a condition",
    models.LaneModel: "`per_host`",
    models.PagesModel: "`pages`",
    models.QueryModel: "`empty_when`",
    models.PlaceModel: "elements of a page",
    models.ActiveHoursModel: "`active_hours`",
    models.OnErrorModel: "`on_error`",
    models.AllWellModel: "`all_well`",
    models.MessageModel: "`message`",
}
_NOT_BUILT: Mapping[str | int, str] = {
    "browser": "pages are not opened in a browser; look for the JSON request that fills the page, and watch that URL",
}
"""Keys that people will look for."""
_EVERY = "`every: 10m`"
_EXTRACT = "`extract: SELECTOR`"
_TOPIC = "`topic` for who is told, `notify_when` for when"
_CSS = "`css`, `xpath`, `jsonpath` or `regex`"
_SYNONYMS: Mapping[type[Model], Mapping[str, tuple[str, str]]] = {
    models.WatchModel: {
        **dict.fromkeys(("interval", "frequency", "period", "check_interval", "time_between_check"), ("every", _EVERY)),
        "schedule": ("cron", "`every: 10m`, or `cron`"),
        **dict.fromkeys(("selector", "filter", "find", "element"), ("extract", _EXTRACT)),
        **dict.fromkeys(("notify", "notification", "notifications", "channel", "subscribers"), ("topic", _TOPIC)),
        **dict.fromkeys(("when", "conditions", "rules", "alert"), ("notify_when", _TOPIC)),
        **dict.fromkeys(("title", "label"), ("name", "`name`")),
        **dict.fromkeys(("remove", "ignore", "subtract", "skip"), ("exclude", "`exclude: SELECTOR`, or `ignore_text`")),
        **dict.fromkeys(("uri", "href", "address", "site", "navigate"), ("url", "`url`")),
    },
    models.SelectorModel: {
        **dict.fromkeys(("selector", "select", "query", "path"), ("css", _CSS)),
        **dict.fromkeys(("format", "as", "kind"), ("type", "`type`")),
    },
    models.TestModel: {
        **dict.fromkeys(("before", "less_than", "lower_than", "under", "max"), ("below", "`below`")),
        **dict.fromkeys(("after", "greater_than", "higher_than", "over", "min"), ("above", "`above`")),
        **dict.fromkeys(("equals", "equal", "eq"), ("is", "`is`")),
    },
    models.ItemsModel: {
        **dict.fromkeys(("selector", "rows", "row"), ("css", "`css`, `xpath` or `jsonpath`")),
        "id": ("key", "`key`, what tells rows apart"),
        **dict.fromkeys(("extract", "values", "columns"), ("fields", "`fields`")),
    },
}
"""What other tools call a key → the key that is meant, and what to write."""
_TOLD_AFTER: dict[type[ValueError], int] = {UnknownKeyError: 1, MissingKeyError: 2}
"""What is wrong with a key is told before that another one may mean it, and that before that it is missing."""
_LISTED_KEYS = 9
_FIRST_KEYS = 6
"""Of more than `_LISTED_KEYS`, where one of the first is the likeliest."""
MAX_MISTAKES = 1_000
"""Told at once. Finding what was meant takes 0.1 ms, and a file of 1 MB has room for 100,000 mistakes."""


def mistakes_of(error: MistakenError, document: Document, *, at: KeyPath = (), note: str = "") -> list[Mistake]:
    """
    Return each mistake once, at the part of the file that it makes unusable.

    A misspelled key is a mistake of the key that was meant; that this one is missing is not told besides.
    Of more than MAX_MISTAKES only the first are returned.

    Args:
        at: the path of what was read.
        note: follows every sentence.
    """
    told: dict[KeyPath, Problem] = {}
    for below, wrong in sorted(error.parts[:MAX_MISTAKES], key=lambda part: _TOLD_AFTER.get(type(part[1]), 0)):
        path = (*at, *below)
        if isinstance(wrong, UnknownKeyError):
            problem = document.problem(path, _unknown_key(str(path[-1]), wrong.model) + note, at_key=True)
            told[path] = problem
            if meant := _key_meant(str(path[-1]), wrong.model):
                told.setdefault((*path[:-1], meant), problem)
        elif path not in told:
            told[path] = document.problem(path, _sentence(wrong) + note)
    return list(told.items())


def did_you_mean(word: object, known: Sequence[str]) -> str:
    """Return `; did you mean …?`, or nothing when no known word is close."""
    close = _closest(word, known)
    return f"; did you mean `{close}`?" if close else ""


def _closest(word: object, known: Sequence[str]) -> str | None:
    return next(iter(get_close_matches(str(word)[:100], known, n=1)), None)


def _key_meant(key: str, model: type[Model]) -> str | None:
    """Return the key of the model that an unknown one probably means."""
    if spelled := _respelled(key, model):
        return spelled
    if synonym := _synonym(key, model):
        return synonym[0]
    return _closest(key, model.own_keys_first())


def _respelled(key: str, model: type[Model]) -> str | None:
    """Return the key that differs in capitals and hyphens alone."""
    plain = key.lower().replace("-", "_").replace(" ", "_")
    return plain if plain in model.keys else None


def _synonym(key: str, model: type[Model]) -> tuple[str, str] | None:
    kinds = _SYNONYMS.get(models.WatchModel if model is models.SettingsModel else model, {})
    found = kinds.get(key.lower().replace("-", "_"))
    return found if found is not None and found[0] in model.keys else None


def _sentence(wrong: ValueError) -> str:
    match wrong:
        case MissingKeyError():
            return "is missing"
        case NotAmongError(value=value, words=words):
            return f"must be one of {', '.join(words)}; got {shown(value)}{did_you_mean(value, words)}"
        case NoMappingError(value=value, model=model):
            known = model.own_keys_first() if model else []
            few = known if len(known) <= _LISTED_KEYS else [*known[:_FIRST_KEYS], "…"]
            advice = mapping_advice(value, names_are_free=model is None)
            return f"must be a mapping{' with ' if few else ''}{', '.join(few)}; got {shown(value)}{advice}"
        case _:
            return str(wrong)


def mapping_advice(value: object, *, names_are_free: bool) -> str:
    """Return what to write in place of a text or a list, where a mapping is wanted; empty when that is unknown."""
    match value:
        case str() if unread := yaml_advice.unread_key(value):
            return f": {unread[1]}"
        case [str() as first, *_] if names_are_free:
            return f": write `{first}: …` in place of `- {first}`"
        case [_, *_] if names_are_free:
            return ": give each a name of its own, `NAME:` in place of the `-`, with its keys below it"
        case _:
            return ""


def _unknown_key(key: str, model: type[Model]) -> str:
    if key == "<<":
        return "merge keys are not read; what several watches share goes into `defaults`"
    if key in _NOT_BUILT:
        return _NOT_BUILT[key]
    known = model.own_keys_first()
    wrong = f"`{key}` is not a key of {_NAMES[model]}"
    if spelled := _respelled(key, model):
        return f"{wrong}; write `{spelled}`"
    if synonym := _synonym(key, model):
        return f"{wrong}; write {synonym[1]}"
    if close := did_you_mean(key, known):
        return wrong + close
    if owner := next((name for other, name in _NAMES.items() if key in other.keys), None):
        return f"{wrong}; it is one of {owner}"
    is_short = len(known) <= _LISTED_KEYS or model is models.TestModel
    return f"{wrong}, which has {', '.join(known)}" if is_short else wrong

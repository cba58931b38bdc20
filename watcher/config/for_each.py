"""`for_each`: one watch of the file, and the values that it is made for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TypeAlias

from msgspec import Struct

from watcher.config.document import Document, Mistake, Plain
from watcher.config.explain import did_you_mean
from watcher.config.names import NAME, WRONG_NAME
from watcher.config.report import Report
from watcher.config.request import has_secret_host
from watcher.config.scalars import shown
from watcher.core.urls import looks_like_web_url

_Mapping: TypeAlias = dict[str, Plain]
Scalar: TypeAlias = str | int | bool | Decimal

# Not `{{each}}`, which is a template's, and not `${each}`, which is a secret.
_EACH = re.compile(r"(?<![${])\{each(?:\.(?P<name>[\w-]+))?\}(?!\})")
_VARIABLE_OF_VALUE = re.compile(r"\$\{[^}]*\{each")
_SIMPLE = frozenset({"url", "name", "link", "topic"})
"""Keys that a further watch may have otherwise than the first without being judged anew."""
MAX_NODES = 2_000_000
MAX_CHARACTERS = 50_000_000
"""Of all watches that are made of one, the texts with `{each}` in them."""


class ForEach(Struct, frozen=True, kw_only=True):
    """
    One value of `for_each`.

    Attributes:
        id: what its watch is called, after the id of the body.
        part: where it stands in the list or the mapping.
        names: what `{each.name}` stands for; `{each}` itself under the empty name.
    """

    id: str
    part: str | int
    names: Mapping[str, Scalar]

    def id_of(self, body: str) -> str:
        """Return the id of its watch."""
        return f"{body}.{self.id}"


class Expansion(Struct, frozen=True, kw_only=True):
    """
    A watch with `for_each`.

    Attributes:
        body: as it is written, without `for_each`.
        each: not empty.
        is_simple: only keys differ that need no new judgement of the rest.
    """

    body: _Mapping
    each: tuple[ForEach, ...]
    is_simple: bool


def first_instances(
    watches: _Mapping, document: Document, mistakes: list[Mistake]
) -> tuple[_Mapping, dict[str, Expansion]]:
    """
    Return a document's watches, every one with `for_each` as that of its first value, and what is to be expanded.

    A watch whose `for_each` has a mistake is left out, for nothing in it can be judged.
    """
    expansions: dict[str, Expansion] = {}
    sound: _Mapping = {}
    flawed = {path[1] for path, _ in mistakes if path[:1] == ("watches",) and len(path) > 1}
    for key, body in watches.items():
        report = Report(document=document, mistakes=mistakes, path=("watches", key))
        if not (isinstance(body, dict) and "for_each" in body):
            _check_unfilled(body, report)
            sound[key] = body
            continue
        if expansion := _expansion(body, report, is_whole=key not in flawed):
            expansions[key] = expansion
            sound[key] = substituted(expansion.body, expansion.each[0])
    return sound, expansions


def _check_unfilled(body: Plain, report: Report) -> None:
    """Report a placeholder where nothing fills it. Only the keys that are made for one are looked at."""
    if not isinstance(body, dict):
        return
    for key in _SIMPLE:
        text = body.get(key)
        if isinstance(text, str) and "{each" in text and (match := _EACH.search(text)):
            report.add(f"{match[0]} is for watches with `for_each`, and this has none", key)


def substituted(body: _Mapping, each: ForEach) -> _Mapping:
    """Return the body with `{each}` filled in. A text that is nothing else becomes the value, a number for one."""
    return {key: _filled_in(part, each) for key, part in body.items()}


def _filled_in(value: Plain, each: ForEach) -> Plain:
    match value:
        case str():
            if "{each" not in value:
                return value
            if whole := _EACH.fullmatch(value):
                return each.names[whole["name"] or ""]
            return _EACH.sub(lambda match: _text(each.names[match["name"] or ""]), value)
        case list():
            return [_filled_in(part, each) for part in value]
        case dict():
            return {key: _filled_in(part, each) for key, part in value.items()}
        case _:
            return value


def _text(value: Scalar) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _expansion(body: _Mapping, report: Report, *, is_whole: bool) -> Expansion | None:
    """Return the expansion. `is_whole`: no part of the body was unreadable, one with `{each}` in it perhaps."""
    known = len(report.mistakes)
    each = tuple(_values(body["for_each"], report.at("for_each")))
    rest = {key: part for key, part in body.items() if key != "for_each"}
    if len(report.mistakes) == known:
        _check_names(rest, each, report, is_whole=is_whole)
        _check_size(rest, each, report)
    if len(report.mistakes) > known:
        return None
    return Expansion(body=rest, each=each, is_simple=_is_simple(rest, each))


def _values(written: Plain, report: Report) -> Iterator[ForEach]:
    match written:
        case [_, *_]:
            yield from _of_list(written, report)
        case dict() if written:
            for key, value in written.items():
                if names := _names(key, value, report):
                    yield ForEach(id=key, part=key, names=names)
        case _:
            report.add(f"must be a list of values, or a mapping of names to values; got {shown(written)}")


def _of_list(written: list[Plain], report: Report) -> Iterator[ForEach]:
    seen: dict[str, int] = {}
    for index, value in enumerate(written):
        if not isinstance(value, Scalar):
            report.add(
                f"must be a text or a number; got {shown(value)}; for several words each, write a mapping", index
            )
            continue
        id_ = _text(value)
        if not re.fullmatch(r"[\w.-]{1,99}", id_):
            report.add(
                f"is no name for a watch; write a mapping of names to values, such as `one: {shown(value)}`", index
            )
        elif seen.setdefault(id_, index) != index:
            report.add("stands in the list already", index)
        else:
            yield ForEach(id=id_, part=index, names={"": value})


def _names(key: str, value: Plain, report: Report) -> dict[str, Scalar]:
    """Return what the placeholders stand for; of a mapping, `{each}` is its key."""
    if not NAME.fullmatch(key):
        report.add(WRONG_NAME, key, at_key=True)
        return {}
    if isinstance(value, Scalar):
        return {"": value}
    names: dict[str, Scalar] = {"": key}
    for name, part in value.items() if isinstance(value, dict) else [("", value)]:
        if isinstance(part, Scalar):
            names[name] = part
        else:
            report.add(f"must be a text or a number; got {shown(part)}", key, *([name] if name else []))
    return names


def _check_names(body: _Mapping, each: tuple[ForEach, ...], report: Report, *, is_whole: bool) -> None:
    """Report a placeholder that some value does not fill, and a body without any: its watches would be the same."""
    is_used = False
    lacking: dict[str, ForEach | None] = {}  # each name is looked for once: there may be many texts and many values
    for path, text in _texts(body, ()):
        for match in _EACH.finditer(text):
            is_used = True
            name = match["name"] or ""
            if name not in lacking:
                lacking[name] = next((one for one in each if name not in one.names), None)
            if one := lacking[name]:
                known = [f"each.{other}" for other in one.names if other]
                what = f"`for_each` has no `{name}` for {shown(one.id)}"
                report.add(f"{what}{did_you_mean(f'each.{name}', known)}", *path)
    if is_whole and not is_used:
        text = "no text of this watch says {each}, so all would be the same; write it into `url`"
        report.add(text, "for_each", at_key=True)


def _check_size(body: _Mapping, each: tuple[ForEach, ...], report: Report) -> None:
    """Report what would fill the memory: a few kilobytes can stand for gigabytes."""
    texts = [text for _, text in _texts(body, ())]
    longest = max((len(str(part)) for one in each for part in one.names.values()), default=0)
    characters = sum(len(text) + text.count("{each") * longest for text in texts) * len(each)
    if _nodes(body) * len(each) > MAX_NODES or characters > MAX_CHARACTERS:
        report.add(f"makes too much of {len(each):,} values; shorten the watch or the list", "for_each")


def _nodes(value: Plain) -> int:
    match value:
        case list():
            return 1 + sum(map(_nodes, value))
        case dict():
            return 1 + sum(map(_nodes, value.values()))
        case _:
            return 1


def _texts(value: Plain, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    match value:
        case str():
            if "{each" in value:
                yield path, value
        case list():
            for index, part in enumerate(value):
                yield from _texts(part, (*path, index))
        case dict():
            for key, part in value.items():
                yield from _texts(part, (*path, key))


def _is_simple(body: _Mapping, each: tuple[ForEach, ...]) -> bool:
    differing = {path[0] for path, _ in _texts(body, ())}
    link = body.get("link")
    is_url = isinstance(link, str) and looks_like_web_url(link)
    if not differing <= _SIMPLE or ("link" in differing and not is_url) or _has_secrets_of_values(body.get("url")):
        return False
    # A secret of one value is none of the others'.
    return not any(isinstance(part, bool) or "${" in str(part) for one in each for part in one.names.values())


def _has_secrets_of_values(url: Plain) -> bool:
    """Return whether each value may have a secret of its own in the `url`: another variable, or host with one in it."""
    return isinstance(url, str) and (_VARIABLE_OF_VALUE.search(url) is not None or has_secret_host(url))

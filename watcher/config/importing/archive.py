"""
The archive of changedetection.io, and its url-watches.json → what it holds, within bounds.

Nothing is unpacked to the disk: only parts of known names are read, and into memory. What a part claims of its size is
not believed; it is read up to a bound.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from collections.abc import Mapping
from typing import Final

from watcher.config.importing.changedetection import Store
from watcher.config.importing.conversion import mapping
from watcher.core.values import Json
from watcher.errors import UsageError

MAX_PART_BYTES: Final = 16_000_000
MAX_WATCH_BYTES: Final = 1_000_000
"""Of what stands in a folder of its own: a watch, a tag; real ones have less than 100 KB."""
MAX_BYTES: Final = 100_000_000
MAX_WATCH_VALUES: Final = 50_000
MAX_VALUES: Final = 3_000_000
"""Of all parts. A watch has some 130, so that these are 20,000 watches and more."""
MAX_PARTS: Final = 500_000
MAX_DEPTH: Final = 50
_PART: Final = re.compile(
    r"(?:[\w .-]{1,100}/)?(?:(?P<file>changedetection\.json|url-watches\.json)"
    r"|(?P<uuid>[0-9a-fA-F-]{8,64})/(?P<kind>watch|tag|restock_diff)\.json)"
)


def of_zip(content: bytes, *, most: int) -> Store:
    """
    Return what an archive holds.

    Args:
        most: watches.

    Raises:
        UsageError: it is none, is broken, or beyond a bound.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return _store(_parts(archive, most))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise UsageError(f"the archive is broken, cut off or locked: {error}") from error


def of_json(value: Json) -> Store:
    """Return what url-watches.json holds, or a single watch.json. Raises UsageError."""
    file = mapping(value)
    if "watching" in file or "settings" in file:
        return _whole(file)
    if "url" in file:
        return Store(settings={}, tags={}, watches={str(file.get("uuid", "watch")): file}, restock={})
    raise UsageError("it is JSON, and neither url-watches.json nor a watch.json of changedetection.io")


def read_json(content: str | bytes, name: str, *, most: int = MAX_VALUES) -> Json:
    """Return a value of JSON with at most so many values in it. Raises UsageError."""
    if _values(content) > most:
        raise UsageError(f"{name} has too many values, more than {most:,}")
    try:
        value: Json = json.loads(content)
    except (ValueError, RecursionError) as error:
        told = "is nested too deeply" if isinstance(error, RecursionError) else "is no JSON, or cut off"
        raise UsageError(f"{name} {told}") from error
    if _depth(value) > MAX_DEPTH:
        raise UsageError(f"{name} is nested more than {MAX_DEPTH} levels deep")
    return value


def _values(content: str | bytes) -> int:
    """Return how many values JSON has, and more where its texts have such characters; nothing is read for that."""
    if isinstance(content, str):
        return sum(content.count(mark) for mark in ",{[")
    return sum(content.count(mark) for mark in (b",", b"{", b"["))


def _depth(value: Json) -> int:
    depth, level = 0, [value]
    while level and depth <= MAX_DEPTH:
        depth += 1
        level = [
            part
            for each in level
            for part in (each.values() if isinstance(each, dict) else each if isinstance(each, list) else ())
        ]
    return depth


def _parts(archive: zipfile.ZipFile, most: int) -> dict[str, Json]:
    """Return the parts that are of use, by the end of their names."""
    entries = archive.infolist()
    if len(entries) > MAX_PARTS:
        raise UsageError(f"the archive has more than {MAX_PARTS:,} parts")
    known = [(found, entry) for entry in entries if (found := _PART.fullmatch(entry.filename))]
    if sum(found["kind"] == "watch" for found, _ in known) > most:
        raise UsageError(f"there are more than {most:,} watches; import them in parts")
    parts: dict[str, Json] = {}
    left, values_left = MAX_BYTES, MAX_VALUES
    for found, entry in known:
        of_all = found["file"] is not None
        most_bytes, most_values = (MAX_PART_BYTES, MAX_VALUES) if of_all else (MAX_WATCH_BYTES, MAX_WATCH_VALUES)
        with archive.open(entry) as part:
            content = part.read(min(most_bytes, left) + 1)
        left -= len(content)
        if len(content) > most_bytes or left < 0:
            raise UsageError(f"{found['file'] or found['kind']}.json unpacks to too much; this is no archive to trust")
        name = found["file"] or f"{found['uuid']}/{found['kind']}.json"
        parts.setdefault(name, read_json(content, name, most=min(most_values, values_left)))
        values_left -= _values(content)
    if not parts:
        raise UsageError("the archive holds neither `changedetection.json` nor `{uuid}/watch.json`")
    return parts


def _store(parts: Mapping[str, Json]) -> Store:
    old = _whole(mapping(parts.get("url-watches.json")))
    settings = mapping(mapping(parts.get("changedetection.json")).get("settings")) or old.settings
    of_kind: dict[str, dict[str, Mapping[str, Json]]] = {"watch": {}, "tag": {}, "restock_diff": {}}
    for name, value in parts.items():
        uuid, slash, kind = name.partition("/")
        if slash:
            of_kind[kind.removesuffix(".json")][uuid] = mapping(value)
    tags = {**old.tags, **_tags(settings), **of_kind["tag"]}
    return Store(
        settings=settings,
        tags=tags,
        watches=of_kind["watch"] or old.watches,
        restock=of_kind["restock_diff"],
    )


def _whole(file: Mapping[str, Json]) -> Store:
    settings = mapping(file.get("settings"))
    watches = {uuid: mapping(each) for uuid, each in mapping(file.get("watching")).items()}
    return Store(settings=settings, tags=_tags(settings), watches=watches, restock={})


def _tags(settings: Mapping[str, Json]) -> dict[str, Mapping[str, Json]]:
    known = mapping(mapping(settings.get("application")).get("tags"))
    return {uuid: mapping(each) for uuid, each in known.items()}

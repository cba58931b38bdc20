"""A candidate, as a watch that can be written down."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from watcher.config.literal import literal_body
from watcher.config.load import parse
from watcher.config.yaml_text import block, flow
from watcher.core.values import Json, ValueType
from watcher.core.watch import ADMIN_TOPIC, Extraction, Items, Watch
from watcher.core.words import clean, cut, one_line
from watcher.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from watcher.extract.noise import SecondLook
    from watcher.extract.suggesting import Candidate

TOPIC: Final = "news"
"""The topic of a new watch where the file has none."""
_ANYWHERE: Final[Mapping[str, Json]] = {"url": "https://page.example/", "topic": TOPIC}
"""Of a watch that is never asked for."""
_ORDER: Final[tuple[str, ...]] = (
    *("name", "url", "topic", "every", "allow_private"),
    *("auth", "headers", "cookies"),
)
"""What is written first; what is read from the page follows, and when that is told."""
_WATCHED: Final = frozenset({ValueType.MONEY, ValueType.STOCK})
_WORD: Final = re.compile(r"[a-z0-9]+")
_ID_WORDS: Final = 5
_ID_CHARACTERS: Final = 40
_NAME_CHARACTERS: Final = 60
_LETTERS: Final = re.compile(r"[^\W\d_]")


def usual_topic(watches: Iterable[Watch]) -> str:
    """Return the topic that most of these watches tell; `news`, where there is none."""
    counted = Counter(topic for watch in watches for topic in watch.topics)
    del counted[ADMIN_TOPIC]
    return next((topic for topic, _ in counted.most_common(1)), TOPIC)


def id_of(title: str, url: str) -> str:
    """Return an id for a watch of a page, of its title or, where that has few Latin letters, of its address."""
    words = _WORD.findall(title.casefold())
    if not title.isascii() and sum(map(len, words)) < len(_LETTERS.findall(title)) * 3 / 4:
        words = []
    if not any(re.search("[a-z]", word) for word in words):
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
        is_name = re.search("[a-z]", host) is not None and ":" not in host
        words = _WORD.findall(host.split(".")[0] if is_name else "page") or ["page"]
        words += _WORD.findall(parts.path.rstrip("/").rpartition("/")[2].casefold().partition(".")[0])
    return "-".join(words[:_ID_WORDS])[:_ID_CHARACTERS].strip("-")


def body_of(
    candidate: Candidate, title: str, *, topic: str | Sequence[str], every: str | None = None, entry: Json = None
) -> dict[str, Json]:
    """
    Return a watch of the candidate, in the order in which people write one.

    Args:
        title: what the page calls itself: the name of the watch in messages.
        topic: or several.
        every: as it is written; None: as all watches of the file.
        entry: of `notify_when`; None: whatever changes.
    """
    name = cut(one_line(clean(title)), _NAME_CHARACTERS)
    body: dict[str, Json] = {**candidate.watch, "topic": topic if isinstance(topic, str) else [*topic]}
    body |= literal_body({"name": name} if name else {}) | ({"every": every} if every else {})
    ordered = [*(key for key in _ORDER if key in body), *(key for key in body if key not in _ORDER)]
    return {key: body[key] for key in ordered} | ({"notify_when": entry} if entry else {})


def stiller(body: Mapping[str, Json], watch: Watch, second: SecondLook) -> dict[str, Json]:
    """
    Return a watch without what moves by itself: by the line that leaves out what moved between two looks, or without
    the values that moved or tell an age. Prices, stock and what its rules name stay: they are what is watched.

    Args:
        watch: what the body declares.
    """
    told = {condition.subject for rule in watch.rules for condition in rule.conditions}
    read = watch.extraction.fields if isinstance(watch.extraction, Items) else watch.extraction.selectors
    meant = {name for name, each in read.items() if name in told or each.type in _WATCHED}
    moved = {each.name for each in second.movements}
    left: dict[str, Json] = {**body}
    names = {*second.ages}
    if second.remedy is not None and moved.isdisjoint(meant):
        left |= literal_body({second.remedy.key: list[Json](second.remedy.entries)})
    else:
        names |= moved
    items = body.get("items")
    holder, part = (items, "fields") if isinstance(items, dict) else (left, "extract")
    selectors = holder.get(part)
    kept = {} if not isinstance(selectors, dict) else {k: v for k, v in selectors.items() if k not in names - meant}
    stilled = {key: each for key, each in holder.items() if key != part} | ({part: kept} if kept else {})
    return left | (stilled if holder is left else {"items": stilled})


def watch_of(body: Mapping[str, Json], environ: Mapping[str, str]) -> Watch:
    """
    Return the watch that a file with this body declares.

    Args:
        environ: what `${NAME}` in it is filled in from.

    Raises:
        UsageError: it is no watch.
    """
    try:
        return parse(flow({"watches": {"new": dict(body)}}), file="", environ=environ).watches["new"]
    except ConfigError as error:
        # The places are those of a file that nobody wrote.
        texts = (f"{problem.key.removeprefix('watches.new').strip('.')}: {problem.text}" for problem in error.problems)
        raise UsageError("; ".join(texts) or str(error)) from error


def extraction_of(body: Mapping[str, Json]) -> Extraction:
    """Return what a watch with this body reads, of whatever page. Raises UsageError."""
    return watch_of({**body, **_ANYWHERE}, {}).extraction


def is_interval(text: str) -> bool:
    """Return whether a watch can be checked this often."""
    try:
        watch_of({**_ANYWHERE, "every": text}, {})
    except UsageError:
        return False
    return True


def yaml_of(watch: str, body: Mapping[str, Json], indent: int = 2) -> str:
    """Return a watch as it stands below `watches:`."""
    return "\n".join([f"{' ' * indent}{watch}:", *block(body, indent + 2)])

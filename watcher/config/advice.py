"""What is no mistake and still will not work as wished."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import fsum
from urllib.parse import urlsplit

from watcher.core.watch import Watch, WatchFile


def warnings(file: WatchFile) -> Sequence[str]:
    """
    Return a sentence for each host whose watches cannot be served at their interval (DESIGN §7), each topic whose
    name looks mistyped, and each message template with a name that nothing fills.
    """
    watches = file.watches.values()
    return [*_overloads(file), *_mistyped_topics(file), *(text for watch in watches for text in _unfilled(watch))]


def _overloads(file: WatchFile) -> list[str]:
    by_host: defaultdict[str, list[Watch]] = defaultdict(list)
    for watch in file.watches.values():
        by_host[urlsplit(watch.request.url).hostname or ""].append(watch)
    return [warning for host, watches in by_host.items() if (warning := _overload(host, watches))]


def _mistyped_topics(file: WatchFile) -> list[str]:
    """A topic need not be declared; one that is nearly the name of a declared one is probably a slip."""
    declared = [key for key, topic in file.topics.items() if topic.is_declared]
    warnings = []
    for watch in file.watches.values():
        for key in watch.topics:
            close = [] if key in declared else difflib.get_close_matches(key, declared, n=1)
            told = f"watch {watch.id}: the topic `{key}` is not declared"
            warnings += [f"{told}; did you mean `{near}`?" for near in close]
    return warnings


def _unfilled(watch: Watch) -> Iterator[str]:
    if not (watch.message.summary or watch.message.content):
        return
    from watcher.core.template import unknown_names  # Jinja2 takes 30 ms, and few watches need it

    for part, source in (("summary", watch.message.summary), ("content", watch.message.content)):
        for name in unknown_names(source or "", watch):
            yield f"watch {watch.id}: message.{part}: nothing fills `{name}`; the default message would be sent"


def _overload(host: str, watches: Sequence[Watch]) -> str:
    """
    Return the warning for a host, or nothing.

    A lane starts one request per `min_delay`, however many may run at a time, and the strictest watch decides.
    """
    delay = max(watch.request.lane.min_delay for watch in watches)
    wanted = round(1 / fsum(1 / watch.every.total_seconds() for watch in watches), 6)
    if delay.total_seconds() <= wanted:
        return ""
    return (
        f"{host}: {len(watches)} watches ask for a page every {_shown(wanted)} on the whole, and `per_host` allows one"
        f" every {_shown(delay.total_seconds())}, so they will run {delay.total_seconds() / wanted:.1f} times slower"
        f" than `every` says; check less often, or set `min_delay: {_shown(wanted)}`"
    )


def _shown(seconds: float) -> str:
    """Return the time as watches.yaml takes it, rounded down."""
    return f"{int(seconds)}s" if seconds >= 10 or float(seconds).is_integer() else f"{int(seconds * 1000)}ms"

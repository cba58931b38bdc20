"""What is no mistake and still will not work as wished."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import fsum

from watcher.config.secrecy import too_short, unfilled
from watcher.core.redaction import redacted
from watcher.core.template import unknown_names
from watcher.core.urls import host_of, is_private_host
from watcher.core.watch import ADMIN_TOPIC, MessageTemplate, Watch, WatchFile

_LONE_WORD = re.compile(r"\{[A-Za-z_]+\}")
_LEAST_TIMES = 1.05
"""Below this, one decimal would say `1.0 times slower`."""
MAX_COMPARED = 100_000
"""Pairs of topics; one takes some 10 µs, and 10,000 topics of each kind would take a quarter of an hour."""


def warnings(file: WatchFile) -> Sequence[str]:
    """
    Return a sentence for each host whose watches cannot be served at their interval, each topic whose name looks
    mistyped, each private address that every check would deny, each word in a URL that looks like a date and is none,
    each message template with a name that nothing fills, each secret that is too short to be looked for, and each text
    in which none is filled in.
    """
    watches = [watch for watch in file.watches.values() if watch.is_enabled]
    return [
        *_overloads(watches),
        *_mistyped_topics(file, watches),
        *_denied_addresses(watches),
        *_unfilled_urls(watches),
        *_unfilled_messages(watches),
        *too_short(watches),
        *unfilled(watches),
    ]


def _overloads(watches: Sequence[Watch]) -> list[str]:
    by_host: defaultdict[str, list[Watch]] = defaultdict(list)
    for watch in watches:
        by_host[host_of(watch.request.url)].append(watch)
    return [warning for host, asking in by_host.items() if (warning := _overload(host, asking))]


def _mistyped_topics(file: WatchFile, watches: Sequence[Watch]) -> list[str]:
    """A topic need not be declared; one that is nearly the name of a declared one is probably a slip."""
    declared = [key for key, topic in file.topics.items() if topic.is_declared]
    used = [key for key, topic in file.topics.items() if not topic.is_declared]
    if len(declared) * len(used) > MAX_COMPARED:
        return []
    meant = {key: difflib.get_close_matches(key, declared, n=1) for key in used if key != ADMIN_TOPIC}
    return [
        f"watch {watch.id}: the topic `{key}` is not declared; did you mean `{meant[key][0]}`?"
        for watch in watches
        for key in _told_topics(watch)
        if meant.get(key)
    ]


def _told_topics(watch: Watch) -> Sequence[str]:
    """Return everyone whom the watch tells something, each once."""
    rules = (key for rule in watch.rules for key in rule.topics)
    return list(dict.fromkeys([*watch.topics, *rules, *watch.on_error.topics]))


def _denied_addresses(watches: Sequence[Watch]) -> Iterator[str]:
    """Where a name leads to is not known here, but for `localhost`; the guard judges each address at the check."""
    for watch in watches:
        request = watch.request
        host = host_of(request.url)
        if not request.allow_private and is_private_host(host):
            shown = redacted(host, request.secrets)
            why = "is not a public address, so every check is denied"
            yield f"watch {watch.id}: {shown} {why}; add `allow_private: true`"


def _unfilled_urls(watches: Sequence[Watch]) -> Iterator[str]:
    """A brace may stand in a URL, as in GraphQL's; around a single word it is probably meant to be filled in."""
    for watch in watches:
        url = watch.request.shown_url
        for word in _LONE_WORD.findall(url) if "{" in url else ():
            if not word.startswith("{today"):
                meant = "a date is written {today} or {today+1d}"
                yield f"watch {watch.id}: url: {word} is asked for as it is; {meant}"


def _unfilled_messages(watches: Sequence[Watch]) -> Iterator[str]:
    """Judge each message once for the watches of one `for_each`, which share it and what they extract."""
    judged: set[tuple[int, MessageTemplate]] = set()
    for watch in watches:
        if (watch.message.summary or watch.message.content) and (id(watch.extraction), watch.message) not in judged:
            judged.add((id(watch.extraction), watch.message))
            yield from _unfilled(watch)


def _unfilled(watch: Watch) -> Iterator[str]:
    for part, source in (("summary", watch.message.summary), ("content", watch.message.content)):
        for name in unknown_names(source or "", watch):
            yield f"watch {watch.id}: message.{part}: nothing fills `{name}`; the default message would be sent"


def _overload(host: str, watches: Sequence[Watch]) -> str:
    """
    Return the warning for a host, or nothing.

    A lane starts one request per `min_delay`, however many may run at a time, and the strictest watch decides.
    """
    for watch in watches:
        host = redacted(host, watch.request.secrets)
    delay = max(watch.request.lane.min_delay for watch in watches)
    wanted = round(1 / fsum(1 / watch.every.total_seconds() for watch in watches), 6)
    if delay.total_seconds() <= wanted:
        return ""
    times = delay.total_seconds() / wanted
    slower = f"{times:.1f} times slower" if times >= _LEAST_TIMES else "a little slower"
    return (
        f"{host}: {len(watches)} watches ask for a page every {_shown(wanted)} on the whole, and `per_host` allows one"
        f" every {_shown(delay.total_seconds())}, so they will run {slower}"
        f" than `every` says; check less often, or set `min_delay: {_shown(wanted)}`"
    )


def _shown(seconds: float) -> str:
    """Return the time as watches.yaml takes it, rounded down."""
    return f"{int(seconds)}s" if seconds >= 10 or float(seconds).is_integer() else f"{int(seconds * 1000)}ms"

"""
Jobs → watches that the loader takes.

What it refuses of a watch, a selector of another dialect say, is taken out and named, and the watch rests.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from ipaddress import ip_address
from itertools import islice
from typing import Final
from urllib.parse import urlsplit

from msgspec import Struct

from watcher.config.importing.conversion import WORST_LAST, Conversion, Fate, Finding
from watcher.config.importing.github import feed_of, is_of_latest
from watcher.config.importing.masks import (
    is_splittable,
    link_before,
    masked_command,
    secret_parameter,
    without_hook,
    without_login,
)
from watcher.config.importing.source import Job, Source
from watcher.config.literal import literal_url
from watcher.config.load import parse
from watcher.config.yaml_text import block, scalar
from watcher.core.urls import host_of, is_private_host
from watcher.core.values import Json
from watcher.errors import ConfigError, Problem

_ORDER: Final = (
    "name",
    "url",
    "topic",
    "enabled",
    "tags",
    "every",
    "active_hours",
    "allow_private",
    "link",
    "method",
    "headers",
    "cookies",
    "body",
    "proxy",
    "timeout",
    "encoding",
    "verify",
    "per_host",
    "on_error",
    "exclude",
    "extract",
    "items",
    "ignore_text",
    "known_values",
    "notify_when",
)
_OF_FILTERS: Final = ("filter", "include_", "extract_", "subtractive_")
_NOT_IN_ID: Final = re.compile(r"[^\w]+")
_ID_CHARACTERS: Final = 60
_AT_ONCE: Final = 100
_ATTEMPTS: Final = 12
_CLOUD: Final = ip_address("fd00:ec2::254")
"""Where one cloud hands out its keys, by IPv6."""
_WEB: Final = re.compile(r"https?://[^\s/]", re.IGNORECASE)


class ImportedWatch(Struct, frozen=True, kw_only=True):
    """
    What became of one job.

    Attributes:
        number: of the job in its file, from 1.
        id: None where no watch can be made of it.
        title: how the job is called.
    """

    number: int
    id: str | None
    title: str
    original: Mapping[str, Json]
    body: Mapping[str, Json]
    findings: Sequence[Finding]

    @property
    def fate(self) -> Fate:
        """The worst of its keys'."""
        return max((each.fate for each in self.findings), key=WORST_LAST.index, default=Fate.MAPPED)


def watches_of(source: Source, *, topic: str, taken: Collection[str] = ()) -> list[ImportedWatch]:
    """
    Return what became of each job, in the order of the file.

    Args:
        taken: ids that other files have.
    """
    conversions = [(number, job, _conversion(job, topic)) for number, job in enumerate(source.jobs, 1)]
    for batch in _batches(conversions):
        _mend([conversion for _, _, conversion in batch])
    ids = _Ids(taken)
    return [_watch(number, job, conversion, ids) for number, job, conversion in conversions]


def _batches(conversions: Iterable[tuple[int, Job, Conversion]]) -> Iterator[list[tuple[int, Job, Conversion]]]:
    iterator = iter(conversions)
    while batch := list(islice(iterator, _AT_ONCE)):
        yield batch


def _conversion(job: Job, topic: str) -> Conversion:
    conversion = Conversion()
    page = job.page.strip().removeprefix("source:")
    if _WEB.match(page) and is_splittable(page):
        page, login = without_login(page)
        conversion.put("url", literal_url(page), of="url")
        if login:
            conversion.put("headers", {"Authorization": login}, of="url")
            conversion.mapped("url", "its login is sent as a header, which can come from the environment as `${NAME}`")
        if page != job.page.strip() and job.page.strip().startswith("source:"):
            conversion.near("url", "the text of the page is compared, and not its source")
    conversion.put("topic", topic, of="topic")
    job.take(conversion, job.values)
    if "url" in conversion.body:
        _finish(conversion, job)
    return conversion


def _finish(conversion: Conversion, job: Job) -> None:
    url = str(conversion.body["url"])
    _allow_private(conversion, host_of(url))
    if (feed := feed_of(url)) and "body" not in conversion.body:
        _follow_feed(conversion, feed, job)
    elif "{%" in url or "{{" in url:
        conversion.unfinished("url", "it is a template: write dates as `{today}`, and values as `for_each`")
    is_feed = conversion.body.get("items") == {"feed": True}  # a message of a feed links to its entry
    if (parameter := secret_parameter(url)) and "link" not in conversion.body and not is_feed:
        conversion.put("link", link_before(url, parameter), of="url")
        told = f"messages link to what stands before its parameter `{parameter}`, which looks like a secret"
        conversion.near("url", f"{told}; it can come from the environment as `${{NAME}}`")


def _allow_private(conversion: Conversion, host: str) -> None:
    """Have a page in a private network asked, but not one of this link, where clouds hand out their keys."""
    if not is_private_host(host):
        return
    if _is_of_link(host):
        conversion.unfinished("url", f"{host} is an address of this link alone: `allow_private: true` has it asked")
        return
    conversion.put("allow_private", True, of="url")
    conversion.mapped("url", f"`allow_private: true`, for {host} is not a public address")


def _is_of_link(host: str) -> bool:
    """Return whether a host is an address of one link, or one of IPv4 in disguise, which could be such."""
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return False
    return address.is_link_local or address == _CLOUD or getattr(address, "ipv4_mapped", None) is not None


def _follow_feed(conversion: Conversion, feed: str, job: Job) -> None:
    """Have a page of GitHub followed by its feed; what was read of the page is not needed then."""
    for key in ("extract", "items", "exclude", "ignore_text", "notify_when", "known_values", "method", "start_at"):
        conversion.body.pop(key, None)
    selects = any(key in job.values for key in ("filter", "filters", "include_filters")) and bool(
        job.values.get("filter") or job.values.get("filters") or job.values.get("include_filters")
    )
    conversion.put("url", feed, of="url")
    conversion.put("items", {"feed": True}, of="url")
    conversion.put("notify_when", "added", of="url")
    also = ", and no filter is needed for that" if selects else ""
    for each in conversion.findings:
        if each.key.startswith(_OF_FILTERS):
            conversion.settle(each.key, "not needed: the feed has the entries alone")
    is_open = any(each.fate in (Fate.UNFINISHED, Fate.IMPOSSIBLE) for each in conversion.findings)
    if not is_open and job.values.get("enabled") is not False and not job.values.get("paused"):
        conversion.body.pop("enabled", None)
    if is_of_latest(job.page) or "/commits/" in feed:
        conversion.near("url", f"the page has a feed, of which new entries are told, pre-releases too{also}")
    else:
        conversion.mapped("url", f"the page has a feed, of which new entries are told{also}")


def _watch(number: int, job: Job, conversion: Conversion, ids: _Ids) -> ImportedWatch:
    is_watch = "url" in conversion.body
    body = _ordered(conversion) if is_watch else {}
    named = job.values.get("name") or job.values.get("title") or job.values.get("text")
    page = job.page if "://" in job.page.partition(" ")[0] else masked_command(job.page)
    title = str(named or page or f"job {number}")
    return ImportedWatch(
        number=number,
        id=ids.of(str(conversion.body.get("name") or ""), job.page) if is_watch else None,
        title=title,
        original=job.values,
        body=body,
        findings=tuple(conversion.findings),
    )


def _ordered(conversion: Conversion) -> dict[str, Json]:
    return {key: conversion.body[key] for key in _ORDER if key in conversion.body}


class _Ids:
    """Makes ids, none of them twice."""

    def __init__(self, taken: Collection[str]) -> None:
        self._taken = {name.casefold() for name in taken}
        self._next: dict[str, int] = {}

    def of(self, name: str, page: str) -> str:
        """Return the id of a watch: of its name, or of its page."""
        page = without_hook(page)
        parts = urlsplit(page) if _WEB.match(page) and is_splittable(page) else None
        of_page = f"{(parts.hostname or '').removeprefix('www.')} {parts.path}" if parts else page
        slug = _slug(name) or _slug(of_page) or "watch"
        while True:
            number = self._next.get(slug, 1)
            self._next[slug] = number + 1
            found = slug if number == 1 else f"{slug}-{number}"
            if found.casefold() not in self._taken:
                self._taken.add(found.casefold())
                return found


def _slug(text: str) -> str:
    return _NOT_IN_ID.sub("-", text.lower())[:_ID_CHARACTERS].strip("-_")


def _mend(conversions: Sequence[Conversion]) -> None:
    """Take out of each watch what the loader refuses: of all together, and one by one where it refuses any."""
    watches = [conversion for conversion in conversions if "url" in conversion.body]
    if not watches or not _problems(watches):
        return
    for conversion in watches:
        for _ in range(_ATTEMPTS):
            problems = _problems([conversion])
            if not problems:
                break
            for problem in problems:
                _take_out(conversion, problem)
            if "url" not in conversion.body:
                break


def _problems(conversions: Sequence[Conversion]) -> Sequence[Problem]:
    bodies = (
        line
        for number, conversion in enumerate(conversions)
        for line in (f"  w{number}:", *block(_ordered(conversion), 4))
    )
    try:
        parse("\n".join(["watches:", *bodies, ""]), file="", environ={})
    except ConfigError as error:
        return error.problems or [Problem(file="", line=1, column=1, key="watches.w0.url", text=str(error))]
    return ()


def _take_out(conversion: Conversion, problem: Problem) -> None:
    parts = problem.key.split(".")
    name = parts[2] if len(parts) > 2 else "url"
    if name not in conversion.body:
        name = next((key for key in reversed(_ORDER) if key in conversion.body and key not in ("url", "topic")), "url")
    if name in ("items", "extract") and "notify_when" in conversion.body:
        conversion.body.pop("notify_when")
    conversion.refused(name, problem.text)


def text_of(watch: ImportedWatch) -> list[str]:
    """Return the lines of a watch below `watches`."""
    assert watch.id is not None  # noqa: S101 - the caller has looked
    return [f"  {scalar(watch.id)}:", *block(watch.body, 4)]

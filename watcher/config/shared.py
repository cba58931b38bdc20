"""One object for each distinct part of watches: in a file of 100,000, few selectors, rules and topics are."""

from __future__ import annotations

import sys
from collections.abc import Hashable, Mapping
from dataclasses import replace
from typing import TypeVar, cast

from watcher.core.watch import Extraction, Items, Request, Rule, Selector, Values, Watch

_T = TypeVar("_T")


class Shared:
    """The parts that were seen before. What is equal but written otherwise (`1.0` and `1`) is kept apart."""

    def __init__(self) -> None:
        self._parts: dict[Hashable, object] = {}

    def watch(self, watch: Watch) -> Watch:
        """Return an equal watch, whose parts are those of watches that came before where they are the same."""
        return replace(
            watch,
            id=sys.intern(watch.id),
            name=sys.intern(watch.name),
            request=self._request(watch.request),
            topics=self._part(watch.topics, watch.topics),
            extraction=self._part(_extraction_key(watch.extraction), watch.extraction),
            rules=self._part(_rules_key(watch.rules), watch.rules),
            every=self._part(watch.every, watch.every),
            active_hours=self._part(watch.active_hours, watch.active_hours),
            on_error=self._part(watch.on_error, watch.on_error),
            link=self._part(_selector_key(watch.link), watch.link) if isinstance(watch.link, Selector) else watch.link,
            message=self._part(watch.message, watch.message),
            tags=self._part(watch.tags, watch.tags),
        )

    def _request(self, request: Request) -> Request:
        return replace(
            request,
            headers=self._part(_mapping_key(request.headers), request.headers),
            cookies=self._part(_mapping_key(request.cookies), request.cookies),
            lane=self._part(request.lane, request.lane),
        )

    def _part(self, key: Hashable, part: _T) -> _T:
        return cast("_T", self._parts.setdefault((type(part), key), part))


def _mapping_key(mapping: Mapping[str, str]) -> Hashable:
    return tuple(mapping.items())


def _extraction_key(extraction: Extraction) -> Hashable:
    match extraction:
        case Values(selectors=selectors):
            return tuple((name, _selector_key(one)) for name, one in selectors.items())
        case Items(fields=fields, where=where):
            named = tuple((name, _selector_key(one)) for name, one in fields.items())
            return (
                *(extraction.query, _selector_key(extraction.key), named, where, tuple(map(str, where))),
                *(extraction.empty_when, extraction.rolling, extraction.pages),
            )


def _rules_key(rules: tuple[Rule, ...]) -> Hashable:
    return rules, tuple(map(str, rules))


def _selector_key(selector: Selector) -> Hashable:
    return selector, str(selector.scale), str(selector.max_step)

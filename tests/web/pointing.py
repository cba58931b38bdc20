"""A watcher for the console in which pages come from memory, read as a real one reads them; its files are on a disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeVar, cast

from watcher.config import load
from watcher.config.writing import Writer
from watcher.core.check import WatchState
from watcher.core.page import Response, Validators
from watcher.core.watch import Topic, Watch, WatchFile
from watcher.errors import AddressDeniedError, CheckError, ConfigError, StatusError
from watcher.extract.explain import Explanation
from watcher.extract.suggesting import Suggestions
from watcher.runtime.driving import WatcherHere
from watcher.watching.page_pool import PagePool
from watcher.watching.reading import explanation_of
from watcher.watching.suggesting import made_of, suggestions_of

_T = TypeVar("_T")


class PoolHere:
    """Reads pages in this process; what is no error of a check is a defect, as in a pool."""

    async def run(self, name: str, work: Callable[..., _T], *arguments: object) -> _T:  # noqa: ARG002 - as a pool has it
        try:
            return work(*arguments)
        except CheckError:
            raise
        except Exception as error:
            raise RuntimeError from error


class WatcherOfPages(WatcherHere):
    """
    What the console asks of a watcher, without one that checks: what a test of the picker does not ask has no parts.

    Attributes:
        pages: by URL; what is not there answers 404.
        media_types: of those that are no HTML.
        denied: URLs at private addresses.
        fetched: the watches that pages were fetched for.
    """

    def __init__(self, directory: Path, pages: Mapping[str, bytes]) -> None:
        self.directory = directory
        self.config = directory / "watches.yaml"
        self.writer = Writer(self.config, {})
        self._pool = cast("PagePool", PoolHere())
        self.pages = {**pages}
        self.media_types: dict[str, str] = {}
        self.denied: frozenset[str] = frozenset()
        self.fetched: list[Watch] = []

    @property
    def watches(self) -> Mapping[str, Watch]:
        file = self._file()
        return file.watches if file else {}

    @property
    def topics(self) -> Mapping[str, Topic]:
        file = self._file()
        return file.topics if file else {}

    def state(self, watch: str) -> WatchState:  # noqa: ARG002 - none was ever checked
        return WatchState()

    async def page(self, watch: Watch) -> Response:
        self.fetched.append(watch)
        url = watch.request.url
        if url in self.denied:
            raise AddressDeniedError(f"{url} is at a private address")
        if url not in self.pages:
            raise StatusError("HTTP 404", status=404)
        return response_of(url, self.pages[url], self.media_types.get(url, "text/html"))

    async def suggestions(self, watch: Watch, response: Response, value: str | None = None) -> Suggestions:
        return suggestions_of(watch, response, value, 2026)

    async def explanation(self, watch: Watch, response: Response) -> Explanation:
        return explanation_of(watch, response)

    async def made(self, watch: Watch, response: Response, make: Callable[..., _T], *arguments: object) -> _T:
        return made_of(watch, response, make, *arguments)

    def _file(self) -> WatchFile | None:
        with suppress(ConfigError):  # a real one goes on with what it had
            return load(self.config, {})
        return None


def response_of(url: str, body: bytes, media_type: str = "text/html") -> Response:
    """Return a page as it comes over the wire."""
    return Response(
        url=url,
        wire=body,
        digest="0" * 32,
        content_encoding=(),
        media_type=media_type,
        charset=None,
        validators=Validators(),
    )

"""The files of watches of some machines, which somebody edits, and when which page was declared where."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from tests.faults.chains import Declared
from tests.faults.recording_site import RecordingSite
from watcher.core.watch import Topic

EVERY_SECONDS: Final = 2
_OTHER_SECONDS: Final = 1
_TOPICS: Final = 3
"""Of each file."""
_MOST_EDITS: Final = 3
_HEAD: Final = """\
topics:
{topics}
defaults:
  allow_private: true
  per_host: {{min_delay: 0s}}
  message: {{summary: "{{{{ name }}}}: {{{{ value.old }}}} → {{{{ value.new }}}}"}}
watches:
"""


@dataclass(frozen=True, kw_only=True)
class _Entry:
    host: str
    topic: str
    every: int = EVERY_SECONDS
    edits: int = 0


@dataclass(kw_only=True)
class File:
    """
    The file of one machine.

    Attributes:
        origin: whose watches these are; each page's name begins with it.
        hosts: of which some have its pages.
        declared: all stays of its pages so far.
    """

    origin: str
    path: Path
    site: RecordingSite
    hosts: Sequence[str]
    chance: random.Random
    declared: list[Declared] = field(default_factory=list)
    _entries: dict[str, _Entry] = field(default_factory=dict)
    _made: int = 0

    @property
    def topics(self) -> Sequence[Topic]:
        return [Topic(key=f"{self.origin}{number}", name=f"{self.origin} {number}") for number in range(_TOPICS)]

    @property
    def pages(self) -> set[tuple[str, str]]:
        """What it declares: pages, and their hosts."""
        return {(page, entry.host) for page, entry in self._entries.items()}

    def begin(self, pages: int) -> None:
        """Write it for the first time, with so many pages."""
        for _ in range(pages):
            self._add()
        self.write()

    def edit(self) -> None:
        """Add, remove, change and move some watches, and write it."""
        for edit in (self._add, self._remove, self._change, self._move):
            for _ in range(self.chance.randrange(1 + _MOST_EDITS)):
                edit()
        self.write()

    def write(self) -> None:
        """Write it as a whole."""
        new = self.path.with_suffix(".new")
        new.write_text(self._text(), encoding="utf-8")
        new.replace(self.path)

    def end_stays(self) -> None:
        """Note that what it says was taken: the stays of before are over from now on."""
        now = time.monotonic()
        self.declared = [
            replace(each, until=now) if each.until == float("inf") and not self._is_declared(each) else each
            for each in self.declared
        ]

    def _is_declared(self, stay: Declared) -> bool:
        entry = self._entries.get(stay.page)
        return entry is not None and entry.host == stay.host

    def _add(self) -> None:
        page, self._made = f"{self.origin}{self._made}", self._made + 1
        self.site.show(page)
        topic = self.chance.choice(self.topics).key
        assert topic is not None
        self._put(page, _Entry(host=self.chance.choice(self.hosts), topic=topic))

    def _remove(self) -> None:
        del self._entries[self._any()]

    def _change(self) -> None:
        page = self._any()
        entry = self._entries[page]
        other = EVERY_SECONDS + _OTHER_SECONDS - entry.every
        self._entries[page] = replace(entry, every=other, edits=entry.edits + 1)

    def _move(self) -> None:
        page = self._any()
        self._put(page, replace(self._entries[page], host=self.chance.choice(self.hosts)))

    def _put(self, page: str, entry: _Entry) -> None:
        self._entries[page] = entry
        self.declared.append(Declared(page=page, host=entry.host, since=time.monotonic()))

    def _any(self) -> str:
        return self.chance.choice(list(self._entries))

    def _text(self) -> str:
        topics = "\n".join(f"  {topic.key}: {{name: {topic.name}}}" for topic in self.topics)
        return _HEAD.format(topics=topics) + "".join(self._lines())

    def _lines(self) -> Iterator[str]:
        for page, entry in self._entries.items():
            url = self.site.url(page, entry.host)
            of_it = f"every: {entry.every}s, name: {page} edited {entry.edits} times"
            yield f"  {page}: {{url: {url}, extract: h1, topic: {entry.topic}, {of_it}}}\n"

"""
Watches of real pages, followed through their versions: `make histories` fetches them, and prints the table.

Each watch points at an element of the first version whose text stands there once, with a generated selector, and meets
each later version as often as it would on a site that changes once in a while. The truth is by content:

| the text is …                                             | so it is                                      |
|-----------------------------------------------------------|-----------------------------------------------|
| the same                                                  | the thing that is watched, wherever it stands |
| another one, and the old one is there                     | another thing                                 |
| most of the old one, or all but digits                    | the thing, after an edit                      |
| another one that stood on the version before              | another thing                                 |
| another one that is new                                   | the thing, rewritten                          |

Which packages are for tuning, and which of them nobody saw before the last figure, is said in `sources.toml`.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Final

from msgspec import Struct
from turbohtml import Element

from tests.extract.builders import page
from tests.extract.mutated.frames import Place
from tests.extract.mutated.trial import VALUE, watch_of
from tests.walls.trial import Trial
from watcher.core.check import Verdict
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.page_profile import Usual
from watcher.core.suspicion import WRONG_PLACE, is_place_refused
from watcher.core.values import SINGLE
from watcher.core.watch import Watch
from watcher.errors import CheckError
from watcher.extract.document import Document
from watcher.extract.labels import plain
from watcher.extract.observe import look
from watcher.extract.relocation import proposals
from watcher.extract.selector_of import selector_of

_CHECKS: Final = 4
"""Of each version, in a row: more often than `accept_after`."""
_WATCHES: Final = 14
_LONG: Final = 2
"""So many of the watches are of texts of many lines."""
_SHORTEST, _LONGEST, _LONG_FROM = 3, 400, 1_000
_EDITED: Final = 0.6
"""So much of its words makes a text an edit of another one."""
_REDESIGNED: Final = 0.5
"""A version that has less of the ids and classes of the one before has a new design."""
_UNWATCHED: Final = frozenset({"html", "head", "title", "script", "style", "body", "option", "noscript", "template"})
_NAMES = re.compile(r"""(?:class|id)=["']?([^"'>]+)""")


class Version:
    """A page as it was at some time."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self.source = path.read_bytes().decode(errors="replace")

    @cached_property
    def document(self) -> Document:
        return Document(self.source)

    @cached_property
    def elements(self) -> Mapping[str, Sequence[Element]]:
        """By what they say, on one line: the innermost elements of each text."""
        found: dict[str, list[Element]] = {}
        for element in self.document.elements():
            if element.tag not in _UNWATCHED and (text := _line(self.document.text_of(element))):
                found.setdefault(text, []).append(element)
        return {text: [one for one in them if not _holds(one, them)] for text, them in found.items()}

    @cached_property
    def names(self) -> set[str]:
        """Its ids and classes."""
        return {name for names in _NAMES.findall(self.source) for name in names.split()}

    def is_redesign_of(self, before: Version) -> bool:
        """Return whether it has a new design."""
        return len(self.names & before.names) < _REDESIGNED * len(before.names)

    def picked(self, seed: str) -> Sequence[tuple[str, Element]]:
        """Return texts that stand on it once, and their elements."""
        once = [(text, them[0]) for text, them in self.elements.items() if len(them) == 1]
        short = [each for each in once if _SHORTEST <= len(each[0]) <= _LONGEST and _is_watchable(each[1])]
        long = [each for each in once if len(each[0]) >= _LONG_FROM]
        choice = random.Random(seed)
        return [
            *choice.sample(long, min(_LONG, len(long))),
            *choice.sample(short, min(_WATCHES - _LONG, len(short))),
        ]


def _holds(element: Element, others: Sequence[Element]) -> bool:
    return any(one != element and element in one.ancestors for one in others)


def _is_watchable(element: Element) -> bool:
    """Return whether somebody may watch it: it is no box of several texts, and no piece of a listing."""
    return not element.select("p, li, td") and element.closest("pre") is None


def _line(text: str) -> str:
    return " ".join(text.split())


def _is_edit(text: str, now: str) -> bool:
    """Return whether a text is another one after an edit."""
    if min(len(text), len(now)) > _SHORTEST and (text in now or now in text):
        return True
    if plain(text) or plain(now):
        words, others = text.split(), now.split()
        return plain(text) == plain(now) or SequenceMatcher(None, words, others, autojunk=False).ratio() >= _EDITED
    return re.sub(r"\d+", "9", text) == re.sub(r"\d+", "9", now)


class Followed(Struct, frozen=True, kw_only=True):
    """
    What a watch came to at the last version of its page.

    Attributes:
        same, refused: how often its selector found the same text, and how often that was not believed.
        is_there: the text that it was right about last is there.
        is_wrong: it believes another thing, or told of one.
        is_alone_wrong: its selector finds another thing.
        proposed: what the clear first proposal says; None of none.
    """

    told: str
    css: str
    same: int
    refused: int
    is_there: bool
    is_read: bool
    is_wrong: bool
    is_alone_wrong: bool
    is_right_proposed: bool
    is_wrong_proposed: bool

    @property
    def is_found(self) -> bool:
        """Whether it is read, or rightly proposed."""
        return self.is_read or self.is_right_proposed


class _Course:
    """One watch, and what it is right to believe."""

    def __init__(self, text: str, css: str, first: Version) -> None:
        self._watch = watch_of(Place(css))
        self._css = css
        self._before = first
        self._trial = Trial(self._watch)
        self._text = self._alone = text
        self._same = self._refused = 0
        self._wrong = ""
        self._refusals: list[str] = []
        assert self._trial.check(first.source).verdict is Verdict.BASELINE, (css, self._trial.state.failure)

    def meet(self, version: Version) -> None:
        """Check a version some times, and once more a day later."""
        found = _found(self._watch, version)
        if found is not None:
            self._alone = found
        for _ in range(_CHECKS):
            decision = self._trial.check(version.source)
            if decision.verdict is not Verdict.FAILED:
                break
        self._trial.now += timedelta(hours=25)
        failure = self._trial.check(version.source).state.failure
        if found == self._text:
            self._same += 1
            self._refused += failure is not None and failure.kind == WRONG_PLACE
        if failure is None and found is not None:
            self._judge(version, found)
            self._before = version
        elif failure is not None:
            self._refusals.append(f"{version.name}: {failure.text}"[:300])

    def _judge(self, version: Version, found: str) -> None:
        if self._is_right(version, found):
            self._text, self._wrong = found, ""
        elif not self._wrong:
            self._wrong = f"{version.name}: {found[:70]!r} for {self._text[:70]!r}"

    def _is_right(self, version: Version, text: str) -> bool:
        """Return whether a text is that of the thing that is watched."""
        if text == self._text or self._text in version.elements:
            return text == self._text
        return _is_edit(self._text, text) or text not in self._before.elements

    def ended(self, name: str, last: Version) -> Followed:
        """Return what the watch came to at the last version."""
        state = self._trial.state
        is_there = self._text in last.elements
        proposed = self._proposed(last) if state.failure else None
        is_good = state.failure is None
        told = f"{name} {self._css} {self._text[:60]!r} {self._wrong} {'; '.join(self._refusals[-1:])} → {proposed!r}"
        return Followed(
            told=told,
            css=self._css,
            same=self._same,
            refused=self._refused,
            is_there=is_there,
            is_read=is_good and not self._wrong and is_there,
            is_wrong=is_good and bool(self._wrong),
            is_alone_wrong=not self._is_right(last, self._alone),
            is_right_proposed=is_there and proposed == self._text,
            is_wrong_proposed=proposed is not None and not self._is_right(last, proposed),
        )

    def _proposed(self, last: Version) -> str | None:
        state = self._trial.state
        usual = Usual(
            rows=state.rows, profile=state.profile, witnesses=state.witnesses, is_refused=is_place_refused(state)
        )
        found = next(iter(proposals(page(last.source), self._watch, usual, UNLIMITED)), None)
        return _found(watch_of(Place(found.places[0].selector)), last) if found and found.is_clear else None


def _found(watch: Watch, version: Version) -> str | None:
    try:
        value = look(page(version.source), watch, UNLIMITED).rows[SINGLE][VALUE]
    except CheckError:
        return None
    return _line(value) if isinstance(value, str) else None


def followed(history: Path, versions: Sequence[Version]) -> Iterator[Followed]:
    """Yield what becomes of the watches of the first of these versions."""
    first, *others = versions
    for text, element in first.picked(f"{history.stem} {first.name}"):
        course = _Course(text, selector_of(first.document, element), first)
        for version in others:
            course.meet(version)
        yield course.ended(f"{history.name} {first.name}", others[-1])


def results(directory: Path) -> Iterator[tuple[str, Followed]]:
    """Yield what watches come to through all versions of each page, and through a new design alone."""
    for history in sorted(directory.iterdir()):
        versions = [Version(path) for path in sorted(history.iterdir())]
        of = history.suffix.removeprefix(".")
        if len(versions) > 1:
            yield from ((f"{of}, whole", each) for each in followed(history, versions))
        for before, after in pairwise(versions):
            if after.is_redesign_of(before):
                yield from ((f"{of}, redesign", each) for each in followed(history, [before, after]))


def row(name: str, of: Sequence[Followed]) -> str:
    """Return the figures of some watches."""
    there = [each for each in of if each.is_there]
    lost = [each for each in there if not each.is_read and not each.is_wrong]
    same = sum(each.same for each in of)

    def share(count: int, among: int) -> str:
        return f"{100 * count / among:.1f} %" if among else "–"

    cells = [
        str(len(of)),
        f"{sum(each.refused for each in of)} of {same}",
        share(sum(each.is_wrong for each in of), len(of)),
        share(sum(each.is_alone_wrong for each in of), len(of)),
        share(sum(each.is_found for each in there), len(there)),
        f"{sum(each.is_right_proposed for each in lost)} of {len(lost)}",
        str(sum(each.is_wrong_proposed for each in of)),
        share(sum(":nth-" in each.css for each in of), len(of)),
    ]
    return f"| {name} | {' | '.join(cells)} |"


HEAD: Final = (
    "| | watches | same text refused | another thing believed | by its selector alone | of those there read or proposed"
    " | of lost ones proposed | wrongly proposed | counts places |\n|---|" + "---:|" * 8
)


def main(directory: Path) -> None:
    """Print the table; with `-v` each watch of the pages for tuning that is wrong, refused or not found."""
    kinds: dict[str, list[Followed]] = {}
    for kind, each in results(directory):
        kinds.setdefault(kind, []).append(each)
        if "-v" in sys.argv and kind.startswith("tuned"):
            signs = {
                "WRONG": each.is_wrong,
                "REFUSED": each.refused,
                "LOST": each.is_there and not each.is_found,
                "MISLED": each.is_wrong_proposed,
            }
            print(*(sign for sign, is_so in signs.items() if is_so), kind, each.told, file=sys.stderr)
    print(HEAD, *(row(*each) for each in sorted(kinds.items())), sep="\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

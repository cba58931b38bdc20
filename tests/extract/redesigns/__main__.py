"""
Watches of a page, looked at after others redesigned it: `make redesigns` renders the pages and prints the table.

One page of Sphinx under twenty themes, and the page of a product in three versions of django-oscar, each before and
after its values changed. A watch takes its baseline under one design, and meets the new values under another, or under
the same. The truth is by content: each value stands on its page alone, or wherever it stands it is the same thing.
A selector is generated, or the whole path from the root that developer tools copy, which is the first to break.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec
from turbohtml import Element

from tests.extract.builders import page
from tests.extract.mutated.frames import Place
from tests.extract.mutated.trial import VALUE, Course, Outcome, followed, watch_of
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.values import SINGLE
from watcher.core.watch import Watch
from watcher.errors import CheckError
from watcher.extract.document import Document
from watcher.extract.observe import look
from watcher.extract.selector_of import selector_of

HOWS: Final = ("copied", "generated")
_OTHERS: Final = 6
"""So many other designs each watch meets."""


class Design:
    """The pages of one design, before and after the values changed."""

    def __init__(self, directory: Path, name: str) -> None:
        self.name = name
        self.before = (directory / f"{name}.before.html").read_text()
        self.after = (directory / f"{name}.after.html").read_text()

    @cached_property
    def document(self) -> Document:
        return Document(self.before)

    def selector(self, how: str, text: str) -> str:
        """Return the selector of the first element that shows a text, and nothing else."""
        element = _innermost(self.document, text)
        return _path(element) if how == "copied" else selector_of(self.document, element)


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What a watch came to."""

    how: str
    is_redesigned: bool
    is_alone: bool
    outcome: Outcome
    finds_right: bool
    is_proposed: bool
    told: str

    @property
    def is_broken(self) -> bool:
        """Whether the watch does not see the value, and says so."""
        return not self.is_alone and self.outcome in {Outcome.MISSING, Outcome.REFUSED}


def _innermost(document: Document, text: str) -> Element:
    showing = [each for each in document.elements() if " ".join(each.text.split()) == text and each.tag != "title"]
    return next(each for each in showing if not any(one in each.select("*") for one in showing))


def _path(element: Element) -> str:
    steps = []
    for each in (element, *(one for one in element.ancestors if isinstance(one, Element))):
        same = [one for one in each.previous_siblings if isinstance(one, Element) and one.tag == each.tag]
        steps.append(each.tag if each.tag in {"html", "body"} else f"{each.tag}:nth-of-type({len(same) + 1})")
    return " > ".join(reversed(steps))


def results(directory: Path) -> Iterator[Result]:
    """Yield what becomes of the watches of each design under each other."""
    values = msgspec.json.decode((directory / "values.json").read_bytes(), type=dict[str, tuple[str, str]])
    designs = [Design(directory, path.name.removesuffix(".before.html")) for path in directory.glob("*.before.html")]
    designs.sort(key=lambda each: each.name)
    for number, old in enumerate(designs):
        for new in (designs[number:] + designs[:number])[: _OTHERS + 1]:
            for how in HOWS:
                yield from _of_pair(old, new, how, values)


def _of_pair(old: Design, new: Design, how: str, values: Mapping[str, Sequence[str]]) -> Iterator[Result]:
    for place, (before, after) in values.items():
        css = old.selector(how, before)
        watch = watch_of(Place(css))
        found = _found(watch, new.after)
        for is_alone in (True, False):
            course = followed(watch, old.before, new.after, is_alone=is_alone)
            is_right = found == after
            yield Result(
                how=how,
                is_redesigned=old is not new,
                is_alone=is_alone,
                outcome=course.outcome(is_same=is_right, finds_right=is_right, is_gone=False),
                finds_right=is_right,
                is_proposed=not is_alone and bool(course.why) and _proposed(course, watch, new) == after,
                told=f"{old.name} to {new.name}, {place} ({how} {css}): {course.why or found}",
            )


def _proposed(course: Course, watch: Watch, new: Design) -> object:
    """Return what stands in the place that is proposed first; None where none is."""
    proposal = course.proposal(watch, new.after)
    if proposal is None or not proposal.places:
        return None
    return _found(watch_of(Place(proposal.places[0].selector)), new.after)


def _found(watch: Watch, source: str) -> object:
    try:
        return look(page(source), watch, UNLIMITED).rows[SINGLE][VALUE]
    except CheckError:
        return None


def table(found: Sequence[Result]) -> str:
    """Return how many of each kind of watch came to what."""
    head = "watches | right | silently wrong | found nothing | not believed | though right | right place proposed first"
    rows = [f"| | {head} |", "|---|" + "---:|" * (head.count("|") + 1)]
    for is_redesigned in (False, True):
        for how in HOWS:
            for is_alone in (True, False):
                of = [
                    each
                    for each in found
                    if (each.is_redesigned, each.how, each.is_alone) == (is_redesigned, how, is_alone)
                ]
                counted = Counter(each.outcome for each in of)
                name = (
                    f"{'another' if is_redesigned else 'the same'} design, {how}, {'alone' if is_alone else 'witness'}"
                )
                cells = [f"{100 * counted[outcome] / len(of):.1f} %" for outcome in (Outcome.RIGHT, Outcome.WRONG)]
                cells += [f"{100 * counted[outcome] / len(of):.1f} %" for outcome in (Outcome.MISSING, Outcome.REFUSED)]
                accused = sum(each.finds_right and each.outcome is Outcome.REFUSED for each in of)
                broken = [each.is_proposed for each in of if each.is_broken]
                proposed = f"{100 * sum(broken) / len(broken):.1f} %" if broken else "–"
                rows.append(f"| {name} | {len(of)} | {' | '.join(cells)} | {accused} | {proposed} |")
    return "\n".join(rows)


def main(directories: Sequence[Path]) -> None:
    """Print the table of each set of designs; with `-v` each watch that is wrong, or accused, or not found again."""
    for directory in directories:
        found = list(results(directory))
        print(f"\n{directory.name}\n\n{table(found)}")
        if "-v" in sys.argv:
            for each in found:
                is_accused = each.finds_right and each.outcome is Outcome.REFUSED
                is_lost = each.is_broken and not each.is_proposed
                if not each.is_alone and (each.outcome is Outcome.WRONG or is_accused or is_lost):
                    print(each.outcome, each.told)


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:] if argument != "-v"])

"""
What watches come to when pages change as sites do: `python -m tests.extract.mutations` prints the tables.

18 pages of our own have their truth marked (`mutated/pages.py`, and `mutated/held_out.py`, on which nothing is tuned).
A case is one of them, and the same after some of 25 kinds of change (`mutated/mutators.py`); a watch of one of its
places, with a selector by hand and a generated one, checks both as real checks do (`mutated/trial.py`).

| figure | meaning |
|---|---|
| silently wrong | another thing is believed, of all cases |
| false | those of these in which it reads otherwise than the right one |
| false alarms | the right thing is found and not believed, of the cases in which only values and texts changed |
| not believed | the same of the other cases: what safety costs |
| right | the right thing is believed, of the cases in which it is there |
| proposed | the right place is proposed first, of those in which it is there and not seen |
| misled | another place is proposed without a doubt, of those in which the thing is gone |

`--cases N`, `--seed N`, `--templates taught|held-out`, `-v` for each case that is wrong, a false alarm, misled or not
proposed, `--export DIR` for the pages: `N.before.html`, `N.after.html`, and in `cases.json` where the truth stands in
each, as the places of elements in `querySelectorAll("*")`.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from tests.extract.mutated.cases import Case, cases
from tests.extract.mutated.frames import Place, Template
from tests.extract.mutated.held_out import HELD_OUT
from tests.extract.mutated.mutators import MUTATORS
from tests.extract.mutated.pages import TAUGHT
from tests.extract.mutated.tree import TRUTH
from tests.extract.mutated.trial import How, Outcome, Result, result
from watcher.extract.document import Document

GROUPS: Final = {"taught": TAUGHT, "held-out": HELD_OUT}


class Figures(Struct, kw_only=True):
    """What some results come to, counted."""

    count: int = 0
    wrong: int = 0
    false: int = 0
    quiet: int = 0
    false_alarms: int = 0
    not_believed: int = 0
    there: int = 0
    right: int = 0
    broken: int = 0
    proposed: int = 0
    gone: int = 0
    misled: int = 0

    def add(self, one: Result) -> None:
        """Count a result."""
        self.count += 1
        self.wrong += one.outcome is Outcome.WRONG
        self.false += one.outcome is Outcome.WRONG and not one.is_same
        self.quiet += one.case.is_quiet
        self.false_alarms += one.is_false_alarm and one.case.is_quiet
        self.not_believed += one.is_false_alarm and not one.case.is_quiet
        self.there += not one.is_gone
        self.right += one.outcome is Outcome.RIGHT and not one.is_gone
        self.broken += one.is_broken and not one.is_alone
        self.proposed += one.is_broken and one.is_proposed
        self.gone += one.is_gone and not one.is_alone
        self.misled += one.is_misled

    def row(self) -> str:
        """Return the figures as cells of a table."""
        cells = (
            str(self.count),
            _percent(self.wrong, self.count),
            _percent(self.false, self.count),
            _percent(self.false_alarms, self.quiet),
            _percent(self.not_believed, self.count - self.quiet),
            _percent(self.right, self.there),
            _percent(self.proposed, self.broken),
            _percent(self.misled, self.gone),
        )
        return " | ".join(cells)


_HEAD: Final = "watches | silently wrong | false | false alarms | not believed | right | proposed | misled"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def results(
    templates: Sequence[Template], count: int, seed: int = 0, *, are_alone: Sequence[bool] = (True, False)
) -> Iterable[Result]:
    """Yield what the watches of the cases come to, without witnesses, with them, or both."""
    for case in cases(templates, count, seed):
        for how in How:
            if how is How.HAND or isinstance(case.template.places[case.place], Place):
                yield from (result(case, how, is_alone=is_alone) for is_alone in are_alone)


def figures(found: Iterable[Result], by: Callable[[Result], Iterable[str]]) -> dict[str, Figures]:
    """Return the figures of each name that `by` gives a result."""
    counted: dict[str, Figures] = defaultdict(Figures)
    for one in found:
        for name in by(one):
            counted[name].add(one)
    return dict(counted)


def report(found: Sequence[Result]) -> str:
    """Return the tables as Markdown."""
    witnessed = [one for one in found if not one.is_alone]
    of_changes = figures(witnessed, lambda one: one.case.mutators)
    tables = {
        "selectors": figures(found, lambda one: [one.how + (", alone" if one.is_alone else ", with a witness")]),
        "change": {each.name: of_changes[each.name] for each in MUTATORS if each.name in of_changes},
        "page": figures(witnessed, lambda one: [one.case.template.name]),
    }
    return "\n\n".join(
        "\n".join(
            (
                f"| {title} | {_HEAD} |",
                "|---" + "|---:" * (_HEAD.count("|") + 1) + "|",
                *(f"| {name} | {each.row()} |" for name, each in table.items()),
            )
        )
        for title, table in tables.items()
    )


def told(one: Result) -> str:
    """Return one line that says what went wrong with a case."""
    case, gone = one.case, ", gone" if one.is_gone else ""
    kind = "false alarm" if one.is_false_alarm else "misled" if one.is_misled else one.outcome
    changes = ", ".join(case.mutators)
    selector = f"{one.how}{', alone' if one.is_alone else ''} {one.css}"
    return f"{case.number} {case.template.name}, {case.place}{gone} ({selector}): {changes}: {kind}: {one.why}"


def is_odd(one: Result) -> bool:
    """Return whether a case is to be looked at."""
    is_lost = one.is_broken and not one.is_proposed
    return one.outcome is Outcome.WRONG or one.is_false_alarm or is_lost or one.is_misled


def export(found: Iterable[Case], directory: Path) -> None:
    """Write both pages of each case, and where the truth stands in them."""
    directory.mkdir(parents=True, exist_ok=True)
    rows = []
    for case in found:
        for name, page in (("before", case.before), ("after", case.after)):
            (directory / f"{case.number}.{name}.html").write_text(page, encoding="utf-8")
        place = case.template.places[case.place]
        rows.append(
            {
                "number": case.number,
                "template": case.template.name,
                "place": case.place,
                "is_list": not isinstance(place, Place),
                "by_hand": place.css,
                "mutators": case.mutators,
                "before": _truth(case.marked_before, case.place),
                "after": _truth(case.marked_after, case.place),
            }
        )
    (directory / "cases.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")


def _truth(marked: str, name: str) -> list[int]:
    return [place for place, each in enumerate(Document(marked).elements()) if each.attr(TRUTH) == name]


def main() -> None:
    """Print the tables of each group of templates, or write the pages."""
    parser = argparse.ArgumentParser(prog="python -m tests.extract.mutations")
    parser.add_argument("--cases", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--templates", choices=GROUPS)
    parser.add_argument("--export", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true")
    options = parser.parse_args()
    groups = {name: each for name, each in GROUPS.items() if options.templates in (None, name)}
    if options.export:
        every = [template for each in groups.values() for template in each]
        export(cases(every, options.cases, options.seed), options.export)
        return
    of = sum(map(len, groups.values()))
    for name, templates in groups.items():
        found = list(results(templates, options.cases * len(templates) // of, options.seed))
        print(f"\n{name}: {len(templates)} pages\n\n{report(found)}")
        if options.verbose:
            print(*(told(one) for one in found if not one.is_alone and is_odd(one)), sep="\n")


if __name__ == "__main__":
    main()

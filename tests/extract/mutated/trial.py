"""
What a watch comes to on a case: a baseline on the page, four checks of what became of it, and one a day later.

| outcome | the watch |
|---|---|
| right | believes what the truth says, or, where the thing is gone, does not believe anything |
| wrong | tells another thing, or believes it a day later, too |
| missing | found nothing, though the thing is there |
| refused | does not believe what it found |

What is believed is right when the element is one that carries the truth, or one around or within it that says the
same; of a list, when all rows and fields are those of the truth.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace
from turbohtml import Element

from tests.extract.builders import css, page
from tests.extract.mutated.cases import Case
from tests.extract.mutated.frames import Place, Rows, Template
from tests.extract.mutated.tree import TRUTH, read, written
from tests.walls.trial import Trial
from watcher.core.check import Decision, Verdict
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.page_profile import Usual
from watcher.core.proposal import Proposal
from watcher.core.suspicion import accepted, is_place_refused
from watcher.core.values import Rows as ValueRows
from watcher.core.watch import Condition, Items, OnError, Operator, Query, Request, Rule, Values, Watch
from watcher.core.witness import NO_WITNESSES
from watcher.errors import CheckError, MissingError
from watcher.extract.document import Document
from watcher.extract.observe import look
from watcher.extract.relocation import proposals
from watcher.extract.selector_of import selector_of

_CHECKS = 4
"""Of the new page, in a row: more often than `accept_after`."""
VALUE = "value"


class How(StrEnum):
    """Who wrote the selector."""

    HAND = "by hand"
    GENERATED = "generated"


class Outcome(StrEnum):
    """What a watch came to."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"
    REFUSED = "refused"


class Result(Struct, frozen=True, kw_only=True):
    """
    What one watch of a case came to.

    Attributes:
        is_alone: the watch has no witness, so that nothing speaks against its selector.
        css: the selector.
        is_gone: the thing is no longer on the page.
        is_same: what the selector finds reads as the truth does; another element may do by chance.
        finds_right: the selector finds the right thing, believed or not.
        is_proposed: of a broken one, whether the right place is proposed first; of others False.
        is_misled: the thing is gone, and another one is proposed as if there were no doubt.
        why: of what is not right.
    """

    case: Case
    how: How
    is_alone: bool
    css: str
    outcome: Outcome
    is_gone: bool
    is_same: bool
    finds_right: bool
    is_proposed: bool = False
    is_misled: bool = False
    why: str = ""

    @property
    def is_false_alarm(self) -> bool:
        """Whether the right thing was found and not believed."""
        return self.finds_right and self.outcome is not Outcome.RIGHT

    @property
    def is_broken(self) -> bool:
        """Whether the thing is there and the watch does not see it, and says so."""
        return not self.is_gone and self.outcome in {Outcome.MISSING, Outcome.REFUSED}


def result(case: Case, how: How, *, is_alone: bool) -> Result:
    """Return what the watch of the case's place comes to, with a witness or without."""
    place = case.template.places[case.place]
    watch = watch_of(selected(case.template, case.place, how))
    expected = _seen(watch_of(_true(place, case.place)), case.marked_after)
    found = _seen(watch, case.after)
    finds_right = expected is not None and found == expected and _is_right(case, watch)
    course = followed(watch, case.before, case.after, is_alone=is_alone)
    outcome = course.outcome(is_same=found == expected, finds_right=finds_right, is_gone=expected is None)
    is_told = not is_alone and bool(course.why)
    proposal = course.proposal(watch, case.after) if is_told else None
    return Result(
        case=case,
        how=how,
        is_alone=is_alone,
        css=css_of(watch),
        outcome=outcome,
        is_gone=expected is None,
        is_same=found == expected,
        finds_right=finds_right,
        is_proposed=proposal is not None and _is_of_truth(case, proposal),
        is_misled=proposal is not None and expected is None and proposal.is_clear,
        why=course.why + _shown(proposal) if course.why else f"{found} and not {expected}",
    )


def _is_of_truth(case: Case, proposal: Proposal) -> bool:
    """Return whether the first candidate is the place of the truth, or all rows and no other."""
    if not proposal.places:
        return False
    document = Document(case.marked_after)
    found = document.select(proposal.places[0].selector)
    if isinstance(case.template.places[case.place], Rows):
        return list(found) == list(document.select(f'[{TRUTH}="{case.place}"]'))
    return bool(found) and _stands(document, found[0], case.place)


def _shown(proposal: Proposal | None) -> str:
    if proposal is None:
        return "; nothing proposed"
    texts = (f"{each.score:.2f} {each.selector} {each.text!r}" for each in proposal.places[:2])
    return f"; proposed for {proposal.last!r} behind {proposal.label!r}: {', '.join(texts)}"


class Course(Struct, frozen=True):
    """What the checks of the new page came to: the last of some in a row, and one a day later."""

    soon: Decision
    late: Decision

    def outcome(self, *, is_same: bool, finds_right: bool, is_gone: bool) -> Outcome:
        """
        Return what the watch came to.

        Args:
            is_same: what the selector finds reads as the truth does; another element may do by chance.
            finds_right: it is the right element, too.
        """
        if (_is_good(self.late) and not finds_right) or (self.soon.verdict is Verdict.CHANGED and not is_same):
            return Outcome.WRONG
        if _is_good(self.late) or is_gone:
            return Outcome.RIGHT
        failure = self.late.state.failure
        return Outcome.MISSING if failure and failure.kind == MissingError.kind else Outcome.REFUSED

    def proposal(self, watch: Watch, after: str) -> Proposal | None:
        """Return what is proposed for what the watch lost; None when nothing is."""
        state = self.late.state
        usual = Usual(
            rows=state.rows, profile=state.profile, witnesses=state.witnesses, is_refused=is_place_refused(state)
        )
        return next(iter(proposals(page(after), watch, usual, UNLIMITED)), None)

    @property
    def why(self) -> str:
        """The failure that the watch has in the end; empty when it has none."""
        failure = self.late.state.failure
        return f"{failure.kind}: {failure.text}" if failure else ""


def followed(watch: Watch, before: str, after: str, *, is_alone: bool) -> Course:
    """Return what a watch comes to whose page changes from the one to the other."""
    trial = _WithoutWitness(watch) if is_alone else Trial(watch)
    first = trial.check(before)
    if (believed := accepted(first.state)) is not None:  # such a page is followed too, whatever it says of itself
        trial.state = believed
        first = trial.check(before)
    assert first.verdict is Verdict.BASELINE, (watch.extraction, first.state.failure)
    for _ in range(_CHECKS):
        soon = trial.check(after)
        if _is_good(soon):
            break
    trial.now += timedelta(hours=25)
    return Course(soon, trial.check(after))


class _WithoutWitness(Trial):
    def check(self, source: str, *, is_json: bool = False) -> Decision:
        decision = super().check(source, is_json=is_json)
        self.state = replace(self.state, witnesses=NO_WITNESSES)
        return decision


def _is_good(decision: Decision) -> bool:
    return decision.verdict is not Verdict.FAILED


def _seen(watch: Watch, source: str) -> ValueRows | None:
    """Return what a watch finds on a page, believed or not; None when that is nothing."""
    try:
        return look(page(source), watch, UNLIMITED).rows or None
    except CheckError:
        return None


def _is_right(case: Case, watch: Watch) -> bool:
    """Return whether the element that is found is that of the truth; of a list what it says is enough."""
    if isinstance(watch.extraction, Items):
        return True
    document = Document(case.marked_after)
    return _stands(document, document.select(css_of(watch))[0], case.place)


def _stands(document: Document, element: Element, place: str) -> bool:
    """Return whether an element is that of the truth, or around it, or within."""
    true = f'[{TRUTH}="{place}"]'
    if element.attr(TRUTH) == place or document.select(true, element):
        return True
    return any(inner == element for each in document.select(true) for inner in document.select("*", each))


def css_of(watch: Watch) -> str:
    """Return the selector of the single value, or of the rows."""
    if isinstance(watch.extraction, Items):
        return watch.extraction.query.expression
    query = watch.extraction.selectors[VALUE].query
    assert query is not None
    return query.expression


def watch_of(place: Place | Rows) -> Watch:
    """Return a watch of a place of a page."""
    extraction: Values | Items
    if isinstance(place, Rows):
        fields = {name: css(each.css, each.type) for name, each in place.fields.items()}
        extraction = Items(query=Query.css(place.css), key=css(place.key), fields=fields)
    else:
        extraction = Values(selectors={VALUE: css(place.css, place.type)})
    return Watch(
        id="w",
        name="w",
        request=Request(url="https://shop.example/page"),
        topics=("t",),
        extraction=extraction,
        on_error=OnError(after=None),
        rules=(Rule(conditions=(Condition(operator=Operator.CHANGES),)),),
    )


def _true(place: Place | Rows, name: str) -> Place | Rows:
    """Return the place as the truth marks it."""

    def mark(of: str) -> str:
        return f'[{TRUTH}="{of}"]'

    if isinstance(place, Place):
        return Place(mark(name), place.type)
    fields: Mapping[str, Place] = {
        field: Place(mark(f"{name}.{field}"), each.type) for field, each in place.fields.items()
    }
    return Rows(mark(name), mark(f"{name}.key"), fields)


@lru_cache(maxsize=1_000)
def _generated(source: str, name: str) -> str:
    """Return what is generated for a single value on the page as it is written."""
    tree = read(source)
    place, marked = f'[{TRUTH}="{name}"]', Document(written(tree, has_truth=True))
    at = marked.order()[marked.select(place)[0]]
    document = Document(written(tree))
    return selector_of(document, list(document.elements())[at])


def selected(template: Template, name: str, how: How) -> Place | Rows:
    """Return the place with its selector as it was written by hand, or as it is generated; lists are by hand."""
    place = template.places[name]
    if how is How.HAND or isinstance(place, Rows):
        return place
    return Place(_generated(template.source, name), place.type)

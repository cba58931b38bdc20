"""
What is too odd to be believed at once.

| suspicious is …                                                              | unless                        |
|------------------------------------------------------------------------------|-------------------------------|
| a list of four rows or more that lost half of them at once                   | it is rolling, or said empty  |
| money that is 0 and was not, in a row that was there before                  | the row is new                |
| a number that moved by more than its `max_step` from the last one            | there was none                |

A suspicious check is a failed one. What is suspicious for `accept_after` checks in agreement is true, and so is
what the operator accepts (`watcher accept`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from watcher.core.check import Observation, Suspect, WatchState
from watcher.core.known import is_rolling
from watcher.core.measures import size
from watcher.core.values import SINGLE, Money, Rows, Value, magnitude, show
from watcher.core.watch import Selector, Step, Values, Watch
from watcher.core.words import clean, cut, one_line

SUSPICIOUS = "suspicious"
"""Of the failure that a suspicious check is."""
FEWEST_ROWS = 4
"""A list with fewer rows may lose half of them without suspicion."""
_LABEL_CHARACTERS = 40
_TEXT_CHARACTERS = 60


class Suspicion(Struct, frozen=True, kw_only=True):
    """
    Why a sight of a page is not to be believed.

    Attributes:
        text: one line that says what is odd first, and how to accept it.
        digest: of all that is odd. Checks agree when it is the same: what else moves on the page does not count.
    """

    text: str
    digest: str


def suspicion(watch: Watch, state: WatchState, observation: Observation, old: Rows) -> Suspicion | None:
    """
    Return why this sight of the page is not to be believed; None when it is.

    Args:
        old: the rows that this check's are compared with.
    """
    lost = _lost_half(watch, state, observation)
    odd = [*_odd_values(watch, old, observation.rows)]
    if not lost and not odd:
        return None
    all_odd = "\0".join([f"half of {state.row_count} rows" if lost else "", *sorted(odd)])
    return Suspicion(
        text=f"{lost or odd[0]}; `watcher accept {watch.id}` if this is true",
        digest=hashlib.blake2b(all_odd.encode(errors="surrogatepass"), digest_size=16).hexdigest(),
    )


def seen_again(suspect: Suspect | None, suspicion: Suspicion) -> Suspect:
    """Return the suspect after one more suspicious check; one that finds something else odd starts to count anew."""
    checks = suspect.checks + 1 if suspect and suspect.odd == suspicion.digest else 1
    return Suspect(odd=suspicion.digest, checks=checks, is_accepted=suspect is not None and suspect.is_accepted)


class Belief(Struct, frozen=True):
    """Why what was suspicious is taken as true. `checks`: so many saw the same; None: the operator accepted it."""

    checks: int | None


def belief(watch: Watch, suspect: Suspect) -> Belief | None:
    """Return why what was suspicious is taken as true; None while it is not."""
    if suspect.is_accepted:
        return Belief(None)
    return Belief(suspect.checks) if suspect.checks >= watch.accept_after else None


def accepted(state: WatchState) -> WatchState | None:
    """
    Return the state in which the next check believes what it sees; None when nothing suspicious was seen.

    Its sequence is one more: it is to be saved as a durable decision.
    """
    if state.suspect is None:
        return None
    return replace(state, sequence=state.sequence + 1, suspect=replace(state.suspect, is_accepted=True))


def is_suspicious(state: WatchState) -> bool:
    """Return whether the last check saw something odd that nobody believes yet."""
    is_odd = state.failure is not None and state.failure.kind == SUSPICIOUS
    return is_odd and state.suspect is not None and not state.suspect.is_accepted


def _lost_half(watch: Watch, state: WatchState, observation: Observation) -> str | None:
    before, now = state.row_count, observation.row_count
    if before is None or not now or is_rolling(watch):  # an empty list is here only because the page says so
        return None
    is_lost = before >= FEWEST_ROWS and 2 * now <= before
    return f"the list has {now} row{'s' if now > 1 else ''} and had {before}" if is_lost else None


def _odd_values(watch: Watch, old: Rows, new: Rows) -> Iterator[str]:
    limits = _limits(watch)
    for key, row in new.items():
        before = old.get(key)
        if before is None or before == row:
            continue
        for name, value in row.items():
            odd = _odd_value(before.get(name), value, limits.get(name))
            if odd:
                yield f"{_label(key, name)} {odd}"


def _odd_value(before: Value, value: Value, limit: Step | None) -> str | None:
    number, then = magnitude(value), magnitude(before)
    if isinstance(value, Money) and number == 0 and then != 0:
        return f"is {_shown(value)} and was {'absent' if before is None else _shown(before)}"
    if limit is None or number is None or then is None or abs(number - then) <= size(limit, then):
        return None
    return f"went from {_shown(before)} to {_shown(value)}, by more than its max_step of {limit}"


def _limits(watch: Watch) -> Mapping[str, Step]:
    selectors: Mapping[str, Selector]
    selectors = watch.extraction.selectors if isinstance(watch.extraction, Values) else watch.extraction.fields
    return {name: selector.max_step for name, selector in selectors.items() if selector.max_step is not None}


def _label(key: str, name: str) -> str:
    return name if key == SINGLE else f"{cut(one_line(clean(key)), _LABEL_CHARACTERS)}: {name}"


def _shown(value: Value) -> str:
    return cut(one_line(clean(show(value))), _TEXT_CHARACTERS)

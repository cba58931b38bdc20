"""
Which values a watch has seen before: with `known_values: ignore` one that comes back is no news.

Kept are digests of the values as `likeness` compares them, for each name the MAX_KNOWN that the page showed last.
They are noted when a value changes, which is written down anyway; a baseline forgets them. An entry with `changes`
does not wait for `confirm` then: a page that shows versions in turn shows none of them twice in a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b

from msgspec import Struct

from watcher.core.check import WatchState
from watcher.core.likeness import Likeness
from watcher.core.values import SINGLE, Rows, Value
from watcher.core.watch import KnownValues, Operator, Rule, Values, Watch

MAX_KNOWN = 64
_DIGEST_BYTES = 8


class Recognised(Struct, frozen=True, kw_only=True):
    """
    What a check has recognised.

    Attributes:
        names: of the values that have changed to one that was seen before.
        digests: by name, those known after the check.
    """

    names: frozenset[str] = frozenset()
    digests: Mapping[str, tuple[str, ...]] = {}


_NOTHING = Recognised()


def may_ignore(watch: Watch) -> bool:
    """Return whether the watch can ignore known values: it looks for changes of single ones."""
    return isinstance(watch.extraction, Values) and any(map(is_of_changes, watch.rules))


def is_ignoring(watch: Watch) -> bool:
    """Return whether the watch does so."""
    return watch.known_values is KnownValues.IGNORE and may_ignore(watch)


def is_of_changes(rule: Rule) -> bool:
    """Return whether the entry has `changes`."""
    return any(condition.operator is Operator.CHANGES for condition in rule.conditions)


def recognised(
    watch: Watch, state: WatchState, old: Rows, new: Rows, likeness: Likeness, *, is_baseline: bool
) -> Recognised:
    """
    Return which changed values were seen before.

    Args:
        old: what `likeness` finds no different from `new` stands in it as in `new`.

    Raises:
        SlowExpressionError: an expression of `ignore_text` took too long.
    """
    if is_baseline or not is_ignoring(watch):
        return _NOTHING
    if old is new:
        return Recognised(digests=state.known_values)
    before, row = old.get(SINGLE, {}), new.get(SINGLE, {})
    names, digests = [], dict(state.known_values)
    for name in [name for name, value in row.items() if before.get(name) != value]:
        known = digests.get(name, ())
        last = [_digest(likeness, name, value) for value in (before.get(name), row[name])]
        if last[1] in known:
            names.append(name)
        digests[name] = (*(digest for digest in known if digest not in last), *last)[-MAX_KNOWN:]
    return Recognised(names=frozenset(names), digests=digests)


def _digest(likeness: Likeness, name: str, value: Value) -> str:
    return blake2b(likeness.compared(name, value).encode(errors="replace"), digest_size=_DIGEST_BYTES).hexdigest()

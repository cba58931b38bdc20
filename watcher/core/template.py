"""The operator's words for a message: Jinja2 in a sandbox, given values and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct, field

from watcher.core.phrases import Phrases
from watcher.core.values import SINGLE, STOCK, Value, are_comparable, currency, magnitude, show
from watcher.core.watch import Values, Watch
from watcher.core.words import CONTENT_CHARACTERS, Firing, clean

if TYPE_CHECKING:
    from jinja2 import Template

    from watcher.core.sandbox import Sandbox

_MOST_DIGITS = 20
_NAMES = frozenset({"values", "items", "name", "url", "topic", "changed_at", "reason", "difference", "chart"})
"""What every template is given, besides the names of the watch's values."""


class ShownValue(Struct, frozen=True):
    """A value as templates see it: `{{ price }}`, `{{ price.old }}`, `{{ price.delta }}`, `{{ price.percent }}`."""

    before: Value
    after: Value
    _stock: Mapping[str, str] = field(default_factory=lambda: STOCK)

    @property
    def old(self) -> str:
        """The value that was known before."""
        return self._shown(self.before)

    @property
    def new(self) -> str:
        """The value now."""
        return self._shown(self.after)

    def _shown(self, value: Value) -> str:
        """Return the value as it is, for templates may count with it; of stock, the words of the language."""
        return self._stock.get(value, value) if isinstance(value, str) else show(value)

    @property
    def delta(self) -> Decimal | None:
        """By how much a number rose (below zero: fell); None of anything else, and between two currencies."""
        old, new = magnitude(self.before), magnitude(self.after)
        if old is None or new is None or not are_comparable(currency(self.before), currency(self.after)):
            return None
        return new - old

    @property
    def percent(self) -> Decimal | None:
        """The same in percent of the old value, with one decimal where there is room for it."""
        old, delta = magnitude(self.before), self.delta
        if delta is None or not old:
            return None
        percent = delta * 100 / abs(old)
        return percent.quantize(Decimal("0.1")) if percent.adjusted() < _MOST_DIGITS else percent

    def __str__(self) -> str:
        return self.new


class ShownItems(Struct, frozen=True):
    """The rows that fired, for lists: each a mapping of its values with its `key`."""

    added: list[dict[str, object]]
    removed: list[dict[str, object]]
    changed: list[dict[str, object]]


def check_template(source: str) -> None:
    """Raise ValueError, in one line, when this is no template, or one whose constants alone would eat the memory."""
    _sandbox().check(source)


def unknown_names(source: str, watch: Watch) -> list[str]:
    """Return the names that a template of this watch uses and nothing will fill; sorted. Raises ValueError."""
    values = watch.extraction.selectors if isinstance(watch.extraction, Values) else ()
    return sorted(_sandbox().names_in(source) - _NAMES - set(values))


class Facts(Struct, frozen=True, kw_only=True):
    """
    What a template is given.

    Attributes:
        now: shown as `changed_at`, in the watch's timezone.
        topic: that is told.
        reason: why, as a sentence.
        difference: what changed, a line for each value or row.
        chart: the last numbers, a line for each; empty when there are too few.
    """

    watch: Watch
    rows: Sequence[Firing]
    url: str | None
    now: datetime
    topic: str
    reason: str
    difference: str
    chart: str
    phrases: Phrases


def render(facts: Facts, *, default: tuple[str, str]) -> tuple[str, str, str | None]:
    """
    Return summary, content, and why a template was not used (then the default stands in its place).

    Args:
        default: summary and content where the watch has no template of its own.
    """
    context, watch = _context(facts), facts.watch
    try:
        summary = _fill(watch.message.summary, context) if watch.message.summary else default[0]
        content = _fill(watch.message.content, context) if watch.message.content else default[1]
    except Exception as error:  # a template may raise anything, and must not cost the alert
        return *default, f"the message template failed: {type(error).__name__}: {error}"
    if not summary.strip() or not content.strip():
        return *default, "the message template came out empty"
    return summary, content, None


@cache
def _sandbox() -> Sandbox:
    from watcher.core.sandbox import Sandbox  # Jinja2 costs 45 ms to import, and most watches have no template

    return Sandbox()


@lru_cache(maxsize=1024)
def _compile(source: str) -> Template:
    return _sandbox().from_string(source)


def _fill(source: str, context: dict[str, object]) -> str:
    """Render, and stop at the cap: a loop in a template must not eat the memory."""
    parts: list[str] = []
    size = 0
    for part in _compile(source).generate(context):
        parts.append(part)
        size += len(part)
        if size > CONTENT_CHARACTERS:
            break
    return clean("".join(parts)[:CONTENT_CHARACTERS])


def _context(facts: Facts) -> dict[str, object]:
    rows, stock = facts.rows, facts.phrases.stock
    single = rows[0] if rows[0].key == SINGLE else None
    values = _shown(single, stock) if single else {}
    return {
        # A value of such a name, which was there before us, goes before it.
        "reason": facts.reason,
        "difference": facts.difference,
        "chart": facts.chart,
        **values,
        "values": values,
        "items": ShownItems(
            added=[_row(row, stock) for row in rows if row.old is None],
            removed=[_row(row, stock) for row in rows if row.new is None],
            changed=[_row(row, stock) for row in rows if row.old is not None and row.new is not None],
        ),
        "name": facts.watch.name,
        "url": facts.url,
        "topic": facts.topic,
        "changed_at": facts.now.astimezone(facts.watch.timezone),
    }


def _row(firing: Firing, stock: Mapping[str, str]) -> dict[str, object]:
    return {**_shown(firing, stock), "key": firing.key}


def _shown(firing: Firing, stock: Mapping[str, str]) -> dict[str, ShownValue]:
    present = firing.new if firing.new is not None else firing.old or {}
    before = firing.old if firing.old is not None else present
    return {name: ShownValue(before.get(name), value, stock) for name, value in present.items()}

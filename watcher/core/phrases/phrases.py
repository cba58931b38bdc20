"""The sentences that messages are made of, and how they are filled in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache, reduce
from string import Formatter

from msgspec import Struct

_FIRST_HAN, _LAST_HAN = "\u4e00", "\u9fff"


class Plural(Struct, frozen=True):
    """A sentence that says a number: for one, and for any other. Chinese nouns do not inflect: most have `alike`."""

    one: str
    other: str

    def __call__(self, count: int, /, **values: object) -> str:
        """Return the sentence for this number, with thousands apart (`12,000`)."""
        return fill(self.one if count == 1 else self.other, count=f"{count:,}", **values)


def alike(text: str) -> Plural:
    """Return the sentence of a language whose nouns do not inflect."""
    return Plural(text, text)


class Phrases(Struct, frozen=True, kw_only=True):
    """All that messages say, in one language. What stands in braces is filled in by `fill`, or by the `Plural`."""

    # Values
    day: str
    """`year`, `month` (its number), `month_name`, `day`."""
    moment: str
    """A `day` and a `time` (12:00), and the `zone` where it matters (UTC+8)."""
    moment_here: str
    months: tuple[str, ...]
    """The names of the months, as `day` uses them."""
    names: Mapping[str, str]
    """Name that suggestions give a value → what people call it, where that is another word."""
    stock: Mapping[str, str]
    """State of stock → how it is shown."""
    currencies: Mapping[str, str]
    """Code or sign of a currency → its name, which stands behind the amount."""
    span: Mapping[str, Plural]
    """Unit of a length of time (d, h, m, s, ms) → so many of it."""

    # How parts are joined
    colon: str
    comma: str
    semicolon: str
    aside: str
    quoted: str
    any_of: str
    """Between alternatives."""
    all_of: str
    """Between clauses that hold together."""
    sentence: str
    between_sentences: str
    has_capitals: bool
    """A sentence begins with a capital letter."""

    # A change
    changes: Plural
    """Several messages that travel as one, and their `news`."""
    headline: str
    """Name of a watch and its news where they read on; elsewhere a `colon` stands between them."""
    still: str
    still_line: str
    rows: Plural
    between_labels: str
    """Between names of rows."""
    first_labels: str
    """The first names of more rows."""
    gone: str
    changed_to: str
    reordered: str
    came: str
    went: str
    changed: str
    as_before: str
    more_lines: Plural
    last_values: Plural
    """The `chart` of a number, from the `first` to the `last`, and their `extent`."""
    last_values_of: Plural
    """The same with the `name` of the value."""
    lowest_since: str
    """The extent of numbers whose last is the lowest since that day."""
    highest_since: str
    between: str
    """The extent of others."""

    # Why it is told. `{be}` is what fits the name of the value: seats are, a price is.
    is_any: str
    in_stock: Mapping[str, str]
    """State of stock → a clause that says that it is so."""
    the_text: str
    """What a text is called that has no name in watches.yaml, as the only value of a page."""
    the_number: str
    """The same of another value."""
    contains: str
    contains_none: str
    matches: str
    below: str
    above: str
    above_count: str
    """Of a number that is no money."""
    fell_below: str
    """Of a number that was not below before."""
    rose_above: str
    rose_above_count: str
    before: str
    after: str
    appeared: str
    disappeared: str
    value_changed: str
    page_changed: str
    row_changed: str
    fell: str
    rose: str
    was_until: str
    """What a number is measured from that fell or rose, when it is not the last one."""
    by_amount: str
    lowest: str
    highest: str
    is_new: str
    is_gone: str
    is_new_and_gone: str
    accepted_by_hand: str
    accepted_after: Plural
    upgraded: str
    """Of values that another version of the program read before."""
    template_failed: str
    default_was_sent: str

    # A watch that does not work
    failures: Mapping[str, str]
    """Kind of failure → what is wrong, where the language has other words than the failure's own."""
    failure_detail: str
    fails: str
    no_reason: str
    failed_checks: Plural
    failed_checks_since: Plural
    silence: str
    lost_parts: Mapping[str, str]
    """What a list loses besides its fields, its rows (`core.witness.LIST`) or its key → what it is called."""
    now_at: str
    """`name` of a value that was lost, the `selector` that finds it now behind its key, and its `text`, quoted."""
    now_at_one_of: Plural
    """The same of several places that it may be."""
    suggest_shows: str
    in_turn: str
    in_turn_advice: str
    in_turn_known: str
    read_otherwise: str
    read_otherwise_means: str
    """Before the values that an upgrade reads otherwise, a line each."""
    works_again: str
    works_again_after: Plural
    works_again_since: str
    works_again_after_since: Plural
    told_again: str
    failed_since: str
    no_success_since: str
    last_failure: str
    silent: str
    silent_so_far: str
    last_checked: str

    # About no single watch
    network_down: str
    network_back: str
    walled_off: str
    since: str
    network_down_means: str
    network_back_means: str
    walled_off_means: str
    out_of_files: str
    out_of_files_means: str
    redesigned: str
    """`host`, and its `watches` that lost a value."""
    suggest_failing: str
    watches: Plural
    hosts: Plural
    checks: Plural
    values_changed: Plural
    all_well: str
    counts_since: str
    yesterday: str
    some_broken: str
    broken: str
    broken_since: str
    no_check: str
    invalid_file: str
    invalid_file_more: Plural
    invalid_file_means: str
    file_not_used: str
    watches_unread: str
    """Of watches that a worker of a cluster cannot read."""
    watches_unread_means: str
    """A good file that the disk refuses."""
    file_used: str
    file_used_means: str
    not_delivered: str
    given_up: str
    strangers: Mapping[str, str]
    """Kind of thing that strangers make (`core.caps.Made`) → its plural."""
    too_many: str
    too_many_means: str
    operator_topic: str
    """The name of the topic `admin`, unless watches.yaml gives it another one."""
    account_asked: str
    account_asked_means: str
    state_lost: str
    state_lost_means: str
    damaged_records: Plural
    damaged_records_means: str
    damaged_state: str
    damaged_check: str
    damaged_message: str
    damaged_record: str
    database_damaged: str
    database_damaged_means: str
    channel_refuses: str
    channel_refuses_means: str

    def called(self, name: str) -> str:
        """Return what people call a value: `price` is 价格; its name in watches.yaml, where that has no other word."""
        return self.names.get(name, name)


def fill(text: str, /, **values: object) -> str:
    """
    Return the text with its blanks filled in.

    Between a Chinese character and a Latin letter or digit a space is set where a blank begins or ends, as it is
    printed in Chinese: `{name}低于{value}` is `seats 低于 10`, and `价格低于 10`. Values stay as they are.
    """
    filled = ""
    for literal, name in _parts(text):
        filled = _joined(filled, literal)
        if name is not None:
            filled = _joined(filled, str(values[name]))
    return filled


def beside(name: str, text: str) -> str:
    """Return a name with what it is beside it: `price 12`; behind a Chinese name spaced as `fill` does: `库存有货`."""
    return _joined(name, text) if _is_han(name[-1:]) else f"{name} {text}"


def join(parts: Iterable[str], between: str) -> str:
    """Return the parts with these words between them, spaced as `fill` does."""
    return reduce(lambda left, right: _joined(_joined(left, between), right) if left else right, parts, "")


@lru_cache(maxsize=512)
def _parts(text: str) -> tuple[tuple[str, str | None], ...]:
    return tuple((literal, name) for literal, name, _, _ in Formatter().parse(text))


def _joined(left: str, right: str) -> str:
    if not left or not right:
        return left + right
    a, b = left[-1], right[0]
    is_mixed = (_is_han(a) and _is_latin(b)) or (_is_latin(a) and _is_han(b))
    return f"{left} {right}" if is_mixed else left + right


def _is_han(character: str) -> bool:
    return _FIRST_HAN <= character <= _LAST_HAN


def _is_latin(character: str) -> bool:
    return character.isascii() and (character.isalnum() or character == "%")

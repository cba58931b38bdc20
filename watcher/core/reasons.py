"""
Why something is told, as a sentence: `Price fell 5% or more, and it is in stock.`

A bound is an amount of the page's own currency. A number that was beyond it before has fallen below it, or risen above
it; one that was not, or of which nothing is known, is below it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import assert_never

from msgspec import Struct

from watcher.core.check import Past
from watcher.core.conditions import holds
from watcher.core.cpu_budget import UNLIMITED
from watcher.core.locale import Locale
from watcher.core.measures import MEASURES
from watcher.core.phrases import Phrases, fill, join, phrases_in
from watcher.core.shown import shown, shown_day, shown_number, shown_span
from watcher.core.values import SINGLE, SINGLE_VALUE, Money, Value, ValueType, are_comparable, currency, magnitude
from watcher.core.watch import Condition, Items, Operator, Rule, Step, Watch
from watcher.core.words import Firing, clean, cut, one_line

_TEXTS = (ValueType.TEXT, ValueType.URL)
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_TEXT_CHARACTERS = 60
_NO_PASTS: Mapping[str, Sequence[Past]] = {}
_PLURAL = r"[a-z][^siu\W]s$"
"""How most English plurals end: seats and prices, but neither status nor class. Compiled when it is needed: 1 ms."""
_WORD = re.compile(r"[a-z]+\b")
"""A word that a sentence may begin with in capitals; `iPhone` is none."""


def reasons(
    rules: Iterable[Rule],
    watch: Watch,
    language: Locale | None,
    *,
    fired: Sequence[Firing] = (),
    pasts: Mapping[str, Sequence[Past]] = _NO_PASTS,
) -> str:
    """
    Return a sentence for each of the entries, without repeats.

    Args:
        fired: what is known of the rows that they fired in.
        pasts: value name → the numbers that stood before, oldest first, of a page without a list.
    """
    subject, phrases = _subject(watch), phrases_in(language)
    by_rule: dict[Rule, list[Firing]] = {rule: [] for rule in rules}
    for firing in fired:
        by_rule[firing.rule].append(firing)
    facts = (
        tuple(_fact(each, firings, pasts.get(each.subject or "", ()), watch.timezone) for each in rule.conditions)
        for rule, firings in by_rule.items()
    )
    sentences = dict.fromkeys(_sentence(each, subject, language) for each in facts)
    return phrases.between_sentences.join(_together(sentences, phrases) if len(sentences) > 1 else sentences)


def _together(sentences: Collection[str], phrases: Phrases) -> Collection[str]:
    """Return the sentences, that rows of a list came and that others went as one."""
    come, gone, both = (
        fill(phrases.sentence, text=_capital(text, phrases))
        for text in (phrases.is_new, phrases.is_gone, phrases.is_new_and_gone)
    )
    if not {come, gone} <= {*sentences}:
        return sentences
    return [both, *(each for each in sentences if each not in (come, gone))]


class _Fact(Struct, frozen=True, kw_only=True):
    """
    A condition, and what is known of the rows that it fired in.

    Attributes:
        currency: of the amounts there, as the page writes it, when all have one.
        has_crossed: the bound lay between the value before and the one now, in each of them.
        measured_from, until: of a number that fell or rose, when that is not the last one, and until when it stood.
    """

    condition: Condition
    currency: str | None = None
    has_crossed: bool = False
    measured_from: Value = None
    until: date | None = None


def _fact(condition: Condition, fired: Sequence[Firing], pasts: Sequence[Past], zone: tzinfo) -> _Fact:
    if not isinstance(condition.operand, Decimal | Step):
        return _Fact(condition=condition)
    values = [(firing.new or {}).get(condition.subject or "") for firing in fired]
    start = _start(condition, fired, pasts)
    currencies = {value.currency if isinstance(value, Money) else None for value in values}
    return _Fact(
        condition=condition,
        currency=currencies.pop() if len(currencies) == 1 else None,
        has_crossed=bool(fired) and all(_has_crossed(condition, firing) for firing in fired),
        measured_from=(fired[0].old or {}).get(condition.subject or "") if start else None,
        until=start.until.astimezone(zone).date() if start else None,
    )


def _start(condition: Condition, fired: Sequence[Firing], pasts: Sequence[Past]) -> Past | None:
    """Return the number that a fall or rise is measured from; None when it is the last one, or not known."""
    if condition.operator not in MEASURES or len(fired) != 1 or fired[0].key != SINGLE or not pasts:
        return None
    number = magnitude((fired[0].old or {}).get(condition.subject or ""))
    if number == pasts[-1].value:
        return None
    return next((past for past in reversed(pasts) if past.value == number), None)


def _has_crossed(condition: Condition, firing: Firing) -> bool:
    """Return whether a number is beyond the bound now, and was comparable and not beyond it before."""
    if firing.is_reminder or condition.operator not in (Operator.BELOW, Operator.ABOVE):
        return False
    before, after = ((row or {}).get(condition.subject or "") for row in (firing.old, firing.new))
    return (
        magnitude(before) is not None
        and are_comparable(currency(before), currency(after))
        and not holds(condition, firing.old or {}, UNLIMITED)
        and holds(condition, firing.new or {}, UNLIMITED)
    )


def _subject(watch: Watch) -> _Subject:
    extraction = watch.extraction
    selectors = extraction.fields if isinstance(extraction, Items) else extraction.selectors
    return _Subject(
        money=frozenset(name for name, selector in selectors.items() if selector.type is ValueType.MONEY),
        stocks=frozenset(name for name, selector in selectors.items() if selector.type is ValueType.STOCK),
        texts=frozenset(name for name, selector in selectors.items() if selector.type in _TEXTS),
        is_list=isinstance(extraction, Items),
    )


@lru_cache(maxsize=1024)  # watches of one shop say the same, again and again
def _sentence(facts: tuple[_Fact, ...], subject: _Subject, language: Locale | None) -> str:
    """Return the sentence of one entry."""
    phrases = phrases_in(language)
    text = join((_clause(fact, subject, phrases) for fact in facts), phrases.all_of)
    return fill(phrases.sentence, text=_capital(text, phrases))


def _capital(text: str, phrases: Phrases) -> str:
    """Return the text as a sentence begins."""
    word = _WORD.match(text) if phrases.has_capitals else None
    return word[0].capitalize() + text[word.end() :] if word else text


class _Subject(Struct, frozen=True, kw_only=True):
    """What conditions are about: money, the states of stock, the texts, and whether they stand in rows of a list."""

    money: frozenset[str]
    stocks: frozenset[str]
    texts: frozenset[str]
    is_list: bool


def _clause(fact: _Fact, subject: _Subject, phrases: Phrases) -> str:
    """Return what one condition says: a clause in small letters, without a full stop."""
    condition = fact.condition
    name, operand = _name(condition.subject or "", subject, phrases), condition.operand
    match condition.operator:
        case Operator.IS:
            return _is_any(condition.subject or "", _texts(operand), subject, phrases)
        case Operator.CONTAINS:
            return fill(phrases.contains, name=name, texts=_any_of(_texts(operand), phrases))
        case Operator.NOT_CONTAINS:
            return fill(phrases.contains_none, name=name, texts=_any_of(_texts(operand), phrases))
        case Operator.MATCHES:
            return fill(phrases.matches, name=name, texts=_any_of(_texts(operand), phrases))
        case Operator.BELOW | Operator.ABOVE:
            return fill(_bounded(fact, subject, phrases), name=name, be=_be(name), value=_bound(fact, phrases))
        case Operator.APPEARS:
            return fill(phrases.appeared, name=name)
        case Operator.DISAPPEARS:
            return fill(phrases.disappeared, name=name)
        case Operator.CHANGES:
            return fill(phrases.value_changed, name=name) if name else _anything_changed(subject, phrases)
        case Operator.DROPS_BY:
            return fill(phrases.fell, name=name, step=_step(fact, phrases)) + _measured(fact, phrases)
        case Operator.RISES_BY:
            return fill(phrases.rose, name=name, step=_step(fact, phrases)) + _measured(fact, phrases)
        case Operator.NEW_LOW:
            return fill(phrases.lowest, name=name, be=_be(name), span=_span(operand, phrases))
        case Operator.NEW_HIGH:
            return fill(phrases.highest, name=name, be=_be(name), span=_span(operand, phrases))
        case Operator.ADDED:
            return phrases.is_new
        case Operator.REMOVED:
            return phrases.is_gone
        case Operator.CHANGED:
            name = join(map(phrases.called, _texts(operand)), phrases.any_of)
            return fill(phrases.value_changed, name=name) if name else phrases.row_changed
        case _:
            assert_never(condition.operator)


def _name(name: str, subject: _Subject, phrases: Phrases) -> str:
    """Return what a value is called; the one that watches.yaml gives no name, by what it is."""
    if name != SINGLE_VALUE:
        return phrases.called(name)
    return phrases.the_text if name in subject.texts else phrases.the_number


def _be(name: str) -> str:
    return "are" if re.search(_PLURAL, name) else "is"


def _anything_changed(subject: _Subject, phrases: Phrases) -> str:
    return phrases.row_changed if subject.is_list else phrases.page_changed


def _is_any(name: str, texts: Sequence[str], subject: _Subject, phrases: Phrases) -> str:
    if name in subject.stocks:
        states = [_state(text) for text in texts]
        if phrases.in_stock.keys() >= set(states):
            return join((phrases.in_stock[state] for state in states), phrases.any_of)
    told = _name(name, subject, phrases)
    return fill(phrases.is_any, name=told, be=_be(told), texts=_any_of(texts, phrases))


def _state(text: str) -> str:
    """Return the state of stock that is meant; watches.yaml may write it as it is stored or as it is shown."""
    return text.casefold().replace(" ", "_").replace("pre-order", "preorder")


def _any_of(texts: Sequence[str], phrases: Phrases) -> str:
    return join((_quoted(text, phrases) for text in texts), phrases.any_of)


def _quoted(text: str, phrases: Phrases) -> str:
    if _NUMBER.fullmatch(text):
        return text
    return fill(phrases.quoted, text=cut(one_line(clean(text)), _TEXT_CHARACTERS))


def _texts(operand: object) -> Sequence[str]:
    return operand if isinstance(operand, tuple) else ()


def _bounded(fact: _Fact, subject: _Subject, phrases: Phrases) -> str:
    """Return the sentence that says on which side of a bound a value is."""
    is_below = fact.condition.operator is Operator.BELOW
    if isinstance(fact.condition.operand, date):
        return phrases.before if is_below else phrases.after
    if is_below:
        return phrases.fell_below if fact.has_crossed else phrases.below
    if fact.condition.subject in subject.money:
        return phrases.rose_above if fact.has_crossed else phrases.above
    return phrases.rose_above_count if fact.has_crossed else phrases.above_count


def _bound(fact: _Fact, phrases: Phrases) -> str:
    operand = fact.condition.operand
    if isinstance(operand, Decimal):
        return _amount(operand, fact, phrases)
    return shown(operand, phrases) if isinstance(operand, date) else ""


def _amount(number: Decimal, fact: _Fact, phrases: Phrases) -> str:
    return shown(Money(amount=number, currency=fact.currency), phrases) if fact.currency else shown_number(number)


def _step(fact: _Fact, phrases: Phrases) -> str:
    step = fact.condition.operand
    if not isinstance(step, Step):
        return ""
    if step.is_share:
        return str(step)
    return fill(phrases.by_amount, amount=_amount(step.amount, fact, phrases))


def _measured(fact: _Fact, phrases: Phrases) -> str:
    """Return what a fall or rise is measured from, as an aside."""
    if fact.until is None:
        return ""
    value, day = shown(fact.measured_from, phrases), shown_day(fact.until, phrases)
    return fill(phrases.aside, text=fill(phrases.was_until, value=value, day=day))


def _span(operand: object, phrases: Phrases) -> str:
    return shown_span(operand, phrases) if isinstance(operand, timedelta) else ""

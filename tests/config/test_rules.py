from __future__ import annotations

from decimal import Decimal

import pytest

from tests.config.files import mistake, read, watch, watch_file
from watcher.core.values import ValueType
from watcher.core.watch import Already, Condition, Items, Operator, Values

SINGLE = """
extract:
  price: .price
  stock: "#stock"
  cover: {css: img, attr: src, type: url}
  buy: {css: "#buy", optional: true}
notify_when:
"""
LIST = """
items:
  css: tr
  key: td.code
  fields:
    title: td.title
    seats: {css: td.seats, type: integer}
notify_when:
"""


def rules(body: str) -> list[str]:
    return [str(rule) for rule in watch(body).rules]


ENTRIES = {
    "nothing, on a page": ("extract: p", ["changes"]),
    "nothing, on a list": (LIST.replace("notify_when:", ""), ["added", "removed", "changed"]),
    "one word": (SINGLE.rstrip() + " changes", ["changes"]),
    "any change of a list": (LIST.rstrip() + " changes", ["added", "removed", "changed"]),
    "a word in a list": (LIST + "  - added", ["added"]),
    "a word with true": (LIST + "  - removed: true", ["removed"]),
    "one entry without a list": (SINGLE + "  price: {below: 10}", ["price below 10"]),
    "two entries": (SINGLE + "  - price: {below: 10.50}\n  - stock: changes", ["price below 10.50", "stock changes"]),
    "two conditions on one value": (SINGLE + "  - price: {below: 10, above: 5}", ["price below 10 and price above 5"]),
    "two values in one entry": (
        SINGLE + "  - price: {below: 10}\n    stock: {contains: [in, few]}",
        ["price below 10 and stock contains in or few"],
    ),
    "a state and an event": (LIST + "  - seats: {above: 0}\n    added: true", ["added and seats above 0"]),
    "some fields": (LIST + "  - changed: [title, seats]", ["changed title or seats"]),
    "one field": (LIST + "  - changed: title", ["changed title"]),
    "any field": (LIST + "  - changed: true", ["changed"]),
    "a list and its field": (LIST + "  - seats: changes", ["seats changes"]),
    "a number as a text": (SINGLE + "  - stock: {is: 12}", ["stock is 12"]),
    "presence": (SINGLE + "  - buy: appears\n  - buy: disappears", ["buy appears", "buy disappears"]),
    "an event of one value with a state": (
        SINGLE + "  - price: {changes: true, below: 9}",
        ["price below 9 and price changes"],
    ),
    "a drop in percent": (SINGLE + "  - price: {drops_by: 5%}", ["price drops by 5%"]),
    "a rise by an amount": (SINGLE + "  - price: {rises_by: 12.50}", ["price rises by 12.50"]),
    "a low and a high": (
        SINGLE + "  - price: {new_low: 30d}\n  - price: {new_high: 1d12h}",
        ["price new low in 30d", "price new high in 1d12h"],
    ),
    "a date": (SINGLE + "  - price: {above: 2026-12-12}", ["price above 2026-12-12"]),
    "any change of a rolling list": (
        LIST.replace("key: td.code", "key: td.code\n  rolling: true").rstrip() + " changes",
        ["added", "changed"],
    ),
    "the same entry in another order": (
        SINGLE + "  - {price: {below: 1}, stock: changes}\n  - {stock: changes, price: {below: 1}}",
        ["price below 1 and stock changes"],
    ),
    "the same entry twice": (LIST + "  - added\n  - added: true", ["added"]),
}


@pytest.mark.parametrize(("body", "expected"), ENTRIES.values(), ids=ENTRIES)
def test_an_entry_is_the_rule_it_reads_like(body: str, expected: list[str]) -> None:
    assert rules(body) == expected


def test_a_compared_value_is_a_number_unless_it_says_otherwise() -> None:
    found = watch(SINGLE + "  - price: {below: 10}").extraction
    assert isinstance(found, Values)
    assert {name: selector.type for name, selector in found.selectors.items()} == {
        "price": ValueType.NUMBER,
        "stock": ValueType.TEXT,
        "cover": ValueType.URL,
        "buy": ValueType.TEXT,
    }


def test_where_speaks_of_the_key_and_of_the_fields() -> None:
    found = watch(LIST + '  - added\nwhere: {key: {matches: "^CS"}, seats: {above: 0}}').extraction
    assert isinstance(found, Items)
    assert found.where == (
        Condition(operator=Operator.MATCHES, subject="key", operand=("^CS",)),
        Condition(operator=Operator.ABOVE, subject="seats", operand=Decimal(0)),
    )


def test_an_entry_has_a_topic_and_an_already_of_its_own() -> None:
    found = watch(
        "already: ignore\n"
        + SINGLE
        + "  - {price: {below: 10}, topic: [a, b, a]}\n  - {stock: changes, already: notify}"
    ).rules
    assert [rule.topics for rule in found] == [("a", "b"), ()]
    assert [rule.already for rule in found] == [Already.IGNORE, Already.NOTIFY]


def test_a_topic_of_an_entry_is_a_topic_of_the_file() -> None:
    assert "mine" in read(watch_file("extract: p\nnotify_when: {changes: true, topic: mine}")).topics


def test_any_change_may_have_a_topic_too() -> None:
    found = watch(LIST + "  - {changes: true, topic: a, already: notify}").rules
    assert [str(rule) for rule in found] == ["added", "removed", "changed"]
    assert {(rule.topics, rule.already) for rule in found} == {(("a",), Already.NOTIFY)}


INAPPLICABLE = {
    "a text that drops": (
        SINGLE + "  - cover: {drops_by: 5%}",
        "notify_when[0].cover.drops_by: a url does not rise and fall; give it `type: number`",
    ),
    "a text that is lowest": (SINGLE + "  - cover: {new_low: 30d}", "a url does not rise and fall"),
    "a short memory": (SINGLE + "  - price: {new_low: 5m}", "must be from 1h to 365d"),
    "a drop of nothing": (SINGLE + "  - price: {drops_by: 0}", "must be more than 0"),
    "a drop in words": (SINGLE + "  - price: {drops_by: a lot}", "must be a number, or a percentage such as 5%"),
    "a date for a text": (SINGLE + "  - cover: {above: 2026-12-12}", "a url cannot be compared with a date"),
    "a date for a number": (
        SINGLE + "  - price: {above: 2026-12-12, below: 5}",
        "notify_when[0].price.above: a number cannot be compared with a date; give it `type: date`",
    ),
    "a number for a date": (
        SINGLE.replace(".price", "{css: .price, type: date}") + "  - price: {below: 10}",
        "a date is compared with a date such as 2026-12-12",
    ),
    "another state of stock": (
        SINGLE.replace('"#stock"', "{css: p, type: stock}") + "  - stock: {is: [in_stock, instock]}",
        "must be in_stock, out_of_stock or preorder; got 'instock'; did you mean `in_stock`?",
    ),
    "removed from a rolling list": (
        LIST.replace("key: td.code", "key: td.code\n  rolling: true") + "  - removed: true",
        "notify_when[0].removed: a row that leaves a `rolling` list is not gone, so this never holds",
    ),
    "an entry without a condition": (SINGLE + "  - topic: a", "notify_when[0]: does not say when; add `changes`"),
    "a topic with blanks": (SINGLE + "  - {price: changes, topic: a b}", "notify_when[0].topic: must be a name"),
    "an already that is none": (SINGLE + "  - {price: changes, already: no}", "must be one of notify, ignore"),
    "two entries that differ in their topic": (
        SINGLE + "  - {price: changes, topic: a}\n  - {price: changes, topic: b}",
        "notify_when[1]: says the same as an entry above",
    ),
    "an event of a number in where": (LIST + "  - added\nwhere: {seats: {drops_by: 5}}", "`drops_by` says nothing of"),
    "a text compared": (
        SINGLE.replace(".price", "{css: .price, type: text}") + "  - price: {below: 10}",
        "11:24: watches.w.notify_when[0].price.below: a text cannot be compared with a number"
        "; give it `type: number`, `integer` or `money`",
    ),
    "a URL compared": (SINGLE + "  - cover: {above: 10}", "a url cannot be compared with a number"),
    "an unknown value": (
        SINGLE + "  - pric: {below: 10}",
        "watches.w.notify_when[0].pric: `pric` is not the name of a value; did you mean `price`?",
    ),
    "a value far from all": (
        SINGLE + "  - x: changes",
        "`x` is not the name of a value; there is price, stock, cover, buy",
    ),
    "an unknown field": (
        LIST + "  - changed: [title, seat]",
        "notify_when[0].changed[1]: `seat` is not the name of a value; did you mean `seats`?",
    ),
    "added without items": (SINGLE + "  - added", "`added` is for pages with `items`; here, write `changes`"),
    "changed without items": (SINGLE + "  - changed: [price]", "`changed` is for pages with `items`"),
    "two events of a row": (
        LIST + "  - {added: true, removed: true}",
        "`added` and `removed` are never true of one row",
    ),
    "presence of a value that must be there": (
        SINGLE + "  - stock: appears",
        "without the value the check fails; add `optional: true` to `stock`",
    ),
    "an operator without a value": (
        SINGLE + "  - below: 10",
        "`below` needs the name of a value before it; write `price: {below: …}`",
    ),
    "a condition in words": (SINGLE + "  - price: below 10", "got 'below 10'"),
    "an entry in words": (SINGLE + "  - cheaper", "got 'cheaper'"),
    "an event that is false": (LIST + "  - added: false", "must be true, or left out"),
    "no entry": (SINGLE.rstrip() + " []", "must not be an empty list"),
    "a number that is none": (LIST + "  - seats: {is: many}", "must be a number, as `seats` is one; got 'many'"),
    "an expression that is none": (SINGLE + "  - stock: {matches: 'a('}", "must be a regular expression; got 'a('"),
    "a long expression": (SINGLE + f"  - stock: {{matches: '{'a' * 1001}'}}", "at most 1,000 characters"),
    "an expression that repeats for ever": (
        SINGLE + "  - stock: {matches: '((a{1000}){1000}){1000}'}",
        "must be an expression that repeats less",
    ),
    "an expression that repeats after zeros": (
        SINGLE + "  - stock: {matches: '(a{01000}){01000}'}",
        "must be an expression that repeats less",
    ),
    "an expression that repeats between spaces": (
        SINGLE + "  - stock: {matches: '(?x)(a{ 1000 }){ 1000 }'}",
        "must be an expression that repeats less",
    ),
    "a long expression that repeats": (
        SINGLE + f"  - stock: {{matches: '(?:{'a?' * 480}){{1000}}'}}",
        "must be an expression that repeats less",
    ),
    "an empty text": (SINGLE + "  - stock: {contains: ''}", "must not be empty"),
    "where without items": ("where: {key: {is: a}}", "is for pages with `items`"),
    "an event in where": (
        LIST + "  - added\nwhere: {seats: changes}",
        "`changes` says nothing of a single row",
    ),
    "an unknown name in where": (LIST + "  - added\nwhere: {titel: {is: a}}", "did you mean `title`?"),
}


@pytest.mark.parametrize(("body", "told"), INAPPLICABLE.values(), ids=INAPPLICABLE)
def test_a_condition_that_cannot_apply_is_an_error(body: str, told: str) -> None:
    assert told in mistake(body)

"""The operator's own words."""

from __future__ import annotations

from datetime import timedelta, timezone
from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.core.builders import NOON, event_rule, play, price, watch
from watcher.core.message import compose
from watcher.core.template import check_template
from watcher.core.values import SINGLE, Money, Row, Value
from watcher.core.watch import MessageTemplate, Operator, Watch
from watcher.core.words import CONTENT_CHARACTERS, SUMMARY_CHARACTERS, Firing, Words

CHANGES = event_rule(Operator.CHANGES)


def worded(summary: str | None = None, content: str | None = None) -> Watch:
    return replace(watch(), message=MessageTemplate(summary=summary, content=content))


def words(watched: Watch, old: Row | None, new: Row | None, key: str = SINGLE) -> Words:
    return compose(watched, [Firing(rule=CHANGES, key=key, old=old, new=new)], link=None, now=NOON)


OLD: Row = {"price": Money(amount=Decimal("12.00"), currency="€"), "name": "x", "note": None}
NEW: Row = {**OLD, "price": Money(amount=Decimal("9.00"), currency="€")}


@pytest.mark.parametrize(
    ("template", "summary"),
    [
        ("{{ name }} {{ price.old }} → {{ price.new }}", "Dune €12.00 → €9.00"),
        ("{{ price }} {{ price.delta }} {{ price.percent }}%", "€9.00 -3.00 -25.0%"),
        ("{{ values.name }} {{ note }} {{ note.delta }}", "x – None"),
        ("{{ topic }} {{ changed_at.year }} {{ url }}", "deals 2026 https://shop.example/dune"),
        ("{{ values.price.old }} {{ values.price.new }} {{ values.price.percent }}", "€12.00 €9.00 -25.0"),
        (
            "{{ '%.1f' % price.delta }} {{ '%.2f'|format(price.delta) }} {{ '{:.0f}'.format(price.delta) }}",
            "-3.0 -3.00 -3",
        ),
        ("{{ reason }}", "The page changed."),
        ("{{ difference }}", "price: €12.00 → €9.00 (−25%)"),
        ("{{ chart or 'too few' }}", "too few"),
        ("{% for key, value in values|dictsort %}{{ key ~ loop.index }}{% endfor %}", "name1note2price3"),
        ("{{ ['a', 'b']|join(', ') }} {{ 'x-y'|replace('-', '+') }} {{ price.percent|round|int }}", "a, b x+y -25"),
        ("two\n  lines", "two lines"),
    ],
)
def test_a_template_sees_the_values(template: str, summary: str) -> None:
    told = words(worded(template), OLD, NEW)
    assert (told.summary, told.problem) == (summary, None)


@pytest.mark.parametrize(
    ("old", "new", "summary"),
    [
        pytest.param(-100, -90, "10 10.0", id="of a number below zero"),
        pytest.param(
            Decimal("0.001"),
            10**30,
            "1.000000000000000000000000000E+30 1.000000000000000000000000000E+35",
            id="of more digits than fit",
        ),
        pytest.param(
            Money(amount=Decimal(10), currency="€"),
            Money(amount=Decimal(11), currency="$"),
            "None None",
            id="currencies",
        ),
    ],
)
def test_how_far_a_number_moved(old: Value, new: Value, summary: str) -> None:
    told = words(worded("{{ price.delta }} {{ price.percent }}"), {"price": old}, {"price": new})
    assert (told.summary, told.problem) == (summary, None)


def test_a_template_sees_the_last_numbers_as_a_chart() -> None:
    looks = map(price, (12, 11, 13, 8))
    (message,) = play(worded(content="{{ reason }}|{{ chart }}|{{ difference }}"), *looks)[-1].messages
    lines = ("The page changed.", "Last 4 values: ▆▅▇▁ from 12 to 8, the lowest since 24 Nov 2026.")
    assert message.content == "|".join((*lines, "price: 13 → 8 (−38.5%)"))


def test_a_template_sees_the_difference_of_rows() -> None:
    told = compose(
        worded(content="{{ difference }}"),
        [Firing(rule=CHANGES, key="A", old=None, new={"seats": 1}), Firing(rule=CHANGES, key="B", old={}, new=None)],
        link=None,
        now=NOON,
    )
    assert told.content == "+ A: seats 1\n− B"


def test_a_value_called_as_what_templates_are_given_goes_before_it() -> None:
    told = words(worded("{{ chart }} {{ difference }} {{ reason }}"), None, {"chart": 1, "difference": 2, "reason": 3})
    assert told.summary == "1 2 3"


def test_a_template_sees_the_rows_of_a_list() -> None:
    template = "{% for row in items.added %}+{{ row.key }} {{ row.seats }}{% endfor %}{{ items.removed|length }}"
    assert words(worded(template), None, {"seats": 3}, "CS1").summary == "+CS1 30"


def test_a_template_sees_the_time_of_the_watch_and_the_topic_that_is_told() -> None:
    watched = replace(worded("{{ topic }} {{ changed_at.hour }}"), timezone=timezone(timedelta(hours=8)))
    decisions = play(replace(watched, topics=("deals", "books")), price(12), price(9))
    assert [message.summary for message in decisions[1].messages] == ["deals 20", "books 20"]


def test_a_part_without_a_template_keeps_its_default() -> None:
    told = words(worded(content="only {{ price }}"), OLD, NEW)
    assert (told.summary, told.content) == ("Dune: price €12.00 → €9.00 (−25%)", "only €9.00")


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ price.__init__.__globals__ }}",
        "{{ price.__class__ }}",
        "{{ items.added.append(1) }}",
        "{{ values.update({1: 2}) }}",
        "{{ values.pop('price') }}",
        "{{ '{0.__class__}'.format(name) }}",
        "{{ self.__init__ }}",
        "{{ cycler.__init__.__globals__.os.environ }}",
        "{{ changed_at.__reduce__() }}",
        "{% include '/etc/passwd' %}",
        "{% for n in range(9999999999) %}{% endfor %}",
    ],
)
def test_a_template_cannot_leave_its_sandbox(template: str) -> None:
    told = words(worded(template), OLD, NEW)
    assert told.problem is not None
    assert told.summary == "Dune: price €12.00 → €9.00 (−25%)"


@pytest.mark.parametrize(
    ("template", "why"),
    [
        ("{{ prcie.new }}", "'prcie' is undefined"),
        ("{{ price.newest }}", "has no attribute 'newest'"),
        ("{{ 1 / 0 }}", "ZeroDivisionError"),
        ("{{ price.delta + 'x' }}", "TypeError"),
        ("{{ broken", "TemplateSyntaxError"),
        ("{% if false %}nothing{% endif %}", "came out empty"),
        ("{{ '\0\u200b' }}", "came out empty"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "RecursionError"),
    ],
)
def test_a_template_that_fails_leaves_the_default_and_says_why(template: str, why: str) -> None:
    told = words(worded(template, "fine"), OLD, NEW)
    assert why in (told.problem or "")
    assert told.summary == "Dune: price €12.00 → €9.00 (−25%)"
    assert told.content == "name: x\nnote: –\n\nThe page changed."


def test_a_template_that_fails_costs_no_alert_and_the_operator_is_told() -> None:
    watched = replace(worded("{{ nothing }}"), topics=("deals", "admin"))
    _, changed = play(watched, price(12), price(9))
    assert [(message.topic, message.summary[:30]) for message in changed.messages] == [
        ("deals", "Dune 12 → 9 (−25%)"),
        ("admin", "Dune 12 → 9 (−25%)"),
        ("admin", "dune: the message template fai"),
    ]
    assert len({message.id for message in changed.messages}) == 3


def test_an_endless_template_ends_at_the_cap() -> None:
    told = words(worded("{% for n in range(99999) %}{{ n }} {% endfor %}", "{{ 'x' * 99999 }}"), OLD, NEW)
    assert told.problem is None
    assert (len(told.summary), len(told.content)) == (SUMMARY_CHARACTERS, CONTENT_CHARACTERS)


def test_a_value_is_never_a_template() -> None:
    assert words(worded("{{ text }}"), {"text": ""}, {"text": "{{ 6 * 7 }}"}).summary == "{{ 6 * 7 }}"


def test_a_template_is_checked_before_it_is_used() -> None:
    check_template("{{ price.new }}")
    with pytest.raises(ValueError, match="not a Jinja2 template: "):
        check_template("{{ price.new }")

"""What a template may cost: the table at the head of `watcher.core.sandbox`."""

from __future__ import annotations

import time
import tracemalloc
from contextlib import suppress
from decimal import Decimal

import pytest
from jinja2 import TemplateError

from tests.bounded import bounded
from watcher.core.sandbox import Sandbox
from watcher.core.template import ShownValue, check_template

DOUBLING = "{% set ns = namespace(s='xx') %}{% for _ in range(60) %}{% set ns.s = {} %}{% endfor %}{{ ns.s }}"
BOMBS = {
    "repeated text": "{{ 'a' * times }}",
    "repeated list": "{{ [1] * times }}",
    "times a text": "{{ times * 'a' }}",
    "power": "{{ 9 ** times }}",
    "power of powers": "{{ ((9 ** 999) ** 999) ** 999 }}",
    "product": "{% set ns = namespace(n=9) %}{% for _ in range(60) %}{% set ns.n = ns.n * ns.n %}{% endfor %}",
    "doubling with +": DOUBLING.replace("{}", "ns.s + ns.s"),
    "doubling with ~": DOUBLING.replace("{}", "ns.s ~ ns.s"),
    "doubling with join": DOUBLING.replace("{}", "[ns.s, ns.s]|join"),
    "doubling with replace": DOUBLING.replace("{}", "ns.s|replace('x', ns.s)"),
    "doubling with %": DOUBLING.replace("{}", "'%s%s' % (ns.s, ns.s)"),
    "doubling with format": DOUBLING.replace("{}", "'%s%s'|format(ns.s, ns.s)"),
    "lists of lists": DOUBLING.replace("{}", "[ns.s, ns.s]"),
    "lists of lists as text": DOUBLING.replace("{}", "[ns.s, ns.s]").replace("{{ ns.s }}", "{{ ns.s|upper }}"),
    "a wide format": "{{ '%1000000000d' % 1 }}",
    "a width from a value": "{{ '%*d' % (times, 1) }}",
    "a wide format method": "{{ '{:1000000000}'.format(1) }}",
    "a width from a value of a method": "{{ '{:{}}'.format(1, times) }}",
    "a wide format filter": "{{ '%1000000000d'|format(1) }}",
    "centered": "{{ 'a'|center(times) }}",
    "justified": "{{ 'a'.ljust(times) }}",
    "zeros": "{{ 'a'.zfill(times) }}",
    "replaced": "{{ ('a' * 9999).replace('a', 'b' * 9999) }}",
    "bytes": "{{ (1).to_bytes(times, 'big') }}",
    "indented": "{{ 'a'|indent(times, true) }}",
    "batched": "{{ [1]|batch(times, 'x')|list }}",
    "lorem ipsum": "{{ lipsum(times) }}",
    "centered by a method": "{{ 'a'.center(times) }}",
    "centered by a name": "{{ ('a'|attr('center'))(times) }}",
    "a long range as a list": "{{ range(99999)|list }}{{ range(99999, times)|list }}",
    "wide formats by the thousand": "{{ ('%(a)999d' * 11000) % {'a': 1} }}",
    "wide methods by the thousand": "{{ ('{0:999}' * 6000).format(1) }}",
    "loops in loops": "{% for a in range(999) %}" * 4 + "{% endfor %}" * 4,
    "macros in macros": "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(20) }}",
    "a long range": "{% for _ in range(times) %}{% endfor %}",
    "a recursive loop": "{% for a in [[1]] recursive %}{{ loop(a) }}{% endfor %}",
    "a scoped block": "{% for a in range(9) %}{% block b scoped %}{% endblock %}{% endfor %}",
}


@pytest.mark.faults
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_template_that_runs_away_ends_soon_and_small(bomb: str) -> None:
    started = time.process_time()
    tracemalloc.start()
    with pytest.raises((TemplateError, OverflowError)):
        Sandbox().from_string(bomb).render(times=10**9)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000
    assert time.process_time() - started < 5


LONG = "x" * 99_990
TURNING = "{% for _ in range(99999) %}{}{% endfor %}"
LABOURS = {
    "filters one beside the other": "{{ long|upper }}" * 19_000,
    "as many as a template may have": "{{ long|upper }}" * 300,
    "filters in a row": "{{ long" + "|upper" * 150 + " }}",
    "comparisons in a loop": TURNING.replace("{}", "{% if long == longer %}{% endif %}" * 60),
    "searches in a loop": TURNING.replace("{}", "{% if 'zy' in long %}{% endif %}" * 60),
    "ranges searched in a loop": TURNING.replace("{}", "{% if 'a' in range(99999) %}{% endif %}" * 60),
    "tests in a loop": TURNING.replace("{}", "{% if long is in longer %}{% endif %}" * 60),
    "differences in a loop": TURNING.replace("{}", "{% set b = price.percent %}" * 60),
    "differences in loops in loops": "{% for _ in range(999) %}" * 6 + "{{ price.delta }}" * 60 + "{% endfor %}" * 6,
    "slices in a loop": TURNING.replace("{}", "{% set b = long[1:] %}" * 60),
    "slices of lists in a loop": TURNING.replace("{}", "{% set b = rows[1:] %}" * 60),
    "methods in a loop": TURNING.replace("{}", "{{ longer.count('xy') }}" * 60),
    "a macro that calls itself": "{% macro m() %}"
    + "{% set b = price.delta %}" * 99
    + "{{ m() }}{% endmacro %}{{ m() }}",
    "sums of lists": "{{ rows|sum(start=[]) }}",
    "an integer of a decimal": "{{ (decimal ** 99999)|int }}",
    "lists in a loop": TURNING.replace("{}", "{% set b = rows|list %}" * 60),
    "selections in a row": "{{ range(9999)" + "|select" * 60 + "|list|length }}" * 10,
}


@pytest.mark.parametrize("source", LABOURS.values(), ids=LABOURS.keys())
def test_a_template_that_is_laborious_ends_soon(source: str) -> None:
    price = ShownValue(Decimal("1.5"), Decimal("99999999999999999.25"))
    values = {
        "long": LONG,
        "longer": LONG + "y",
        "rows": [[1]] * 40_000,
        "price": price,
        "decimal": Decimal("1234567.8"),
    }
    started = time.process_time()
    with bounded(2), suppress(TemplateError, ValueError, TypeError, RecursionError):
        check_template(source)
        for _ in Sandbox().from_string(source).generate(**values):
            pass
    assert time.process_time() - started < 1.5  # usually 0.1; 3.12 and a busy machine take their time


def test_a_template_of_many_rows_is_within_the_budget() -> None:
    row = {f"field {number}": "a value" for number in range(10)} | {"key": "A1"}
    line = "{% if row.key != '' %}{{ row.key|upper }}{% endif %}"
    source = "{{ rows|length }}: {% for row in rows|sort(attribute='key') %}" + line + "{% endfor %}"
    assert Sandbox().from_string(source).render(rows=[row] * 500) == "500: " + "A1" * 500


@pytest.mark.parametrize(
    ("source", "text"),
    [("x" * 20_001, "20001 characters; at most 20000"), ("{{ a|upper }}" * 501, "over 1000 parts; make it simpler")],
    ids=["characters", "parts"],
)
def test_a_template_that_is_too_long_is_refused_before_it_is_used(source: str, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        check_template(source)


@pytest.mark.parametrize("width", ["2.5", "{{ price|round(1000000000) }}", "{{ price|round(-1000000000, 'ceil') }}"])
def test_a_number_is_rounded_to_what_can_be_read(width: str) -> None:
    assert Sandbox().from_string(width).render(price=2.5) in ("2.5", "1e+20")


@pytest.mark.parametrize(
    "source",
    [
        "{{ 'a' * 10**9 }}",
        "{{ 10**9 * 'a' }}",
        "{{ 2 ** 9999999 }}",
        "{% if false %}{{ 'a' * 999999999 }}{% endif %}",
        "{% for _ in range(10**9) %}{% endfor %}",
        "{{ '%1000000000d' % 1 }}",
        "{% include 'other' %}",
        "{{ broken",
        "{{ 'a'|center(9) }}",
        "{{ 1" + " + 1" * 9_999 + " }}",
        "{{ " + "(" * 150 + "1" + ")" * 150 + " }}",
        "{{ " + "[" * 3_000 + "1" + "]" * 3_000 + " }}",
        "{{ " + "not " * 3_000 + "1 }}",
        "{{ 'a'" + "|upper" * 3_000 + " }}",
        "{% if 1 %}" * 150 + "{% endif %}" * 150,
        "{% for a in [1] %}" * 25 + "{% endfor %}" * 25,
    ],
    ids=range(16),
)
def test_what_runs_away_for_sure_is_refused_before_it_is_used(source: str) -> None:
    with pytest.raises(ValueError, match="not a Jinja2 template: ") as refused:
        check_template(source)
    assert "\n" not in str(refused.value)


def test_a_format_of_colons_costs_little() -> None:
    with bounded(5), pytest.raises(TemplateError):
        Sandbox().from_string("{{ text.format(1) }}").render(text=":" * 100_001)


@pytest.mark.parametrize(
    "source",
    ["{{ '-' * 20 }}", "{{ 2 ** 10 }}", "{{ price * 100 }}", "{% for _ in range(3) %}x{% endfor %}", "{{ 1 / 0 }}"],
)
def test_what_does_not_is_not(source: str) -> None:
    check_template(source)

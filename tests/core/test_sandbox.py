"""What a template may cost: the table at the head of `watcher.core.sandbox`."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from jinja2 import TemplateError

from tests.bounded import bounded
from watcher.core.sandbox import Sandbox
from watcher.core.template import check_template

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


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_template_that_runs_away_ends_soon_and_small(bomb: str) -> None:
    started = time.perf_counter()
    tracemalloc.start()
    with pytest.raises((TemplateError, OverflowError)):
        Sandbox().from_string(bomb).render(times=10**9)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000
    assert time.perf_counter() - started < 5


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

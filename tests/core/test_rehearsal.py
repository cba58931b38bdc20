"""What a check would tell, and the entries that make it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from tests.core.builders import NOON, event_rule, play, price, state_rule, watch
from watcher.core.rehearsal import rehearse
from watcher.core.watch import Operator, Rule

_ANY = event_rule(Operator.CHANGES)
_LOW, _LOWER = state_rule("price", Operator.BELOW, 10), state_rule("price", Operator.BELOW, 5)
_LOW_FOR_OTHERS = replace(_LOW, topics=("others",))
_MANY = [state_rule("price", Operator.BELOW, bound) for bound in range(6, 36)]


@pytest.mark.parametrize(
    ("rules", "fired"),
    [
        pytest.param([_ANY, _LOW, _LOWER], [_ANY, _LOW], id="some"),
        pytest.param([_LOWER], [], id="none"),
        pytest.param([_LOW, _LOW_FOR_OTHERS, _LOWER], [_LOW, _LOW_FOR_OTHERS], id="one, for two topics"),
        pytest.param(_MANY, _MANY[1:15], id="many"),
        pytest.param([*_MANY, *(replace(rule, topics=("others",)) for rule in _MANY[:10])], None, id="more than named"),
    ],
)
def test_the_entries_are_named_that_make_what_is_told(rules: list[Rule], fired: list[Rule] | None) -> None:
    watched = watch(*rules)
    before = play(watched, price(Decimal(20)))[-1].state
    rehearsed = rehearse(watched, before, price(Decimal(6)), now=NOON, clock=lambda: 0.0)
    expected = [*_MANY[1:15], *(replace(rule, topics=("others",)) for rule in _MANY[1:10])] if fired is None else fired
    assert [*rehearsed.fired] == expected
    assert bool(rehearsed.told) is bool(expected)

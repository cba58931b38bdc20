"""
What each module of tests may cost, and which of them cost more.

| line of `budget.toml` | who is held to it |
|---|---|
| `whole` | all tests together |
| `default` | each module that has no line of its own |
| `modules` | the module, or the shared fixture, that is named; what its line leaves out is that of `default` |

Seconds are of CPU, of the tests' process and of all that it started, on a machine of reference (`machine.py`). What is
written has room for what varies: half as much again in seconds, and none in what is counted.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

_ROOM: Final = 1.5


@dataclass(frozen=True, kw_only=True)
class Cost:
    """Of a module, or of all."""

    seconds: float = 0
    processes: int = 0
    browsers: int = 0
    clusters: int = 0

    def __add__(self, other: Cost) -> Cost:
        """Return both together."""
        return Cost(**{name: value + getattr(other, name) for name, value in vars(self).items()})

    def __or__(self, other: Cost) -> Cost:
        """Return the higher one of each."""
        return Cost(**{name: max(value, getattr(other, name)) for name, value in vars(self).items()})

    def over(self, most: Cost) -> Mapping[str, tuple[float, float]]:
        """Return what is more than it may be, and how much that is."""
        pairs = {name: (value, getattr(most, name)) for name, value in vars(self).items()}
        return {name: (value, limit) for name, (value, limit) in pairs.items() if value > limit}


DEFAULT: Final = Cost(seconds=1, processes=3)


@dataclass(frozen=True, kw_only=True)
class Budget:
    """What may be spent."""

    whole: Cost
    default: Cost = DEFAULT
    modules: Mapping[str, Cost] = field(default_factory=dict)

    def of(self, module: str) -> Cost:
        """Return what a module may cost."""
        return self.modules.get(module, self.default)


def over_budget(costs: Mapping[str, Cost], budget: Budget, *, is_whole: bool) -> Iterator[str]:
    """
    Yield a line for each that costs more than it may, and for each line that is no longer needed.

    Args:
        is_whole: all tests ran, so their sum counts, and a module that did not run is gone.
    """
    for module, cost in sorted(costs.items()):
        yield from _lines(module, cost, budget.of(module))
    if is_whole:
        yield from _lines("all tests", sum(costs.values(), Cost()), budget.whole)
        for module in sorted(budget.modules.keys() - costs.keys()):
            yield f"{module}: it is gone, and its line is still there"


def _lines(module: str, cost: Cost, most: Cost) -> Iterator[str]:
    for name, (value, limit) in cost.over(most).items():
        yield f"{module}: {name} {value:.3g}, and its budget is {limit:.3g}"


def budget_for(costs: Mapping[str, Cost], known: Budget | None = None) -> Budget:
    """Return the budget that these costs keep to; `known` is that of all tests, where these are of some."""
    budget = known or Budget(whole=_with_room(sum(costs.values(), Cost())))
    others = {module: limit for module, limit in budget.modules.items() if module not in costs}
    fresh = {module: _with_room(cost) | budget.default for module, cost in costs.items() if cost.over(budget.default)}
    return replace(budget, modules=dict(sorted({**others, **fresh}.items())))


def _with_room(cost: Cost) -> Cost:
    return Cost(**{**vars(cost), "seconds": math.ceil(cost.seconds * _ROOM)})


def read_budget(text: str) -> Budget:
    """Return the budget that a file says."""
    told = tomllib.loads(text)
    default = Cost(**told["default"])
    modules = {module: Cost(**{**vars(default), **line}) for module, line in told.get("modules", {}).items()}
    return Budget(whole=Cost(**told["whole"]), default=default, modules=modules)


def as_toml(budget: Budget) -> str:
    """Return the file."""
    lines = [
        f"whole = {_inline(budget.whole, Cost(seconds=-1))}",
        f"default = {_inline(budget.default, Cost(seconds=-1))}",
    ]
    lines += ["", "[modules]"] if budget.modules else []
    lines += [f'"{module}" = {_inline(cost, budget.default)}' for module, cost in budget.modules.items()]
    return "\n".join(lines) + "\n"


def _inline(cost: Cost, default: Cost) -> str:
    """Return what is more than in the default, as an inline table; without a default, what there is."""
    told = [f"{name} = {value}" for name, value in vars(cost).items() if value > getattr(default, name)]
    return f"{{ {', '.join(told)} }}"

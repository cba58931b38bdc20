"""Charts as SVG, readable on a light page and on a dark one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from benchmarks.report import Chart

_WIDTH: Final = 840
_HEIGHT: Final = 380
_LEFT: Final = 62
_RIGHT: Final = 12
_TOP: Final = 96
_BOTTOM: Final = 32
_WIDEST_BAR: Final = 46
_LETTER: Final = 7.2
"""About the width of one in the legend."""
_COLOURS: Final = ("#0f9d8a", "#d9822b", "#7a6ff0", "#d1495b", "#3b82c4", "#8a8f98")
_TEMPLATE: Final = "chart.svg.jinja"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """
    Where values stand on the axis.

    Attributes:
        ticks: the values with a line, from the foot of the bars to the top.
    """

    ticks: list[float]
    is_logarithmic: bool

    def share(self, value: float) -> float:
        """Return how high a value stands: 0 at the foot, 1 at the top."""
        low, high = self._on(self.ticks[0]), self._on(self.ticks[-1])
        return (self._on(max(value, self.ticks[0])) - low) / (high - low)

    def _on(self, value: float) -> float:
        return math.log10(value) if self.is_logarithmic else value


def draw(chart: Chart) -> str:
    """Return the chart as SVG. Raises ValueError when it has no value above 0."""
    scale = _scale(chart)
    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    return environment.get_template(_TEMPLATE).render(
        width=_WIDTH,
        height=_HEIGHT,
        left=_LEFT,
        right=_RIGHT,
        title=chart.title,
        unit=chart.unit,
        is_logarithmic=chart.is_logarithmic,
        advice=chart.advice,
        legend=_legend(list(chart.series)),
        ticks=[{"y": _y(scale.share(value)), "text": figure(value)} for value in scale.ticks],
        bars=_bars(chart, scale),
        groups=[{"x": _middle(chart, number), "name": name} for number, name in enumerate(chart.groups)],
    )


def figure(value: float) -> str:
    """Return a value with two or three digits that count."""
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _scale(chart: Chart) -> Scale:
    values = [value for series in chart.series.values() for value in series if value is not None and value > 0]
    if not values:
        raise ValueError(f"the chart {chart.name} has no value above 0")
    if chart.is_logarithmic:
        low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        # A bar that ends on the foot would not be seen.
        low -= math.isclose(min(values), 10.0**low)
        return Scale(ticks=[10.0**power for power in range(low, max(high, low + 1) + 1)], is_logarithmic=True)
    step = 10.0 ** math.floor(math.log10(max(values)))
    step /= 2 if max(values) / step < 3 else 1
    return Scale(ticks=[step * number for number in range(math.ceil(max(values) / step) + 1)], is_logarithmic=False)


def _y(share: float) -> float:
    return round(_HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM), 1)


def _group_width(chart: Chart) -> float:
    return (_WIDTH - _LEFT - _RIGHT) / len(chart.groups)


def _middle(chart: Chart, group: int) -> float:
    return round(_LEFT + (group + 0.5) * _group_width(chart), 1)


def _bars(chart: Chart, scale: Scale) -> list[dict[str, object]]:
    bars: list[dict[str, object]] = []
    for group in range(len(chart.groups)):
        # What was not measured leaves no gap.
        shown = [(place, values[group]) for place, values in enumerate(chart.series.values())]
        shown = [(place, value) for place, value in shown if value is not None]
        width = min(_WIDEST_BAR, _group_width(chart) * 0.84 / max(len(shown), 1))
        left = _middle(chart, group) - width * len(shown) / 2
        for number, (place, value) in enumerate(shown):
            assert value is not None
            y = _y(scale.share(value))
            bars.append(
                {
                    "x": round(left + number * width + 2, 1),
                    "y": y,
                    "width": round(width - 4, 1),
                    "height": round(_HEIGHT - _BOTTOM - y, 1),
                    "colour": _COLOURS[place % len(_COLOURS)],
                    "text": figure(value),
                }
            )
    return bars


def _legend(names: list[str]) -> list[dict[str, object]]:
    entries: list[dict[str, object]] = []
    x = float(_LEFT)
    for number, name in enumerate(names):
        entries.append({"x": round(x, 1), "name": name, "colour": _COLOURS[number % len(_COLOURS)]})
        x += 40 + len(name) * _LETTER
    return entries

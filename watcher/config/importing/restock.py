"""changedetection.io's watches of stock and price → `product`, and the conditions that they mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from watcher.config.importing.conversion import Conversion, mapping
from watcher.core.values import Json

_USUAL: Final[Mapping[str, Json]] = {"follow_price_changes": True, "in_stock_processing": "in_stock_only"}
_KNOWN: Final = (
    *("in_stock_processing", "in_stock_only", "follow_price_changes", "price_change_min", "price_change_max"),
    "price_change_threshold_percent",
)


def restock(
    conversion: Conversion, job: Mapping[str, Json], kept: Mapping[str, Json], groups: Sequence[Mapping[str, Json]]
) -> None:
    """
    Take over a watch of stock and price.

    Args:
        kept: its restock_diff.json.
        groups: its groups, of which one may speak for it.
    """
    own = mapping(kept.get("restock_diff")) or mapping(job.get("processor_config_restock_diff"))
    own = own or mapping(job.get("restock_settings"))
    settings = {**_USUAL, **{name: job[name] for name in _KNOWN if name in job}, **own}
    if job.get("in_stock_only") is False and "in_stock_processing" not in own:
        settings["in_stock_processing"] = "all_changes"
    group = next((each for each in groups if each.get("overrides_watch")), None)
    if group is not None:
        settings = {**_USUAL, **mapping(group.get("processor_config_restock_diff"))}
    entries = [*_stock_entries(settings), *_price_entries(settings)]
    selectors: dict[str, Json] = {"price": {"product": "price"}, "stock": {"product": "availability"}}
    if not any("price" in entry for entry in entries):
        del selectors["price"]
    elif not any("stock" in entry for entry in entries):
        del selectors["stock"]
    conversion.put("extract", selectors, of="processor")
    conversion.put("notify_when", [*entries] or "changes", of="processor")
    conversion.near(
        "processor", "`product` reads what the page tells search engines of price and stock; others need `css`"
    )
    for name in settings:
        _note(conversion, name, settings)
    for name in ("processor_config_restock_diff", "restock_settings"):
        if name in job:
            conversion.mapped(name, "one by one")


def _note(conversion: Conversion, name: str, settings: Mapping[str, Json]) -> None:
    match name:
        case "in_stock_processing" | "in_stock_only" | "follow_price_changes":
            conversion.mapped(name, "`notify_when`")
        case "price_change_min" | "price_change_max" if settings[name]:
            conversion.near(name, "`below` or `above`; news of stock is told at any price")
        case "price_change_threshold_percent" if settings[name]:
            conversion.near(name, "`drops_by` and `rises_by`, counted from what readers were told last")
        case "price_change_min" | "price_change_max" | "price_change_threshold_percent":
            conversion.mapped(name, "not set")
        case _:
            conversion.unfinished(f"restock.{name}", "no such setting is documented; see what it was for", rests=False)


def _stock_entries(settings: Mapping[str, Json]) -> list[dict[str, Json]]:
    match settings.get("in_stock_processing"):
        case "off":
            return []
        case "all_changes":
            return [{"stock": "changes"}]
        case _:
            return [{"stock": {"is": "in_stock"}, "already": "ignore"}]


def _price_entries(settings: Mapping[str, Json]) -> list[dict[str, Json]]:
    if not settings.get("follow_price_changes"):
        return []
    low, high, percent = (
        _number(settings.get(name))
        for name in ("price_change_min", "price_change_max", "price_change_threshold_percent")
    )
    if low or high:
        bounds: list[tuple[str, Json]] = [("below", low), ("above", high)]
        return [{"price": {"changes": True, name: bound}} for name, bound in bounds if bound]
    if percent:
        return [{"price": {"drops_by": f"{percent:g}%"}}, {"price": {"rises_by": f"{percent:g}%"}}]
    return [{"price": "changes"}]


def _number(value: Json) -> float | int | None:
    try:
        number = float(value) if isinstance(value, str | int | float) else 0.0
    except ValueError:
        return None
    return (int(number) if number.is_integer() else number) if 0 < number < 1e9 else None

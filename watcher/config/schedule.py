"""`every`, `cron`, `active_hours` and `timezone` → when a watch is checked."""

from __future__ import annotations

from datetime import time, timedelta, tzinfo

from watcher.config.clock import shortest_gap
from watcher.config.models import ActiveHoursModel, SettingsModel
from watcher.config.report import Report
from watcher.core.watch import EVERY_DAY, ActiveHours


def check_schedule(settings: SettingsModel, report: Report) -> None:
    """Report what contradicts itself in the settings of a watch, or in the defaults."""
    if settings.cron is not None and "every" in settings.given:
        report.add("a watch has `every` or `cron`, not both", "cron", at_key=True)
    hours = settings.active_hours.timezone
    if settings.timezone is not None and hours is not None and hours != settings.timezone:
        report.add(f"differs from `timezone: {settings.timezone}`; name it once", "active_hours", "timezone")


def timezone_of(settings: SettingsModel) -> tzinfo | None:
    """Return the timezone that these settings name."""
    return settings.timezone or settings.active_hours.timezone


def interval_of(settings: SettingsModel) -> timedelta:
    """Return the time between two checks; by `cron`, the shortest."""
    return settings.every if settings.cron is None else shortest_gap(settings.cron)


def active_hours_of(model: ActiveHoursModel) -> ActiveHours | None:
    """Return when a watch may be checked; None is always."""
    if not model.given - {"timezone"}:
        return None
    midnight = time()
    return ActiveHours(start=model.from_ or midnight, end=model.to or midnight, days=model.days or EVERY_DAY)

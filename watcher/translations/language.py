"""Which language a reader gets."""

from __future__ import annotations

from watcher.core.locale import Locale


def spoken(value: str | None) -> Locale | None:
    """Return the language of that value, None where we do not speak it."""
    return Locale(value) if value in set(Locale) else None


def preferred(accept_language: str) -> Locale:
    """
    Return the first of our languages by quality (RFC 9110 §12.5.4): `de, zh-HK;q=0.9, en;q=0.5` is Chinese.

    What cannot be read counts as quality 0; nothing of ours is English.
    """
    ranges = sorted((_read_range(part) for part in accept_language[:500].split(",")), key=lambda pair: -pair[1])
    for tag, quality in ranges:
        if quality > 0 and (language := spoken(tag)):
            return language
    return Locale.ENGLISH


def _read_range(part: str) -> tuple[str, float]:
    tag, _, quality = part.partition(";q=")
    try:
        return tag.strip().lower().split("-")[0], float(quality or 1)
    except ValueError:
        return "", 0.0

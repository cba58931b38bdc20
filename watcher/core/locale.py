"""The languages that people are spoken to in: of messages (`core.phrases`) and of pages (`watcher.translations`)."""

from __future__ import annotations

from enum import StrEnum


class Locale(StrEnum):
    """A language; the value is what a person, or watches.yaml, chooses by."""

    ENGLISH = "en"
    CHINESE = "zh"

    @property
    def tag(self) -> str:
        """What a page says of itself: the Chinese is written in simplified characters."""
        return "zh-CN" if self is Locale.CHINESE else "en"

    @property
    def other(self) -> Locale:
        """The language that the switch leads to."""
        return Locale.CHINESE if self is Locale.ENGLISH else Locale.ENGLISH

    @property
    def label(self) -> str:
        """How the switch names it, in that language."""
        return "English" if self is Locale.ENGLISH else "中文"

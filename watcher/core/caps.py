"""What strangers may make in 24 hours, all of them together. Light, for every command reads the defaults."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct


class Made(StrEnum):
    """What whoever reaches the server can make; the value stands in `/metrics` and in the database."""

    SUBSCRIBERS = "subscribers"
    """by the form of a follow page or a scanned code, from a browser that we do not know"""
    QUESTIONS = "questions"
    """mails and codes that ask whether an address is right"""
    TRIALS = "trials"
    CLAIMS = "claims"
    """links by which another device, or WeChat, joins an inbox"""
    CODES = "codes"
    """QR codes that WeChat is asked for"""
    COMMANDS = "commands"
    """what subscribers write to applications"""
    ACCOUNTS = "accounts"
    """owners who register by scanning a sign-in code"""


class DailyCaps(Struct, frozen=True, kw_only=True):
    """
    How many of each in 24 hours. Each field has the name of a member of `Made`.

    One address makes a tenth at most (`share`), so that nobody alone turns all others away.
    """

    subscribers: int = 10_000
    questions: int = 1_000
    trials: int = 2_000
    claims: int = 20_000
    codes: int = 10_000
    commands: int = 50_000
    accounts: int = 100

    def of(self, what: Made) -> int:
        """Return the cap of all strangers together."""
        cap: int = getattr(self, what.value)
        return cap

    def share(self, what: Made) -> int:
        """Return how many of them may come from one address: a tenth, but ten in any case."""
        return max(self.of(what) // 10, min(self.of(what), 10))


class MadeToday(Struct, frozen=True, kw_only=True):
    """How many strangers made within 24 hours, and how many they may."""

    what: Made
    count: int
    most: int

    @property
    def is_reached(self) -> bool:
        """Strangers are turned away."""
        return self.count >= self.most

    @property
    def is_near(self) -> bool:
        """Four fifths are made."""
        return self.count * 5 >= self.most * 4


def hour_of(at: datetime) -> datetime:
    """Return the beginning of the hour, by which things are counted."""
    return at.replace(minute=0, second=0, microsecond=0)


def until_next_hour(at: datetime) -> timedelta:
    """Return when the oldest of the hours that count is over."""
    return hour_of(at) + timedelta(hours=1) - at

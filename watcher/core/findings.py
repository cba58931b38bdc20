"""Findings: what a look at the installation found, and what the operator does about it."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from watcher.core.channels import ChannelName


class Check(StrEnum):
    """What is looked at; docs/deploy.md says what each means."""

    PACKAGE = "package"
    DATA = "data"
    PRIVATE = "private"
    SPACE = "space"
    GROWTH = "growth"
    FILES = "files"
    DATABASE = "database"
    BACKUPS = "backups"
    CONFIG = "config"
    SERVER = "server"
    WATCHER = "watcher"
    WATCHES = "watches"
    TOPICS = "topics"
    OUTBOX = "outbox"
    STRANGERS = "strangers"
    ADDRESS = "address"
    HTTPS = "https"
    PUBLIC = "public"
    REACH = "reach"
    CERTIFICATE = "certificate"
    CLOCK = "clock"
    WEB_PUSH = "webpush"
    WECHAT = "wechat"
    UPSTREAM = "upstream"
    MAIL = "mail"
    SEND_TEST = "send-test"


class State(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    """it works, and something is missing or will be"""
    ERROR = "error"
    """it does not work"""
    SKIPPED = "skipped"
    """it was not looked at, for what it needs does not work; that is another finding"""


class Finding(Struct, frozen=True, kw_only=True):
    """
    One thing that was looked at.

    Attributes:
        text: what was found, one line without secrets.
        advice: what to do about it, one line; empty when it is fine.
    """

    check: Check | ChannelName
    state: State
    text: str
    advice: str = ""


def fine(check: Check | ChannelName, text: str) -> Finding:
    """Return that nothing has to be done."""
    return Finding(check=check, state=State.OK, text=text)


def doubtful(check: Check | ChannelName, text: str, advice: str) -> Finding:
    """Return what works, though not as well as it could."""
    return Finding(check=check, state=State.WARNING, text=text, advice=advice)


def wrong(check: Check | ChannelName, text: str, advice: str) -> Finding:
    """Return what does not work."""
    return Finding(check=check, state=State.ERROR, text=text, advice=advice)


def skipped(check: Check | ChannelName, text: str) -> Finding:
    """Return what was not looked at, and why; what to do stands with what hinders it."""
    return Finding(check=check, state=State.SKIPPED, text=text)

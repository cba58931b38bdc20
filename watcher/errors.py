"""
Every error that this package raises on purpose.

    WatcherError
    ├── ConfigError                 the operator's files, flags or environment: nothing was started
    ├── UsageError                  a command was asked for something that is not there
    │   └── RemovesMuchError        watches would go by accident, unless somebody says that it is meant
    ├── LockedError                 another process holds the data directory
    ├── UnansweredError             the process that was asked for something ended, or did not answer in time
    ├── StoreError                  the disk or the database
    │   ├── StaleDecisionError      the watch's state moved on since it was read
    │   ├── StaleGenerationError    somebody declared watches since they were read
    │   ├── LeaseLostError          another process has this duty now, or may have it
    │   ├── HeldUpError             others hold the rows of some watches: save the rest, and these soon
    │   └── DamagedError            what is on the disk is not what was written
    ├── CheckError                  one check failed; its `kind` is what scripts read
    │   ├── FetchError              no page came back
    │   │   ├── AddressDeniedError  denied        the address guard refused the target
    │   │   ├── UnsetError          unset         a `${NAME}` of the request is not set: nothing was asked
    │   │   ├── OutOfFilesError     files         this process may open no more files: nothing was asked
    │   │   ├── NetworkError        network       name, connection, TLS
    │   │   ├── DeadlineError       timeout       no whole answer in time
    │   │   ├── StatusError         status        an HTTP status that is no page
    │   │   ├── RedirectError       redirect      too many, or to where we do not go
    │   │   ├── BlockedError        blocked       a wall: captcha, login, firewall
    │   │   └── BodyError           body          too big, cut short, unreadable, binary
    │   └── PageError               a page came back, and it is not what the watch expects
    │       ├── MissingError        missing       a selector found nothing, or the page says that it is gone
    │       ├── SlowPageError       page          reading it takes longer than it may, here
    │       │   └── SlowExpressionError page      a regular expression does
    │       ├── UnparsableError     unparsable    what it found is no number, no price, no URL
    │       └── UnexpectedPageError unexpected    `page_must_contain` or `page_must_not_contain` failed
    ├── PublishError                an outbox message was not taken by the push service
    │   ├── PassingPublishError     later it may be
    │   └── PermanentPublishError   it never will be
    └── PushError                   a request to the push service cannot be carried out
        ├── InvalidRequestError     the request is malformed (code 1005); the message names the field
        └── RefusedError            the request is understood and refused (code 1001)
            ├── KeyReusedError      its idempotency key came before, with another request
            ├── ConflictError       it does not go with how things stand; after another step, or later, it may
            └── CapReachedError     strangers made too many of this in 24 hours; later there is room

A message says what was wrong, with the value, and what to do; never a token and never a body.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any, ClassVar

from msgspec import Struct


class WatcherError(Exception):
    """Anything that this package raises on purpose. It can be handed from process to process, without its cause."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _remade, (type(self), self.args, self.__dict__)


def _remade(kind: type[WatcherError], args: tuple[Any, ...], attributes: dict[str, Any]) -> WatcherError:
    """Return an error as it was: made anew by its class it would miss what only keywords can say."""
    error = kind.__new__(kind, *args)
    error.__dict__.update(attributes)
    return error


class Problem(Struct, frozen=True, kw_only=True, order=True):
    """One mistake in a configuration file: where it is (line and column count from 1) and what to write."""

    file: str
    line: int
    column: int
    key: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"

    @property
    def place(self) -> str:
        """Where it is, without what is wrong there, which may quote the file: `watches.yaml:3:5: watches.dune.url`."""
        where = f"{self.file}:{self.line}:{self.column}"
        return f"{where}: {self.key}" if self.key else where


class ConfigError(WatcherError):
    """The configuration is wrong. `problems` names all mistakes, in the order of the file."""

    def __init__(self, problems: Sequence[Problem] | str) -> None:
        self.problems: tuple[Problem, ...] = () if isinstance(problems, str) else tuple(problems)
        super().__init__(problems if isinstance(problems, str) else "\n".join(map(str, self.problems)))


class UsageError(WatcherError):
    """A command was asked for something that does not exist or makes no sense."""


class RemovesMuchError(UsageError):
    """So many watches would be removed that somebody has to say that it is meant."""


class LockedError(WatcherError):
    """Another process holds the lock; the message names it."""


class UnansweredError(WatcherError):
    """The process that was asked for something ended, or did not answer in time."""


class StoreError(WatcherError):
    """The disk or the database did not do what was asked."""


class StaleDecisionError(StoreError):
    """A decision was made from a state that is no longer the newest."""


class StaleGenerationError(StoreError):
    """Somebody declared watches since those were read from which these were made."""


class LeaseLostError(StoreError):
    """A process does a duty that another one has by now, or may have: nothing was saved."""


class HeldUpError(StoreError):
    """
    Nothing was saved of a group of decisions, for others hold the rows of some.

    Attributes:
        watches: whose rows they are; perhaps all of the group.
    """

    def __init__(self, message: str, watches: Collection[str]) -> None:
        super().__init__(message)
        self.watches = watches


class DamagedError(StoreError):
    """A database is damaged, or gone: a start restores the last good backup."""


class CheckError(WatcherError):
    """A check failed. `kind` is one word, stable, for scripts and for `on_error`."""

    kind: ClassVar[str] = "failed"


class FetchError(CheckError):
    """No page came back. `retry_after`: how long the server asked us to wait, if it did."""

    kind: ClassVar[str] = "fetch"

    def __init__(self, text: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class AddressDeniedError(FetchError):
    """The address guard refused a target. `is_redirect`: not the watch's own URL, but where a site sent us."""

    kind: ClassVar[str] = "denied"
    is_redirect: bool = False


class UnsetError(FetchError):
    """The environment lacks what the request takes from it. The operator is told at once."""

    kind: ClassVar[str] = "unset"


class OutOfFilesError(FetchError):
    """This process, or its machine, can open no more files. It says nothing of the host or of the network."""

    kind: ClassVar[str] = "files"


class NetworkError(FetchError):
    kind: ClassVar[str] = "network"


class DeadlineError(FetchError):
    kind: ClassVar[str] = "timeout"


class StatusError(FetchError):
    kind: ClassVar[str] = "status"

    def __init__(self, text: str, *, status: int, retry_after: timedelta | None = None) -> None:
        super().__init__(text, retry_after=retry_after)
        self.status = status


class RedirectError(FetchError):
    kind: ClassVar[str] = "redirect"


class BlockedError(FetchError):
    """
    In place of the page there is a wall: a captcha, a login, a firewall's challenge. Told at once.

    Attributes:
        status: of the answer; None when a page with a good status turned out to be a wall.
    """

    kind: ClassVar[str] = "blocked"

    def __init__(self, text: str, *, status: int | None = None, retry_after: timedelta | None = None) -> None:
        super().__init__(text, retry_after=retry_after)
        self.status = status


class BodyError(FetchError):
    kind: ClassVar[str] = "body"


class PageError(CheckError):
    kind: ClassVar[str] = "page"


class SlowPageError(PageError):
    """Reading the page takes longer than it may, here: a process of the pool may have more time."""


class SlowExpressionError(SlowPageError):
    """An expression, or all of them together, took longer than they may."""


class MissingError(PageError):
    kind: ClassVar[str] = "missing"


class UnparsableError(PageError):
    kind: ClassVar[str] = "unparsable"


class UnexpectedPageError(PageError):
    kind: ClassVar[str] = "unexpected"


class PublishError(WatcherError):
    """The push service did not take a message."""


class PassingPublishError(PublishError):
    """It may take it later. `retry_after`: how long it asked us to wait, if it did."""

    def __init__(self, text: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(text)
        self.retry_after = retry_after


class PermanentPublishError(PublishError):
    """It will never take it: a wrong token, a refused content, a topic that is not there."""


class PushError(WatcherError):
    """
    A request to the push service cannot be carried out. `code` is WxPusher's.

    Attributes:
        field: of the request that is wrong, by its name in the API; empty: none is. The message begins with it.
        detail: the message without the field.
    """

    code: ClassVar[int] = 1009

    def __init__(self, detail: str, *, field: str = "") -> None:
        super().__init__(f"{field}: {detail}" if field else detail)
        self.field = field
        self.detail = detail


class InvalidRequestError(PushError):
    code: ClassVar[int] = 1005


class RefusedError(PushError):
    code: ClassVar[int] = 1001


class KeyReusedError(RefusedError):
    """The idempotency key came before, with another request. `TEXT` begins the message, in each release alike."""

    FIELD: ClassVar[str] = "Idempotency-Key"
    BEGIN: ClassVar[str] = "used before"
    TEXT: ClassVar[str] = f"{FIELD}: {BEGIN}"

    def __init__(self) -> None:
        super().__init__(
            f"{self.BEGIN} for another request; take a new key · 这个键已用于另一个请求，请换一个", field=self.FIELD
        )


class ConflictError(RefusedError):
    """What is asked does not go with how things stand now: the message says what to do first."""


class CapReachedError(RefusedError):
    """Strangers made too many of this in 24 hours. `retry_after`: how long until there may be room."""

    def __init__(self, detail: str, *, field: str = "", retry_after: timedelta) -> None:
        super().__init__(detail, field=field)
        self.retry_after = retry_after

"""
Accounts: who signs in to the console, and what is whose.

| who | has | sees |
|---|---|---|
| the operator | the password; one, and no row of its own | everything |
| an owner | applications of their own | those, their topics, messages and followers; nothing of others |

Where an account is named by its id, None is the operator.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct

from watcher.core.reserved_names import is_reserved


class AccountState(StrEnum):
    """What an owner may do."""

    WAITING = "waiting"
    """Nothing yet: the operator was asked."""
    ACTIVE = "active"
    BLOCKED = "blocked"
    """Nothing any more; their applications stay, and are refused."""


class Registration(StrEnum):
    """Whether who scans a sign-in code for the first time becomes an owner."""

    OPEN = "open"
    APPROVAL = "approval"
    CLOSED = "closed"


class LimitOverrides(Struct, frozen=True, kw_only=True):
    """What the operator set for one account; None: as for each."""

    apps: int | None = None
    topics: int | None = None
    messages: int | None = None


class AccountLimits(Struct, frozen=True, kw_only=True):
    """
    How much an owner may have.

    Attributes:
        messages: in 24 hours, over all applications.
    """

    apps: int = 10
    topics: int = 100
    messages: int = 10_000

    def overridden_by(self, own: LimitOverrides) -> AccountLimits:
        """Return those of an account for which the operator set these."""
        return AccountLimits(
            apps=self.apps if own.apps is None else own.apps,
            topics=self.topics if own.topics is None else own.topics,
            messages=self.messages if own.messages is None else own.messages,
        )


class Holdings(Struct, frozen=True, kw_only=True):
    """What an account has. `subscribers`: people who follow at least one of its applications and topics."""

    apps: int
    topics: int
    subscribers: int


class Account(Struct, frozen=True, kw_only=True):
    """Who is signed in. `id`: None is the operator."""

    id: int | None
    name: str = ""
    state: AccountState = AccountState.ACTIVE
    limits: LimitOverrides = LimitOverrides()
    created_at: datetime | None = None

    @property
    def is_operator(self) -> bool:
        """True for the one who runs this server."""
        return self.id is None

    @property
    def safe_name(self) -> str:
        """The name, empty where it could be taken for the operator's, as one of before that was refused."""
        return "" if is_reserved(self.name) else self.name

    def owns(self, account_id: int | None) -> bool:
        """Return whether what belongs to an account is theirs to see and change; the operator's is everything."""
        return self.is_operator or account_id == self.id


OPERATOR = Account(id=None)


class Session(Struct, frozen=True, kw_only=True):
    """
    One browser in which somebody is signed in; of its token only the hash is kept.

    Attributes:
        account_id: whose; None: the operator's.
        kind: what its owner knows the browser by, like `Chrome · Windows`; empty when that is not known.
        seen_at: when it was last used, to within the hour.
        confirmed_at: when its person last showed who they are; None in those that are older than this is noted.
    """

    id: int
    account_id: int | None
    kind: str
    created_at: datetime
    seen_at: datetime
    confirmed_at: datetime | None


class Approver(Struct, frozen=True, kw_only=True):
    """
    A device that may approve sign-ins to one account; of its cookie only the hash is kept.

    Attributes:
        account_id: None: the operator's.
        seen_at: when it last approved something.
    """

    id: int
    account_id: int | None
    kind: str
    created_at: datetime
    seen_at: datetime


class Purpose(StrEnum):
    """What a code that a browser shows is for."""

    SIGN_IN = "sign_in"
    CONFIRM = "confirm"
    """To show once more who is there."""
    APPROVER = "approver"
    """To let the phone that opens it approve sign-ins from now on."""
    RECOVERY = "recovery"
    """The same, of the operator's, for an account that lost its phones; no browser shows it."""


class SignInState(StrEnum):
    """What has become of a code."""

    OPEN = "open"
    ASKED = "asked"
    """Whoever opened it has asked for an account; the operator decides."""
    APPROVED = "approved"
    REFUSED = "refused"


class SignIn(Struct, frozen=True, kw_only=True):
    """
    A code for a phone to scan, which a browser shows; of the code, and of what the browser keeps, only hashes are kept.

    Attributes:
        kind: of the browser that shows it; `address`: where it is in the network.
        account_id: whose it is from the beginning, if it is not to sign in; else, once approved: who signs in.
    """

    id: int
    purpose: Purpose
    kind: str
    address: str
    state: SignInState
    account_id: int | None
    expires_at: datetime

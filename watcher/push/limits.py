"""
How much an owner may have, looked up in the transaction that makes more of it. The operator has no limits.

Each raises RefusedError, where the account is not active as well: nothing that is a blocked owner's sends anything.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from watcher.core.accounts import Account, AccountLimits
from watcher.errors import RefusedError

if TYPE_CHECKING:
    from watcher.store.push.store import Transaction

MAX_TOKENS: Final = 50
"""Of the API, that an owner has at once."""
_DAY: Final = timedelta(days=1)


def check_app(tx: Transaction, account_id: int, limits: AccountLimits) -> None:
    """Raise unless an owner may make another application."""
    most = limits.overridden_by(_active(tx, account_id).limits).apps
    if tx.accounts.app_count(account_id) >= most:
        raise RefusedError(
            f"{most:,} applications are all that this account may have; the operator can allow more · 应用数已达上限"
        )


def check_topic(tx: Transaction, account_id: int, limits: AccountLimits) -> None:
    """Raise unless an owner may make another topic."""
    most = limits.overridden_by(_active(tx, account_id).limits).topics
    if tx.accounts.topic_count(account_id) >= most:
        raise RefusedError(
            f"{most:,} topics are all that this account may have; the operator can allow more · 主题数已达上限"
        )


def check_token(tx: Transaction, account_id: int) -> None:
    """Raise unless an owner may make another token of the API."""
    _active(tx, account_id)
    if tx.tokens.count_of(account_id) >= MAX_TOKENS:
        raise RefusedError(f"{MAX_TOKENS} tokens are all that this account may have; remove one · API 令牌数已达上限")


def check_message(tx: Transaction, account_id: int, limits: AccountLimits, *, now: datetime) -> None:
    """Raise unless an owner may send another message."""
    most = limits.overridden_by(_active(tx, account_id).limits).messages
    if tx.accounts.has_sent(account_id, most, since=now - _DAY):
        raise RefusedError(
            f"{most:,} messages were sent in 24 hours; the operator can allow more · 24小时内已达发送上限"
        )


def _active(tx: Transaction, account_id: int) -> Account:
    account = tx.accounts.active(account_id)
    if account is None:
        raise RefusedError("this account is blocked; ask the operator · 账号已停用")
    return account

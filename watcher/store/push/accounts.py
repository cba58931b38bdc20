"""Owners: who has applications of their own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, or_, select, update

from watcher.core.accounts import OPERATOR, Account, AccountState, Holdings, LimitOverrides
from watcher.core.push import Slice, SubscriptionState
from watcher.store.push.rows import Rows, stretch
from watcher.store.push.tables import accounts, apps, messages, subscriptions, topics


class Accounts(Rows):
    """The table of accounts. The operator is none of them."""

    def add(self, *, name: str, state: AccountState, at: datetime) -> Account:
        """Store a new account, with the limits of the server's settings."""
        row = {"name": name, "state": state, "created_at": at}
        return _account(self._run(insert(accounts).values(row).returning(accounts)).one())

    def of_id(self, account_id: int) -> Account | None:
        """Return the account with this number."""
        return self._one(select(accounts).where(accounts.c.id == account_id), _account)

    def active(self, account_id: int | None) -> Account | None:
        """Return the account with this number, None is the operator's, while it may do something."""
        account = OPERATOR if account_id is None else self.of_id(account_id)
        return account if account is not None and account.state is AccountState.ACTIVE else None

    def all(self) -> Sequence[Account]:
        """Return all accounts, by id."""
        return self._all(select(accounts).order_by(accounts.c.id), _account)

    def names(self, ids: Collection[int]) -> Mapping[int, str]:
        """Return the names of these accounts, by id."""
        found = self._run(select(accounts.c.id, accounts.c.name).where(accounts.c.id.in_(ids)))
        return {row.id: row.name for row in found}

    def page(self, cut: Slice) -> Sequence[tuple[Account, int]]:
        """Return a stretch of them, by id, each with how many applications it has."""
        return self._all(stretch(select(accounts, _app_count), accounts.c.id, cut), _counted)

    def all_counted(self) -> Sequence[tuple[Account, int]]:
        """Return all accounts, by id, each with how many applications it has."""
        return self._all(select(accounts, _app_count).order_by(accounts.c.id), _counted)

    def set_name(self, account_id: int, name: str) -> None:
        """Store another name."""
        self._run(update(accounts).where(accounts.c.id == account_id).values(name=name))

    def set_state(self, account_id: int, state: AccountState) -> None:
        """Store another state."""
        self._run(update(accounts).where(accounts.c.id == account_id).values(state=state))

    def set_limits(self, account_id: int, limits: LimitOverrides) -> None:
        """Store how much an account may have; None: as the server's settings say."""
        row = {"max_apps": limits.apps, "max_topics": limits.topics, "max_messages": limits.messages}
        self._run(update(accounts).where(accounts.c.id == account_id).values(row))

    def remove(self, account_id: int) -> None:
        """Remove an account, which must have no application any more."""
        self._run(delete(accounts).where(accounts.c.id == account_id))

    def hand_over(self, account_id: int, to: int | None) -> int:
        """Give all applications of an account to another one, None is the operator; return how many there were."""
        moved = update(apps).where(apps.c.account_id == account_id).values(account_id=to)
        return int(self._run(moved).rowcount)

    def app_count(self, account_id: int) -> int:
        """Return how many applications an account has."""
        query = select(func.count()).select_from(apps).where(apps.c.account_id == account_id)
        return int(self._run(query).scalar_one())

    def holdings(self, account_id: int) -> Holdings:
        """Return what an account has, and how many people follow any of it."""
        its_apps = select(apps.c.id).where(apps.c.account_id == account_id)
        its_topics = select(topics.c.id).where(topics.c.app_id.in_(its_apps))
        follows = or_(subscriptions.c.app_id.in_(its_apps), subscriptions.c.topic_id.in_(its_topics))
        people = select(func.count(subscriptions.c.subscriber_id.distinct()))
        people = people.where(follows, subscriptions.c.state == SubscriptionState.FOLLOWING)
        return Holdings(
            apps=self.app_count(account_id),
            topics=self.topic_count(account_id),
            subscribers=int(self._run(people).scalar_one()),
        )

    def topic_count(self, account_id: int) -> int:
        """Return how many topics an account has, in all its applications."""
        query = select(func.count()).select_from(topics).join(apps, apps.c.id == topics.c.app_id)
        return int(self._run(query.where(apps.c.account_id == account_id)).scalar_one())

    def has_sent(self, account_id: int, most: int, *, since: datetime) -> bool:
        """Return whether an account has sent so many messages since then, or more."""
        if not most:
            return True
        query = select(messages.c.id).join(apps, apps.c.id == messages.c.app_id)
        query = query.where(apps.c.account_id == account_id, messages.c.created_at > since)
        return self._first(query.limit(1).offset(most - 1)) is not None


_app_count = (
    select(func.count()).where(apps.c.account_id == accounts.c.id).correlate(accounts).scalar_subquery()
).label("app_count")


def _counted(row: Row[Any]) -> tuple[Account, int]:
    return _account(row), row.app_count


def _account(row: Row[Any]) -> Account:
    return Account(
        id=row.id,
        name=row.name,
        state=AccountState(row.state),
        limits=LimitOverrides(apps=row.max_apps, topics=row.max_topics, messages=row.max_messages),
        created_at=row.created_at,
    )

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Engine, Table, create_engine, insert, select
from sqlalchemy.exc import IntegrityError

from watcher.store.push.tables import metadata, subscribers, subscriptions


@pytest.fixture
def engine() -> Iterator[Engine]:
    made = create_engine("sqlite://")
    metadata.create_all(made)
    yield made
    made.dispose()


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC),
        datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
        datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=8))),
    ],
)
def test_a_point_in_time_comes_back_exactly_and_in_utc(engine: Engine, at: datetime) -> None:
    with engine.begin() as connection:
        connection.execute(insert(subscribers).values(uid="u", spt_hash="h", created_at=at))
        [found] = connection.scalars(select(subscribers.c.created_at))
    assert found == at
    assert found.tzinfo is UTC


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 10**100])
def test_a_number_that_no_row_can_have_finds_nothing(engine: Engine, number: int) -> None:
    with engine.begin() as connection:
        assert connection.execute(select(subscribers).where(subscribers.c.id == number)).all() == []
        assert connection.execute(select(subscribers).where(subscribers.c.id.in_([number]))).all() == []


@pytest.mark.parametrize("place", [{}, {"topic_id": 1, "app_id": 1}])
def test_a_subscription_is_to_exactly_one_place(engine: Engine, place: dict[str, int]) -> None:
    row = {"subscriber_id": 1, "created_at": datetime(2026, 1, 1, tzinfo=UTC)} | place
    with engine.begin() as connection, pytest.raises(IntegrityError, match="one_place"):
        connection.execute(insert(subscriptions).values(row))


@pytest.mark.parametrize(
    "table", [table for table in metadata.sorted_tables if "id" in table.c], ids=lambda table: table.name
)
def test_an_id_is_never_given_twice(table: Table) -> None:
    assert table.dialect_options["sqlite"]["autoincrement"]

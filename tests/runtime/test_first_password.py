"""The operator's first password, while PostgreSQL is started again."""

from __future__ import annotations

import pytest

from tests import postgresql
from tests.push.builders import NOON
from watcher.core.databases import ClusterDatabase
from watcher.push.opening import open_push_service
from watcher.runtime.serving.telling import make_first_password


@pytest.mark.faults
async def test_a_restart_of_the_database_amid_the_first_password_ends_no_server(
    postgresql_server: postgresql.Server, postgresql_place: ClusterDatabase
) -> None:
    told: list[str] = []

    def tell(password: str) -> None:  # amid the transaction that saves it
        told.append(password)
        if len(told) == 1:
            postgresql_server.kill()
            postgresql_server.start()

    service = await open_push_service(postgresql_place, now=lambda: NOON)
    try:
        await make_first_password(service, tell, pause_seconds=0.01)
        assert len(told) == 2
        assert await service.operator.log_in(told[0]) is None
        assert await service.operator.log_in(told[1]) is not None
    finally:
        await service.close()

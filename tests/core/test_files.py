from __future__ import annotations

import errno

import pytest

from watcher.core.files import FileBudget, budget_of, is_out_of_files


def spent(budget: FileBudget) -> int:
    return budget.reserved + 2 * (budget.sockets + budget.lookups) + budget.connections


def test_a_thousand_files_are_shared_as_the_table_says() -> None:
    budget = budget_of(1_024, connections=10_000)
    assert budget == FileBudget(limit=1_024, reserved=192, sockets=208, lookups=52, connections=312)


@pytest.mark.parametrize("limit", [64, 128, 256, 1_000, 1_024, 4_096, 20_000, 524_288, 1_048_576])
def test_all_shares_together_are_within_the_limit(limit: int) -> None:
    assert spent(budget_of(limit, connections=1_000_000)) <= limit


def test_where_there_is_room_all_connections_that_are_wanted_may_come() -> None:
    assert budget_of(524_288, connections=10_000).connections == 10_000


@pytest.mark.parametrize(
    ("error", "is_so"),
    [
        pytest.param(OSError(errno.EMFILE, "Too many open files"), True, id="of the process"),
        pytest.param(OSError(errno.ENFILE, "Too many open files in system"), True, id="of the machine"),
        pytest.param(OSError(errno.ECONNREFUSED, "refused"), False, id="refused"),
        pytest.param(ValueError(errno.EMFILE), False, id="no error of the system"),
        pytest.param(None, False, id="none"),
    ],
)
def test_what_says_that_no_file_is_left_is_known(error: BaseException | None, is_so: bool) -> None:
    assert is_out_of_files(error) is is_so

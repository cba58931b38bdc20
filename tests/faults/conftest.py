"""Each test here says in one line what was tried, how many, how many failed; `make faults` ends with all of them."""

from __future__ import annotations

from typing import Final

import pytest

from tests import postgresql
from tests.faults.tally import Tally

_HEADING: Final = "what was tried, how many, how many failed"
_LINE: Final = "tally"
_TALLY: Final = pytest.StashKey[Tally]()


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    """What this test counts; its line is printed at the end, whether the test passed or not."""
    counted = Tally()
    request.node.stash[_TALLY] = counted
    return counted


@pytest.fixture
def needs_postgresql() -> None:
    """Skip the test where there is no PostgreSQL to run."""
    try:
        postgresql.find_programs()
    except postgresql.NoPostgresqlError as error:
        pytest.skip(str(error))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Put what was counted into the report, as a text: that is what a process of pytest-xdist can hand on."""
    if call.when == "call" and (counted := item.stash.get(_TALLY, None)) is not None and counted.what:
        item.user_properties.append((_LINE, str(counted)))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the lines."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    lines = {str(value) for report in reports for name, value in report.user_properties if name == _LINE}
    if lines:
        terminalreporter.section(_HEADING)
        for line in sorted(lines):
            terminalreporter.line(line)

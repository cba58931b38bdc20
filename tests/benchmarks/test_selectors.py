"""What becomes of a selector on a mutated page, as the benchmark counts it."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.report import UnverifiedError
from benchmarks.selectors import Outcome, outcome, scripts
from tests.browser import needs_chromium
from tests.extract.mutated.cases import Case
from tests.extract.mutated.frames import Template
from watcher.extract.document import Document

AFTER = "<!doctype html><p>1</p><div><b>2</b></div><i>3</i>"


def came_to(css: str | None, true: str) -> Outcome:
    """Return what a selector comes to that finds its first element on a page with the truth at another's place."""
    marked = AFTER.replace(f"<{true}>", f"<{true} data-truth=x>")
    template = Template(name="t", source="", places={})
    case = Case(
        number=0,
        template=template,
        place="x",
        mutators=(),
        before="",
        after=AFTER,
        marked_before="",
        marked_after=marked,
    )
    document = Document(AFTER)
    return outcome(case, document.order()[document.select(css)[0]] if css else -1)


@pytest.mark.parametrize(
    ("css", "true", "expected"),
    [
        pytest.param("b", "b", Outcome.RIGHT, id="the element itself"),
        pytest.param("div", "b", Outcome.RIGHT, id="one around it that says the same"),
        pytest.param("b", "div", Outcome.RIGHT, id="one within it that says the same"),
        pytest.param("body", "b", Outcome.ANOTHER, id="one around it that says more"),
        pytest.param("p", "b", Outcome.ANOTHER, id="another"),
        pytest.param(None, "b", Outcome.NOTHING, id="nothing, though it is there"),
        pytest.param(None, "", Outcome.RIGHT, id="nothing, for it is gone"),
        pytest.param("p", "", Outcome.ANOTHER, id="another, though it is gone"),
    ],
)
def test_what_a_selector_comes_to(css: str | None, true: str, expected: Outcome) -> None:
    assert came_to(css, true) is expected


def test_generators_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(UnverifiedError, match=f"no @medv/finder in {tmp_path}; `make bench` installs it there"):
        scripts(tmp_path)


@needs_chromium
@pytest.mark.faults
def test_our_selectors_are_measured_in_miniature(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--quick", "--sections", "selectors"]) == 0
    assert "Pages that were held out" in capsys.readouterr().out

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.__main__ import SECTIONS, main


@pytest.mark.faults
def test_the_pass_works_in_miniature(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = tmp_path / "figures.json"
    assert main(["--quick", "--sections", "beside", "--json", str(figures), "--page", str(tmp_path / "page.md")]) == 0
    assert "watcher, CPU ms a check" in capsys.readouterr().out
    measured = json.loads(figures.read_text())["sections"]["beside"]["figures"]
    assert measured["whole 20 changed watcher cpu_ms"] > 0
    assert not (tmp_path / "page.md").exists()


@pytest.mark.faults
def test_the_push_service_is_measured_in_miniature(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    assert main(["--quick", "--sections", "push", "--json", str(figures), "--page", str(tmp_path / "page.md")]) == 0
    measured = json.loads(figures.read_text())["sections"]["push"]["figures"]
    # So few inboxes may take no memory that the process did not have before, or even less.
    del measured["push inbox bytes"]
    assert len(measured) == 3
    assert all(value > 0 for value in measured.values())


@pytest.mark.faults
def test_the_other_sites_are_measured_beside_the_floor_in_miniature(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    assert main(["--quick", "--sections", "layouts", "--json", str(figures), "--page", str(tmp_path / "page.md")]) == 0
    measured = json.loads(figures.read_text())["sections"]["layouts"]["figures"]
    assert measured["late 20 changed watcher cpu_ms"] > 0
    assert measured["marginal tables of 50 rows changed floor ratio"] > 0


def test_peers_that_are_not_there_are_said_before_anything_is_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "page.md"
    assert main(["--sections", "connections", "--peers", str(tmp_path), "--page", str(page)]) == 1
    said = capsys.readouterr().err
    assert said == f"not as claimed: there is no urlwatch in {tmp_path}; `make bench` installs it there\n"
    assert not page.exists()


def test_every_section_has_its_place_on_the_page() -> None:
    page = (Path(__file__).parents[2] / "docs" / "performance.md").read_text(encoding="utf-8")
    assert [name for name in ("summary", *SECTIONS) if f"<!-- measured: {name} -->" not in page] == []

"""The installed files are looked at: as they were installed, changed, or shared with another distribution."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest

from watcher.core.findings import State
from watcher.runtime.diagnosing.package import check_package


def install(site: Path, name: str, *files: str) -> None:
    """Install a distribution as pip does: its files, and a RECORD of their digests."""
    info = site / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n")
    lines = [f"{name}-1.0.dist-info/METADATA,,", "watcher/__pycache__/core.cpython-311.pyc,,"]
    for file in files:
        path = site / file
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"# of {name}\n")
        digest = urlsafe_b64encode(hashlib.sha256(path.read_bytes()).digest()).rstrip(b"=").decode()
        lines.append(f"{file},sha256={digest},{path.stat().st_size}")
    (info / "RECORD").write_text("\n".join(lines) + "\n")


@pytest.fixture
def site(tmp_path: Path) -> Path:
    install(tmp_path, "pagewatcher", "pagewatcher.py", "watcher/__init__.py", "watcher/core.py")
    return tmp_path


def test_files_as_they_were_installed_are_fine(site: Path) -> None:
    install(site, "click", "click.py")
    (finding,) = check_package([str(site)])
    assert (finding.state, finding.text) == (State.OK, "all 2 files are as they were installed")


def test_another_distribution_that_came_later_has_overwritten_files(site: Path) -> None:
    install(site, "watcher", "watcher/__init__.py")
    (finding,) = check_package([str(site)])
    assert finding.state is State.ERROR
    assert finding.text == (
        "watcher/__init__.py is not what was installed (1 file); watcher has files in the same folder"
    )


def test_another_distribution_that_came_first_takes_files_along_when_it_goes(tmp_path: Path) -> None:
    install(tmp_path, "watcher", "watcher/__init__.py")
    install(tmp_path, "pagewatcher", "watcher/__init__.py")
    (finding,) = check_package([str(tmp_path)])
    assert finding.state is State.WARNING
    assert finding.text == "all files are as they were installed; watcher has files in the same folder"


def test_a_file_that_is_gone_is_not_what_was_installed(site: Path) -> None:
    (site / "watcher" / "core.py").unlink()
    (finding,) = check_package([str(site)])
    assert (finding.state, finding.text) == (State.ERROR, "watcher/core.py is not what was installed (1 file)")


def test_of_a_checkout_there_is_nothing_to_say(tmp_path: Path) -> None:
    install(tmp_path, "pagewatcher", "_editable_impl_pagewatcher.pth")
    assert check_package([str(tmp_path)]) == []

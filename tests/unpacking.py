"""Unpacks the archives that tests come with, on each Python that is promised."""

from __future__ import annotations

import tarfile
from pathlib import Path


def unpack(archive: Path, directory: Path) -> None:
    """Write what a packed directory of ours holds to `directory`."""
    # Python before 3.11.4 has no filters, and warns of nothing; later ones do without one. Our archives are trusted.
    safely = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    with tarfile.open(archive) as packed:
        packed.extractall(directory, **safely)  # type: ignore[arg-type]

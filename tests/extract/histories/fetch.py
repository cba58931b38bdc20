"""
Fetches pages in many versions, of the packages that carry them, from PyPI and npm by their ordinary clients.

Run by `make histories`: `python fetch.py DIRECTORY`, in an environment with setuptools, which reads the name of a
source distribution. A history is a folder, PACKAGE.PAGE.SET, of files 00-VERSION.html, in order;
a page that a version does not have, or has unchanged, is left out. What cannot be fetched is named, and left out.
"""

import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

SOURCES = Path(__file__).with_name("sources.toml")
_SECONDS = 300


def main(directory: Path) -> None:
    """Fetch the pages that are missing, and write all histories again."""
    archives = directory / "archives"
    archives.mkdir(parents=True, exist_ok=True)
    histories = directory / "pages"
    shutil.rmtree(histories, ignore_errors=True)
    for package in tomllib.loads(SOURCES.read_text())["packages"]:
        for number, version in enumerate(package["versions"]):
            archive = archives / f"{package['name']}-{version}.tgz"
            if not archive.exists() and not fetched(package, version, archive):
                print(f"{package['name']} {version} cannot be fetched")
                continue
            write(package, number, version, archive, histories)
    print(f"{len(list(histories.iterdir()))} pages, {len(list(histories.glob('*/*.html')))} versions")


def fetched(package: dict[str, Any], version: str, archive: Path) -> bool:
    """Return whether an archive was fetched."""
    with tempfile.TemporaryDirectory() as folder:
        if package["registry"] == "npm":
            command = ["npm", "pack", "--silent", f"{package['name']}@{version}"]
        else:
            options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-binary", ":all:", "--dest", folder]
            command = [sys.executable, "-m", "pip", "download", *options, f"{package['name']}=={version}"]
        subprocess.run(command, cwd=folder, timeout=_SECONDS, capture_output=True, check=False)
        found = [*Path(folder).glob("*.tgz"), *Path(folder).glob("*.tar.gz")]
        if found:
            shutil.move(found[0], archive)
        return bool(found)


def write(package: dict[str, Any], number: int, version: str, archive: Path, histories: Path) -> None:
    """Write the pages of one version."""
    with tarfile.open(archive) as files:
        for member in files:
            path = member.name.partition("/")[2]
            for page, pattern in package["pages"].items():
                source = files.extractfile(member) if re.fullmatch(pattern, path) and member.isfile() else None
                if source is not None:
                    history = histories / f"{package['name']}.{page}.{package.get('set', 'tuned')}"
                    history.mkdir(parents=True, exist_ok=True)
                    _write_once(history, f"{number:02}-{version}.html", source.read())


def _write_once(history: Path, name: str, page: bytes) -> None:
    last = max(history.iterdir(), default=None)
    if last is None or last.read_bytes() != page:
        (history / name).write_bytes(page)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Source distribution and wheel: built twice to the same bytes, and holding what they should."""

from __future__ import annotations

import hashlib
import shutil
import tarfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from tests.release.steps import ROOT, Release, StepFailedError, run

_KINDS = (".py", ".typed", ".html", ".js", ".css", ".png", ".svg", ".toml", ".yaml")
"""What the package is made of: code, its types, templates, static files, translations, the starter file."""


def build_twice(release: Release) -> str:
    """
    Build both into `release.out`, the wheel from the source distribution, and once more elsewhere; compare.

    The other build differs in what must not matter: the directory, the files' modes, the time zone.
    """
    shutil.rmtree(release.out, ignore_errors=True)
    other = release.work / "other" / "dist"
    _build(release, release.work / "sources", release.out, mask="022", zone="UTC")
    _build(release, release.work / "other" / "a longer name", other, mask="077", zone="Asia/Shanghai")
    said = []
    for file in (release.sdist, release.wheel):
        first, second = (hashlib.sha256(path.read_bytes()).hexdigest() for path in (file, other / file.name))
        if first != second:
            raise StepFailedError(f"{file.name} has other bytes when it is built again")
        said.append(f"{file.name} {file.stat().st_size:,} bytes, sha256 {first}")
    return "; ".join(said)


def check_contents(release: Release) -> str:
    """Look whether the wheel holds each file of the package and no other, and the sdist the tests too."""
    package = {name for name in _tracked() if name.startswith("watcher/")} | {"pagewatcher.py"}
    with zipfile.ZipFile(release.wheel) as wheel:
        held = {name for name in wheel.namelist() if ".dist-info/" not in name}
        info = {name.partition(".dist-info/")[2] for name in wheel.namelist()} - {""}
    _compare("the wheel", held, package)
    _compare("the wheel's .dist-info", info, {"METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE"})
    if odd := {Path(name).suffix for name in held} - set(_KINDS):
        raise StepFailedError(f"the wheel holds files of other kinds: {', '.join(sorted(odd))}")
    with tarfile.open(release.sdist) as sdist:
        sources = {name.partition("/")[2] for name in sdist.getnames()}
    _compare("the sdist", sources - {"PKG-INFO"}, set(_tracked()))
    return f"{len(held)} files in the wheel, {len(sources)} in the sdist"


def _build(release: Release, sources: Path, out: Path, *, mask: str, zone: str) -> None:
    for name in _tracked():
        target = sources / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, target)
        target.chmod(target.stat().st_mode & ~int(mask, 8))
    # Of the last commit, as the workflow has it.
    built_at = run(["git", "log", "-1", "--format=%ct"]).strip()
    line = ["sh", "-c", f'umask {mask} && exec "$@"', "sh"]
    build: list[str | Path] = [release.tool("pyproject-build"), "--no-isolation", "--outdir", out]
    run([*line, *build], cwd=sources, environment={"SOURCE_DATE_EPOCH": built_at, "TZ": zone})


def _tracked() -> list[str]:
    """Return the files that git knows or would take, as they stand in the work tree."""
    listed = run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"])
    return sorted({name for name in listed.split("\0") if name and (ROOT / name).is_file()})


def _compare(what: str, held: Iterable[str], wanted: Iterable[str]) -> None:
    missing, extra = sorted(set(wanted) - set(held)), sorted(set(held) - set(wanted))
    if missing or extra:
        raise StepFailedError(
            f"{what} lacks {missing[:5]} ({len(missing)}) and has {extra[:5]} ({len(extra)}) too many"
        )

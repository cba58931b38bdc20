"""The wheel in a clean environment, by each installer that the README names, and what comes with it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

import watcher
from tests import pythons
from tests.release.steps import ROOT, Release, StepFailedError, run

NAME = watcher.__distribution__


@dataclass(frozen=True, kw_only=True)
class Environment:
    """
    A Python with the wheel and what it needs, and nothing else.

    Attributes:
        count: how many files an installer downloads; `size`: how many bytes they have.
    """

    version: str
    directory: Path
    wheels: Path
    count: int
    size: int

    @property
    def python(self) -> Path:
        """Its Python."""
        return self.directory / "bin" / "python"

    @property
    def command(self) -> Path:
        """The command that was installed."""
        return self.directory / "bin" / "watcher"


def oldest_and_newest() -> list[pythons.Interpreter]:
    """Return the oldest and the newest supported Python of this machine."""
    found = [interpreter for minor in pythons.supported() for interpreter in pythons.find(minor)]
    return [found[-1], found[0]] if len(found) > 1 else found


def install(release: Release, interpreter: pythons.Interpreter) -> Environment:
    """Download the wheels that an installer would, then install those without a network."""
    directory = release.work / f"python-{interpreter.version}"
    wheels = release.work / f"wheels-{interpreter.version}"
    run([interpreter.path, "-m", "venv", directory])
    pip: list[str | Path] = [directory / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--quiet"]
    run([*pip, "download", "--only-binary", ":all:", "--dest", wheels, f"{release.wheel}[pinned]"])
    run([*pip, "install", "--no-index", "--find-links", wheels, f"{NAME}[pinned]"])
    run([directory / "bin" / "python", "-m", "pip", "check"])
    files = list(wheels.iterdir())
    return Environment(
        version=interpreter.version,
        directory=directory,
        wheels=wheels,
        count=len(files),
        size=sum(file.stat().st_size for file in files),
    )


def check_what_is_said(environment: Environment) -> str:
    """Return what an installer downloads, which the page on PyPI says to the MB, and to ten files."""
    page = (ROOT / "docs" / "pypi.md").read_text(encoding="utf-8")
    (said,) = re.findall(r"^(\d+) files are downloaded, (\d+) MB in all\.$", page, re.MULTILINE)
    found = f"{environment.count} files, {environment.size:,} bytes downloaded"
    if abs(int(said[0]) - environment.count) > 10 or abs(int(said[1]) * 1e6 - environment.size) > 1e6:
        raise StepFailedError(f"{found}; docs/pypi.md says {said[0]} files and {said[1]} MB")
    return found


def check_installers(release: Release, environment: Environment) -> str:
    """Install it by `uv tool install` and by `pipx install`, and run what they put on the PATH."""
    offline: list[str | Path] = ["--no-index", "--find-links", environment.wheels]
    places = {
        name: str(release.work / "installers" / name.lower())
        for name in ("UV_TOOL_DIR", "UV_TOOL_BIN_DIR", "UV_CACHE_DIR", "PIPX_HOME", "PIPX_BIN_DIR", "PIPX_MAN_DIR")
    }
    wanted = f"{NAME}[pinned]"
    run([release.tool("uv"), "tool", "install", *offline, "--python", environment.python, wanted], environment=places)
    # pipx keeps a pip of its own, the newest, for all that it installs.
    shared = release.work / "pip"
    run([environment.python, "-m", "pip", "--quiet", "download", "--dest", shared, "pip"])
    pip_arguments = f"--no-index --find-links {environment.wheels} --find-links {shared}"
    pipx: list[str | Path] = [release.tool("pipx"), "install", "--python", environment.python.resolve()]
    run([*pipx, "--backend", "pip", "--pip-args", pip_arguments, wanted], environment=places)
    for place in ("UV_TOOL_BIN_DIR", "PIPX_BIN_DIR"):
        for command in ("watcher", NAME):
            said = run([Path(places[place]) / command, "--version"])
            if said != f"watcher {watcher.__version__}\n":
                raise StepFailedError(f"{place}/{command} --version says {said!r}")
    return "uv tool install and pipx install, watcher and pagewatcher"


def check_beside_a_stranger(release: Release, interpreter: pythons.Interpreter) -> str:
    """Install PyPI's `watcher` over ours; the command that is left to us says so in one line, and runs nothing."""
    directory = release.work / "stranger"
    run([interpreter.path, "-m", "venv", directory])
    for wanted in (release.wheel, "watcher"):
        run([directory / "bin" / "python", "-m", "pip", "--quiet", "install", "--no-deps", wanted])
    line = [str(directory / "bin" / NAME), "--version"]
    done = subprocess.run(line, capture_output=True, text=True, timeout=60, check=False)
    if done.returncode != 2 or done.stdout or not re.fullmatch(r"watcher: another distribution .*\n", done.stderr):
        raise StepFailedError(f"beside PyPI's watcher ours ended with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stderr.strip().replace(str(directory), "…")


def write_sbom(release: Release, environment: Environment) -> str:
    """Write the bill of materials of what `pagewatcher[pinned]` installs, valid by its schema; look what it names."""
    target = release.out / f"{NAME}-{watcher.__version__}.cdx.json"
    clean = release.work / "sbom"
    shutil.copytree(environment.directory, clean, symlinks=True)
    built_at = run(["git", "log", "-1", "--format=%ct"]).strip()
    named_project = release.work / "pyproject.toml"
    dynamic, static = 'dynamic = ["version"]\n', f'version = "{watcher.__version__}"\n'
    named_project.write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8").replace(dynamic, static))
    run([clean / "bin" / "python", "-m", "pip", "--quiet", "uninstall", "--yes", "pip"])
    run(
        [
            *(release.tool("cyclonedx-py"), "environment", clean / "bin" / "python"),
            *("--pyproject", named_project, "--spec-version", "1.6", "--output-reproducible", "--validate"),
            *("--output-format", "JSON", "--output-file", target),
        ],
        environment={"SOURCE_DATE_EPOCH": built_at},
    )
    bill = json.loads(target.read_text(encoding="utf-8"))
    named = {_normal(each["name"]): each["version"] for each in bill["components"]}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pins = dict(
        re.findall(r"^([\w.-]+)==([^;\s]+)", "\n".join(project["optional-dependencies"]["pinned"]), re.MULTILINE)
    )
    if wrong := {name: version for name, version in pins.items() if named.get(_normal(name)) != version}:
        raise StepFailedError(f"the SBOM does not name {wrong}")
    root = bill["metadata"]["component"]
    if (root["name"], root.get("version")) != (NAME, watcher.__version__):
        raise StepFailedError(f"the SBOM is of {root}")
    return f"{target.name}, CycloneDX {bill['specVersion']}, {len(named)} components"


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()

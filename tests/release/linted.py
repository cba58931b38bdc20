"""What others' tools say of the package, the image, the compose files and the workflow; none asks the network."""

from __future__ import annotations

import shutil

from tests.release.steps import ROOT, Release, run

_WORKFLOWS = sorted(ROOT.glob(".github/workflows/*.yml"))
_COMPOSE = ("compose.yaml", "compose.cluster.yaml")
_PYROMA = "7"
"""Of 10: an author's mail address and the project's addresses are not known yet."""


def lint_package(release: Release) -> str:
    """Check the metadata, how PyPI shows the page, and the wheel's shape."""
    run([release.tool("validate-pyproject"), "pyproject.toml"])
    run([release.tool("twine"), "check", "--strict", release.sdist, release.wheel])
    run([release.tool("check-wheel-contents"), "--config", ROOT / "pyproject.toml", release.wheel])
    run([release.tool("pyroma"), "--min", _PYROMA, "--file", release.sdist])
    return "validate-pyproject, twine, check-wheel-contents, pyroma"


def lint_containers(release: Release) -> str:
    """Check the Dockerfile and the compose files."""
    run([release.tool("hadolint"), "--failure-threshold", "style", "Dockerfile"])
    for file in _COMPOSE:
        run([release.tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", file])
        run([release.tool("compose-lint"), "--fail-on", "high", file])
    return f"hadolint, the schema of compose files, compose-lint; {_as_compose_reads_it()}"


def _as_compose_reads_it() -> str:
    """Let Compose itself read the files, which takes no engine, where it is installed."""
    compose = shutil.which("docker-compose")
    if compose is None:
        return "docker-compose NOT HERE"
    settings = {"WATCHER_BASE_URL": "https://watch.example.org", "POSTGRES_PASSWORD": "x", "WATCHER_SECRET_KEY": "x"}
    for file in _COMPOSE:
        run([compose, "--file", file, "--profile", "https", "config", "--quiet"], environment=settings)
    return "docker-compose config"


def lint_workflows(release: Release) -> str:
    """Check the workflows of the forge."""
    run([release.tool("check-jsonschema"), "--builtin-schema", "vendor.github-workflows", *_WORKFLOWS])
    run([release.tool("zizmor"), "--offline", "--no-progress", "--pedantic", *_WORKFLOWS])
    return f"the schema of workflows and zizmor, of {len(_WORKFLOWS)}"

"""
Checks what is to be released, without publishing anything.

    python -m tests.release TOOLS     (make release-check)

TOOLS is the directory of the tools' commands. It needs a package index, as pip is set up to reach one, and no other
network. What is built stays in `dist/`. Ends with 1 where a step failed; each step is one line.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from tests.pythons import Interpreter
from tests.release.built import build_twice, check_contents
from tests.release.installed import (
    check_beside_a_stranger,
    check_installers,
    check_what_is_said,
    install,
    oldest_and_newest,
    write_sbom,
)
from tests.release.linted import lint_containers, lint_package, lint_workflows
from tests.release.steps import ROOT, Release, StepFailedError
from tests.release.stories import run_contained, see_the_demo, watch_a_page

Step = tuple[str, Callable[[], str]]
OF_THE_SOURCES: Final = {
    "built twice": build_twice,
    "contents": check_contents,
    "package": lint_package,
    "containers": lint_containers,
    "workflows": lint_workflows,
}
"""Of the sources alone, in this order. The docs site was built before, by `make site`."""


def main(arguments: Sequence[str]) -> int:
    """Run each step; return the exit status."""
    # Not below /tmp: what is like a container has another one.
    with tempfile.TemporaryDirectory(dir=ROOT, prefix=".venv-release-work-") as work:
        release = Release(tools=Path(arguments[0]).absolute(), work=Path(work), out=ROOT / "dist")
        failed = [name for name, step in _steps(release) if not _passes(name, step)]
    print(f"\nrelease-check: {'failed: ' + ', '.join(failed) if failed else 'all passed'}")
    return 1 if failed else 0


def _steps(release: Release) -> Iterator[Step]:
    for name, step in OF_THE_SOURCES.items():
        yield name, partial(step, release)
    for place, interpreter in enumerate(interpreters := oldest_and_newest()):
        yield from _on(release, interpreter, is_last=place == len(interpreters) - 1)


def _on(release: Release, interpreter: Interpreter, *, is_last: bool) -> Iterator[Step]:
    """Yield the steps on one Python; on the last one also what is the same on each."""
    made = []

    def download() -> str:
        made.append(install(release, interpreter))
        return f"{check_what_is_said(made[0])}; pip check is content"

    yield f"{interpreter.version}: installed", download
    if not made:
        return
    (environment,) = made
    directory = release.work / f"stories-{interpreter.version}"
    yield f"{interpreter.version}: demo", lambda: asyncio.run(see_the_demo(environment, directory))
    yield f"{interpreter.version}: four commands", lambda: asyncio.run(watch_a_page(environment, directory))
    if is_last:
        yield f"{interpreter.version}: contained", lambda: asyncio.run(run_contained(environment, directory))
        yield f"{interpreter.version}: installers", partial(check_installers, release, environment)
        yield f"{interpreter.version}: a stranger", partial(check_beside_a_stranger, release, interpreter)
        yield f"{interpreter.version}: SBOM", partial(write_sbom, release, environment)


def _passes(name: str, step: Callable[[], str]) -> bool:
    """Run a step, and print how it ended."""
    began = time.monotonic()
    try:
        said, has_passed = step(), True
    except (StepFailedError, TimeoutError, AssertionError) as error:
        said, has_passed = str(error) or type(error).__name__, False
    print(f"{'ok' if has_passed else 'FAILED'}  {name} ({time.monotonic() - began:.0f} s): {said}", flush=True)
    return has_passed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""
The entry of the command: looks whether the package `watcher` that Python finds is this distribution's, and runs it.

PyPI has another distribution that is called `watcher`, and brings a module and a command of that name. Where both are
installed the one that came last has overwritten the other's files; where it stands earlier on Python's path it hides
ours. No distribution but this one brings a module `pagewatcher`, so the look is taken here; `python -m pagewatcher`
and the command `pagewatcher` run it too, where the command `watcher` is no longer ours.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

_MARK = '__distribution__ = "pagewatcher"'
_ADVICE = "install pagewatcher into an environment of its own: `uv tool install pagewatcher`, or `pipx install` it"


def main() -> None:
    """Run the command; where its package is not ours, end with 2 and one line that says so."""
    fault = package_fault(Path(__file__).resolve().parent / "watcher" / "__init__.py")
    if fault is not None:
        sys.stderr.write(f"watcher: {fault}; {_ADVICE}\n")
        sys.exit(2)
    from watcher.__main__ import main as run

    run()


def package_fault(ours: Path) -> str | None:
    """
    Return what is wrong with the package that `import watcher` would give; None when it is this distribution's.

    Args:
        ours: where the package's `__init__.py` was installed.
    """
    spec = find_spec("watcher")
    if spec is None or spec.origin is None:
        return f"the package `watcher` is missing beside {Path(__file__)}"
    found = Path(spec.origin).resolve()
    if found != ours:
        return f"Python finds another `watcher` first, at {found}"
    if _MARK not in found.read_text(encoding="utf-8", errors="replace"):
        return f"another distribution has overwritten {found}"
    return None


if __name__ == "__main__":
    main()

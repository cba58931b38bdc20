"""`python -m watcher` and the `watcher` command."""

from __future__ import annotations

from watcher.cli.app import main

__all__ = ["main"]

if __name__ == "__main__":
    main()

"""`python -m watcher` and the `watcher` command. A worker process imports it too, so it imports nothing by itself."""

from __future__ import annotations


def main() -> None:
    """Run the command that the process was started with."""
    from watcher.cli.app import main as run

    run()


if __name__ == "__main__":
    main()

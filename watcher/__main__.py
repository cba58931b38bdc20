"""`python -m watcher` and the `watcher` command. A worker process imports it too, so it imports nothing by itself."""

from __future__ import annotations


def main() -> None:
    """Run the command that the process was started with."""
    import gc

    # What a start makes stays. Looking through it for garbage took 50 ms of CPU of a pass of 300: some while it was
    # made, and most at the exit, where all of it goes anyway.
    gc.set_threshold(50_000, 20, 100)
    from watcher.cli.app import main as run

    try:
        run()
    finally:
        gc.freeze()


if __name__ == "__main__":
    main()

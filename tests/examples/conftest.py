"""A site to watch and a command to run, as for the commands' own tests."""

from tests.cli.conftest import site, watcher

__all__ = ["site", "watcher"]

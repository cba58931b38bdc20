"""PostgreSQL is an extra: what it brings may not be installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from watcher.errors import ConfigError


@contextmanager
def needing_extra() -> Iterator[None]:
    """Raise ConfigError, with what to install, where something that is imported within is not there."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise ConfigError("PostgreSQL needs an extra: pip install 'pagewatcher[postgresql]'") from error

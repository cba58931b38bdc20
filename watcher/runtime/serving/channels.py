"""The channels that the operator has set up. The inbox is always there."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping

from watcher.core.settings import Settings
from watcher.net import Sessions
from watcher.push.channels.kinds import KINDS
from watcher.push.channels.offered import Channels, Deployment
from watcher.runtime.settings import utc_now


def set_up_channels(settings: Settings, sessions: Sessions, environ: Mapping[str, str] = os.environ) -> Channels:
    """
    Return the channels that the settings and the environment name.

    Raises:
        ConfigError: one of them is set up halfway or wrongly.
        StoreError: the key of Web Push cannot be read or made.
    """
    deployment, offered = deployment_of(settings, sessions, environ), Channels()
    for kind in KINDS.values():
        kind.set_up(deployment, offered)
    return offered


def deployment_of(settings: Settings, sessions: Sessions, environ: Mapping[str, str]) -> Deployment:
    """Return what channels are set up with."""
    return Deployment(settings=settings, sessions=sessions, environ=environ, now=utc_now, seconds=time.monotonic)

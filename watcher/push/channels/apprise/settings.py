"""
What the operator says of Apprise, in the environment.

    WATCHER_APPRISE    schemes of Apprise that may be given, such as `tgram discord`; empty: none

Apprise makes its connections itself, past the guard of private addresses: a scheme that names a host of its own, such
as `json`, lets whoever may give an address ask this machine's network.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from importlib.util import find_spec
from typing import Final

from watcher.core.channels import ChannelName
from watcher.core.findings import Finding, wrong
from watcher.core.wording import said_by
from watcher.errors import ConfigError
from watcher.push.channels.apprise.channel import AppriseChannel
from watcher.push.channels.looks import GUIDE
from watcher.push.channels.offered import Channels, Deployment

_NAME: Final = "WATCHER_APPRISE"
_SCHEME: Final = re.compile(r"[a-z][a-z0-9]{1,31}")
_INSTALL: Final = "pip install 'pagewatcher[apprise]'"


def set_up(deployment: Deployment, offered: Channels) -> None:
    """Offer Apprise where the operator allows any of its schemes. Raises ConfigError: it is not installed."""
    schemes = allowed_schemes(deployment.environ)
    if not schemes:
        return
    _check_installed()
    channel = AppriseChannel(schemes)
    offered.by_name[channel.name] = offered.asking[channel.name] = channel
    offered.apprise = schemes


def allowed_schemes(environ: Mapping[str, str]) -> Collection[str]:
    """Return the schemes that may be given, sorted. Raises ConfigError for what is none."""
    named = environ.get(_NAME, "").replace(",", " ").lower().split()
    for scheme in named:
        if not _SCHEME.fullmatch(scheme):
            raise ConfigError(f"{_NAME}: {scheme!r} is no scheme; write them like `tgram discord`")
    return sorted(set(named))


async def look(deployment: Deployment, *, seconds: float) -> Sequence[Finding]:  # noqa: ARG001 - nobody is asked
    """Return what is wrong with the setting; nothing is sent, for each address has a service of its own."""
    try:
        if allowed_schemes(deployment.environ):
            _check_installed()
    except ConfigError as error:
        return [wrong(ChannelName.APPRISE, said_by(error), GUIDE)]
    return []


def _check_installed() -> None:
    if find_spec("apprise") is None:
        raise ConfigError(f"{_NAME} is set, and Apprise is not installed: {_INSTALL}")

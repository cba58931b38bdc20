"""The address by which others on the network see this machine."""

from __future__ import annotations

import socket


def lan_address() -> str | None:
    """Return this machine's address on its network; None when it is on none."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing: it only asks the routing table (RFC 5737 address)
        except OSError:
            return None
        address: str = probe.getsockname()[0]
        return address

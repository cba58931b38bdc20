"""
Which addresses are public: what we connect to on a stranger's word.

IPv4: everything but
    0/8              this network                192.88.99/24     6to4 relays
    10/8             private                     192.168/16       private
    100.64/10        carrier-grade NAT           192.175.48/24    AS112
    127/8            loopback                    198.18/15        benchmarks
    169.254/16       link-local, cloud metadata  198.51.100/24    documentation
    172.16/12        private                     203.0.113/24     documentation
    192.0.0/24       protocol assignments        224/4            multicast
    192.0.2/24       documentation               240/4            reserved, broadcast
    192.31.196/24    AS112
    192.52.193/24    AMT
IPv6: only 2000::/3, and of that all but
    2001::/23        protocol assignments, Teredo
    2001:db8::/32    documentation
    2002::/16        6to4: any IPv4 address in disguise
    2620:4f:8000::/48  AS112
    3fff::/20        documentation
An IPv4 address mapped into IPv6 (::ffff:0:0/96) is judged as the IPv4 address that it is.
What is no plain address (a name, a zone, an octal number) is denied.

Our own table, for `ipaddress.is_global` of Python 3.11 lets 192.0.0.192, 64:ff9b::/96 and 2002::/16 through.
Source: the IANA special-purpose registries (RFC 6890).
"""

from __future__ import annotations

import ipaddress

_DENIED_V4 = tuple(map(ipaddress.IPv4Network, (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
    "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
)))  # fmt: skip
_ALLOWED_V6 = ipaddress.IPv6Network("2000::/3")
_DENIED_V6 = tuple(map(ipaddress.IPv6Network, (
    "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
)))  # fmt: skip


def is_public(address: str) -> bool:
    """Return whether the numeric address belongs to the public internet, by the table above."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None or parsed.scope_id is not None:
            return _is_public_v6(parsed)
        parsed = parsed.ipv4_mapped
    return not any(parsed in network for network in _DENIED_V4)


def _is_public_v6(address: ipaddress.IPv6Address) -> bool:
    if address.scope_id is not None or address not in _ALLOWED_V6:
        return False
    return not any(address in network for network in _DENIED_V6)

"""
Whose request it is, when proxies stand between: what they say of it is believed of those that the operator names.

Each proxy appends to X-Forwarded-For whom it heard from, so the list is read from its end, and what stands before the
first address that is not a trusted proxy's may be anybody's invention.

| peer        | X-Forwarded-For            | X-Real-IP | the client is                         |
|-------------|----------------------------|-----------|---------------------------------------|
| not trusted | anything                   | anything  | the peer                              |
| trusted     | …, a client, trusted ones  | anything  | that client                           |
| trusted     | …, no address, A, …        | anything  | A: beyond it nothing is known         |
| trusted     | trusted ones only          | anything  | the first of them                     |
| trusted     | none                       | an address| that                                  |
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

_MAPPED_BITS: Final = 96
"""What stands before the IPv4 address in an IPv4-mapped one (RFC 4291 §2.5.5.2)."""


def read_proxy(text: str) -> Network:
    """Return the network of an address (`10.0.0.1`) or a CIDR (`10.0.0.0/8`). Raises ValueError."""
    network = ip_network(text)
    mapped = network.network_address.ipv4_mapped if isinstance(network, IPv6Network) else None
    if mapped is None or network.prefixlen < _MAPPED_BITS:
        return network
    return IPv4Network((mapped, network.prefixlen - _MAPPED_BITS))


def client_address(
    peer: str, forwarded: Sequence[str], trusted: Collection[Network], *, real_ip: str | None = None
) -> str:
    """
    Return the address of whoever sent a request.

    Args:
        peer: the other end of the connection; returned as it is when it is no address.
        forwarded: the lines of X-Forwarded-For, in order.
        trusted: networks of proxies whose word is taken.
        real_ip: X-Real-IP, heard only when there is no X-Forwarded-For.
    """
    client = read_address(peer)
    if client is None:
        return peer
    elements = [element for element in ",".join(forwarded).split(",") if element.strip()]
    if not forwarded and real_ip is not None:
        elements = [real_ip]
    while elements and is_trusted(client, trusted):
        named = read_address(elements.pop())
        if named is None:
            break
        client = named
    return str(client)


def read_address(text: str) -> Address | None:
    """
    Return the address in `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]` or `[2001:db8::1]:80`, without a
    zone, an IPv4-mapped one as IPv4; None for anything else.
    """
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def is_trusted(address: Address, trusted: Collection[Network]) -> bool:
    """Return whether the address is one of these proxies'."""
    return any(address in network for network in trusted)


def networks_of(text: str) -> Sequence[str]:
    """
    Return whom a call of this address counts for: itself; of IPv6 its /64, its /56 and its /48.

    A household has one /64 at least, often a /56; a site has a /48 (RFC 6177 §2).
    """
    address = read_address(text)
    if not isinstance(address, IPv6Address):
        return (text if address is None else str(address),)
    number = int(address)
    return [f"{number >> (128 - bits):x}/{bits}" for bits in (64, 56, 48)]


def household_of(text: str) -> str:
    """Return what counts as one caller: an address, of IPv6 the network /64, for a household has that many."""
    address = read_address(text)
    if not isinstance(address, IPv6Address):
        return text if address is None else str(address)
    return str(IPv6Network((address, 64), strict=False))

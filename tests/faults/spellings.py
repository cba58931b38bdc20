"""Every way to write a URL that leads to an address, or looks as if it led elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

DENIED_V4: Final = (
    *("0.0.0.0", "10.0.0.1", "10.255.255.254", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254"),
    *("172.16.0.1", "172.31.255.254", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.31.196.1", "192.52.193.1"),
    *("192.88.99.1", "192.168.0.1", "192.175.48.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "240.0.0.1"),
)
DENIED_V6: Final = (
    *("::1", "::7f00:1", "64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::1"),
    *("2002:a9fe:a9fe::1", "2620:4f:8000::1", "3fff::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "4000::1"),
)
PUBLIC_V4: Final = "8.8.8.8"
PUBLIC_V6: Final = "2001:4860:4860::8888"
LOCAL_NAMES: Final = (
    "localhost",
    "LOCALHOST",
    "localhost.",
    "ip6-localhost",
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ",
    "localhost",
    "lo\u00adcalhost",
)
_CIRCLED: Final = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
_FULLWIDTH: Final = str.maketrans("0123456789.", "0123456789。")
_ARABIC: Final = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
_BOLD: Final = str.maketrans("0123456789.", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗.")


def hosts_of(address: str) -> Iterator[str]:
    """Yield the ways to write the address as a URL's host."""
    parsed = ip_address(address)
    yield from _v4(parsed) if isinstance(parsed, IPv4Address) else _v6(parsed)


def _v4(address: IPv4Address) -> Iterator[str]:
    a, b, c, d = address.packed
    number = int(address)
    text, high, low = str(address), f"{a:02x}{b:02x}", f"{c:02x}{d:02x}"
    yield from (text, f"{text}.", f"{text}..", f"{text}%20", f"{text}%00", f"{text}%2e", f"%{ord(text[0]):x}{text[1:]}")
    yield from (str(number), hex(number), hex(number).upper(), oct(number).replace("o", ""), str(number + 2**32))
    yield from (f"{a}.{b}.{number & 0xFFFF}", f"{a}.{number & 0xFFFFFF}", f"{a}.0x{number & 0xFFFFFF:x}")
    yield from (f"{a:#x}.{b:#x}.{c:#x}.{d:#x}", f"0{a:o}.0{b:o}.0{c:o}.0{d:o}", f"{a:#x}.{b}.{c}.{d}")
    yield from (
        f"{a:03}.{b:03}.{c:03}.{d:03}",
        f"0{a:04o}.{b}.{c}.{d}",
        f"{a + 256}.{b}.{c}.{d}",
        f"{a}.{b}.{c}.{d:#x}",
    )
    yield from (text.translate(table) for table in (_CIRCLED, _FULLWIDTH, _ARABIC, _BOLD))
    yield from (text.replace(".", "。"), text.replace(".", "%2e"), f"\u200b{text}", text.replace(".", "\u00ad."))
    mapped = (f"::ffff:{text}", f"::ffff:{high}:{low}", f"0:0:0:0:0:FFFF:{high}:{low}", f"::FFFF:{text}")
    disguised = (f"::{text}", f"64:ff9b::{text}", f"64:ff9b:1::{text}", f"2002:{high}:{low}::1", f"::ffff:0:{text}")
    more = (f"fe80::5efe:{text}", f"2001:0:{high}:{low}::1", f"::ffff:{text}%lo", f"::ffff:{text}%25lo")
    yield from (f"[{one}]" for one in (*mapped, *disguised, *more))


def _v6(address: IPv6Address) -> Iterator[str]:
    text = str(address)
    yield from (
        f"[{text}]",
        f"[{address.exploded}]",
        f"[{text.upper()}]",
        f"[{text}%lo]",
        f"[{text}%25lo]",
        f"[{text}%1]",
    )
    yield from (text, f"[{text}].", f"[{text}", f"{text.replace(':', '-')}.ipv6-literal.net")


def urls_of(host: str) -> Iterator[str]:
    """Yield the ways to write a URL that leads to the host, or that another reader takes to lead to it."""
    for port in ("", ":80", ":8080"):
        yield f"http://{host}{port}/latest/meta-data/"
    yield from (
        f"https://{host}/",
        f"HTTP://{host}",
        f"http:{host}/",
        f"http:/{host}/",
        f"http:///{host}/",
        f"//{host}/",
    )
    yield from (f"http://{PUBLIC_V4}@{host}/", f"http://me:{PUBLIC_V4}@{host}/", f"http://{host}#@{PUBLIC_V4}/")
    yield from (f"http://{PUBLIC_V4}\\@{host}/", f"http://{host}\\.{PUBLIC_V4}/", f"http://{PUBLIC_V4}%40{host}/")
    yield from (f"http://{PUBLIC_V4}:80@{host}:80/", f"http://{PUBLIC_V4}&@{host}/", f"http:\\\\{host}\\")
    yield from (f"\thttp://{host}/", f"http://{host}\t/", f"ht\ntp://{host}/", f"http://{host}?@{PUBLIC_V4}/")
    yield from (f"ws://{host}/", f"wss://{host}/", f"ftp://{host}/", f"gopher://{host}:80/_x", f"tcp://{host}:80/")

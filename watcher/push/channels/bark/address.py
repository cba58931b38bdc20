"""
Addresses of Bark: the device's key, at its public server or at another one. Pure.

    yMHzpR7vYbQ8Rt4Wn6Zc3H                                    a key at the public server
    https://api.day.app/yMHzpR7vYbQ8Rt4Wn6Zc3H/Title/Text     as the app copies it: what follows the key is left out
    https://bark.example.org/bark/yMHzpR7vYbQ8Rt4Wn6Zc3H      at a server of somebody's own

Who has the key can notify the device, so an address is shown by its end alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from watcher.core.urls import UrlFault, read_base_url, read_web_url
from watcher.errors import InvalidRequestError
from watcher.push.channels.asking import Confirmation

PUBLIC_URL: Final = "https://api.day.app"
MAX_CHARS: Final = 500
_KEY: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")
_SHOWN: Final = 4
_WRONG: Final = "copy it from the app: https://api.day.app/ and the device's key, or the address at your own server"


@dataclass(frozen=True, slots=True, kw_only=True)
class BarkDevice:
    """
    One device.

    Attributes:
        server: URL of the Bark server, without a slash at its end.
        key: lets notify the device.
    """

    server: str
    key: str = field(repr=False)

    @property
    def value(self) -> str:
        """How it is stored as an address."""
        return f"{self.server}/{self.key}"

    @property
    def host(self) -> str:
        """Name of the server, for reasons."""
        url = read_web_url(self.server)
        return "" if isinstance(url, UrlFault) else url.host

    @property
    def hint(self) -> str:
        """By what its owner tells it from others."""
        return f"{self.host} …{self.key[-_SHOWN:]}"


def read_device(text: str) -> BarkDevice:
    """
    Return the device that somebody gave.

    Raises:
        InvalidRequestError: it is none, and is not quoted; its field is `bark`.
    """
    text = text.strip()
    if len(text) > MAX_CHARS:
        raise InvalidRequestError(f"at most {MAX_CHARS} characters", field="bark")
    if _KEY.fullmatch(text):
        return BarkDevice(server=PUBLIC_URL, key=text)
    scheme, separator, rest = text.partition("://")
    host, *segments = rest.partition("?")[0].partition("#")[0].split("/")
    place = next((number for number, segment in enumerate(segments) if _KEY.fullmatch(segment)), None)
    if not separator or place is None:
        raise InvalidRequestError(_WRONG, field="bark")
    server = "/".join([f"{scheme.lower()}://{host.lower()}", *segments[:place]])
    if isinstance(read_base_url(server), UrlFault):
        raise InvalidRequestError(_WRONG, field="bark")
    return BarkDevice(server=server, key=segments[place])


def hint(value: str) -> str:
    """Return by what its owner tells a stored address from others; empty for one that cannot be read."""
    try:
        return read_device(value).hint
    except InvalidRequestError:
        return ""


def valid_device(text: str) -> str:
    """Return an address as it is stored. Raises InvalidRequestError."""
    return read_device(text).value


CONFIRMATION: Final = Confirmation(is_by_link=False, most_a_day=6, valid=valid_device, canonical=str, mailbox_of=str)
"""By a code of 6 digits, good for a day."""

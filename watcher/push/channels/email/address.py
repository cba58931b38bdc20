"""Mail addresses, as far as we write to them: a subset of RFC 5321 that every server understands."""

from __future__ import annotations

import re
from typing import Final

from watcher.errors import InvalidRequestError
from watcher.push.channels.asking import Confirmation

MAX_ADDRESS: Final = 254
"""Characters: a path is 256 with its brackets (RFC 5321 §4.5.3.1.3)."""
_MAX_LOCAL: Final = 64
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ALIASES: Final = {"googlemail.com": "gmail.com"}
_DOTS_ARE_NOTHING: Final = frozenset({"gmail.com"})
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_LOCAL: Final = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_DOMAIN: Final = re.compile(rf"(?:{_LABEL}\.)+(?![0-9]+\Z){_LABEL}")


def valid_mail_address(text: str) -> str:
    """
    Return the one address that the text is, without the white space around it, its domain in lower case.

    Quoted names, comments, address literals and characters outside of ASCII are refused: an international domain is
    written in its `xn--` form. So is a domain without a dot.

    Raises:
        InvalidRequestError: it is no such address, or longer than MAX_ADDRESS.
    """
    address = text.strip(" \t\r\n")
    if len(address) > MAX_ADDRESS:
        raise InvalidRequestError(f"mail address: longer than {MAX_ADDRESS} characters")
    local, at, domain = address.rpartition("@")
    if not at or len(local) > _MAX_LOCAL or not _LOCAL.fullmatch(local) or not _DOMAIN.fullmatch(domain):
        raise InvalidRequestError("mail address: write one address alone, like name@example.org")
    return f"{local}@{domain.lower()}"


def mailbox_of(address: str) -> str:
    """
    Return what is the same for all addresses of one mailbox, as far as anybody outside can know.

    Case and what stands after a `+` make no difference anywhere (RFC 5233); dots do not at Gmail. A name that begins
    with a `+`, such as a telephone number's, is left whole.
    """
    local, _, domain = address.lower().rpartition("@")
    domain = _ALIASES.get(domain, domain)
    name = local.partition("+")[0] or local
    return f"{name.replace('.', '') if domain in _DOTS_ARE_NOTHING else name}@{domain}"


CONFIRMATION: Final = Confirmation(
    is_by_link=True,
    most_a_day=3,
    valid=valid_mail_address,
    # No server in use tells names apart by their case, though RFC 5321 §2.4 would let it.
    canonical=str.lower,
    mailbox_of=mailbox_of,
)
"""By a link, good for a day."""

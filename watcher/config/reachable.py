"""
What a watch may say that is made or changed in the console: nothing that reads more than public pages.

A session of the console can be stolen, and a watch asks for pages from where the server stands and shows what it reads.
So what reaches the environment, the private network or somebody's account is written into the file by hand:

| a watch, or the `defaults` that it takes | why                                                                    |
|------------------------------------------|------------------------------------------------------------------------|
| `${NAME}` in any text but messages       | it sends a secret of the environment to any page                       |
| `allow_private: true`                    | it reads the private network                                           |
| `proxy`, but `none`                      | so does a proxy, and it reads what is asked through it                 |
| `verify: false`                          | somebody between could answer                                          |
| `method`, `body`, `cookies`, `headers`,  | they do more than read, or hold secrets that the console would show;   |
| `auth`                                   | `Accept`, `Accept-Language` and `Referer` may be said                  |
| `for_each`                               | what its values make of a text is known only when they are filled in   |
| `<<`                                     | the loader refuses it; nothing is looked for below it                  |

Aliases are read as what they stand for. What a watch has from `defaults` counts, for its address decides who gets it;
`allow_private: false`, `verify: true` and `proxy: none` of its own stand above them.
Nothing here says that the rest is right: the loader does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Final

from msgspec import Struct

from watcher.config.document import Plain, is_filled_in
from watcher.core.harmless_headers import READING
from watcher.core.values import Json


class Reach(StrEnum):
    """What is out of the console's reach; `out_of_reach_…` in the translations says why."""

    ENVIRONMENT = "environment"
    PRIVATE = "private"
    PROXY = "proxy"
    UNVERIFIED = "unverified"
    REQUEST = "request"
    FOR_EACH = "for_each"


class OutOfReach(Struct, frozen=True, kw_only=True):
    """
    A key that is for the file alone.

    Attributes:
        is_default: it stands in `defaults`, and the watch takes it from there.
    """

    key: str
    reach: Reach
    is_default: bool = False


_REQUEST: Final = ("method", "body", "cookies", "headers", "auth")
_RISKY: Final[Mapping[str, tuple[bool | str, Reach]]] = {
    "allow_private": (False, Reach.PRIVATE),
    "verify": (True, Reach.UNVERIFIED),
    "proxy": ("none", Reach.PROXY),
}
"""Keys that may have one value alone, and what any other reaches."""
_MADE_OF_TEMPLATES: Final = frozenset({"message"})
"""In which `${` is a sign of money before `{{ price }}`; nothing is filled in there."""


def out_of_reach(body: Plain, defaults: Plain = None) -> list[OutOfReach]:
    """
    Return the keys for which a watch cannot be made, changed or removed in the console; none: it can.

    Args:
        body: the watch, as a file's text was read.
        defaults: of its file, as read.
    """
    own = body if isinstance(body, dict) else {}
    given = defaults.items() if isinstance(defaults, dict) else ()
    # Headers and cookies of the defaults are sent beside its own.
    inherited = {key: part for key, part in given if key not in own or key in _REQUEST}
    return [*_found(own, is_default=False), *_found(inherited, is_default=True)]


def safe_of(defaults: Plain, body: Mapping[str, Json]) -> dict[str, Json]:
    """Return what a new watch has to say for itself, so that it does not take from the defaults what it may not."""
    given = defaults if isinstance(defaults, dict) else {}
    return {key: safe for key, (safe, _) in _RISKY.items() if key in given and given[key] != safe and key not in body}


def may_have_login(body: Plain) -> bool:
    """Return whether a watch says what may be a login, so that its lines are shown to nobody."""
    proxy = body.get("proxy") if isinstance(body, dict) else None
    is_signed_in = isinstance(proxy, str) and "@" in proxy  # http://user:password@host
    return is_signed_in or any(each.reach is Reach.REQUEST for each in out_of_reach(body))


def _found(settings: Mapping[str, Plain], *, is_default: bool) -> Iterator[OutOfReach]:
    for key, value in settings.items():
        if (reach := _reach(key, value)) is not None:
            yield OutOfReach(key=key, reach=reach, is_default=is_default)


def _reach(key: str, value: Plain) -> Reach | None:
    if key not in _MADE_OF_TEMPLATES and is_filled_in({key: value}):
        return Reach.ENVIRONMENT
    if key in _RISKY:
        safe, risk = _RISKY[key]
        return None if type(value) is type(safe) and value == safe else risk
    if key in _REQUEST:
        return None if _is_modest(key, value) else Reach.REQUEST
    return Reach.FOR_EACH if key in ("for_each", "<<") else None


def _is_modest(key: str, value: Plain) -> bool:
    """Return whether this only asks for a page, in other words."""
    if key == "headers" and isinstance(value, dict):
        return all(name.lower() in READING for name in value)
    return (key, value) == ("method", "GET")

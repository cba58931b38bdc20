"""
What looks like a secret in a job: kept where it is needed, and shown nowhere else.

| where                                | what is done                                                               |
|--------------------------------------|----------------------------------------------------------------------------|
| the watch itself                     | written as the job had it, for an unset `${NAME}` would refuse all watches |
| a login in `url`                     | becomes a header, for no URL here has one                                  |
| a parameter of `url`                 | messages get a `link` that ends before it                                  |
| comments, the report, what is printed | `***` in its place; of a command the first word alone                      |
| an id                                | nothing of the path of a webhook                                           |

The report asks to put each into the environment as `${NAME}`.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from watcher.core.values import Json
from watcher.core.watch import MASK

_WORDS: Final = "|".join(
    (
        *("pass(?:word|wd|phrase)?", "secret", "token", "api[-_]?key", "access[-_]?key", "auth(?:orization)?", "pwd"),
        *("signature", "sig", "session(?:[-_]?id)?", "credentials?", "private[-_]?key", "webhook(?:[-_]?url)?"),
    )
)
_SECRET_NAME: Final = re.compile(rf"(?:^|[^a-z])(?:{_WORDS})(?:$|[^a-z])", re.IGNORECASE)
_ALL_OF_IT: Final = frozenset({"cookies", "cookie", "http_credentials", "notification_urls"})
"""Keys below which every text may be one."""
_COMMANDS: Final = frozenset({"command", "execute", "shellpipe"})
"""Keys whose text is a command, of which any word may be one."""
_PLAIN_HEADERS: Final = frozenset(
    (
        *("accept", "accept-charset", "accept-encoding", "accept-language", "cache-control", "connection"),
        *("content-language", "content-type", "dnt", "host", "if-modified-since", "if-none-match", "pragma"),
        *("range", "te", "upgrade-insecure-requests", "user-agent"),
    )
)
"""Headers whose value is no secret; any other may be one."""
_PARAMETER: Final = re.compile(r"(^|[?&;#\s\"'(])([^=&#?;\s\"'(]{1,100})=([^&#\s\"']+)")
_FIELD: Final = re.compile(
    r"""(?<![\w.-])(?P<name>"[\w.-]{1,100}"\s{0,5}:|'[\w.-]{1,100}'\s{0,5}:|[A-Za-z][\w.-]{0,99}:(?=\s))(?P<blank>\s*+)"""
    r"""(?P<value>"(?:[^"\\]|\\.)*+"?|'(?:[^'\\]|\\.)*+'?|[^\s,"'{}\[\]`][^,"'{}\[\]`\n]*)"""
)
"""`"password": "p"` of JSON, and `X-Token: s` of a header."""
_OPTION: Final = re.compile(r"""(?<!\S)(-u|--?[A-Za-z][\w-]{1,50})([ =])("[^"\n]*"?|'[^'\n]*'?|\S+)""")
_OPTIONS: Final = frozenset({"-u", "--user", "--proxy-user", "--cookie", "--header"})
_COMMAND: Final = re.compile(r"(?i)\b((?:shellpipe|execute)\s{0,5}:\s{0,5})([^\n]+)")
_URL: Final = re.compile(r"(?i)(https?://)([^/\s\"'<>?#]{1,300})(/[^\s\"'<>?#]+)")
_DIGIT: Final = re.compile(r"\d")
_HOOK_HOST: Final = re.compile(r"(?i)(?:^|[.@])(?:web)?hooks?\.")
_HOOK_PATH: Final = re.compile(r"(?i)/(?:(?:webhook\w*|hooks?|with/key)/|bot(?=\d+:))")
"""Of Slack, Discord, Teams, Telegram, IFTTT and others: who has the address may write there."""
_LOGIN: Final = re.compile(r"(://)[^/\s@'\"]+@")
_BEARER: Final = re.compile(r"(?i)\b((?:Bearer|Basic|Token)\s+)[\w.~+/=-]{4,}")


def is_splittable(url: str) -> bool:
    """Return whether a URL has parts: one with half an IPv6 address has none."""
    try:
        return bool(urlsplit(url).hostname)
    except ValueError:
        return False


def is_secret_name(name: str) -> bool:
    """Return whether what stands under this name is meant to be seen by nobody."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name)
    return name.lower() == "key" or bool(_SECRET_NAME.search(spaced))


def masked_text(text: str) -> str:
    """Return a text with `***` in place of logins, tokens and parameters that are secret."""
    text = _LOGIN.sub(rf"\1{MASK}@", text)
    text = _BEARER.sub(rf"\1{MASK}", text)
    text = without_hook(text)
    text = _PARAMETER.sub(_masked_parameter, text)
    text = _FIELD.sub(_masked_field, text)
    text = _OPTION.sub(_masked_option, text)
    return _COMMAND.sub(lambda found: f"{found[1]}{masked_command(found[2])}", text)


def masked_command(text: str) -> str:
    """Return the first word of a command, for any other may be a secret."""
    first, *others = text.split(maxsplit=1) or [""]
    first = MASK if "=" in first else first
    return f"{first} …" if others else first


def without_hook(text: str) -> str:
    """Return a text without the parts of a webhook's address that open it."""
    return _URL.sub(_masked_hook, text)


def has_secret(job: Mapping[str, Json]) -> bool:
    """Return whether something in a job looks like a secret."""
    return masked_job(dict(job)) != job


def masked_job(value: Json, name: str = "") -> Json:
    """Return a job, or a part of it, with `***` in place of what is secret."""
    if name.lower() in _ALL_OF_IT and value:
        return _all_masked(value)
    if name.lower() in _COMMANDS:
        return _commands_masked(value)
    if name.lower() == "headers" and value:
        return _headers_masked(value)
    match value:
        case dict():
            return {key: masked_job(part, key) for key, part in value.items()}
        case list():
            return [masked_job(part, name) for part in value]
        case str():
            return MASK if value and is_secret_name(name) else masked_text(value)
        case _:
            return MASK if value and value is not True and is_secret_name(name) else value


def masked_destination(url: str) -> str:
    """Return where notifications went: of a URL of Apprise the service alone, for all behind it may be a secret."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        return MASK
    host = re.match(r"[\w.-]+\.[a-z]{2,}(?=[/:?]|$)", rest.rpartition("@")[2]) if scheme in ("http", "https") else None
    return f"{scheme}://{host[0] + '/' if host else ''}{MASK}"


def secret_parameter(url: str) -> str | None:
    """Return the name of the first parameter of a URL that is secret."""
    return next((name for name, value in parse_qsl(urlsplit(url).query) if value and is_secret_name(name)), None)


def link_before(url: str, parameter: str) -> str:
    """Return a URL up to a parameter."""
    parts = urlsplit(url)
    before: list[str] = []
    for pair in parts.query.split("&"):
        if unquote(pair.partition("=")[0]) == parameter:
            break
        before.append(pair)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "&".join(before), ""))


def public_link(url: str) -> str:
    """Return a URL that readers may have: without its login, and up to what looks like a secret."""
    link, _ = without_login(url)
    if parameter := secret_parameter(link):
        return link_before(link, parameter)
    before, _, fragment = link.partition("#")
    return link if masked_text(fragment) == fragment else before


def without_login(url: str) -> tuple[str, str | None]:
    """Return a URL without its login, and the `Authorization` that stands for that."""
    parts = urlsplit(url)
    login, at, host = parts.netloc.rpartition("@")
    if not at:
        return url, None
    encoded = base64.b64encode(unquote(login).encode()).decode()
    return urlunsplit((parts.scheme, host, parts.path, parts.query, parts.fragment)), f"Basic {encoded}"


def _masked_parameter(found: re.Match[str]) -> str:
    return f"{found[1]}{found[2]}={MASK}" if is_secret_name(found[2]) else found[0]


def _masked_field(found: re.Match[str]) -> str:
    name = found["name"].rstrip(": \t").strip("\"'")
    is_secret = is_secret_name(name) or name.lower().startswith(("x-", "cookie", "set-cookie"))
    if not is_secret:
        return found[0]
    quote = found["value"][0] if found["value"][0] in "\"'" else ""
    return f"{found['name']}{found['blank']}{quote}{MASK}{quote}"


def _masked_option(found: re.Match[str]) -> str:
    is_secret = found[1] in _OPTIONS or is_secret_name(found[1])
    return f"{found[1]}{found[2]}{MASK}" if is_secret else found[0]


def _masked_hook(found: re.Match[str]) -> str:
    if _HOOK_HOST.search(found[2]):
        return f"{found[1]}{found[2]}/{MASK}"
    path = _HOOK_PATH.search(found[3])
    if path is None or not _DIGIT.search(found[3], path.end()):
        return found[0]
    return f"{found[1]}{found[2]}{found[3][: path.end()]}{MASK}"


def _all_masked(value: Json) -> Json:
    match value:
        case dict():
            return {key: _all_masked(part) for key, part in value.items()}
        case list():
            return [_all_masked(part) for part in value]
        case str() | int() | float() if value is not True and value is not False:
            return MASK
        case _:
            return value


def _headers_masked(value: Json) -> Json:
    if not isinstance(value, dict):
        return _all_masked(value)
    return {name: masked_job(part, name) if name.lower() in _PLAIN_HEADERS else MASK for name, part in value.items()}


def _commands_masked(value: Json) -> Json:
    match value:
        case dict():
            return {
                key: masked_job(part, key) if key in _COMMANDS else _all_masked(part) for key, part in value.items()
            }
        case [first, *others]:
            return [_commands_masked(first), *(_all_masked(part) for part in others)]
        case str():
            return masked_command(value)
        case _:
            return value

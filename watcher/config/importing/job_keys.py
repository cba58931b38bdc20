"""The keys of jobs that urlwatch and webchanges share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from watcher.config.importing.conversion import Conversion, Rule, impossible, kept, mapping, nearly, texts, unneeded
from watcher.config.importing.masks import is_secret_name, is_splittable, public_link
from watcher.config.literal import literal_text
from watcher.core.values import Json

NO_BROWSER: Final = "pages are not opened in a browser; `watcher try` shows whether the page says it without one"
_METHODS: Final = ("GET", "POST", "PUT", "PATCH")
_NOT_IN_TAG: Final = re.compile(r"[^\w.-]+")
FAILS: Final = unneeded("a failed check is no change, and is told once, after `on_error`")
"""The rule of keys that say which failures are not told."""


def name_as_text(conversion: Conversion, key: str, value: Json) -> None:
    """Take over a name."""
    if str(value).strip():
        conversion.put("name", str(value), of=key)
    conversion.mapped(key)


def tags(conversion: Conversion, key: str, value: Json) -> None:
    """Take over words to choose jobs by."""
    names = texts(conversion.body.get("tags")) + [_NOT_IN_TAG.sub("-", text).strip("-.") for text in texts(value)]
    if known := list(dict.fromkeys(filter(None, names))):
        conversion.put("tags", [*known], of=key)
    conversion.mapped(key)


def on_or_off(conversion: Conversion, key: str, value: Json) -> None:
    """Take over whether a job runs."""
    if value is False:
        conversion.put("enabled", False, of=key)
    conversion.mapped(key)


def method(conversion: Conversion, key: str, value: Json) -> None:
    """Take over the method of HTTP."""
    if str(value).upper() in _METHODS:
        conversion.put("method", str(value).upper(), of=key)
        conversion.mapped(key)
    else:
        conversion.impossible(key, f"pages are asked for by {', '.join(_METHODS)}")


def pairs(conversion: Conversion, key: str, value: Json) -> None:
    """Take over headers or cookies."""
    if not mapping(value):
        conversion.unfinished(key, "it is no mapping of names to values") if value else conversion.mapped(key)
        return
    known = mapping(conversion.body.get(key))
    conversion.put(key, {**known, **{name: _plain(part) for name, part in mapping(value).items()}}, of=key)
    is_secret = key == "cookies" or any(is_secret_name(name) or name.lower() == "cookie" for name in mapping(value))
    conversion.mapped(key, "its secrets can come from the environment, as `${NAME}`" if is_secret else "")


def _plain(value: Json) -> str:
    """Return a value of a header, in which `${` is no secret of ours."""
    return literal_text(value if isinstance(value, str) else "" if value is None else str(value))


def data(conversion: Conversion, key: str, value: Json) -> None:
    """Take over what is sent: a text as it is, a mapping as a form."""
    if isinstance(value, dict):
        value = urlencode({name: "" if part is None else str(part) for name, part in value.items()})
    if isinstance(value, list):
        conversion.unfinished(key, "write what is sent as `body`")
        return
    conversion.put("body", literal_text(str(value)), of=key)
    headers = mapping(conversion.body.get("headers"))
    if not any(name.lower() == "content-type" for name in headers):
        conversion.put("headers", {**headers, "Content-Type": "application/x-www-form-urlencoded"}, of=key)
    conversion.mapped(key, "`body`, sent as a form")


def timeout(conversion: Conversion, key: str, value: Json) -> None:
    """Take over seconds; 0 is for ever."""
    seconds = value if isinstance(value, int | float) else None
    if seconds == 0:
        conversion.put("timeout", "1h", of=key)
        conversion.near(key, "an hour is the longest")
    elif seconds is None:
        conversion.unfinished(key, "it is no number of seconds", rests=False)
    else:
        conversion.put("timeout", f"{min(max(round(seconds), 1), 3600)}s", of=key)
        conversion.mapped(key)


def proxy_for(scheme: str | None) -> Rule:
    """Return the rule of the proxy for pages of a scheme; None: for all."""

    def rule(conversion: Conversion, key: str, value: Json) -> None:
        if scheme and not str(conversion.body.get("url", "")).startswith(f"{scheme}:"):
            conversion.mapped(key, f"not needed: the page is not {scheme}")
        elif not str(value).startswith("http://"):
            conversion.impossible(key, "a proxy is one of http://; no SOCKS, no https://")
        else:
            conversion.put("proxy", literal_text(str(value)), of=key)
            conversion.mapped(key, "`proxy`")

    return rule


def if_set(rule: Rule) -> Rule:
    """Return the rule of a key that says nothing where it is empty or false."""
    return lambda conversion, key, value: rule(conversion, key, value) if value else conversion.mapped(key, "not set")


def no_verification(conversion: Conversion, key: str, value: Json) -> None:
    """Take over that certificates are not checked."""
    if value:
        conversion.put("verify", False, of=key)
    conversion.mapped(key, "`verify`")


def tries(conversion: Conversion, key: str, value: Json) -> None:
    """Take over after how many failed checks it is told."""
    if isinstance(value, int) and value > 0:
        conversion.put("on_error", {"after": min(value, 1000)}, of=key)
    conversion.mapped(key, "`on_error`")


def versions(conversion: Conversion, key: str, value: Json) -> None:
    """Take over with how many old texts one is compared."""
    if isinstance(value, int) and value > 1:
        conversion.put("known_values", "ignore", of=key)
        conversion.near(key, "`known_values: ignore`: no text that was seen before is told, whichever it was")
    else:
        conversion.mapped(key, "the last text is compared")


def url(conversion: Conversion, key: str, value: Json) -> None:
    """Take over the page; it is set already, for others look at it."""
    conversion.mapped(key) if "url" in conversion.body else conversion.impossible(key, _no_page(str(value)))


def link(conversion: Conversion, key: str, value: Json) -> None:
    """Take over what messages link to, without what readers are not to have."""
    page = str(value).strip()
    shown = public_link(page) if is_splittable(page) else page
    conversion.put("link", shown, of=key)
    if shown == page:
        conversion.mapped(key, "`link`")
    else:
        conversion.near(key, "`link`, without its login and what looks like a secret: readers see it")


def _no_page(value: str) -> str:
    scheme = value.partition(":")[0].lower() if "://" in value else ""
    if scheme == "file":
        return "no files of this machine are watched"
    return f"{scheme}:// is not watched; http:// and https:// are" if scheme else "it is no URL"


_NO_MARKUP: Final = re.compile(
    r"https?://raw\.githubusercontent\.com/.*|[^?#]*\.(?:txt|md|rst|json|ya?ml|toml|csv|conf|cfg|ini|log|ics)(?:[?#].*)?",
    re.IGNORECASE,
)
_BINARY: Final = re.compile(r"[^?#]*\.(?:pdf|png|jpe?g|gif|webp|zip|gz|xz|exe|docx?|xlsx?)(?:[?#].*)?", re.IGNORECASE)


def whole_page(conversion: Conversion, *, tool: str) -> None:
    """Say what a job compared of which no filter has made a text: the page as it comes."""
    page = str(conversion.body.get("url", ""))
    if _BINARY.fullmatch(page):
        conversion.impossible("url", "no PDF is read, no pictures and no archives")
    elif page and not _NO_MARKUP.fullmatch(page):
        conversion.near("url", f"the text of the page is compared; {tool} compares its markup")


def has_markup(page: str) -> bool:
    """Return whether a page may be one of markup, by its URL."""
    return not _NO_MARKUP.fullmatch(page)


SHARED: Final[Mapping[str, Rule]] = {
    "kind": unneeded("what stands in the job says it"),
    "url": url,
    "command": impossible("no commands are run; a page that shows what it prints can be watched"),
    "stderr": impossible("no commands are run"),
    "name": name_as_text,
    "enabled": on_or_off,
    "user_visible_url": link,
    "method": method,
    "headers": pairs,
    "cookies": pairs,
    "timeout": timeout,
    "encoding": kept("encoding"),
    "ssl_no_verify": no_verification,
    "ignore_cached": if_set(nearly("a GET asks whether the page has changed; most pages say so rightly")),
    "ignore_connection_errors": FAILS,
    "ignore_http_error_codes": FAILS,
    "ignore_timeout_errors": FAILS,
    "ignore_too_many_redirects": FAILS,
    "max_tries": tries,
    "compared_versions": versions,
    "wait_until": if_set(impossible(NO_BROWSER)),
    "wait_for": if_set(impossible(NO_BROWSER)),
    "navigate": lambda conversion, key, value: (
        conversion.unfinished(key, NO_BROWSER) if value else conversion.mapped(key, "not set")
    ),
}
"""By name; what needs other keys of the job is in the module of its tool."""

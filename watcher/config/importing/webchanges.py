"""
webchanges: jobs.yaml, one job a document; and what config.yaml says of all jobs.

Written with webchanges 3.37 in mind. Of `filters` see `filters`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from watcher.config.importing.conversion import (
    Conversion,
    Rule,
    impossible,
    mapping,
    nearly,
    take_over,
    unfinished,
    unneeded,
)
from watcher.config.importing.filters import Chain
from watcher.config.importing.job_keys import FAILS, NO_BROWSER, SHARED, data, if_set, proxy_for, whole_page
from watcher.config.literal import literal_json, literal_url
from watcher.core.values import Json

NAME: Final = "webchanges"
DIFFERENCES: Final = (
    "webchanges looks whenever it is started; here a watch has `every`, 10 minutes when left out",
    "where a selector finds nothing, the check fails and the operator is told",
    "blanks and line ends make no difference",
    "a page that lost most of its text, or shows a login or a captcha, is held back and not told as a change",
)
_SHOWN: Final = "how a report looks; here each message shows the lines that came and went"
_IMPOSSIBLE_DIFFERS: Final = {
    "command": "no commands are run",
    "image": "no pictures are compared",
    "ai_google": "no text is sent to an AI",
}


def _additions(conversion: Conversion, key: str, value: Json) -> None:
    _only(conversion, key, value, "added", "removed")


def _deletions(conversion: Conversion, key: str, value: Json) -> None:
    _only(conversion, key, value, "removed", "added")


def _only(conversion: Conversion, key: str, value: Json, told: str, other: str) -> None:
    if not value:
        conversion.mapped(key, "not set")
    elif "items" in conversion.body:
        conversion.near(key, f"`items`, of which each element is a row, and `notify_when: {told}`")
    else:
        conversion.near(key, f"all changes are told, those too in which lines are only {other}")


def _differ(conversion: Conversion, key: str, value: Json) -> None:
    options = {"name": value} if isinstance(value, str) else mapping(value)
    name = str(options.get("name", "unified"))
    if name in _IMPOSSIBLE_DIFFERS:
        conversion.impossible(key, _IMPOSSIBLE_DIFFERS[name], rests=name == "image")
    else:
        conversion.near(key, _SHOWN)
    for option, given in options.items():
        at = f"{key}.{option}"
        if rule := {"additions_only": _additions, "deletions_only": _deletions}.get(option):
            rule(conversion, at, given)
        else:
            conversion.near(at, _SHOWN)


def _json_or_form(conversion: Conversion, key: str, value: Json, job: Mapping[str, Json]) -> None:
    if job.get("data_as_json"):
        conversion.put("body", literal_json(value if isinstance(value, dict | list) else str(value)), of=key)
        conversion.mapped(key, "`body`, sent as JSON")
    else:
        data(conversion, key, value)


def _delay(conversion: Conversion, key: str, value: Json) -> None:
    if isinstance(value, int | float) and value > 0:
        conversion.put(
            "per_host", {"min_delay": f"{round(value * 1000)}ms" if value < 1 else f"{round(value)}s"}, of=key
        )
    conversion.mapped(key, "`per_host: {min_delay: …}`")


def _params(conversion: Conversion, key: str, value: Json) -> None:
    if not isinstance(value, str | dict):
        conversion.unfinished(key, "write the parameters at the end of `url`")
        return
    query = value if isinstance(value, str) else urlencode({name: str(part) for name, part in value.items()})
    page = str(conversion.body.get("url", ""))
    conversion.put("url", f"{page}{'&' if '?' in page else '?'}{literal_url(query.lstrip('?'))}", of=key)
    conversion.mapped(key, "at the end of `url`")


_FETCHED_OTHERWISE: Final = nearly("pages are asked for by HTTP/1.1, and `user_agent` says who asks")
_KEYS: Final[Mapping[str, Rule]] = {
    **SHARED,
    "proxy": proxy_for(None),
    "params": _params,
    "same_site_delay": _delay,
    "additions_only": _additions,
    "deletions_only": _deletions,
    "differ": _differ,
    "diff_tool": nearly(_SHOWN),
    "diff_filter": unfinished("all changes are told; `notify_when` can say which", rests=False),
    "diff_filters": unfinished("all changes are told; `notify_when` can say which", rests=False),
    "contextlines": unneeded(_SHOWN),
    "is_markdown": unneeded(_SHOWN),
    "markdown_padded_tables": unneeded(_SHOWN),
    "monospace": unneeded(_SHOWN),
    "mime_type": unneeded("the page says what it is"),
    "note": nearly("it stands in the comment alone; `message` can say it to readers"),
    "guid": unneeded("the watch's id is what its history hangs on"),
    "index_number": unneeded("the watch's id is its name for commands"),
    "loop": unneeded("it is of the inside of webchanges"),
    "tz": unneeded("`timezone` of `defaults`"),
    "no_conditional_request": if_set(nearly("a GET asks whether the page has changed; most pages say so rightly")),
    "suppress_repeated_errors": FAILS,
    "suppress_errors": FAILS,
    "suppress_error_ended": if_set(nearly("that a watch works again is told once")),
    "retries": nearly("after a failed check the next one comes at its time, or later"),
    "empty_as_transient": unneeded("a text that is empty and was not fails the check"),
    "no_redirects": if_set(unfinished("redirects on the same host are followed")),
    "initialization_url": if_set(unfinished("no page is asked for before; `cookies` can hold a session")),
    "ignore_dh_key_too_small": if_set(impossible("such servers are not asked")),
    "http_client": _FETCHED_OTHERWISE,
    "http_version": _FETCHED_OTHERWISE,
    "impersonate": nearly("no browser is imitated; a page that asks for one answers with a wall, which is told"),
    "fingerprints": nearly("no browser is imitated; a page that asks for one answers with a wall, which is told"),
    "use_browser": if_set(unfinished(NO_BROWSER)),
    **dict.fromkeys(
        (
            *("block_elements", "connect_over_cdp", "evaluate", "http_credentials", "ignore_default_args"),
            *("ignore_https_errors", "init_script", "initialization_js", "referer", "stealth", "switches"),
            *("user_data_dir", "wait_for_function", "wait_for_navigation", "wait_for_selector", "wait_for_timeout"),
            *("wait_for_url",),
        ),
        if_set(impossible(NO_BROWSER)),
    ),
}
_OF_OTHERS: Final = frozenset(
    {"filters", "filter", "data", "data_as_json", "additions_only", "deletions_only", "differ"}
)
KEYS: Final = frozenset(_KEYS) | _OF_OTHERS


def take(conversion: Conversion, job: Mapping[str, Json]) -> None:
    """Take a job over; `url` of the conversion is set."""
    take_over(conversion, {key: value for key, value in job.items() if key not in _OF_OTHERS}, _KEYS, tool=NAME)
    if "data" in job:
        _json_or_form(conversion, "data", job["data"], job)
    if "data_as_json" in job:
        conversion.mapped("data_as_json", "`body`")
    filters = job.get("filters") or job.get("filter") or []
    chain = Chain(conversion, "filters")
    chain.run(filters)
    for key in ("filters", "filter"):
        if key in job:
            conversion.mapped(key, "one by one" if job[key] else "none")
    if chain.is_whole_page and chain.is_markup:
        whole_page(conversion, tool=NAME)
    chain.finish(only=_told_alone(job))
    for key in ("additions_only", "deletions_only", "differ"):
        if key in job:
            _KEYS[key](conversion, key, job[key])


def _told_alone(job: Mapping[str, Json]) -> str | None:
    """Return which changes alone are told."""
    differ = mapping(job.get("differ"))
    for key, told in (("additions_only", "added"), ("deletions_only", "removed")):
        if job.get(key) or differ.get(key):
            return told
    return None

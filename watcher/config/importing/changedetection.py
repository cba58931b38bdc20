"""
changedetection.io: the archive of today, and url-watches.json of before.

| part of the archive       | what it holds                                                     |
|---------------------------|-------------------------------------------------------------------|
| `changedetection.json`    | the settings of all watches                                       |
| `{uuid}/watch.json`       | a watch                                                           |
| `{uuid}/restock_diff.json` | its settings of stock and price                                  |
| `{uuid}/tag.json`         | a group                                                           |
| `url-watches.json`        | all of these in one, as versions before 0.51 have it              |

Written with changedetection.io 0.60 in mind. What a group says of lists (filters, texts to ignore) is added to that of
its watches, as there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec import Struct

from watcher.config.importing.conversion import (
    Conversion,
    Rule,
    mapping,
    nearly,
    take_over,
    texts,
    unfinished,
    unneeded,
    whole,
)
from watcher.config.importing.job_keys import FAILS, NO_BROWSER, if_set, method, name_as_text, pairs, tags
from watcher.config.importing.page_filters import PageFilters
from watcher.config.importing.restock import restock
from watcher.config.literal import literal_text
from watcher.core.values import Json

NAME: Final = "changedetection.io"
DIFFERENCES: Final = (
    "where a filter finds nothing, the check fails, and the operator is told after 5 failures",
    "blanks and line ends make no difference",
    "a page that lost most of its text, or shows a login or a captcha, is held back and not told as a change",
)
_UNITS: Final = (("weeks", 7 * 86400), ("days", 86400), ("hours", 3600), ("minutes", 60), ("seconds", 1))
_WEEK: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_STATE: Final = unneeded("what it remembers stays behind, and the first check takes a new baseline")
_LISTS: Final = (
    *("include_filters", "subtractive_selectors", "ignore_text", "extract_text", "extract_lines_containing"),
    *("trigger_text", "text_should_not_be_present"),
)
"""Lists to which a group adds its own."""


class Store(Struct, frozen=True, kw_only=True):
    """
    What an archive holds.

    Attributes:
        settings: of all watches.
        tags, watches, restock: by uuid.
    """

    settings: Mapping[str, Json]
    tags: Mapping[str, Mapping[str, Json]]
    watches: Mapping[str, Mapping[str, Json]]
    restock: Mapping[str, Mapping[str, Json]]

    @property
    def application(self) -> Mapping[str, Json]:
        """The settings of what is compared and told."""
        return mapping(self.settings.get("application"))

    @property
    def requests(self) -> Mapping[str, Json]:
        """The settings of how pages are asked for."""
        return mapping(self.settings.get("requests"))


def _paused(conversion: Conversion, key: str, value: Json) -> None:
    conversion.rest(bool(value))
    conversion.mapped(key, "`enabled`")


def _link(conversion: Conversion, key: str, value: Json) -> None:
    conversion.put("link", str(value), of=key)
    conversion.mapped(key, "`link`")


def _body(conversion: Conversion, key: str, value: Json) -> None:
    conversion.put("body", literal_text(str(value)), of=key)
    conversion.mapped(key)


def _unless(expected: Json, rule: Rule) -> Rule:
    """Return the rule of a key that says nothing where it has this value, as by default."""

    def judged(conversion: Conversion, key: str, value: Json) -> None:
        if value == expected or value is None:
            conversion.mapped(key, "as usual")
        else:
            rule(conversion, key, value)

    return judged


_SHOWN: Final = nearly("what a message shows; here it is the lines that came and went, or `message`")
_BROWSER: Final = if_set(unfinished(NO_BROWSER))
_AI: Final = if_set(nearly("no text is sent to an AI; `notify_when` says what is told"))
_KEYS: Final[Mapping[str, Rule]] = {
    "url": lambda conversion, key, _: (
        conversion.mapped(key)
        if "url" in conversion.body
        else conversion.impossible(key, "it is no http:// or https://")
    ),
    "title": if_set(name_as_text),
    "paused": _paused,
    "link_to_open": if_set(_link),
    "method": lambda conversion, key, value: (
        conversion.mapped(key, "as usual") if value == "GET" else method(conversion, key, value)
    ),
    "headers": if_set(pairs),
    "body": if_set(_body),
    "check_unique_lines": if_set(
        nearly("`known_values: ignore`: a text that was seen before is not told; single lines are not remembered")
    ),
    "browser_steps": _BROWSER,
    "webdriver_delay": _BROWSER,
    "webdriver_js_execute_code": _BROWSER,
    "ignore_status_codes": if_set(nearly("an answer that is an error fails the check, and is no change")),
    "sort_text_alphabetically": if_set(nearly("order counts: lines that change places are told")),
    "remove_duplicate_lines": if_set(nearly("a line counts as often as it is there")),
    "trim_text_whitespace": unneeded("done always"),
    "strip_ignored_lines": unneeded("what is ignored is shown, and not compared"),
    "filter_text_added": _unless(True, nearly("all changes are told, those too in which lines are only added")),
    "filter_text_removed": _unless(True, nearly("all changes are told, those too in which lines are only removed")),
    "filter_text_replaced": _unless(True, nearly("all changes are told, those too in which lines are replaced")),
    "filter_failure_notification_send": FAILS,
    "notification_urls": if_set(nearly("readers subscribe to the topic; see where notifications went, below")),
    "notification_title": if_set(nearly("`message: {summary: …}` says it in your own words")),
    "notification_body": if_set(nearly("`message: {content: …}` says it in your own words")),
    "notification_format": _unless("System default", _SHOWN),
    "notification_muted": if_set(unfinished("it told nobody; remove `enabled: false` to have it told")),
    "notification_screenshot": if_set(nearly("no pictures are taken")),
    "history_snapshot_max_length": if_set(nearly("the history has bounds of its own")),
    "use_page_title_in_list": unneeded("`name`, or the watch's id"),
    "track_ldjson_price_data": _unless(None, nearly("`product: price` reads what shops say of their price")),
    "has_ldjson_price_data": _STATE,
    "llm_intent": _AI,
    "llm_change_summary": _AI,
    "llm_prefilter": _AI,
    "llm_change_summary_mode": unneeded("no text is sent to an AI"),
    "llm_backend_profile": unneeded("no text is sent to an AI"),
    **dict.fromkeys(
        (
            *("uuid", "date_created", "last_checked", "last_viewed", "last_error", "last_notification_error"),
            *("previous_md5", "previous_md5_before_filters", "last_check_status", "last_filter_config_hash"),
            *("check_count", "content-type", "consecutive_filter_failures", "fetch_time", "page_title"),
            *("notification_alert_count", "browser_steps_last_error_step", "remote_server_reply", "history"),
            *("llm_evaluation_cache", "restock", "price", "last_changed", "favicon_filename", "ignore_seconds"),
            *("newest_history_key", "viewed", "history_n", "last_modified", "_llm_result", "_llm_intent"),
        ),
        _STATE,
    ),
}
USUAL: Final[Mapping[str, Json]] = {
    "conditions_match_logic": "ALL",
    "fetch_backend": "system",
    "method": "GET",
    "notification_format": "System default",
    "processor": "text_json_diff",
    "llm_change_summary_mode": "replace",
    **dict.fromkeys(
        (
            *("filter_failure_notification_send", "filter_text_added", "filter_text_removed", "filter_text_replaced"),
            *("follow_price_changes", "in_stock_only", "llm_backend_profile", "time_between_check_use_default"),
        ),
        True,
    ),
}
"""What stands in each watch when nobody has set it."""
STATE: Final = frozenset(key for key, rule in _KEYS.items() if rule is _STATE)
"""Keys of what a watch remembers."""
_OF_OTHERS: Final = frozenset(
    {
        *_LISTS,
        *("conditions", "conditions_match_logic", "processor", "processor_config_restock_diff", "restock_settings"),
        *("in_stock_only", "follow_price_changes", "price_change_threshold_percent", "price_change_min"),
        *("price_change_max", "tag", "tags", "time_between_check", "time_between_check_use_default"),
        *("time_schedule_limit", "fetch_backend", "proxy"),
    }
)
KEYS: Final = frozenset(_KEYS) | _OF_OTHERS


def take(conversion: Conversion, job: Mapping[str, Json], store: Store, uuid: str) -> None:
    """Take a watch over; `url` of the conversion is set."""
    own = {key: value for key, value in job.items() if key not in _OF_OTHERS}
    of_inside = dict.fromkeys((key for key in own if key.startswith("_")), _STATE)
    take_over(conversion, own, {**_KEYS, **of_inside}, tool=NAME)
    _groups(conversion, job, store)
    _schedule(conversion, job, store)
    _fetcher(conversion, job, store)
    _proxy(conversion, job, store)
    _headers(conversion, store)
    known = [store.tags[each] for each in texts(job.get("tags")) if each in store.tags]
    if job.get("check_unique_lines"):
        conversion.put("known_values", "ignore", of="check_unique_lines")
    if job.get("processor", "text_json_diff") == "restock_diff":
        restock(conversion, job, store.restock.get(uuid, {}), known)
        _idle_lists(conversion, job)
        conversion.body.pop("known_values", None)
    else:
        _text(conversion, job, store, known)
    if job.get("processor") == "image_ssim_diff":
        conversion.rest()


def _text(conversion: Conversion, job: Mapping[str, Json], store: Store, groups: Sequence[Mapping[str, Json]]) -> None:
    """Take over what is read of the page, and when it is told."""
    lists: dict[str, list[str]] = {}
    for key in _LISTS:
        given = [text for text in texts(job.get(key)) if text.strip()]
        for group in groups:
            given += [text for text in texts(group.get(key)) if text.strip()]
        everywhere = (
            texts(store.application.get(f"global_{key}")) if key in ("ignore_text", "subtractive_selectors") else []
        )
        lists[key] = list(dict.fromkeys((*given, *everywhere)))
        if key in job and not lists[key]:
            conversion.mapped(key, "not set")
    filters = PageFilters(conversion, lists)
    filters.read()
    filters.tell(job.get("conditions"), str(job.get("conditions_match_logic") or "ALL"))
    for key, how in (("conditions", "not set"), ("conditions_match_logic", "of its conditions")):
        if key in job and not conversion.is_noted(key):
            conversion.mapped(key, how)
    processor = job.get("processor")
    for key in ("processor", *_RESTOCK_KEYS):
        if key not in job:
            continue
        if key == "processor" and processor == "image_ssim_diff":
            conversion.impossible(key, "no pictures are compared")
        elif key == "processor" and processor != "text_json_diff":
            conversion.unfinished(key, "it is a plugin's; see what it did")
        else:
            conversion.mapped(key, "as usual" if key == "processor" else "not needed: it is of stock and prices")


_RESTOCK_KEYS: Final = (
    *("processor_config_restock_diff", "restock_settings", "in_stock_only", "follow_price_changes"),
    *("price_change_threshold_percent", "price_change_min", "price_change_max"),
)


def _idle_lists(conversion: Conversion, job: Mapping[str, Json]) -> None:
    for key in (*_LISTS, "conditions", "conditions_match_logic"):
        if key in job:
            is_set = bool(job[key]) and key != "conditions_match_logic"
            conversion.near(key, "what shops say of stock and price is read, whatever else is there") if is_set else (
                conversion.mapped(key, "not set")
            )


def _groups(conversion: Conversion, job: Mapping[str, Json], store: Store) -> None:
    known = [str(mapping(dict(store.tags.get(each, {}))).get("title") or each) for each in texts(job.get("tags"))]
    if "tags" in job:
        tags(conversion, "tags", [*known])
    if "tag" in job:
        if job["tag"] and not known:
            tags(conversion, "tag", [part.strip() for part in str(job["tag"]).split(",")])
        else:
            conversion.mapped("tag", "`tags`")


def _seconds(value: Json) -> int:
    given = mapping(value)
    return sum(size * whole(given.get(name)) for name, size in _UNITS)


def _schedule(conversion: Conversion, job: Mapping[str, Json], store: Store) -> None:
    """Take over how often it is checked; where the watch says nothing, as often as all."""
    of_all = _seconds(store.requests.get("time_between_check")) or 3 * 3600
    own = 0 if job.get("time_between_check_use_default") else _seconds(job.get("time_between_check"))
    conversion.put("every", _duration(own or of_all), of="time_between_check")
    for key in ("time_between_check", "time_between_check_use_default"):
        if key in job:
            conversion.mapped(key, "`every`")
    if "time_schedule_limit" in job:
        _hours(conversion, "time_schedule_limit", mapping(job["time_schedule_limit"]), store)


def _duration(seconds: int) -> str:
    """Return a length of time as it is written, from 1s to 365d."""
    seconds = min(max(seconds, 1), 365 * 86400)
    written = ""
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, seconds = divmod(seconds, size)
        written += f"{count}{unit}" if count else ""
    return written


def _hours(conversion: Conversion, key: str, limit: dict[str, Json], store: Store) -> None:
    days = {name[:3]: mapping(limit.get(name)) for name in _WEEK}
    open_days = [name for name, day in days.items() if day.get("enabled", True)]
    if not limit.get("enabled"):
        conversion.mapped(key, "not set")
        return
    times = {(str(days[name].get("start_time", "00:00")), _minutes(days[name])) for name in open_days}
    if len(times) != 1:
        conversion.unfinished(key, "its days differ; write one `active_hours`, or a watch for each", rests=False)
        return
    (start, minutes) = times.pop()
    hours, _, rest = start.partition(":")
    end = (whole(hours) * 60 + whole(rest) + minutes) % 1440
    body: dict[str, Json] = {"days": [*open_days]}
    if minutes < 1440:
        body |= {"from": start, "to": f"{end // 60:02}:{end % 60:02}"}
    zone = limit.get("timezone") or store.application.get("scheduler_timezone_default")
    if zone:
        body["timezone"] = str(zone)
    conversion.put("active_hours", body, of=key)
    conversion.mapped(key, "`active_hours`")


def _minutes(day: dict[str, Json]) -> int:
    lasting = mapping(day.get("duration"))
    return min(whole(lasting.get("hours"), 24) * 60 + whole(lasting.get("minutes")), 1440)


def _fetcher(conversion: Conversion, job: Mapping[str, Json], store: Store) -> None:
    """Say of a watch that opened a browser that none is opened here."""
    given = str(job.get("fetch_backend") or "system")
    used = str(store.application.get("fetch_backend") or "html_requests") if given == "system" else given
    if used in ("html_requests", "system"):
        if "fetch_backend" in job:
            conversion.mapped("fetch_backend", "a plain request")
    else:
        conversion.unfinished("fetch_backend", NO_BROWSER)


def _proxy(conversion: Conversion, job: Mapping[str, Json], store: Store) -> None:
    """Take over the proxy, which is named here and written there."""
    name = job.get("proxy") or store.requests.get("proxy")
    known: dict[str, str] = {}
    extra = store.requests.get("extra_proxies")
    for proxy in extra if isinstance(extra, list) else []:
        entry = mapping(proxy)
        known[f"ui-0{entry.get('proxy_name')}"] = str(entry.get("proxy_url") or "")
    if not name:
        if "proxy" in job:
            conversion.mapped("proxy", "not set")
    elif name == "no-proxy":
        conversion.put("proxy", "none", of="proxy")
        conversion.mapped("proxy")
    elif (found := known.get(str(name), "")).startswith("http://"):
        conversion.put("proxy", literal_text(found), of="proxy")
        conversion.mapped("proxy")
    elif found:
        conversion.impossible("proxy", "a proxy is one of http://; no SOCKS, no https://")
    else:
        conversion.unfinished("proxy", f"its address is not in the archive: write the URL of `{name}`")


def _headers(conversion: Conversion, store: Store) -> None:
    """Add the headers of all watches to those of the watch, which count."""
    common = mapping(store.settings.get("headers"))
    if common:
        own = mapping(conversion.body.get("headers"))
        conversion.put(
            "headers", {**{name: literal_text(str(value)) for name, value in common.items()}, **own}, of="headers"
        )


_SETTINGS: Final[Mapping[str, str]] = {
    "headers": "in each watch",
    "requests.time_between_check": "`every` of each watch that has none of its own",
    "requests.proxy": "`proxy` of each watch that has none of its own",
    "requests.extra_proxies": "`proxy` of the watches that name one",
    "application.global_ignore_text": "`ignore_text` of each watch",
    "application.global_subtractive_selectors": "`exclude` of each watch",
    "application.fetch_backend": "of each watch that has none of its own",
    "application.scheduler_timezone_default": "`timezone` of `active_hours`",
    "application.notification_urls": "see where notifications went, below",
    "application.tags": "`tags` of each watch",
    "application.filter_failure_notification_threshold_attempts": "`on_error`; 5 failed checks when left out",
    "requests.timeout": "`timeout` of `defaults`; 20s when left out",
    "requests.jitter_seconds": "`jitter` of `defaults`; 10% when left out",
    "requests.workers": "not needed: as many at a time as hosts allow (`per_host`)",
    "requests.default_ua": "`user_agent` of `defaults`; our own name when left out",
    "application.all_paused": "stop the watcher to pause all",
    "application.all_muted": "stop the watcher to mute all",
}


def settings_findings(store: Store) -> Sequence[tuple[str, str]]:
    """Return each setting of all watches, and what takes its place."""
    found: list[tuple[str, str]] = []
    for part, value in store.settings.items():
        if part in ("requests", "application"):
            names = [f"{part}.{name}" for name in mapping(value)]
            found += [(name, _SETTINGS.get(name, "of its own pages and messages; not needed")) for name in names]
        else:
            found.append((part, _SETTINGS.get(part, "not needed")))
    for tag in store.tags.values():
        set_keys = (key for key, value in tag.items() if value and value != USUAL.get(key) and key not in STATE)
        found += [(f"group {tag.get('title')}, {key}", _of_group(key)) for key in set_keys]
    return found


def _of_group(key: str) -> str:
    """Return what becomes of a setting of a group."""
    if key in _LISTS:
        return "added to each of its watches"
    if key in ("overrides_watch", "processor_config_restock_diff"):
        return "in each of its watches of stock and price"
    return _GROUP_SETTINGS.get(key, "not taken over: set it in each of its watches")


_GROUP_SETTINGS: Final = {
    "title": "`tags` of each of its watches",
    "notification_urls": "see where notifications went, below",
    "time_schedule_limit": "not needed: each of its watches has its own",
    "time_between_check": "not needed: each of its watches has its own",
}


def destinations(store: Store) -> list[tuple[str, str]]:
    """Return where notifications went: of what, and the URL of Apprise."""
    found = [("all watches", url) for url in texts(store.application.get("notification_urls"))]
    for tag in store.tags.values():
        found += [(f"group {tag.get('title')}", url) for url in texts(tag.get("notification_urls"))]
    for watch in store.watches.values():
        name = str(watch.get("title") or watch.get("url"))
        found += [(name, url) for url in texts(watch.get("notification_urls"))]
    return found

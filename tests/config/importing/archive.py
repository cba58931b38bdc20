"""An archive as changedetection.io 0.60 makes it, built here: the same bytes each time."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any, Final

_WEEK: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NOBODY: Final = dict.fromkeys(("weeks", "days", "hours", "minutes", "seconds"))

USUAL: Final[Mapping[str, Any]] = {
    "body": None,
    "browser_steps": [],
    "browser_steps_last_error_step": None,
    "conditions": [],
    "conditions_match_logic": "ALL",
    "check_count": 12,
    "check_unique_lines": False,
    "consecutive_filter_failures": 0,
    "content-type": "text/html",
    "date_created": 1,
    "extract_lines_containing": [],
    "extract_text": [],
    "fetch_backend": "system",
    "fetch_time": 0.21,
    "filter_failure_notification_send": True,
    "filter_text_added": True,
    "filter_text_removed": True,
    "filter_text_replaced": True,
    "follow_price_changes": True,
    "has_ldjson_price_data": None,
    "headers": {},
    "history_snapshot_max_length": None,
    "ignore_status_codes": None,
    "ignore_text": [],
    "in_stock_only": True,
    "include_filters": [],
    "last_checked": 1790000000,
    "last_error": False,
    "last_notification_error": None,
    "last_viewed": 0,
    "link_to_open": "",
    "llm_backend_profile": True,
    "llm_change_summary": "",
    "llm_change_summary_mode": "replace",
    "llm_evaluation_cache": {},
    "llm_intent": "",
    "llm_prefilter": None,
    "method": "GET",
    "notification_alert_count": 0,
    "notification_body": None,
    "notification_format": "System default",
    "notification_muted": False,
    "notification_screenshot": False,
    "notification_title": None,
    "notification_urls": [],
    "page_title": "A page",
    "paused": False,
    "previous_md5": "0cc175b9c0f1b6a831c399e269772661",
    "processor": "text_json_diff",
    "price_change_threshold_percent": None,
    "proxy": None,
    "remote_server_reply": "nginx",
    "sort_text_alphabetically": False,
    "strip_ignored_lines": None,
    "subtractive_selectors": [],
    "tag": "",
    "tags": [],
    "text_should_not_be_present": [],
    "time_between_check": _NOBODY,
    "time_between_check_use_default": True,
    "time_schedule_limit": {
        "enabled": False,
        **{
            day: {"enabled": True, "start_time": "00:00", "duration": {"hours": "24", "minutes": "00"}} for day in _WEEK
        },
    },
    "title": None,
    "track_ldjson_price_data": None,
    "trim_text_whitespace": False,
    "remove_duplicate_lines": False,
    "trigger_text": [],
    "url": "",
    "use_page_title_in_list": None,
    "uuid": "",
    "webdriver_delay": None,
    "webdriver_js_execute_code": None,
}
"""A watch as it is written when nothing is set."""

GROUP: Final = "aaaaaaaa-0000-4000-8000-000000000001"
SETTINGS: Final[Mapping[str, Any]] = {
    "app_guid": "x",
    "settings": {
        "headers": {"X-From": "everywhere"},
        "requests": {
            "extra_proxies": [{"proxy_name": "home", "proxy_url": "http://10.0.0.1:3128"}],
            "time_between_check": {**_NOBODY, "hours": 3},
            "timeout": 45,
            "workers": 5,
        },
        "application": {
            "fetch_backend": "html_requests",
            "global_ignore_text": ["/\\d+ minutes ago/"],
            "global_subtractive_selectors": ["nav"],
            "notification_urls": ["discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", "mailto://ann:pw@mail.example"],
            "scheduler_timezone_default": "Europe/Paris",
            "pager_size": 50,
        },
    },
}
WATCHES: Final[tuple[Mapping[str, Any], ...]] = (
    {"url": "https://plain.example/", "title": "A whole page"},
    {
        "url": "https://shop.example/list",
        "title": "Several filters",
        "include_filters": [".price", ".stock", "//h1"],
        "subtractive_selectors": [".ads", "//footer"],
        "ignore_text": ["Cookies", "/^Page \\d+$/i"],
        "tags": [GROUP],
        "time_between_check": {**_NOBODY, "minutes": 90},
        "time_between_check_use_default": False,
        "proxy": "ui-0home",
        "headers": {"Authorization": "Bearer 9f8e7d6c5b4a"},
    },
    {
        "url": "https://tickets.example/concert",
        "title": "When it is there",
        "trigger_text": ["available", "few left"],
        "text_should_not_be_present": ["/sold\\s+out/i"],
        "check_unique_lines": True,
        "notification_urls": ["tgram://123456789:AABBccddEEff/11111/", "https://hook.example/secret/path?x=1"],
        "notification_title": "Tickets!",
    },
    {
        "url": "https://api.example/v1/rates",
        "title": "JSON",
        "include_filters": ["json:$.rates.EUR", "jq:.rates.USD"],
        "conditions": [{"operator": ">", "field": "extracted_number", "value": "1.2"}],
        "method": "POST",
        "body": '{"base": "CNY"}',
    },
    {
        "url": "https://shop.example/dune",
        "title": "Dune",
        "processor": "restock_diff",
        "link_to_open": "https://shop.example/basket",
        "time_between_check": {**_NOBODY, "minutes": 10},
        "time_between_check_use_default": False,
    },
    {
        "url": "https://versions.example/",
        "title": "Expressions",
        "extract_text": ["/Version: (\\d+\\.\\d+)/"],
        "extract_lines_containing": ["Version"],
        "conditions": [
            {"operator": "!in", "field": "page_filtered_text", "value": "beta"},
            {"operator": "contains_regex", "field": "page_filtered_text", "value": "\\d+\\.0"},
        ],
        "time_schedule_limit": {
            "enabled": True,
            **{
                day: {
                    "enabled": day not in ("saturday", "sunday"),
                    "start_time": "08:30",
                    "duration": {"hours": "10", "minutes": "15"},
                }
                for day in _WEEK
            },
        },
    },
    {
        "url": "https://app.example/",
        "title": "With a browser",
        "fetch_backend": "html_webdriver",
        "browser_steps": [{"operation": "Click element", "selector": "#more", "optional_value": ""}],
        "webdriver_delay": 5,
        "paused": True,
    },
    {"url": "https://looks.example/", "title": "Screenshots", "processor": "image_ssim_diff"},
    {"url": "https://archive.example/{% now 'utc', '%Y' %}/", "title": "A template", "sort_text_alphabetically": True},
    {
        "url": "source:https://code.example/",
        "title": "Source",
        "filter_text_removed": False,
        "remove_duplicate_lines": True,
        "llm_intent": "only prices",
        "a_key_of_a_plugin": 1,
    },
)


def uuid_of(number: int) -> str:
    """Return the uuid of a watch."""
    return f"bbbbbbbb-0000-4000-8000-{number:012}"


def watch(number: int, own: Mapping[str, Any]) -> dict[str, Any]:
    """Return a watch.json."""
    return {**USUAL, "uuid": uuid_of(number), "date_created": number, **own}


def zipped(parts: Mapping[str, Any]) -> bytes:
    """Return an archive; what is no bytes is written as JSON."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, value in parts.items():
            content = value if isinstance(value, bytes) else json.dumps(value).encode()
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def parts() -> dict[str, Any]:
    """Return the parts of an archive of today, history and all."""
    found: dict[str, Any] = {"changedetection.json": SETTINGS}
    found[f"{GROUP}/tag.json"] = {**USUAL, "uuid": GROUP, "title": "Shops", "subtractive_selectors": [".banner"]}
    for number, own in enumerate(WATCHES, 1):
        found[f"{uuid_of(number)}/watch.json"] = watch(number, own)
        found[f"{uuid_of(number)}/history.txt"] = b"1790000000,abc.txt\n"
    found[f"{uuid_of(5)}/restock_diff.json"] = {
        "restock_diff": {
            "in_stock_processing": "all_changes",
            "follow_price_changes": True,
            "price_change_threshold_percent": 5,
        }
    }
    found["url-list.txt"] = b"https://plain.example/\r\n"
    return found


def old_file() -> dict[str, Any]:
    """Return the url-watches.json of before, with all in one."""
    settings = json.loads(json.dumps(SETTINGS["settings"]))
    settings["application"]["tags"] = {GROUP: {"title": "Shops", "uuid": GROUP}}
    watching = {uuid_of(number): watch(number, own) for number, own in enumerate(WATCHES[:3], 1)}
    watching[uuid_of(4)] = {**watch(4, {"url": "https://old.example/", "tag": "news, sport"}), "title": None}
    return {"note": "Hello!", "watching": watching, "settings": settings, "version_tag": "0.45"}

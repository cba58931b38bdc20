"""The jobs of each tool: of every filter that can be run without programs of others, as often as people use it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

Kind: TypeAlias = tuple[int, str, Mapping[str, Any]]
"""How often, on which kind of page, and what a job says beside its name and its URL."""

_TEXT: Final = "html2text"
URLWATCH: Final[Sequence[Kind]] = (
    (6, "price", {"filter": [{"css": ".price"}, _TEXT, "strip"]}),
    (3, "price", {"filter": [{"xpath": "//p[@class='price']/text()"}]}),
    (2, "price", {"filter": [{"element-by-class": "price"}, _TEXT]}),
    (3, "list", {"filter": [{"css": "#list li"}, _TEXT]}),
    (2, "list", {"filter": [{"element-by-id": "list"}, _TEXT, "striplines"]}),
    (1, "list", {"filter": [{"xpath": {"path": "//li", "skip": 1, "maxitems": 3}}, _TEXT]}),
    (3, "notice", {"filter": [_TEXT, {"grep": "Exam"}]}),
    (2, "notice", {"filter": [_TEXT, {"grepi": r"views|Canteen"}]}),
    (2, "notice", {"filter": [_TEXT, {"re.sub": r"\d+ views"}]}),
    (2, "price", {"filter": [{"css": {"selector": "body", "exclude": ".ad, .views"}}, _TEXT]}),
    (2, "version", {"filter": [_TEXT, {"re.findall": r"Version 4\.\d+"}]}),
    (1, "version", {"filter": [_TEXT, {"grep": "Version"}, "sort", "remove-duplicate-lines"]}),
    (1, "shuffle", {"filter": [{"css": "#list li"}, _TEXT, "sort"]}),
    (1, "prose", {"filter": [{"css": "div"}]}),
    (2, "prose", {}),
    (1, "prose", {"filter": [_TEXT, "striplines"]}),
    (2, "api", {"filter": ["format-json", {"grepi": "served"}]}),
    (1, "state", {"compared_versions": 3, "filter": [{"css": "#state"}, _TEXT]}),
    (2, "state", {"filter": [{"css": "#state"}, _TEXT, "reverse"]}),
)
_STRIPPED: Final = {_TEXT: "strip_tags"}
WEBCHANGES: Final[Sequence[Kind]] = (
    (6, "price", {"filters": [{"css": ".price"}, _TEXT, "strip"]}),
    (3, "price", {"filters": [{"xpath": "//p[@class='price']/text()"}]}),
    (2, "price", {"filters": [{"element-by-class": "price"}, _STRIPPED]}),
    (3, "list", {"filters": [{"css": "#list li"}, _TEXT]}),
    (2, "list", {"additions_only": True, "filters": [{"css": "#list li"}, _STRIPPED]}),
    (1, "list", {"deletions_only": True, "filters": [{"css": "#list li"}, _STRIPPED]}),
    (3, "notice", {"filters": [_TEXT, {"keep_lines_containing": "Exam"}]}),
    (2, "notice", {"filters": [_TEXT, {"delete_lines_containing": {"re": r"views|Canteen"}}]}),
    (2, "notice", {"filters": [_TEXT, {"re.sub": r"\d+ views"}]}),
    (1, "notice", {"filters": [_STRIPPED, {"between": {"start": "Exam", "end": "Doors"}}]}),
    (2, "version", {"filters": [_STRIPPED, {"re.findall": r"Version 4\.\d+"}]}),
    (1, "shuffle", {"filters": [{"css": "#list li"}, _TEXT, "sort"]}),
    (2, "prose", {"filters": [_TEXT]}),
    (1, "prose", {}),
    (2, "api", {"filters": ["format-json", {"delete_lines_containing": "served"}]}),
    (2, "state", {"filters": [{"css": "#state"}, _STRIPPED, "sha1sum"]}),
    (1, "state", {"compared_versions": 3, "filters": [{"css": "#state"}, _TEXT]}),
)
CHANGEDETECTION: Final[Sequence[Kind]] = (
    (6, "price", {"include_filters": [".price"]}),
    (2, "price", {"include_filters": ["xpath://p[@class='price']"]}),
    (2, "price", {"include_filters": ["//p[@class='price']", "h1"]}),
    (2, "price", {"subtractive_selectors": [".ad", ".views"]}),
    (3, "list", {"include_filters": ["#list"]}),
    (1, "list", {"include_filters": ["#list li"], "check_unique_lines": True}),
    (1, "shuffle", {"include_filters": ["#list"], "sort_text_alphabetically": True}),
    (2, "notice", {"ignore_text": ["views", "/Canteen: .*/"]}),
    (2, "notice", {"extract_lines_containing": ["exam"]}),
    (2, "version", {"extract_text": [r"/Version 4\.\d+/"]}),
    (2, "prose", {}),
    (3, "api", {"include_filters": ["json:$.offer.price"]}),
    (2, "state", {"trigger_text": ["available"]}),
    (1, "state", {"text_should_not_be_present": ["/sold\\s+out/i"], "include_filters": ["#state"]}),
    (1, "state", {"conditions": [{"operator": "in", "field": "page_filtered_text", "value": "available"}]}),
    (2, "product", {"processor": "restock_diff"}),
)


def jobs(kinds: Sequence[Kind], count: int, site: str) -> list[dict[str, Any]]:
    """Return so many jobs, the kinds in turn, each as often as the others for its share."""
    turns = [kind for kind in kinds for _ in range(kind[0])]
    # Neighbours are of different kinds, so that a few jobs have most of them.
    step = next(each for each in (7, 11, 13, 17) if len(turns) % each)
    return [
        {"name": f"job-{number}", "url": f"{site}/{kind}/{number}", **options}
        for number in range(count)
        for _, kind, options in (turns[number * step % len(turns)],)
    ]

"""
urlwatch: urls.yaml, one job a document; and what urlwatch.yaml says of all jobs.

Written with urlwatch 2.29 in mind. Of `filter` see `filters`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from watcher.config.importing.conversion import Conversion, Rule, impossible, nearly, take_over, unfinished
from watcher.config.importing.filters import Chain
from watcher.config.importing.job_keys import FAILS, NO_BROWSER, SHARED, data, if_set, proxy_for, tags, whole_page
from watcher.core.values import Json

NAME: Final = "urlwatch"
DIFFERENCES: Final = (
    "urlwatch looks whenever it is started; here a watch has `every`, 10 minutes when left out",
    "where a selector finds nothing, the check fails and the operator is told; urlwatch reports that all lines went",
    "blanks and line ends make no difference",
    "a page that lost most of its text, or shows a login or a captcha, is held back and not told as a change",
)

_KEYS: Final[Mapping[str, Rule]] = {
    **SHARED,
    "tags": tags,
    "data": data,
    "http_proxy": proxy_for("http"),
    "https_proxy": proxy_for("https"),
    "ignore_incomplete_reads": FAILS,
    "diff_tool": nearly("how a difference is shown; here each message shows the lines that came and went"),
    "diff_filter": unfinished("all changes are told; `notify_when` can say which", rests=False),
    "treat_new_as_changed": if_set(nearly("the first check tells nobody of a change")),
    "useragent": impossible(NO_BROWSER),
    "browser": impossible(NO_BROWSER),
    "filter": lambda conversion, key, value: None,  # noqa: ARG005 - `take` runs the filters
}
KEYS: Final = frozenset(_KEYS)


def take(conversion: Conversion, job: Mapping[str, Json]) -> None:
    """Take a job over; `url` of the conversion is set."""
    take_over(conversion, job, _KEYS, tool=NAME)
    chain = Chain(conversion, "filter")
    chain.run(job.get("filter") or [])
    if job.get("filter"):
        conversion.mapped("filter", "one by one")
    elif "filter" in job:
        conversion.mapped("filter", "none")
    if chain.is_whole_page and chain.is_markup:
        whole_page(conversion, tool=NAME)
    chain.finish(only=None)

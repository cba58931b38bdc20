"""
Prints what a tool documents, as JSON: it is run by the Python of the tool's own environment, and imports nothing of us.

The keys are those of its classes of jobs, the filters those that it registers, each with its options.
"""

from __future__ import annotations

import json
from typing import Any


def _of_urlwatch() -> dict[str, Any]:
    from urlwatch import filters, jobs  # type: ignore[import-not-found]

    classes = (jobs.Job, jobs.UrlJob, jobs.ShellJob, jobs.BrowserJob)
    return {"keys": _keys(classes, {"kind"}), "filters": _filters(filters.FilterBase)}


def _of_webchanges() -> dict[str, Any]:
    from webchanges.filters import FilterBase  # type: ignore[import-not-found]
    from webchanges.jobs import JobBase  # type: ignore[import-not-found]

    annotated = {name for name in JobBase.__annotations__ if not name.startswith("_")}
    classes = tuple(JobBase.__subclasses__.values())
    return {"keys": _keys(classes, annotated | {"headers"}), "filters": _filters(FilterBase)}


def _of_changedetection() -> dict[str, Any]:
    from changedetectionio.model import watch_base  # type: ignore[import-not-found]

    return {"keys": sorted(watch_base())}


def _keys(classes: tuple[Any, ...], more: set[str]) -> list[str]:
    return sorted({key for each in classes for key in (*each.__required__, *each.__optional__)} | more)


def _filters(base: Any) -> dict[str, list[str]]:
    found = base.__subclasses__.items()
    return {kind: sorted(getattr(each, "__supported_subfilters__", {})) for kind, each in found if kind}


def _main() -> None:
    for ask in (_of_urlwatch, _of_webchanges, _of_changedetection):
        try:
            print(json.dumps(ask()))
        except ModuleNotFoundError:
            continue
        return


if __name__ == "__main__":
    _main()

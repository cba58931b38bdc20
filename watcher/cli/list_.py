"""The commands `list` and `export`: what the files of watches declare."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import click

from watcher.cli import options
from watcher.cli.choosing import tagged
from watcher.cli.declaring import command
from watcher.cli.options import ConfigOption, JsonOption, TagOption
from watcher.cli.output import print_listing
from watcher.cli.watch_file import local_timezone, refuse_missing_file
from watcher.config import load
from watcher.config.document import Document, Plain
from watcher.config.reading import SECTIONS
from watcher.config.request import StandIns
from watcher.config.yaml_text import block
from watcher.core.phrases import phrases_in
from watcher.core.shown import shown_span
from watcher.core.values import Json
from watcher.core.watch import Watch, WatchFile


@command
def list_(config: ConfigOption = options.CONFIG, tag: TagOption = None, as_json: JsonOption = False) -> None:
    """Show the watches of the files: what each asks, how often, whom it tells, and where it stands.

    \b
    watcher list --tag shop
    """
    places: dict[str, str] = {}

    def note(document: Document) -> None:
        for key in document.marks("watches"):
            file, line, _ = document.place("watches", key)
            places[key] = f"{file}:{line}"

    file = _declared(config, note)
    print_listing(
        [_record(each, places) for each in tagged(file.watches.values(), tag)],
        as_json=as_json,
        record=dict,
        headings=("watch", "page", "checked", "topics", "tags", "place"),
        cells=lambda row: [", ".join(map(str, part)) if isinstance(part, list) else str(part) for part in row.values()],
        folding=("page",),
        empty="no watches",
    )


@command
def export(config: ConfigOption = options.CONFIG) -> None:
    """Print the watches of all files as one file, which includes none; secrets stay `${NAME}`.

    \b
    watcher export > everything.yaml
    """
    said: list[Plain] = []
    _declared(config, lambda document: said.append(document.value))
    files = [each for each in said if isinstance(each, dict)]
    whole = {key: part for key, part in files[0].items() if key != "include"}
    for name in SECTIONS:
        parts = [part for each in files if isinstance(part := each.get(name), dict)]
        whole |= {name: {key: entry for part in parts for key, entry in part.items()}} if parts else {}
    click.echo("\n".join(block(whole)))


def _declared(config: Path, note: Callable[[Document], None]) -> WatchFile:
    refuse_missing_file(config)
    return load(config, StandIns(os.environ), timezone=local_timezone(), note=note)


def _record(watch: Watch, places: Mapping[str, str]) -> dict[str, Json]:
    """Return what `list` shows; one that `for_each` made stands where that does."""
    return {
        "watch": watch.id,
        "url": watch.request.shown_url,
        "checked": (watch.cron or shown_span(watch.every, phrases_in(None))) if watch.is_enabled else "disabled",
        "topics": [*watch.topics],
        "tags": [*watch.tags],
        "place": places.get(watch.id) or places.get(watch.id.partition(".")[0], ""),
    }

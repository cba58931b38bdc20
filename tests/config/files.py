"""What the tests of `config` share: a watch in a few words, and what is wrong with a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from textwrap import dedent, indent

from watcher.config import parse, yaml_reader
from watcher.core.watch import Watch, WatchFile
from watcher.errors import ConfigError


def read(text: str, environ: Mapping[str, str] | None = None) -> WatchFile:
    return parse(dedent(text), file="w.yaml", environ=environ or {})


def watch_file(body: str) -> str:
    """Return a file whose one watch, `w`, has a URL, a topic and these keys. The keys begin in line 5, column 5."""
    head = "watches:\n  w:\n    url: https://x.example/\n    topic: t\n"
    return head + indent(dedent(body).strip("\n"), "    ") + "\n"


def watch(body: str, environ: Mapping[str, str] | None = None) -> Watch:
    return read(watch_file(body), environ).watches["w"]


def mistakes(text: str, environ: Mapping[str, str] | None = None) -> list[str]:
    """Return what is told of a file, without its name; nothing when it is right."""
    try:
        read(text, environ)
    except ConfigError as error:
        return [str(problem).removeprefix("w.yaml:") for problem in error.problems] or [f"without a place: {error}"]
    return []


def mistake(body: str, environ: Mapping[str, str] | None = None) -> str:
    """Return the one mistake of a watch with these keys."""
    [only] = mistakes(watch_file(body), environ)
    return only


def plain(text: str) -> object:
    """Return the file as an editor hands it to JSON Schema: what we read, with JSON's numbers."""
    return json.loads(json.dumps(yaml_reader.read(text, file="w.yaml").value, default=float))

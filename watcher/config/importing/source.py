"""
A file of another tool: which one it is of, by its content, and the jobs in it.

| content                                                     | is                              |
|-------------------------------------------------------------|---------------------------------|
| a zip archive                                               | changedetection.io              |
| JSON with `watching`                                        | changedetection.io, as before   |
| XML with `<opml`                                            | OPML                            |
| a URL on each line                                          | a list of URLs                  |
| YAML, a key of which webchanges alone has                   | webchanges                      |
| any other YAML with `url`, `navigate` or `command`          | urlwatch                        |
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from types import ModuleType
from typing import Final

from msgspec import Struct

from watcher.config.importing import archive, changedetection, opml, url_list, urlwatch, webchanges, yaml_jobs
from watcher.config.importing.changedetection import Store
from watcher.config.importing.conversion import Conversion, mapping
from watcher.core.values import Json
from watcher.errors import UsageError

MAX_BYTES: Final = 100_000_000
"""Of an archive."""
MAX_TEXT_BYTES: Final = 16_000_000
MAX_JOBS: Final = 20_000
_END_OF_TIME: Final = 10.0**12
_ZIP: Final = b"PK\x03\x04"
_EMPTY_ZIP: Final = b"PK\x05\x06"
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_JOB_KEYS: Final = frozenset({"url", "navigate", "command"})
_OF_WEBCHANGES: Final = webchanges.KEYS - urlwatch.KEYS


class Format(StrEnum):
    """What a file may be."""

    URLWATCH = "urlwatch"
    WEBCHANGES = "webchanges"
    CHANGEDETECTION = "changedetection"
    OPML = "opml"
    URLS = "urls"


class Job(Struct, frozen=True, kw_only=True):
    """
    A job of another tool.

    Attributes:
        values: by the tool's keys, with what the settings say of all jobs.
        page: what it looks at, by the tool's own words.
        take: takes it over.
    """

    values: dict[str, Json]
    page: str
    take: Callable[[Conversion, Mapping[str, Json]], None]


class Source(Struct, frozen=True, kw_only=True):
    """
    A file that was read.

    Attributes:
        tool: its name.
        differences: what differs of all jobs.
        settings: what is said of all jobs, and what takes its place.
        destinations: where notifications went: of what, and the place, secrets and all.
    """

    format: Format
    tool: str
    differences: Sequence[str]
    jobs: Sequence[Job]
    settings: Sequence[tuple[str, str]] = ()
    destinations: Sequence[tuple[str, str]] = ()


def read(content: bytes, wanted: Format | None = None, settings: bytes | None = None) -> Source:
    """
    Return the jobs of a file.

    Args:
        wanted: what it is; told from its content when left out.
        settings: urlwatch.yaml of urlwatch, or config.yaml of webchanges.

    Raises:
        UsageError: it is none of these, or not what is wanted, is broken, or beyond a bound.
    """
    if content.startswith((_ZIP, _EMPTY_ZIP)) and wanted in (None, Format.CHANGEDETECTION):
        found = _of_store(archive.of_zip(content, most=MAX_JOBS))
    else:
        text = _text(content)
        found = _READERS[wanted or _format(text)](text, _settings(settings))
    if settings is not None and found.format not in (Format.URLWATCH, Format.WEBCHANGES):
        raise UsageError(f"--settings is for urlwatch and webchanges; {found.tool} has its settings with it")
    if not found.jobs:
        raise UsageError(f"there are no jobs in it ({found.tool})")
    if len(found.jobs) > MAX_JOBS:
        raise UsageError(f"there are more than {MAX_JOBS:,} jobs; import them in parts")
    return found


def _text(content: bytes) -> str:
    if len(content) > MAX_TEXT_BYTES:
        raise UsageError(f"it is larger than {MAX_TEXT_BYTES // 1_000_000} MB; import it in parts")
    encoding = next((name for mark, name in _MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(f"it is no {encoding.upper()}, at byte {error.start:,}; save it as UTF-8") from error
    if "\0" in text:
        raise UsageError("it is no text, and no zip archive")
    if not text.strip():
        raise UsageError("it is empty")
    return text


def _format(text: str) -> Format:
    start = text.lstrip()[:2_000]
    if start.startswith("<"):
        if "<opml" in start.lower():
            return Format.OPML
        raise UsageError("it is HTML or XML, and no OPML; --format says what it is")
    if url_list.is_list(text):
        return Format.URLS
    if start.startswith("{") and _is_of_changedetection(text):
        return Format.CHANGEDETECTION
    if start.startswith("{") and ('"watching"' in start or '"settings"' in start):
        return Format.CHANGEDETECTION
    documents = yaml_jobs.documents(text, most=MAX_JOBS)
    jobs = [each for each in documents if isinstance(each, dict)]
    if any("report" in each or "job_defaults" in each for each in jobs):
        raise UsageError("it holds the settings of urlwatch or webchanges; give their jobs, and this with --settings")
    if any("watches" in each for each in jobs):
        raise UsageError("it is a file of our own; `include` uses it")
    if not any(_JOB_KEYS & each.keys() for each in jobs):
        raise UsageError(
            "it is none of urlwatch, webchanges, changedetection.io, OPML and a list of URLs; --format says what it is"
        )
    return Format.WEBCHANGES if any(_OF_WEBCHANGES & each.keys() for each in jobs) else Format.URLWATCH


def _is_of_changedetection(text: str) -> bool:
    """Return whether a text is JSON, and not a job in YAML that is written the same."""
    try:
        value = mapping(archive.read_json(text, "it"))
    except UsageError:
        return False
    return "uuid" in value or not _JOB_KEYS & value.keys()


def _settings(content: bytes | None) -> dict[str, Json]:
    if content is None:
        return {}
    found = yaml_jobs.documents(_text(content), most=1)
    if len(found) != 1 or not isinstance(found[0], dict):
        raise UsageError("--settings: it is no mapping, as urlwatch.yaml and config.yaml are")
    return found[0]


def _of_yaml(text: str, settings: dict[str, Json], kind: Format, tool: ModuleType) -> Source:
    jobs: list[Job] = []
    defaults = mapping(settings.get("job_defaults"))
    for number, document in enumerate(yaml_jobs.documents(text, most=MAX_JOBS), 1):
        for values in document if isinstance(document, list) else [document]:
            if not isinstance(values, dict):
                raise UsageError(
                    f"job {number} is no mapping of keys to values; is a `-` or a `---` missing or too many?"
                )
            with_defaults = {**_defaults(defaults, values), **values}
            page = next((str(values[key]) for key in ("url", "navigate", "command") if values.get(key)), "")
            jobs.append(Job(values=with_defaults, page=page, take=tool.take))
    return Source(
        format=kind,
        tool=tool.NAME,
        differences=tool.DIFFERENCES,
        jobs=jobs,
        settings=[(name, _YAML_SETTINGS.get(name, "how reports look; not needed")) for name in settings],
        destinations=_reporters(settings),
    )


_YAML_SETTINGS: Final[Mapping[str, str]] = {
    "job_defaults": "in each job",
    "report": "see where notifications went, below",
    "display": "not needed: what is told is told by `notify_when`",
    "database": "not needed: `--data` names the data directory",
    "differ_defaults": "how a difference is shown; not needed",
}


def _defaults(defaults: Mapping[str, Json], job: Mapping[str, Json]) -> dict[str, Json]:
    kind = "shell" if "command" in job else "browser" if job.get("navigate") or job.get("use_browser") else "url"
    of_kind = mapping(defaults.get(kind)) or (mapping(defaults.get("command")) if kind == "shell" else {})
    return {**mapping(defaults.get("all")), **of_kind}


def _reporters(settings: Mapping[str, Json]) -> list[tuple[str, str]]:
    """Return the reporters that are switched on, and the formats of reports left out."""
    report = mapping(settings.get("report"))
    return [("all jobs", name) for name, each in report.items() if mapping(each).get("enabled")]


def _of_store(store: Store) -> Source:
    def taking(uuid: str) -> Callable[[Conversion, Mapping[str, Json]], None]:
        return lambda conversion, job: changedetection.take(conversion, job, store, uuid)

    jobs = [
        Job(values=dict(watch), page=str(watch.get("url") or ""), take=taking(uuid))
        for uuid, watch in sorted(store.watches.items(), key=lambda each: (_created(each[1]), each[0]))
    ]
    return Source(
        format=Format.CHANGEDETECTION,
        tool=changedetection.NAME,
        differences=changedetection.DIFFERENCES,
        jobs=jobs,
        settings=changedetection.settings_findings(store),
        destinations=changedetection.destinations(store),
    )


def _created(watch: Mapping[str, Json]) -> float:
    created = watch.get("date_created")
    return float(created) if isinstance(created, int | float) and 0 < created < _END_OF_TIME else 0.0


def _of_list(found: list[dict[str, Json]], kind: Format, tool: ModuleType, key: str) -> Source:
    jobs = [Job(values=each, page=str(each[key]), take=tool.take) for each in found]
    return Source(format=kind, tool=tool.NAME, differences=tool.DIFFERENCES, jobs=jobs)


_READERS: Final[Mapping[Format, Callable[[str, dict[str, Json]], Source]]] = {
    Format.URLWATCH: lambda text, settings: _of_yaml(text, settings, Format.URLWATCH, urlwatch),
    Format.WEBCHANGES: lambda text, settings: _of_yaml(text, settings, Format.WEBCHANGES, webchanges),
    Format.CHANGEDETECTION: lambda text, _: _of_store(archive.of_json(archive.read_json(text, "it"))),
    Format.OPML: lambda text, _: _of_list(opml.jobs(text), Format.OPML, opml, "xmlUrl"),
    Format.URLS: lambda text, _: _of_list(url_list.jobs(text), Format.URLS, url_list, "url"),
}

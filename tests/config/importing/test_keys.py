"""No key is lost in silence: each that a tool documents has a rule, and each of a job is in the report."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import pytest

from tests.config.importing import tools
from tests.config.importing.archive import USUAL, old_file, parts, zipped
from tests.golden import FILES
from tests.golden.imports import JOBS, sources
from watcher.config import parse, yaml_reader
from watcher.config.advice import warnings
from watcher.config.importing import changedetection, urlwatch, webchanges
from watcher.config.importing.conversion import Conversion, Fate, Finding
from watcher.config.importing.report import Report
from watcher.config.importing.source import read
from watcher.config.importing.watches import watches_of
from watcher.config.importing.written import texts
from watcher.core.values import Json


def test_each_key_that_a_tool_documents_has_a_rule() -> None:
    assert frozenset() == tools.URLWATCH - urlwatch.KEYS
    assert frozenset() == tools.WEBCHANGES - webchanges.KEYS
    assert frozenset() == tools.CHANGEDETECTION - changedetection.KEYS


def test_the_archive_of_the_tests_has_the_keys_of_a_real_one() -> None:
    assert USUAL.keys() == tools.CHANGEDETECTION


@pytest.mark.parametrize("name", sources())
def test_each_key_of_each_job_is_in_the_report(name: str) -> None:
    content, settings = sources()[name]
    for watch in watches_of(read(content, settings=settings), topic="imported"):
        named = {each.key.partition(".")[0] for each in watch.findings}
        assert watch.original.keys() - named == set(), watch.title


@pytest.mark.parametrize(
    ("tool", "key", "filters"),
    [("urlwatch", "filter", tools.URLWATCH_FILTERS), ("webchanges", "filters", tools.WEBCHANGES_FILTERS)],
    ids=["urlwatch", "webchanges"],
)
def test_each_filter_that_a_tool_documents_is_known_with_its_options(
    tool: str, key: str, filters: Mapping[str, Sequence[str]]
) -> None:
    for kind, options in filters.items():
        given: dict[str, Json] = {option: "1" for option in options if option != "<any>"}
        job = {"url": "https://x.example/", "note" if tool == "webchanges" else "name": "x", key: [{kind: given}]}
        (watch,) = watches_of(read(json.dumps(job).replace("{", "{ ", 1).encode()), topic="t")
        found = {each.key: each for each in watch.findings}
        assert {f"{key}.{kind}.{option}" for option in given} <= found.keys(), kind
        assert "documented" not in " ".join(each.how for each in watch.findings), kind


def test_a_key_that_nobody_documents_is_to_be_finished() -> None:
    (watch,) = watches_of(read(b"url: https://x.example/\nof_a_hook: 1\n"), topic="t")
    assert [each.fate for each in watch.findings if each.key == "of_a_hook"] == [Fate.UNFINISHED]
    assert "enabled" not in watch.body


@pytest.mark.parametrize(
    ("given", "link", "fate"),
    {
        "nothing secret": ("https://x.example/a?page=2#b", "https://x.example/a?page=2#b", Fate.MAPPED),
        "a login": ("https://user:pw@x.example/a", "https://x.example/a", Fate.NEAR),
        "a parameter": ("https://x.example/a?page=2&api_key=s3cret#b", "https://x.example/a?page=2", Fate.NEAR),
        "a fragment": ("https://x.example/a#access_token=s3cret", "https://x.example/a", Fate.NEAR),
    }.values(),
    ids=["nothing secret", "a login", "a parameter", "a fragment"],
)
def test_no_secret_of_a_visible_url_goes_to_readers(given: str, link: str, fate: Fate) -> None:
    (watch,) = watches_of(read(f"url: https://y.example/\nuser_visible_url: {given}\n".encode()), topic="t")
    assert watch.body["link"] == link
    assert [each.fate for each in watch.findings if each.key == "user_visible_url"] == [fate]


def test_a_key_that_is_written_twice_is_in_the_report_twice() -> None:
    (watch,) = watches_of(read(b"url: https://x.example/\nname: a\nname: b\n"), topic="t")
    assert {"name", "name (written twice)"} <= {each.key for each in watch.findings}
    assert watch.body["name"] == "b"


def test_the_same_file_becomes_the_same_watches() -> None:
    content = (JOBS / "urls.yaml").read_bytes()
    assert watches_of(read(content), topic="t") == watches_of(read(content), topic="t")


def test_watches_of_an_archive_are_those_of_the_file_of_before() -> None:
    of_zip = watches_of(read(zipped(parts())), topic="t")[0]
    of_json = watches_of(read(json.dumps(old_file()).encode()), topic="t")[0]
    assert of_zip == of_json


@pytest.mark.parametrize("file", sorted(path.name for path in FILES.glob("imports.*.yaml")))
def test_what_is_written_is_what_the_loader_takes(file: str) -> None:
    found = parse((FILES / file).read_text(encoding="utf-8"), file=file, environ={})
    assert found.topics["imported"].is_declared
    assert found.watches


def test_watches_that_fill_more_than_a_file_go_into_several() -> None:
    name = "x " * 6_000
    jobs = "---\n".join(f"url: https://x.example/{number}\nname: {name}\n" for number in range(45))
    found = read(jobs.encode())
    watches = watches_of(found, topic="t")
    files = texts(found, watches, name="urls.yaml", topic="t", declares=True)
    assert [len(each.encode()) <= yaml_reader.MAX_BYTES for each in files] == [True] * 2
    declared = [parse(each, file="x", environ={}) for each in files]
    assert [each for file in declared for each in file.watches] == [each.id for each in watches]


@pytest.mark.parametrize("name", sources())
def test_each_key_has_one_fate(name: str) -> None:
    content, settings = sources()[name]
    for watch in watches_of(read(content, settings=settings), topic="imported"):
        keys = [each.key for each in watch.findings]
        assert len(keys) == len(set(keys)), watch.title


def test_of_a_key_the_worst_fate_counts_and_all_is_told() -> None:
    conversion = Conversion()
    for fate, how in ((Fate.NEAR, "a"), (Fate.IMPOSSIBLE, "b"), (Fate.MAPPED, ""), (Fate.MAPPED, "a")):
        conversion.note("url", fate, how)
    assert conversion.findings == [Finding(key="url", fate=Fate.IMPOSSIBLE, how="a; b")]
    for number in range(100):
        conversion.near("filter", str(number))
    assert conversion.findings[1].how.endswith("18; 19; and 80 more")


PAGES = {
    "a private address": ("http://192.168.1.20/", True, True),
    "localhost": ("http://localhost:8080/", True, True),
    "IPv6": ("http://[::1]/", True, True),
    "a public address": ("http://1.1.1.1/", None, True),
    "a name": ("http://nas.example/", None, True),
    "metadata of a cloud": ("http://169.254.169.254/latest", None, False),
    "the same, long": ("http://[0:0:0:0:0:ffff:a9fe:a9fe]/", None, False),
    "the same in disguise": ("http://[::ffff:169.254.169.254]/", None, False),
}


@pytest.mark.parametrize(("page", "allowed", "runs"), PAGES.values(), ids=PAGES)
def test_a_literal_private_page_is_asked_and_named(page: str, allowed: bool | None, runs: bool) -> None:
    source = read(f"{page}\n".encode())
    (watch,) = watches_of(source, topic="t")
    assert watch.body.get("allow_private") is allowed
    assert (watch.body.get("enabled") is not False) is runs
    report = Report(source=source, watches=[watch])
    named = [line for line in report.lines() if line.startswith("asked in your private network")]
    assert len(named) == bool(allowed)
    assert [*report.records()][-1]["private"] == ([watch.id] if allowed else [])
    (text,) = texts(source, [watch], name="x", topic="t", declares=True)
    assert not [each for each in warnings(parse(text, file="x", environ={})) if "is not a public" in each]

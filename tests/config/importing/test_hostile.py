"""Jobs whose values are anything become watches that the loader takes, or are refused in one line."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any, Final

import pytest
import yaml

from tests.config.importing.archive import old_file, parts, zipped
from tests.golden.imports import JOBS
from tests.sizes import FAULTS
from watcher.config import parse
from watcher.config.importing.report import Report
from watcher.config.importing.source import Source, read
from watcher.config.importing.watches import watches_of
from watcher.config.importing.written import texts
from watcher.core.values import Json
from watcher.errors import UsageError

_ODD: Final[tuple[Any, ...]] = (
    *(None, True, False, 0, -1, 10**30, 1e308, float("inf"), "", " ", "x\x00y", "é", [], {}, ["a", 1, None]),
    *({"a": {"b": [1]}}, "http://[::1", "https://x.example:99999/", "(((", "[", "/(/", "a" * 5_000, "9" * 5_000),
    *(
        "{{ x }}",
        "{today",
        "${X",
        "https://x.example/\n",
        "🎫 – \u202e",
        {"css": None},
        [[["x"]]],
        "source:",
        "https://",
    ),
    *([{"css": {"selector": 5, "skip": "a", "maxitems": -3}}], [{"re.sub": {"pattern": "(", "repl": "\\1"}}]),
)


def mutated(value: Any, chance: random.Random, share: float) -> Any:
    """Return a value in which some parts are odd ones."""
    if chance.random() < share:
        return chance.choice(_ODD)
    if isinstance(value, dict):
        return {key: mutated(part, chance, share) for key, part in value.items()}
    return [mutated(part, chance, share) for part in value] if isinstance(value, list) else value


def files(seed: int) -> Iterator[bytes]:
    """Yield a file of each tool."""
    chance = random.Random(seed)
    for name in ("urls.yaml", "jobs.yaml"):
        jobs = yaml.safe_load_all((JOBS / name).read_bytes())
        yield yaml.safe_dump_all([mutated(job, chance, 0.12) for job in jobs], allow_unicode=True).encode()
    yield zipped(
        {name: part if isinstance(part, bytes) else mutated(part, chance, 0.04) for name, part in parts().items()}
    )
    yield json.dumps(mutated(old_file(), chance, 0.04)).encode()
    opml = bytearray((JOBS / "feeds.opml").read_bytes())
    for _ in range(5):
        opml[chance.randrange(len(opml))] = chance.randrange(256)
    yield bytes(opml)


def read_or_refused(content: bytes) -> tuple[Source | None, str]:
    """Return the jobs of a file, or why it is refused."""
    try:
        return read(content), ""
    except UsageError as error:
        return None, str(error)


@pytest.mark.sized
def test_what_is_made_of_anything_is_what_the_loader_takes() -> None:
    for seed in range(FAULTS.sized(3, 200)):
        for content in files(seed):
            source, refusal = read_or_refused(content)
            assert "\n" not in refusal, seed
            if source is None:
                continue
            watches = watches_of(source, topic="t")
            assert all(line.isprintable() for line in Report(source=source, watches=watches).lines()), seed
            for text in texts(source, watches, name="x", topic="t", declares=True):
                parse(text, file=str(seed), environ={})


def test_half_an_address_is_no_page() -> None:
    (watch,) = watches_of(read(b"url: 'http://[::1'\n"), topic="t")
    assert watch.id is None


def test_an_hour_of_many_digits_is_a_whole_day() -> None:
    day = {"enabled": True, "start_time": "00:00", "duration": {"hours": "9" * 5_000, "minutes": "0"}}
    limit = {"enabled": True, **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), day)}
    job = {"url": "https://x.example/", "uuid": "x", "time_schedule_limit": limit}
    (watch,) = watches_of(read(json.dumps(job).encode()), topic="t")
    assert "active_hours" in watch.body


def test_no_control_character_of_a_filter_reaches_a_comment() -> None:
    source = read(b'url: https://x.example/\nfilter: ["a\\0b"]\n')
    (text,) = texts(source, watches_of(source, topic="t"), name="x", topic="t", declares=True)
    assert "\0" not in text
    assert parse(text, file="x", environ={}).watches


def test_a_feed_in_a_folder_keeps_its_categories() -> None:
    opml = b"<opml><body><outline text='F'><outline xmlUrl='https://x.example/f' category='C'/></outline></body></opml>"
    (watch,) = watches_of(read(opml), topic="t")
    assert watch.body["tags"] == ["C", "F"]


ODD_TEXT: Final = "${HOME} n\n  evil: 1\u2028  evil: 2\x85  evil: 3\r# x\nwatches: {evil: {}}"


def test_no_text_of_a_job_becomes_a_key_or_a_line() -> None:
    job: dict[str, Any] = {"url": "https://x.example/", ODD_TEXT: ODD_TEXT, "name": ODD_TEXT, "note": ODD_TEXT}
    job["filters"] = [{ODD_TEXT: ODD_TEXT}, {"re.sub": {"pattern": "a", "repl": ODD_TEXT}}]
    source = read(yaml.safe_dump(job).encode())
    (text,) = texts(source, watches_of(source, topic="t"), name=ODD_TEXT, topic="t", declares=True)
    file = yaml.safe_load(text)
    assert file.keys() == {"topics", "watches"}
    (watch,) = file["watches"].values()
    assert watch == {
        "name": ODD_TEXT,
        "url": "https://x.example/",
        "topic": "t",
        "enabled": False,
        "ignore_text": "a",
    }
    assert not any(line.lstrip().startswith("evil") for line in text.splitlines())


@pytest.mark.parametrize(
    ("more", "key", "kept"),
    [
        ({"params": "q=${HOME}"}, "url", "https://x.example/a?q=$${HOME}"),
        ({"data": {"a": ["${HOME}"]}, "data_as_json": True}, "body", {"a": ["$${HOME}"]}),
        ({"data": "${HOME}"}, "body", "$${HOME}"),
        ({"headers": {"X-A": "${HOME}"}}, "headers", {"X-A": "$${HOME}"}),
        ({"cookies": {"a": "${HOME}"}}, "cookies", {"a": "$${HOME}"}),
        ({"proxy": "http://a:${HOME}@p.example:80"}, "proxy", "http://a:$${HOME}@p.example:80"),
    ],
    ids=["params", "json", "data", "headers", "cookies", "proxy"],
)
def test_what_looks_like_our_secrets_is_sent_as_the_job_had_it(more: dict[str, Json], key: str, kept: Json) -> None:
    source = read(yaml.safe_dump({"url": "https://x.example/a", "note": "x", **more}).encode())
    (watch,) = watches_of(source, topic="t")
    assert watch.body[key] == kept
    (text,) = texts(source, [watch], name="x", topic="t", declares=True)
    (declared,) = parse(text, file="x", environ={"HOME": "s3cret"}).watches.values()
    assert "s3cret" not in repr(declared)
    assert declared.request.secrets is None

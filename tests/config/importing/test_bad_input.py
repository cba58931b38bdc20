"""What is no file of another watcher, or means harm: each is refused in one clear line, and nothing is written."""

from __future__ import annotations

import io
import json
import time
import zipfile
from pathlib import Path

import pytest

from tests.config.importing.archive import parts, watch, zipped
from watcher.config.importing import archive, source
from watcher.config.importing.source import Format, read
from watcher.config.importing.watches import watches_of
from watcher.errors import UsageError

_JOB = "url: https://x.example/\n"
_BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefg", "bcdefgh", strict=True)
)
REFUSED = {
    "nothing": (b"", "it is empty"),
    "blanks": (b" \n\n", "it is empty"),
    "binary": (b"\x00\x01\x02", "no text"),
    "Latin-1": ("url: https://x.example/\nname: Büro\n".encode("latin-1"), "no UTF-8, at byte"),
    "no YAML": (b"url: [https://x.example/\n", "it is no YAML"),
    "cut off": ((_JOB + "filter: [{css: '.a").encode(), "it is no YAML"),
    "a tag of Python": ((_JOB + "name: !!python/object/apply:os.system [id]\n").encode(), "the tag "),
    "an include": ((_JOB + "filter: !include other.yaml\n").encode(), "the tag !include"),
    "a bomb of aliases": ((_BOMB + _JOB).encode(), "aliases spelled out"),
    "a long text that aliases repeat": (
        (_JOB + f"headers: {{a: &a {'x' * 500_000}, {', '.join(f'b{n}: *a' for n in range(20))}}}").encode(),
        "aliases spelled out",
    ),
    "an alias of itself": (b"url: https://x.example/\nname: &a [*a]\n", "alias"),
    "a key that is a list": ((_JOB + "b: &b [x, x]\nc:\n  ? *b\n  : 1\n").encode(), "keys are texts"),
    "a key of many characters": ((_JOB + "c:\n  ? " + "a" * 2_000 + "\n  : 1\n").encode(), "1,000 characters"),
    "nesting": ((_JOB + "name: " + "[" * 900).encode(), "levels deep"),
    "a list": (b"- 1\n- 2\n", "none of urlwatch"),
    "our own": (b"watches: {a: {url: 'https://x.example/'}}\n", "our own"),
    "settings": (b"report: {stdout: {enabled: true}}\n", "--settings"),
    "HTML": (b"<!doctype html><p>x", "no OPML"),
    "OPML without a body": (b"<?xml version='1.0'?><opml><head/></opml>", "no `body`"),
    "OPML without feeds": (b"<opml><body><outline text='x'/></body></opml>", "no jobs"),
    "JSON, cut off": (json.dumps({"watching": {"a": {"url": "x"}}}).encode()[:-4], "cut off"),
    "JSON of others": (b'{"a": 1}', "neither url-watches.json"),
    "an archive of others": (zipped({"a.txt": b"x"}), "holds neither"),
    "an archive, cut off": (zipped(parts())[:2_000], "cut off"),
    "an archive with broken JSON": (zipped({"changedetection.json": b"{"}), "cut off"),
}


@pytest.mark.parametrize(("content", "told"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_in_one_line(content: bytes, told: str) -> None:
    with pytest.raises(UsageError, match=told) as caught:
        read(content)
    assert "\n" not in str(caught.value)


def test_a_zip_bomb_is_not_unpacked() -> None:
    content = zipped({**parts(), "cccccccc-0000-4000-8000-000000000001/watch.json": b" " * 50_000_000})
    assert len(content) < 200_000
    began = time.process_time()
    with pytest.raises(UsageError, match="unpacks to too much"):
        read(content)
    assert time.process_time() - began < 2


def test_mappings_that_aliases_merge_are_counted_before_they_are_merged() -> None:
    big = ", ".join(f"k{number}: 1" for number in range(4_000))
    merges = "  <<: *b\n" * 20_000
    began = time.process_time()
    with pytest.raises(UsageError, match="aliases spelled out"):
        read(f"url: https://x.example/\nb: &b {{{big}}}\nc:\n{merges}".encode())
    assert time.process_time() - began < 2


def test_values_are_counted_before_they_are_read() -> None:
    many = b'{"url": "https://x.example/", "z": [' + b"{}," * 320_000 + b"1]}"
    began = time.process_time()
    with pytest.raises(UsageError, match="too many values"):
        read(zipped({"cccccccc-0000-4000-8000-000000000001/watch.json": many}))
    assert time.process_time() - began < 0.1


def test_a_watch_of_more_than_a_megabyte_is_refused() -> None:
    with pytest.raises(UsageError, match="unpacks to too much"):
        read(zipped({"cccccccc-0000-4000-8000-000000000001/watch.json": b'{"url": ' + b" " * 1_000_000}))


def test_what_a_part_claims_of_its_size_is_not_believed() -> None:
    content = zipped({"changedetection.json": b" " * 10_000_000})
    size = (10_000_000).to_bytes(4, "little")
    assert content.count(size) == 2
    with pytest.raises(UsageError):
        read(content.replace(size, (100).to_bytes(4, "little")))


def test_paths_that_lead_elsewhere_are_left_alone(tmp_path: Path) -> None:
    evil = {"../../changedetection.json": {"settings": 1}, "/etc/cron.d/watch.json": {"url": "x"}, **parts()}
    before = sorted(tmp_path.rglob("*"))
    found = read(zipped(evil))
    assert len(found.jobs) == len([name for name in parts() if name.endswith("/watch.json")])
    assert sorted(tmp_path.rglob("*")) == before


def test_an_archive_that_is_locked_is_refused() -> None:
    written = io.BytesIO(zipped({"changedetection.json": {}}))
    content = bytearray(written.getvalue())
    for at in (6, content.rfind(b"PK\x01\x02") + 8):
        content[at] |= 1
    with pytest.raises(UsageError, match="locked"):
        read(bytes(content))


def test_more_jobs_than_there_may_be_are_refused() -> None:
    urls = "".join(f"https://x.example/{number}\n" for number in range(100_000))
    with pytest.raises(UsageError, match="more than 20,000 jobs"):
        read(urls.encode())


def test_more_watches_in_an_archive_than_there_may_be_are_refused() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as made:
        for number in range(4):
            made.writestr(f"{number:08}-0000-4000-8000-000000000000/watch.json", json.dumps(watch(number, {})))
    with pytest.raises(UsageError, match="more than 3 watches"):
        archive.of_zip(written.getvalue(), most=3)


def test_text_that_is_too_large_is_refused() -> None:
    with pytest.raises(UsageError, match="larger than 16 MB"):
        read(b"#" * (source.MAX_TEXT_BYTES + 1))


def test_names_that_are_the_same_become_two_ids() -> None:
    jobs = "\n---\n".join(["name: Same\nurl: https://x.example/"] * 3)
    found = watches_of(read(jobs.encode()), topic="t", taken={"same"})
    assert [each.id for each in found] == ["same-2", "same-3", "same-4"]


def test_what_is_asked_for_counts() -> None:
    assert read(b"https://x.example/a\n", Format.URLS).format is Format.URLS
    with pytest.raises(UsageError):
        read(b"https://x.example/a\n", Format.OPML)


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_tells_the_encoding(mark: str) -> None:
    (watch_,) = watches_of(read("name: Büro\nurl: https://x.example/\n".encode(mark)), topic="t")
    assert watch_.body["name"] == "Büro"

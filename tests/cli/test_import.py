"""`watcher import`: from a file of another watcher to watches that are checked, in one command."""

from __future__ import annotations

import pytest

from tests.cli.command import Command
from tests.config.importing.archive import parts, zipped
from tests.golden.imports import JOBS
from tests.site import Site

JOBS_YAML = """
name: Dune
url: {0}/dune
filters: [css: .price, html2text: strip_tags]
---
name: Books
url: {0}/books
additions_only: true
filters: [css: li, html2text: strip_tags]
"""


@pytest.mark.faults
async def test_jobs_are_watched_after_two_commands(watcher: Command, site: Site) -> None:
    (watcher.directory / "jobs.yaml").write_text(JOBS_YAML.format(site.url))
    ended = await watcher("import", "jobs.yaml")
    assert (ended.status, ended.err) == (0, "")
    assert "2 jobs of webchanges: 1 mapped, 1 near, 0 to be finished, 0 impossible" in ended.out
    assert "wrote watches.d/imported-jobs.yaml, and watches.yaml" in ended.out
    written = watcher.directory / "watches.d" / "imported-jobs.yaml"
    assert "  # - css: .price\n" in written.read_text()
    main = watcher.directory / "watches.yaml"
    main.write_text(main.read_text() + "defaults: {allow_private: true, per_host: {min_delay: 0s}}\n")
    site.show("/dune", "<b class=price>12.00</b>")
    site.show("/books", "<ul><li>Emma<li>Dune</ul>")
    assert [each["outcome"] for each in (await watcher("check", "--json")).records] == ["baseline", "baseline"]
    site.show("/dune", "<b class=price>9.00</b>")
    site.show("/books", "<ul><li>Persuasion<li>Emma</ul>")
    said = (await watcher("check")).out
    assert "telling imported: Dune: 12.00 → 9.00" in said
    assert "telling imported: Books: + Persuasion" in said


async def test_what_is_written_is_what_validate_takes(watcher: Command) -> None:
    (watcher.directory / "backup.zip").write_bytes(zipped(parts()))
    jobs = (await watcher("import", "backup.zip", "--json")).records
    assert jobs[-1]["jobs"] == len(jobs) - 1
    found = (await watcher("validate", "--json")).record
    assert (found["problems"], found["watches"]) == ([], jobs[-1]["watches"])


async def test_a_file_that_is_there_is_written_over_on_request_alone(watcher: Command) -> None:
    (watcher.directory / "urls.txt").write_text("https://x.example/a\n")
    await watcher("import", "urls.txt")
    written = watcher.directory / "watches.d" / "imported-urls.yaml"
    first = written.read_bytes()
    refused = await watcher("import", "urls.txt")
    assert (refused.status, refused.out) == (2, "")
    assert "is there already, and nothing was written; --force" in refused.err
    assert (await watcher("import", "urls.txt", "--force")).status == 0
    assert written.read_bytes() == first
    (watcher.directory / "urls.txt").write_text("https://x.example/b\n")
    assert (await watcher("import", "urls.txt", "--force", "--dry-run")).status == 0
    assert written.read_bytes() == first


_PART = (
    "# Imported from {} (a list of URLs) by `watcher import`. Edit it as you like.\n"
    "watches: {{{}: {{url: 'https://x.example/', topic: t}}}}\n"
)


async def test_a_file_that_a_larger_import_left_is_emptied(watcher: Command) -> None:
    watcher.write("include: watches.d/*.yaml\n")
    folder = watcher.directory / "watches.d"
    folder.mkdir()
    for name, watch in (("imported-urls", "first"), ("imported-urls.part2", "x-example-a")):
        (folder / f"{name}.yaml").write_text(_PART.format("urls.txt", watch))
    (watcher.directory / "urls.txt").write_text("https://x.example/a\n")
    for _ in range(2):  # what was emptied is known as a part
        assert (await watcher("import", "urls.txt", "--force")).status == 0
        assert (await watcher("validate", "--json")).record["watches"] == 1
        assert "watches: {}" in (folder / "imported-urls.part2.yaml").read_text()


@pytest.mark.parametrize("number", ["-2", ".part2"])
async def test_watches_of_another_import_stay(watcher: Command, number: str) -> None:
    watcher.write("include: watches.d/*.yaml\n")
    (watcher.directory / "urls.txt").write_text("https://x.example/a\n")
    (watcher.directory / f"urls{number}.txt").write_text("https://x.example/b\n")
    for file in ("urls.txt", f"urls{number}.txt"):
        assert (await watcher("import", file)).status == 0
    assert (await watcher("import", "urls.txt", "--force")).status == 0
    assert (await watcher("validate", "--json")).record["watches"] == 2


@pytest.mark.parametrize("part", ["imp-2.yaml", "imp.part2.yaml"])
async def test_nothing_is_emptied_through_a_link(watcher: Command, part: str) -> None:
    watcher.write("include: out/*.yaml\n")
    (watcher.directory / "out").mkdir()
    precious = watcher.directory / "precious"
    precious.write_text(_PART.format("urls.txt", "mine"))
    (watcher.directory / "out" / part).symlink_to(precious)
    (watcher.directory / "urls.txt").write_text("https://x.example/a\n")
    assert (await watcher("import", "urls.txt", "--output", "out/imp.yaml", "--force")).status == 0
    assert "mine: {" in precious.read_text()


@pytest.mark.faults
async def test_a_part_is_not_written_over_what_others_wrote(watcher: Command) -> None:
    watcher.write("include: watches.d/*.yaml\n")
    (watcher.directory / "watches.d").mkdir()
    other = watcher.directory / "watches.d" / "imported-urls.part2.yaml"
    other.write_text(_PART.format("other.txt", "mine"))
    page = f"https://x.example/{'a' * 2_000}"
    (watcher.directory / "urls.txt").write_text("".join(f"{page}{number}\n" for number in range(250)))
    refused = await watcher("import", "urls.txt", "--force")
    assert (refused.status, "it is no part of an earlier import" in refused.err) == (2, True)
    assert sorted((watcher.directory / "watches.d").iterdir()) == [other]


async def test_ids_and_the_topic_of_others_are_left_to_them(watcher: Command) -> None:
    watcher.write(
        "include: watches.d/*.yaml\ntopics: {imported: {name: Mine}}\n"
        "watches: {x-example-a: {url: 'https://x.example/', topic: imported}}\n"
    )
    (watcher.directory / "urls.txt").write_text("https://x.example/a\n")
    assert (await watcher("import", "urls.txt")).status == 0
    assert (await watcher("validate", "--json")).record["watches"] == 2
    assert "x-example-a-2:" in (watcher.directory / "watches.d" / "imported-urls.yaml").read_text()


async def test_the_main_file_is_changed_with_consent_alone(watcher: Command) -> None:
    main = "# mine\nwatches: {a: {url: 'https://x.example/', topic: t}}\n"
    watcher.write(main)
    (watcher.directory / "urls.txt").write_text("https://x.example/a\n")
    assert "add `include: watches.d/*.yaml` to it" in (await watcher("import", "urls.txt")).out
    assert (watcher.directory / "watches.yaml").read_text() == main
    assert (await watcher("import", "urls.txt", "--force", "--include")).status == 0
    assert (watcher.directory / "watches.yaml").read_text().startswith("# mine\n")
    assert (await watcher("validate", "--json")).record["watches"] == 2


async def test_a_dash_prints_the_watches_alone(watcher: Command) -> None:
    (watcher.directory / "urls.txt").write_text("https://x.example/a\n")
    ended = await watcher("import", "urls.txt", "--output", "-", "--topic", "news")
    assert ended.out.startswith("# Imported from urls.txt (a list of URLs)")
    assert "topic: news" in ended.out
    assert "1 job of a list of URLs: 1 mapped" in ended.err
    assert sorted(path.name for path in watcher.directory.iterdir()) == ["urls.txt"]


@pytest.mark.faults
async def test_settings_beside_the_jobs_are_named(watcher: Command) -> None:
    for name in ("urls.yaml", "urlwatch.yaml"):
        (watcher.directory / name).write_bytes((JOBS / name).read_bytes())
    assert "`--settings urlwatch.yaml` adds" in (await watcher("import", "urls.yaml", "--dry-run")).err
    ended = await watcher("import", "urls.yaml", "--settings", "urlwatch.yaml")
    assert "went to telegram; here: " in ended.out
    assert "3tOhy2CuZE0pTaCtszRfKpnagOG8IQbP5gf" not in ended.out + ended.err


@pytest.mark.faults
async def test_no_secret_is_printed_or_written_in_a_comment(watcher: Command) -> None:
    (watcher.directory / "urls.yaml").write_bytes((JOBS / "urls.yaml").read_bytes())
    ended = await watcher("import", "urls.yaml")
    written = (watcher.directory / "watches.d" / "imported-urls.yaml").read_text()
    comments = "\n".join(line for line in written.splitlines() if line.lstrip().startswith("#"))
    for secret in ("3f9a1c7e5b2d", "9b1deb4d3b7d", "0f8fad5bd9cb", "s3cret"):
        assert secret not in ended.out + ended.err + comments


@pytest.mark.parametrize(
    ("job", "modes", "mode"),
    [
        ("name: A", (0o644, 0o644), 0o644),
        ("name: A", (0o600, 0o644), 0o600),
        ("name: A", (0o644, 0o640), 0o640),
        ("name: A", (0o444, 0o444), 0o644),
        ("cookies: {session: s3cret}", (0o644, 0o644), 0o600),
    ],
    ids=["for all", "of the jobs", "of the settings", "read-only", "secrets"],
)
async def test_no_more_people_see_the_watches_than_the_jobs(
    watcher: Command, job: str, modes: tuple[int, int], mode: int
) -> None:
    watcher.write("include: watches.d/*.yaml\n")
    texts = ("urls.yaml", f"url: https://x.example/\n{job}\n"), ("urlwatch.yaml", "display: {colors: true}\n")
    for (name, text), given in zip(texts, modes, strict=True):
        (watcher.directory / name).write_text(text)
        (watcher.directory / name).chmod(given)
    (watcher.directory / "watches.yaml").chmod(0o644)
    assert (await watcher("import", "urls.yaml", "--settings", "urlwatch.yaml")).status == 0
    written = watcher.directory / "watches.d" / "imported-urls.yaml"
    assert f"{written.stat().st_mode & 0o777:o}" == f"{mode:o}"


async def test_a_file_that_is_none_is_refused_in_one_line(watcher: Command) -> None:
    (watcher.directory / "x.yaml").write_text("url: https://x.example/\nname: !!python/object:os.x {}\n")
    for file, told in (("x.yaml", "the tag !!python/object:os.x"), ("no.yaml", "cannot read"), (".", "is a directory")):
        ended = await watcher("import", file)
        assert (ended.status, ended.out, ended.err.count("\n")) == (2, "", 1)
        assert told in ended.err


async def test_an_import_that_fails_leaves_nothing(watcher: Command) -> None:
    (watcher.directory / "urls.txt").write_text("https://x.example/a\n")
    ended = await watcher("import", "urls.txt", "--output", "/proc/none/x.yaml")
    assert ended.status == 2
    assert "cannot write /proc/none/x.yaml: No such file or directory" in ended.err
    assert "as it was" not in ended.err
    assert [path.name for path in watcher.directory.iterdir()] == ["urls.txt"]


async def test_the_main_file_of_an_import_is_the_one_of_add(watcher: Command) -> None:
    (watcher.directory / "urls.txt").write_text("https://x.example/a\n")
    assert (await watcher("import", "urls.txt")).status == 0
    main = (watcher.directory / "watches.yaml").read_text()
    assert main.startswith("# yaml-language-server: $schema=./watches.schema.json\n# Pages to watch.")
    assert (watcher.directory / "watches.schema.json").exists()
    assert (await watcher("validate", "--json")).record["watches"] == 1

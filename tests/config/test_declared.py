"""Files of watches, taken apart for a database, come to the same when they are put together again."""

from __future__ import annotations

import random
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from textwrap import dedent

import pytest
from msgspec.structs import replace

from tests.config.test_documentation import EXAMPLES
from tests.config.test_hostile import VALID, mutated_by
from tests.sizes import FAULTS
from watcher.config import load
from watcher.config.declared import DeclaredFile, Reader, ReadWatches, declared_of, merged
from watcher.core.watch import WatchFile
from watcher.errors import ConfigError

ENVIRON = {"TOKEN": "secret-token", "A": "a-secret", "PROXY": "http://10.0.0.1:3128", "KEY": "another-secret"}
DIGITS = """
defaults: {topic: t}
watches:
  a:
    url: https://x.example/
    extract: {p: {css: p, type: number, scale: 1.50}}
    notify_when: [p: {below: 1.0}, p: {above: 123456789012345678901234567890}, p: {is: ['1.0', 1.0, 0.10]}]
"""
EACH = """
topics: {a: {was: z}}
watches:
  w:
    for_each: {one: {k: '${A}', n: 1.50}, two: {k: '${TOKEN}', n: 2}}
    url: https://x.example/{each}?k={each.k}
    topic: [a, 'of-{each}']
    name: "{each.n}"
    link: https://x.example/{each}
  v:
    for_each: [7, 1.50, x]
    url: https://x.example/{each}
    topic: a
    extract: {v: '[id="{each}"]'}
    tags: ['{each}']
  u: {for_each: [1, b], url: 'https://x.example/', name: '{each}', topic: '{each}'}
"""
SECRETS = """
defaults: {topic: t, headers: {X-Key: '${KEY}'}, proxy: '${PROXY}'}
all_well: '08:00'
watches:
  a:
    url: https://x.example:8443/${A}?k=${TOKEN}&d={today}
    cookies: {s: '${A}'}
    body: {n: 1.50, t: ['${A}']}
  b:
    url: https://x.example/
    proxy: none
    user_agent: me ${A}
    body: k=$${A}&${A}
    on_error: {topic: [x]}
"""
ESCAPED = r"""
defaults: {topic: t, language: zh}
topics: {t: {name: "\0\"\\ü\u2028"}}
watches: {a: {url: "https://bücher.example/ü", name: "\t\x7f💥", page_must_contain: ["\0"]}}
"""
FILES = [*EXAMPLES, *VALID, DIGITS, EACH, SECRETS, ESCAPED]


@pytest.mark.parametrize("text", FILES, ids=range(len(FILES)))
def test_a_file_is_the_same_from_its_parts(tmp_path: Path, text: str) -> None:
    (tmp_path / "watches.d").mkdir()
    (tmp_path / "watches.d/one.yaml").write_text("watches: {one: {url: 'https://x.example/', topic: t}}")
    assert from_parts(written(tmp_path, text)) == whole(tmp_path / "watches.yaml")


@pytest.mark.sized
@pytest.mark.parametrize("chunk", range(4))
def test_a_mutated_file_that_loads_is_the_same_from_its_parts(tmp_path: Path, chunk: int) -> None:
    chance = random.Random(chunk)
    for _ in range(FAULTS.sized(60, 2_000)):
        text = mutated_by(chance)
        with suppress(ConfigError, UnicodeEncodeError):  # most are broken, and the rest is what is meant
            said = whole(written(tmp_path, text))
            assert refusal(tmp_path / "watches.yaml") or from_parts(tmp_path / "watches.yaml") == said, text


def refusal(path: Path) -> str:
    try:
        declared_of(path, {})
    except ConfigError as error:
        return str(error).partition("names the host")[1]
    return ""


def test_included_files_and_their_topics_are_parts_of_one(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("topics: {a: {name: A, language: zh}}\nwatches: {a: {url: 'https://a.example/'}}")
    (tmp_path / "b.yaml").write_text("topics: {b: {name: B}}")
    path = written(tmp_path, "include: ['?.yaml']\ndefaults: {topic: a}\ntopics: {m: {name: M}}")
    assert from_parts(path) == whole(path)
    assert {"a", "b", "m"} <= from_parts(path)[0].topics.keys()


def test_secrets_are_in_no_part_and_need_not_be_known(tmp_path: Path) -> None:
    path = written(tmp_path, SECRETS)
    declared = declared_of(path, {"A": ENVIRON["A"]})
    assert declared.missing == ("KEY", "PROXY", "TOKEN")
    assert not any(value in f"{declared.frame}{declared.watches}" for value in ENVIRON.values())
    assert read(declared, ENVIRON).file == whole(path)[0]


def test_a_file_is_judged_as_a_whole_without_its_secrets(tmp_path: Path) -> None:
    path = written(tmp_path, "watches: {a: {url: 'https://x.example/${A}', topic: t, every: 5, proxy: '${P}'}}")
    with pytest.raises(ConfigError, match=r"watches\.yaml:1:63: watches\.a\.every: .*write 5s or 5m"):
        declared_of(path, {})


@pytest.mark.parametrize(
    "url",
    [
        *(
            "${A}",
            "https://${A}",
            "https://${A}/p",
            "https://${A}.example/",
            "https://x.example:${A}/",
            "https://${A}?q",
        ),
        "https://${A}#https://x.example/",
    ],
)
@pytest.mark.parametrize("environ", [{}, {"A": "x.example"}, {"A": "80"}, {"A": "https://x.example"}])
def test_a_host_that_the_environment_names_is_refused(tmp_path: Path, url: str, environ: Mapping[str, str]) -> None:
    path = written(tmp_path, f"watches:\n  a:\n    topic: t\n    url: '{url}'\n")
    with pytest.raises(ConfigError) as raised:
        declared_of(path, environ)
    [problem] = raised.value.problems
    assert str(problem).startswith(f"{path}:4:10: watches.a.url: `${{…}}` names the host, ")


def test_a_watch_that_cannot_be_read_concerns_no_other(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """
        defaults: {topic: t}
        watches:
          a: {url: 'https://x.example/?k=${A}', headers: {X-Key: '${TOKEN}'}}
          b: {url: 'https://x.example/'}
        """,
    )
    found = read(declared_of(path, {}), {"A": "secret"})
    assert found.file.watches.keys() == {"b"}
    assert found.problems == {"a": "headers.X-Key: ${TOKEN} is not set in the environment"}
    newer = Reader("{}", {}).read({"n": '{"url":"https://x.example/","topic":"t","later":1}', "o": "[", "p": "3"})
    assert {id_: problem.partition(":")[0] for id_, problem in newer.problems.items()} == {
        "n": "later",
        "o": "must be a mapping with url, name, for_each, extract, items, where, …; got nothing",
        "p": "must be a mapping with url, name, for_each, extract, items, where, …; got 3",
    }


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("[" * 100_000, "must be a mapping"),
        ("[" * 900 + "]" * 900, "must be a mapping"),
        ('{"body":' * 900 + "1" + "}" * 900, "must be a mapping"),
        ('{"url":"https://x.example/","topic":"t","extract":"CSS"}'.replace("CSS", ":has(" * 160 + ")" * 160), "nests"),
    ],
    ids=["no JSON", "lists", "mappings", "CSS"],
)
def test_a_watch_that_nests_without_end_concerns_no_other(body: str, told: str) -> None:
    found = Reader("{}", {}).read({"a": body, "b": '{"url":"https://x.example/","topic":"t"}'})
    assert found.file.watches.keys() == {"b"}
    assert told in found.problems["a"]
    assert Reader(body, {}).problem


def test_a_frame_that_cannot_be_read_is_told_of_each_watch(tmp_path: Path) -> None:
    path = written(tmp_path, "defaults: {topic: t, headers: {X: '${A}'}}\nwatches: {a: {url: 'https://x.example/'}}")
    found = read(declared_of(path, {}), {})
    assert not found.file.watches
    assert found.problems == {"a": "defaults.headers.X: ${A} is not set in the environment"}
    assert Reader("[", {}).problem


def test_the_digest_tells_what_is_declared_and_not_how_it_is_written(tmp_path: Path) -> None:
    texts = [
        "defaults: {topic: t}\nwatches:\n  a: {url: 'https://x.example/'}\n  b: {url: 'https://y.example/'}",
        "# a comment\nwatches:\n  b: {url: https://y.example/}\n  a: {url: 'https://x.example/'}\ndefaults: {topic: t}",
        "defaults: {topic: t}\nwatches:\n  a: {url: 'https://x.example/'}\n  b: {url: 'https://y.example/', every: 1h}",
        "defaults: {topic: u}\nwatches:\n  a: {url: 'https://x.example/'}\n  b: {url: 'https://y.example/'}",
    ]
    first, again, another, framed = (declared_of(written(tmp_path, text), {}).digest for text in texts)
    assert first == again
    assert len({first, another, framed}) == 3


def test_the_host_is_the_one_that_is_looked_up(tmp_path: Path) -> None:
    text = "defaults: {topic: t}\nwatches:\n  a: {url: 'https://BÜCHER.example:8443/x?d={today}'}\n  b: {url: 'http://[::1]/'}"
    hosts = {id_: each.host for id_, each in declared_of(written(tmp_path, text), {}).watches.items()}
    assert hosts == {"a": "xn--bcher-kva.example", "b": "::1"}


def test_what_watches_have_in_common_is_shared_from_one_reading_to_the_next() -> None:
    reader = Reader('{"defaults":{"topic":"t"}}', {})
    body = '{"url":"https://x.example/","extract":{"price":{"css":".price","type":"money"}}}'
    one, two = (reader.read({id_: body}).file.watches[id_] for id_ in "ab")
    assert one.extraction is two.extraction


def test_several_frames_are_one_in_which_the_first_topic_counts() -> None:
    one = Reader('{"defaults":{"topic":"a"}}', {}).read({"w": '{"url":"https://x.example/"}'}).file
    two = Reader('{"defaults":{"topic":"b"},"topics":{"a":{"name":"A"}},"all_well":"08:00"}', {}).read({}).file
    both = merged([one, two])
    assert ([*both.watches], both.topics["a"].name, both.all_well) == (["w"], "A", two.all_well)


def written(directory: Path, text: str) -> Path:
    path = directory / "watches.yaml"
    path.write_text(dedent(text), encoding="utf-8")
    return path


def whole(path: Path) -> tuple[WatchFile, str]:
    """Return what a file says, and how: 1 and 1.0 are equal, and told apart by their digits."""
    file = replace(load(path, ENVIRON), files=(), folders=())
    return file, shown(file)


def from_parts(path: Path) -> tuple[WatchFile, str]:
    found = read(declared_of(path, {}), ENVIRON)
    assert not found.problems
    return found.file, shown(found.file)


def read(declared: DeclaredFile, environ: Mapping[str, str]) -> ReadWatches:
    bodies = {id_: each.body for id_, each in declared.watches.items()}
    return Reader(declared.frame, environ).read(bodies)


def shown(file: WatchFile) -> str:
    return repr([sorted(file.topics.items()), sorted(file.watches.items()), file.all_well])

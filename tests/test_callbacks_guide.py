"""docs/callbacks.md tells the truth: its examples know what is ours from what is not, in each of their languages."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest

from watcher.core.push import App, AppProfile, Subscriber
from watcher.push.apps import settings_link
from watcher.push.background.callback_sender import signature

GUIDE: Final = (Path(__file__).parents[1] / "docs" / "callbacks.md").read_text(encoding="utf-8")
KEY: Final = "k" * 40
BODY: Final = '{"action":"send_up_cmd","data":{"content":"你好"}}'
SECONDS: Final = 120

PYTHON = """
import json, sys
name, *arguments = json.loads(sys.argv[1])
arguments = [one.encode() if place == 3 else one for place, one in enumerate(arguments)]
print(json.dumps(globals()[name](*arguments)))
"""
JAVASCRIPT = """
const [name, ...given] = JSON.parse(process.argv[2]);
console.log(JSON.stringify(eval(name)(...given.map((one, place) => place === 3 ? Buffer.from(one) : one))));
"""
GO = """package main

import ("encoding/json"; "fmt"; "os"; "guide/genuine")

func main() {
	var given []string
	json.Unmarshal([]byte(os.Args[1]), &given)
	if given[0] == "IsLinkGenuine" { fmt.Println(genuine.IsLinkGenuine(given[1], given[2])); return }
	fmt.Println(genuine.IsCallbackGenuine(given[1], given[2], given[3], []byte(given[4])))
}
"""


def blocks(language: str) -> Sequence[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


def run(command: Sequence[str | Path], directory: Path) -> bool:
    said = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert said.returncode == 0, said.stderr
    return bool(json.loads(said.stdout))


def python(directory: Path, code: str, call: Sequence[str]) -> bool:
    (directory / "verify.py").write_text(code + PYTHON, encoding="utf-8")
    return run([sys.executable, "verify.py", json.dumps(call)], directory)


def javascript(directory: Path, code: str, call: Sequence[str]) -> bool:
    (directory / "verify.cjs").write_text(code + JAVASCRIPT, encoding="utf-8")
    return run(["node", "verify.cjs", json.dumps(call)], directory)


def go(directory: Path, _: str, call: Sequence[str]) -> bool:
    package = directory / "genuine"
    if not package.exists():
        package.mkdir()
        for number, block in enumerate(blocks("go")):
            (package / f"verify{number}.go").write_text(block, encoding="utf-8")
        (directory / "main.go").write_text(GO, encoding="utf-8")
        (directory / "go.mod").write_text("module guide\n\ngo 1.19\n", encoding="utf-8")
        subprocess.run(["go", "build", "-o", "verify"], cwd=directory, timeout=SECONDS, check=True)
    return run([directory / "verify", json.dumps(call)], directory)


LANGUAGES: Final[Mapping[str, tuple[str, Callable[[Path, str, Sequence[str]], bool]]]] = {
    "python": ("python3", python),
    "javascript": ("node", javascript),
    "go": ("go", go),
}


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if shutil.which(LANGUAGES[name][0]) is None:
        pytest.skip(f"there is no {LANGUAGES[name][0]} here")
    return name


def verdicts(language: str, directory: Path, code: str, calls: Sequence[Sequence[str]]) -> Sequence[bool]:
    _, verify = LANGUAGES[language]
    return [verify(directory, code, call) for call in calls]


def function(code: str) -> str:
    found = re.search(r"(?m)^(?:def|function|func) (\w+)", code)
    assert found
    return found[1]


def test_the_examples_know_a_callback_of_ours(language: str, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    ours, old = (signature(KEY, BODY.encode(), at=at) for at in (now, now - timedelta(minutes=6)))
    code = blocks(language)[0]
    name, timestamp, signed = function(code), ours["X-Watcher-Timestamp"], ours["X-Watcher-Signature"]
    assert verdicts(
        language,
        tmp_path,
        code,
        [
            (name, KEY, timestamp, signed, BODY),
            (name, KEY, timestamp, signed, BODY + " "),
            (name, "other", timestamp, signed, BODY),
            (name, KEY, timestamp, "", BODY),
            (name, KEY, "yesterday", signed, BODY),
            (name, KEY, old["X-Watcher-Timestamp"], old["X-Watcher-Signature"], BODY),
        ],
    ) == [True, False, False, False, False, False]


def test_the_examples_know_a_settings_link_of_ours(language: str, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    profile = AppProfile(name="Shop", settings_url="https://you.example/settings?lang=zh")
    app = App(id=2, key=None, slug="s", profile=profile, created_at=now, signing_key=KEY)
    reader = Subscriber(id=1, uid="UID_x", created_at=now)

    def query(at: datetime) -> str:
        return urlsplit(settings_link(app, reader, now=at, nonce="n" * 32) or "").query

    code = blocks(language)[1]
    name = function(code)
    assert verdicts(
        language,
        tmp_path,
        code,
        [
            (name, KEY, query(now)),
            (name, KEY, query(now).replace("UID_x", "UID_y")),
            (name, "other", query(now)),
            (name, KEY, ""),
            (name, KEY, query(now - timedelta(minutes=6))),
        ],
    ) == [True, False, False, False, False]


def test_each_example_is_short() -> None:
    for language in LANGUAGES:
        for code in blocks(language):
            body = re.split(r"(?m)^(?=def |function |func )", code)[1]
            assert len(body.strip().splitlines()) <= 10

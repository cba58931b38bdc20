"""The README tells the truth: its examples are run, its commands and files exist, nothing is left out."""

from __future__ import annotations

import asyncio
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import click
import pytest

from tests.cli.command import Command
from watcher.cli.app import app
from watcher.config import parse

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def named_commands() -> set[str]:
    """The word after `watcher` wherever the README shows code."""
    code = "\n".join([*blocks("sh"), *re.findall(r"`([^`\n]+)`", README)])
    return set(re.findall(r"^watcher ([a-z]+)", code, re.MULTILINE))


def environment_variables(group: click.Group) -> Iterator[str]:
    """What the options of the group's commands, and of their commands, are called in the environment."""
    yield from (str(parameter.envvar) for parameter in group.params if parameter.envvar)
    for command in group.commands.values():
        yield from (str(parameter.envvar) for parameter in command.params if parameter.envvar)
        if isinstance(command, click.Group):
            yield from environment_variables(command)


YAML = blocks("yaml")
LINKS = re.findall(r"\]\(([^)]+)\)", README)


def test_it_is_short() -> None:
    assert len(README.splitlines()) <= 150


@pytest.mark.parametrize("example", YAML, ids=range(len(YAML)))
def test_an_example_loads(example: str) -> None:
    assert parse(example, file="README.md", environ={}).watches


def test_the_first_watch_takes_five_lines() -> None:
    assert len(YAML[0].splitlines()) == 5
    assert len(parse(YAML[0], file="README.md", environ={}).watches) == 1


@pytest.mark.parametrize("link", LINKS)
def test_a_linked_file_is_there(link: str) -> None:
    assert (ROOT / link.partition("#")[0]).is_file()


def test_commands_are_named_and_those_named_exist() -> None:
    assert named_commands() == app.commands.keys()


def test_environment_variables_are_named_and_those_named_exist() -> None:
    operations = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    _, _, after = operations.partition("## Settings in the environment")
    section, _, _ = after.partition("\n## ")
    assert set(re.findall(r"`(WATCHER_\w+)`", section)) == set(environment_variables(app))


def test_each_folder_of_the_package_is_named() -> None:
    folders = {path.parent.name for path in (ROOT / "watcher").glob("*/__init__.py")}
    assert set(re.findall(r"`([a-z]+)/`", README)) - {"watcher"} == folders


@pytest.mark.parametrize("target", re.findall(r"^make ([a-z]+)$", README, re.MULTILINE))
def test_a_make_target_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


async def test_the_first_steps_work_in_a_checkout_as_they_are_typed(tmp_path: Path) -> None:
    (steps,) = (block for block in blocks("sh") if "watcher init" in block)
    typed = [line for line in steps.splitlines() if not re.match(r"watcher (add|run|qr)", line)]
    assert len(typed) == 3
    installed = Path(sys.executable).parent
    script = "\n".join(typed).replace("$PWD/.venv/bin", str(installed))
    assert script != "\n".join(typed)
    process = await asyncio.create_subprocess_exec(
        *("sh", "-ec", script), cwd=ROOT, env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    )
    async with asyncio.timeout(30):
        assert await process.wait() == 0
    assert (tmp_path / "watching" / "watches.yaml").is_file()


async def test_make_run_says_that_it_is_installing(tmp_path: Path) -> None:
    makes = [f"{tmp_path}/.run", f"VENV={tmp_path}"]
    process = await asyncio.create_subprocess_exec("make", "-n", *makes, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    shown = (await process.communicate())[0].decode()
    assert re.search(rf"echo \"Installing watcher and its libraries into {tmp_path}", shown)


async def test_an_installation_that_fails_ends_make_with_its_error(tmp_path: Path) -> None:
    (tmp_path / ".python").touch()
    makes = [f"{tmp_path}/.run", f"VENV={tmp_path}", "PIP=sh -c 'echo no such package >&2; exit 3' --"]
    process = await asyncio.create_subprocess_exec(
        "make", *makes, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(30):
        _, err = await process.communicate()
    assert process.returncode != 0
    assert "no such package" in err.decode()
    assert "Error 3" in err.decode()
    assert not (tmp_path / ".run").exists()


def curl_request() -> tuple[str, dict[str, str], str]:
    """Take the README's curl example apart: path, headers, body."""
    (line,) = (block for block in blocks("sh") if block.startswith("curl "))
    _, url, *options = shlex.split(line.replace("\\\n", " "))
    given = list(zip(options[::2], options[1::2], strict=True))
    headers = dict(value.split(": ", 1) for flag, value in given if flag == "-H")
    (body,) = (value for flag, value in given if flag == "-d")
    assert len(given) == len(headers) + 1
    return url.removeprefix("http://127.0.0.1:8400"), headers, body


@pytest.fixture
def watcher(tmp_path: Path) -> Command:
    return Command(tmp_path)


async def test_the_request_to_a_changed_host_is_answered_and_arrives(watcher: Command) -> None:
    path, headers, body = curl_request()
    async with watcher.running("serve", "--port", "0") as (_, first):
        url = re.search(r"http://[\d.:]+", first)
        assert url, first
        # As the sentence above the example says: this app, and its topic, which gets the number in the example.
        token = (await watcher("apps", "add", "Backup job", "--json")).record["app_token"]
        topic = (await watcher("topics", "add", "Backups", "--app", "2", "--json")).record["topic_id"]
        assert f'"topicIds": [{topic}]' in body
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30)) as session,
            session.post(url[0] + path, headers=headers, data=body.replace("AT_…", token)) as response,
        ):
            answer = await response.json()
    assert (answer["code"], [target["code"] for target in answer["data"]]) == (1000, [1000])
    (message,) = (await watcher("messages", "--json")).records
    assert (message["topic"], message["content"]) == ("Backups", "Backup done")

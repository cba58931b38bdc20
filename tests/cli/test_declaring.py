from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import click
import pytest

from watcher.cli.declaring import Argument, Option, command, group

got: dict[str, object] = {}


class Colour(StrEnum):
    RED = "r"
    BLUE = "b"


def paint(
    what: Annotated[list[str] | None, Argument(metavar="WHAT", help="Things.")] = None,
    pot: Annotated[Path, Option("--pot", metavar="FILE", envvar="POT", help="The pot.")] = Path("pot"),
    coats: Annotated[int, Option("--coats", metavar="N", low=1, high=3, help="How many.")] = 2,
    colour: Annotated[Colour, Option("--colour")] = Colour.RED,
    tag: Annotated[list[str] | None, Option("--tag", metavar="TAG")] = None,
    is_dry: Annotated[bool, Option("--dry/--wet")] = True,
) -> None:
    """Paint things."""
    got.update(locals())


def must(name: Annotated[str, Argument(metavar="NAME")], size: Annotated[int, Option("--size", metavar="N")]) -> None:
    """Need both."""
    got.update(name=name, size=size)


def note(
    name: Annotated[str, Argument(metavar="NAME")],
    size: Annotated[int, Option("--size", metavar="N")],
    note: Annotated[str | None, Option("--note", metavar="TEXT")] = None,
) -> None:
    """Need texts."""
    got.update(name=name, size=size, note=note)


def run(what: click.Command, *arguments: str) -> dict[str, object]:
    """Run a command; return what its function was called with."""
    got.clear()
    what.main([*arguments], standalone_mode=False)
    return dict(got)


def hang(
    wall: Annotated[Path, Option("--wall", metavar="DIR", is_directory=True)] = Path("wall"),
    to: Annotated[Path | None, Option("--to", metavar="FILE")] = None,
) -> None:
    """Hang things."""
    got.update(wall=wall, to=to)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--wall", "{file}"], "Directory '{file}' is a file."),
        (["--wall", "{file}/below"], "{file}/below: Not a directory"),
        (["--to", "{file}/below"], "{file}/below: Not a directory"),
    ],
)
def test_a_path_where_nothing_can_be_is_refused_before_the_command(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(click.BadParameter) as refused:
        run(command(hang), *(each.format(file=file) for each in arguments))
    assert refused.value.message == said.format(file=file)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read all")
def test_a_path_that_this_user_may_not_see_is_refused_with_advice(tmp_path: Path) -> None:
    tmp_path.chmod(0)
    try:
        with pytest.raises(click.BadParameter, match="permission denied; run this as the user who may read it"):
            run(command(hang), "--to", str(tmp_path / "file"))
    finally:
        tmp_path.chmod(0o700)


@pytest.mark.parametrize("option", ["--wall", "--to"])
def test_an_empty_path_is_refused_and_does_not_mean_the_current_directory(option: str) -> None:
    """`watcher … --data "$UNSET"` made its databases there, and closed the directory to others."""
    with pytest.raises(click.BadParameter) as refused:
        run(command(hang), option, "")
    assert refused.value.message == "an empty text is no path; is a variable not set?"


def test_a_noun_checks_its_paths_where_it_lists_and_not_where_a_verb_has_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("wall").write_text("")
    noun = group("walls", "Walls.", hang, {"add": hang})
    assert run(noun, "add", "--wall", "other")["wall"] == Path("other")
    for arguments, said in (((), "is a file"), (("--wall", ""), "an empty text is no path")):
        with pytest.raises(click.BadParameter, match=said):
            run(noun, *arguments)


def test_a_path_where_nothing_is_yet_is_taken(tmp_path: Path) -> None:
    assert run(command(hang), "--to", str(tmp_path / "file"))["to"] == tmp_path / "file"


def test_what_is_left_out_is_the_functions_default() -> None:
    called = run(command(paint))
    assert called["pot"] == Path("pot")
    assert (called["coats"], called["colour"], called["is_dry"]) == (2, Colour.RED, True)
    assert not called["what"]
    assert not called["tag"]


def test_values_get_the_types_of_the_annotations() -> None:
    called = run(
        command(paint), "wall", "door", "--pot", "a/b", "--coats=3", "--colour", "b", "--tag=x", "--tag=y", "--wet"
    )
    assert (called["what"], called["pot"], called["coats"]) == (("wall", "door"), Path("a/b"), 3)
    assert called["colour"] is Colour.BLUE
    assert (called["tag"], called["is_dry"]) == (("x", "y"), False)


def test_the_environment_stands_in_for_an_option(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POT", "elsewhere")
    assert run(command(paint))["pot"] == Path("elsewhere")


def test_without_a_default_it_is_needed() -> None:
    assert run(command(must), "a", "--size", "1") == {"name": "a", "size": 1}
    for arguments in (["a"], ["--size", "1"]):
        with pytest.raises(click.MissingParameter):
            run(command(must), *arguments)


@pytest.mark.parametrize("arguments", [["--coats", "4"], ["--coats", "many"], ["--colour", "RED"]], ids=" ".join)
def test_a_wrong_value_is_refused(arguments: list[str]) -> None:
    with pytest.raises(click.BadParameter):
        run(command(paint), *arguments)


def test_help_shows_names_and_defaults_as_people_write_them() -> None:
    shown = command(paint).get_help(click.Context(command(paint), info_name="paint"))
    assert "[WHAT…]" in shown
    assert "[r|b]" in shown
    assert "default: r]" in shown
    assert "[env var: POT; default: pot]" in shown


def test_a_group_is_a_command_itself_and_lists_its_commands_as_they_were_added() -> None:
    nouns = group("paints", "All paints.", paint, {"zinc": must, "ash": must})
    assert nouns.list_commands(click.Context(nouns)) == ["list", "zinc", "ash"]
    assert run(nouns)["coats"] == 2


def test_a_group_says_in_whole_sentences_what_its_commands_are_for() -> None:
    def long() -> None:
        """Show each of the very many things that are kept here, and of each since when it is. With more of it."""

    noun = group("things", "Things.", listed, {"long": long})
    shown = " ".join(noun.get_help(click.Context(noun, info_name="things")).split())
    assert shown.endswith("long Show each of the very many things that are kept here, and of each since when it is.")


def test_config_and_data_are_taken_by_every_command_that_has_no_use_for_them() -> None:
    assert run(command(must), "a", "--size", "1", "--config", "c.yaml", "--data", "d") == {"name": "a", "size": 1}
    noun = group("things", "Things.", listed, {"paint": paint})
    assert run(noun, "paint", "wall", "--data", "d", "--config", "c.yaml")["what"] == ("wall",)


def listed(size: Annotated[int, Option("--size", metavar="N")] = 1) -> None:
    """List things."""
    got.update(size=size)


@pytest.mark.parametrize("option", ["--size", "--data"])
def test_an_option_before_the_verb_is_refused_for_the_verb_would_not_see_it(option: str) -> None:
    noun = group("things", "Things.", listed, {"paint": paint})
    with pytest.raises(click.UsageError, match=f"options go after the verb: .*paint {option}"):
        run(noun, option, "2", "paint")
    assert run(noun, "--size", "2") == {"size": 2}
    assert run(noun, "list", "--size", "3") == {"size": 3}


@pytest.mark.parametrize("arguments", [["\udcff", "--size=1"], ["x", "--size=1", "--note=\udcff"]], ids=str)
def test_bytes_that_are_no_text_in_utf_8_are_refused_before_anything_is_done(arguments: list[str]) -> None:
    with pytest.raises(click.BadParameter, match=r"this is no text in UTF-8"):
        run(command(note), *arguments)
    assert got == {}


def test_a_file_may_be_named_by_bytes_that_are_no_text() -> None:
    assert run(command(paint), "--pot", "\udcff")["pot"] == Path("\udcff")


def test_the_verb_that_lists_may_be_called_by_what_it_shows() -> None:
    noun = group("brush", "Brushes.", paint, {"must": must}, listed_by="status")
    assert list(noun.commands) == ["status", "must"]

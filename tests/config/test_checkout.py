"""What is declared, as files again: they declare the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config.test_declared import FILES, written
from watcher.config.checkout import checked_out
from watcher.config.declared import declared_of


@pytest.mark.parametrize("text", FILES, ids=range(len(FILES)))
def test_files_of_what_a_file_declares_declare_the_same(tmp_path: Path, text: str) -> None:
    (tmp_path / "watches.d").mkdir()
    (tmp_path / "watches.d/one.yaml").write_text("watches: {one: {url: 'https://x.example/', topic: t}}")
    declared = declared_of(written(tmp_path, text), {})
    bodies = {id_: each.body for id_, each in declared.watches.items()}
    (tmp_path / "out/watches.d").mkdir(parents=True)
    for path, out in checked_out(declared.frame, bodies).items():
        (tmp_path / "out" / path).write_text(out, encoding="utf-8")
    again = declared_of(tmp_path / "out/watches.yaml", {})
    assert again.watches == declared.watches
    assert again.frame == declared.frame


def test_many_watches_stand_in_several_files() -> None:
    bodies = {f"w{number:05}": f'{{"url":"https://x.example/{"a" * 900}"}}' for number in range(2_000)}
    texts = checked_out("{}", bodies)
    assert [str(path) for path in texts] == ["watches.yaml", "watches.d/added.yaml", "watches.d/added-2.yaml"]
    assert all(len(text) < 1_000_000 for text in texts.values())
